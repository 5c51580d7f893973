"""What a facet of a list is: the values it offers with what each would give, and the filter its choices become."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from search.engine import Facet
from search.filters import Filter, In, Or

Labels = Mapping[str, Any]


@dataclass(frozen=True)
class Option:
    """One value of a facet as the reader sees it; `level` 1 stands below the branch before it."""

    value: str
    label: str
    count: int
    chosen: bool
    level: int = 0


@dataclass(frozen=True)
class FacetSpec:
    """One facet of a list: the engine's field behind it, its words, and how choices become a filter.

    `labels(values)` gives {value: label} in the order shown; `group(value)` maps an engine's value to the
    facet's own (levels to reaches). `bands()` gives {value: filter} where no field holds the values: each is a
    question of its own. Of a tree, `labels` names the first level, `below(chosen)` gives {branch: {node: label}} of
    the branches a choice opens, `named(chosen)` names what an address may ask for deeper down, `wider(value)` is
    the branch above. `values` are those of an enumeration, whose names lead here when somebody types one; `note`
    explains what the filter asks.
    """

    name: str
    label: Any
    labels: Callable[[Iterable[str]], Labels]
    field: str = ""
    group: Callable[[Any], str | None] = lambda value: str(value)
    where: Callable[[Sequence[str]], Filter] | None = None
    bands: Callable[[], Mapping[str, Filter]] | None = None
    below: Callable[[Sequence[str]], Mapping[str, Labels]] = lambda chosen: {}
    named: Callable[[Iterable[str]], Labels] = lambda chosen: {}
    wider: Callable[[str], str | None] = lambda value: None
    values: Sequence[str] = ()
    is_open: bool = False
    note: Any = ""
    most: int = 12

    @property
    def source(self) -> str:
        return self.field or self.name

    def filter(self, chosen: Sequence[str]) -> Filter:
        """Return the filter of these chosen values (any of them); a node chosen below a branch narrows that branch."""
        if self.where:
            return self.where(chosen)
        if self.bands:
            bands = self.bands()
            return Or(*(bands[value] for value in chosen if value in bands))
        above = {branch for value in chosen for branch in self._above(value)}
        return In(self.source, tuple(value for value in chosen if value not in above))

    def options(self, facet: Facet | None, chosen: Sequence[str]) -> list[Option]:
        """Return the values to offer, with what each would give; a chosen one always, by its code if it has no name."""
        counts: dict[str, int] = {}
        for value, number in facet.values if facet else ():
            own = self.group(value)
            if own is not None:
                counts[own] = counts.get(own, 0) + number
        labels, opened = self.labels([*counts, *chosen]), self.below(chosen)
        nested = {node for nodes in opened.values() for node in nodes}
        unnamed = [value for value in chosen if value not in labels and value not in nested]
        labels = {**labels, **{value: value for value in unnamed}, **(self.named(unnamed) if unnamed else {})}
        found = []
        for index, (value, label) in enumerate(labels.items()):
            nodes = opened.get(value, {})
            if index < self.most or value in chosen or nodes:
                found.append(Option(value, str(label), counts.get(value, 0), value in chosen))
                found += [
                    Option(node, str(words), counts.get(node, 0), node in chosen, level=1)
                    for node, words in nodes.items()
                    if counts.get(node) or node in chosen
                ]
        return found

    def knows(self, value: str) -> bool:
        """Tell whether a value has a name here; an address may hold any."""
        named = {**self.labels([value]), **self.named([value])}
        return value in named and str(named[value]) != value

    def _above(self, value: str) -> Iterable[str]:
        branch = self.wider(value)
        while branch is not None:
            yield branch
            branch = self.wider(branch)


def _address(params: QueryDict, name: str, value: str) -> str:
    """Return the address without one chosen value."""
    left = params.copy()
    left.pop("page", None)
    left.setlist(name, [other for other in params.getlist(name) if other != value])
    return f"?{left.urlencode()}"


def chosen_values(params: QueryDict, groups: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the chosen values in words, each with the address that leaves it out."""
    return [
        {"label": option.label, "remove_href": _address(params, group["name"], option.value)}
        for group in groups
        for option in group["options"]
        if option.chosen
    ]
