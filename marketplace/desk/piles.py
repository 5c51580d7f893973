"""Piles of what may wait, one of each kind: asked first is only in which of them there is anything."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Value

from marketplace.desk.rows import Row


@dataclass(frozen=True)
class Pile:
    """Things of one kind that may wait for a reader.

    `among` is asked of every reader, so it says no more than it has to: whatever makes a row is in it, other things
    may be. `rows` finds what waits in it, and is called only where there is something.
    """

    among: QuerySet[Any]
    rows: Callable[[], list[Row]]


def rows_of(piles: Iterable[Pile]) -> list[Row]:
    """Return the rows of all piles in their order; one question tells which are empty, however many there are."""
    asked = list(piles)
    arms = [pile.among.order_by().values_list(Value(place))[:1] for place, pile in enumerate(asked)]
    filled = sorted(arms[0].union(*arms[1:], all=True)) if arms else []
    return [row for (place,) in filled for row in asked[place].rows()]
