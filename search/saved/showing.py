"""Saved searches as their person reads them: words, filters in the reader's language, where they lead."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from search.listing import Asked, ListSpec
from search.lists import LISTS
from search.queries import TITLES
from search.saved.models import MOST_PER_PERSON, NAME_LENGTH, Rhythm, SavedSearch

Labels = Mapping[tuple[str, str], Mapping[str, str]]  # (kind, facet) → value → words


@dataclass(frozen=True)
class Shown:
    """One saved search on a page."""

    saved: SavedSearch
    list_title: Any
    filters: list[str]
    news: int
    rhythms: list[dict[str, Any]]


def shown(searches: Iterable[SavedSearch]) -> list[Shown]:
    """Return them as shown; every facet is asked for its words once, however many searches there are."""
    several = list(searches)
    labels = _labels(several)
    return [
        Shown(
            saved,
            TITLES[saved.kind],
            [labels[saved.kind, facet][value] for facet, value in _values(saved.kind, saved.chosen)],
            getattr(saved, "news", 0),
            [{"value": value, "label": label, "chosen": value == saved.rhythm} for value, label in Rhythm.choices],
        )
        for saved in several
    ]


def filter_words(kind: str, chosen: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the chosen filters of one question in the reader's language."""
    return [_words(LISTS[kind], facet, [value])[value] for facet, value in _values(kind, chosen)]


def proposed_name(spec: ListSpec, asked: Asked, taken: Container[str] = ()) -> str:
    """Return a name made of the words and the filters; with the list, and then a number, where it is taken."""
    words = [asked.text] if asked.text else []
    name = _(", ").join(words + filter_words(spec.kind, asked.chosen))
    more = ["", f" · {TITLES[spec.kind]}", *(f" · {number}" for number in range(2, MOST_PER_PERSON + 2))]
    names = (f"{name[: NAME_LENGTH - len(end)]}{end}" for end in more)
    return next(proposed for proposed in names if proposed not in taken)


def _values(kind: str, chosen: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    known = [facet.name for facet in LISTS[kind].facets]
    return [(facet, value) for facet in known for value in chosen.get(facet, ())]


def _labels(searches: Iterable[SavedSearch]) -> Labels:
    wanted: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for saved in searches:
        for facet, value in _values(saved.kind, saved.chosen):
            wanted[saved.kind, facet][value] = None
    return {(kind, facet): _words(LISTS[kind], facet, list(values)) for (kind, facet), values in wanted.items()}


def _words(spec: ListSpec, name: str, values: list[str]) -> dict[str, str]:
    facet = next(facet for facet in spec.facets if facet.name == name)
    return {option.value: option.label for option in facet.options(None, values)}
