"""What to offer a reader whose question has no answer: the nearest questions that have some, with how many."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.translation import gettext as _

from search.asking import parse, without_signs

if TYPE_CHECKING:
    from search.listing import Asked, FacetSpec

MOST = 3


@dataclass(frozen=True)
class Way:
    """One question with answers: a filter made wider (`is_wider`), the words asked without quotation marks and
    exclusions (`is_free`), or something left out; `words` name it.
    """

    words: str
    count: int
    href: str
    is_wider: bool = False
    is_free: bool = False


def relaxed(
    asked: "Asked",
    params: QueryDict,
    facets: Iterable["FacetSpec"],
    labels: dict[str, dict[str, str]],
    count: Callable[["Asked"], int],
) -> list[Way]:
    """Return up to three ways on, the nearest first: a wider node, the words without their signs, without the filter
    that shuts out most, and so on.

    `labels` gives {facet: {value: label}} of what was chosen; `count` says how many answers a question has.
    """
    chosen = [facet for facet in facets if facet.name in asked.chosen]
    ways = [way for facet in chosen for way in _wider(asked, params, facet, count)]
    ways += freed(asked.text, params, lambda text: count(replace(asked, text=text, page=1)))
    named = {facet.name: _(", ").join(labels.get(facet.name, {}).values()) for facet in chosen}
    alone = [_without(asked, params, [name], words, count) for name, words in named.items()]
    ways += sorted((way for way in alone if way.count), key=lambda way: -way.count)
    if not ways and len(chosen) > 1:
        ways = [_without(asked, params, list(named), _(", ").join(named.values()), count)]
    if not any(way.count for way in ways) and asked.text and chosen:
        ways = [_without(asked, params, ["q"], asked.text, count)]
    return [way for way in ways if way.count][:MOST]


def freed(text: str, params: QueryDict, count: Callable[[str], int]) -> list[Way]:
    """Return the same words without quotation marks and exclusions, where there are any and that has answers."""
    free = without_signs(text)
    found = count(free) if free and parse(free) != parse(text) else 0
    if not found:
        return []
    other = params.copy()
    other.pop("page", None)
    other["q"] = free
    return [Way(free, found, _address(other), is_free=True)]


def _without(asked: "Asked", params: QueryDict, names: list[str], words: str, count: Callable[["Asked"], int]) -> Way:
    left, kept = params.copy(), {name: values for name, values in asked.chosen.items() if name not in names}
    for name in (*names, "page"):
        left.pop(name, None)
    other = replace(asked, text="" if "q" in names else asked.text, chosen=kept, page=1)
    return Way(words, count(other), _address(left))


def _wider(asked: "Asked", params: QueryDict, facet: "FacetSpec", count: Callable[["Asked"], int]) -> Iterable[Way]:
    """Yield the question with the branch above in place of the one node that was chosen."""
    values = asked.chosen[facet.name]
    wider = facet.wider(values[0]) if len(values) == 1 else None
    if wider is None:
        return
    found = count(replace(asked, chosen={**asked.chosen, facet.name: (wider,)}, page=1))
    if found:
        left = params.copy()
        left.pop("page", None)
        left.setlist(facet.name, [wider])
        yield Way(str(facet.named([wider]).get(wider, wider)), found, _address(left), is_wider=True)


def _address(params: QueryDict) -> str:
    return f"?{params.urlencode()}"
