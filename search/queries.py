"""A function per question to the index; plain values out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.outcomes.models import ResearchOutcome
from search.engine import EngineDown, Part, Probe, Query
from search.engines import get_engine
from search.filters import Eq, Not
from search.lists import LISTS
from search.synonyms import alternatives_of
from search.visibility import Visibility

TITLES = {
    "outcome": _("Outcomes"),
    "need": _("Needs"),
    "broker": _("Technology brokers"),
    "lot": _("Lots"),
}


class NotFound(LookupError):
    """There is no such public record."""


@dataclass(frozen=True)
class Group:
    """What one kind answers to a search over everything."""

    kind: str
    title: Any
    total: int
    results: list[dict[str, Any]]
    href: str
    is_down: bool = False


def best_of_all(user: Any, text: str, n: int = 4) -> list[Group]:
    """Return per kind the number found and the best `n`; a kind whose engine is down says so."""
    return [_best(user, kind, text, n) for kind in LISTS]


def _best(user: Any, kind: str, text: str, n: int) -> Group:
    spec = LISTS[kind]
    href = f"{reverse(spec.url_name)}?q={text}" if text else reverse(spec.url_name)
    try:
        page = get_engine().search(
            Query(
                kind=kind,
                visibility=Visibility.public(),
                text=text,
                alternatives=alternatives_of(text),
                where=spec.standing(),
                limit=n,
            )
        )
    except EngineDown:
        newest = [spec.shown(row, None) for row in spec.newest(user)[:n]]
        return Group(kind, TITLES[kind], len(newest), newest, href, is_down=True)
    rows = spec.rows(user, page.ids)
    results = [spec.shown(rows[hit.id], hit) for hit in page.hits if hit.id in rows]
    return Group(kind, TITLES[kind], page.total, results, href)


def suggestions(text: str, *, kinds: Iterable[str], n: int = 5) -> list[dict[str, Any]]:
    """Return groups of titles in which a word begins with `text`, for components/suggestions.html."""
    groups = []
    for kind in kinds:
        titles = get_engine().suggest(kind, text, Visibility.public(), n)
        if titles:
            groups.append({"label": TITLES[kind], "options": [{"text": title, "value": title} for title in titles]})
    return groups


def similar_outcomes(number: str, *, n: int) -> list[dict[str, Any]]:
    """Return the public outcomes nearest to a public one, best first. Raises NotFound, EngineDown."""
    spec = LISTS["outcome"]
    outcome = ResearchOutcome.objects.listed().filter(number=number).first()
    if outcome is None:
        raise NotFound(number)
    probe = Probe((Part(outcome.title, 2.0), Part(outcome.summary)))
    query = Query(
        kind="outcome", visibility=Visibility.public(), where=Not(Eq("id", number)), limit=n + 1, highlights=()
    )
    keys = [candidate.id for candidate in get_engine().match(probe, query) if candidate.id != number][:n]
    rows = spec.rows(None, keys)
    return [spec.shown(rows[key], None) for key in keys if key in rows]
