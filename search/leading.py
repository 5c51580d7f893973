"""Words that are the name of a filter (TRL 8, 发明专利, C3351): the list under that filter, beside what they find."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from search.facet_spec import FacetSpec
from search.facets import reach_of
from search.text import normalise

_LEVEL = re.compile(r"trl ?(?P<level>[1-9])(?: ?级)?")
_NODE = re.compile(r"[a-z]\d{1,4}|\d{2,4}")


@dataclass(frozen=True)
class Lead:
    """One filter: its facet and value in words, how many it finds without the words, and where."""

    facet: Any
    words: str
    count: int
    href: str


def leads(
    facets: Iterable[FacetSpec], text: str, params: QueryDict, count: Callable[[str, str], int], **keep: str
) -> list[Lead]:
    """Return the filters a text names; `count(facet, value)` says how many each finds, `keep` goes into the address.

    A filter that finds nothing is no lead. Raises EngineDown.
    """
    said = " ".join(normalise(text).split())
    found = []
    for facet in facets:
        for value, words in _named(facet, said).items():
            number = count(facet.name, value)
            if number:
                found.append(Lead(facet.label, str(words), number, _address(params, facet.name, value, keep)))
    return found


def _named(facet: FacetSpec, said: str) -> Mapping[str, Any]:
    """Return {value: words} of the facet's values the text names; the tables of a database are asked for codes only."""
    if level := _LEVEL.fullmatch(said):
        reach = reach_of(level["level"]) if facet.name in ("trl", "trl_wanted") else None
        return {reach: facet.labels([reach])[reach]} if reach else {}
    if _NODE.fullmatch(said):
        return facet.named([said.upper()])
    every = facet.labels(facet.values) if facet.values else {}
    return {value: words for value, words in every.items() if normalise(str(words)) == said}


def _address(params: QueryDict, name: str, value: str, keep: Mapping[str, str]) -> str:
    other = params.copy()
    for gone in ("q", "page"):
        other.pop(gone, None)
    for kept, as_kept in keep.items():
        other[kept] = as_kept
    other.setlist(name, [value])
    return f"?{other.urlencode()}"
