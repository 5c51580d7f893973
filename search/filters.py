"""What a document must satisfy: a small typed tree that every engine translates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Value = str | int

LARGEST = 2**63 - 2  # the largest number a document may hold


@dataclass(frozen=True, slots=True)
class Eq:
    """The field holds this value (or has it among its values)."""

    field: str
    value: Value

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _in_reach(self.value))


@dataclass(frozen=True, slots=True)
class In:
    """The field holds one of these values; no values, no documents."""

    field: str
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(_in_reach(value) for value in self.values))


@dataclass(frozen=True, slots=True)
class Range:
    """The number lies between the bounds, both included; None leaves that side open."""

    field: str
    low: int | None = None
    high: int | None = None

    def __post_init__(self) -> None:
        for side in ("low", "high"):
            bound = getattr(self, side)
            object.__setattr__(self, side, None if bound is None else _in_reach(bound))


@dataclass(frozen=True, slots=True)
class Exists:
    """The field has a value."""

    field: str


@dataclass(frozen=True, slots=True, init=False)
class And:
    """Every part holds; without parts, everything does."""

    parts: tuple["Filter", ...]

    def __init__(self, *parts: "Filter") -> None:
        object.__setattr__(self, "parts", parts)


@dataclass(frozen=True, slots=True, init=False)
class Or:
    """At least one part holds; without parts, nothing does."""

    parts: tuple["Filter", ...]

    def __init__(self, *parts: "Filter") -> None:
        object.__setattr__(self, "parts", parts)


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Filter"


Filter = Eq | In | Range | Exists | And | Or | Not

EVERYTHING = And()
NOTHING = Or()


def fields_of(where: Filter) -> set[str]:
    """The names of the fields a filter asks about."""
    if isinstance(where, And | Or):
        return {name for part in where.parts for name in fields_of(part)}
    if isinstance(where, Not):
        return fields_of(where.part)
    return {where.field}


def holds(where: Filter, doc: Mapping[str, Any]) -> bool:
    """Whether a document satisfies a filter, in plain Python (saved searches, tests)."""
    match where:
        case And(parts=parts):
            return all(holds(part, doc) for part in parts)
        case Or(parts=parts):
            return any(holds(part, doc) for part in parts)
        case Not(part=part):
            return not holds(part, doc)
        case Exists(field=field):
            return bool(values_of(doc, field))
        case Eq(field=field, value=value):
            return value in values_of(doc, field)
        case In(field=field, values=values):
            return not values_of(doc, field).isdisjoint(values)
        case Range(field=field, low=low, high=high):
            return any(
                (low is None or value >= low) and (high is None or value <= high) for value in values_of(doc, field)
            )


def values_of(doc: Mapping[str, Any], field: str) -> set[Any]:
    """The values of one field as a set, whether it holds none, one or many."""
    value = doc.get(field)
    if value is None or value == "":  # an index holds neither
        return set()
    return set(value) if isinstance(value, list | tuple | set | frozenset) else {value}


def _in_reach(value: Value) -> Value:
    """A number somebody typed, brought within what an index can hold; beyond it no document lies."""
    return value if isinstance(value, str) else max(-LARGEST - 1, min(LARGEST + 1, value))
