"""A function per question to the index; plain values out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from marketplace.outcomes.models import ResearchOutcome
from search import listing, meaning, reaching
from search.engine import EngineDown, Hit, Part, Probe, Query
from search.engines import get_engine
from search.filters import Eq, Not
from search.leading import Lead
from search.lists import LISTS
from search.synonyms import alternatives_of
from search.visibility import Visibility
from search.why_found import held, told

TITLES = {
    "outcome": _("Outcomes"),
    "need": _("Needs"),
    "broker": _("Technology brokers"),
    "lot": _("Lots"),
    "contract": _("Contracts in the register"),
    "page": _("Policy and news, rules and help"),
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


def nearly_of_all(user: Any, text: str, n: int = 2) -> list[Group]:
    """Return per kind the best `n` with only some of the words, for a text that finds nothing with most of them.

    The kind whose best shows most of the words comes first: with little in common, the order of kinds tells nothing.
    """
    try:
        hits = {kind: reaching.nearly(get_engine(), _question(kind, text, n), (), n) for kind in LISTS}
    except EngineDown:
        return []
    ranked = sorted(hits, key=lambda kind: -max((held(text, hit) for hit in hits[kind]), default=0))
    groups = (_group(user, kind, text, len(hits[kind]), hits[kind]) for kind in ranked)
    return [group for group in groups if group.results]


def how_many(kind: str, text: str) -> int:
    """Return how many public records of a kind a text finds. Raises EngineDown."""
    return get_engine().search(_question(kind, text, 0)).total


def totals(text: str) -> dict[str, int | None]:
    """Return {kind: how many} for the tabs; None while the engine does not answer."""
    try:
        return {kind: how_many(kind, text) for kind in LISTS}
    except EngineDown:
        return dict.fromkeys(LISTS)


def meant(text: str, params: QueryDict, found: int) -> list[meaning.Meant]:
    """Return how a question to everything may have been meant that finds few; none while the engine is down."""
    try:
        return meaning.meant(
            list(LISTS), text, params, found, lambda words: sum(how_many(kind, words) for kind in LISTS)
        )
    except EngineDown:
        return []


def leads(text: str) -> list[Lead]:
    """Return the filters of any list that the words name, in its tab; none while the engine is down."""
    empty, found = QueryDict(), []
    try:
        for kind, spec in LISTS.items():
            found += listing.leading(spec, listing.Asked(text, {}, "", 1), empty, {"kind": kind})
    except EngineDown:
        return []
    return found


def _question(kind: str, text: str, n: int) -> Query:
    return Query(
        kind=kind,
        visibility=Visibility.public(),
        text=text,
        alternatives=alternatives_of(text),
        where=LISTS[kind].standing(),
        limit=n,
    )


def _best(user: Any, kind: str, text: str, n: int) -> Group:
    try:
        page = get_engine().search(_question(kind, text, n))
    except EngineDown:
        spec = LISTS[kind]
        newest = [spec.shown(row, None) for row in spec.newest(user)[:n]]
        return Group(kind, TITLES[kind], len(newest), newest, _address(kind, text), is_down=True)
    return _group(user, kind, text, page.total, page.hits)


def _group(user: Any, kind: str, text: str, total: int, hits: Sequence[Hit]) -> Group:
    spec = LISTS[kind]
    rows = spec.rows(user, [hit.id for hit in hits])
    results = [told(spec, rows[hit.id], hit) for hit in hits if hit.id in rows]
    return Group(kind, TITLES[kind], total, results, _address(kind, text))


def _address(kind: str, text: str) -> str:
    """Return the tab of one kind, from the page of the search."""
    return f"?{urlencode({'kind': kind} | ({'q': text} if text else {}))}"


def suggestions(text: str, *, kinds: Iterable[str], n: int = 5) -> list[dict[str, Any]]:
    """Return groups of titles in which a word begins with `text`, for components/suggestions.html."""
    groups = []
    for kind in kinds:
        titles = get_engine().suggest(kind, text, Visibility.public().only(LISTS[kind].standing()), n)
        if titles:
            groups.append({"label": TITLES[kind], "options": [{"text": title, "value": title} for title in titles]})
    return groups


def similar_outcomes(number: str, *, n: int) -> list[dict[str, Any]]:
    """Return the public outcomes nearest to a public one, best first. Raises NotFound, EngineDown."""
    spec = LISTS["outcome"]
    outcome = ResearchOutcome.objects.listed().filter(number=number).first()
    if outcome is None:
        raise NotFound(number)
    probe = Probe((Part(outcome.title), Part(outcome.summary)))
    query = Query(
        kind="outcome", visibility=Visibility.public(), where=Not(Eq("id", number)), limit=n + 1, highlights=()
    )
    keys = [candidate.id for candidate in get_engine().match(probe, query) if candidate.id != number][:n]
    rows = spec.rows(None, keys)
    return [spec.shown(rows[key], None) for key in keys if key in rows]
