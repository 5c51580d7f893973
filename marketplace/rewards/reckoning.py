"""How much a reward is: the rate on its basis, within what both caps leave; exact to the fen, never above the rate."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from marketplace.core.money import part_of


@dataclass(frozen=True)
class Reckoned:
    """The amount, and which cap cut it: "", "project" or "year"."""

    by_rate: int
    amount: int
    cut_by: str


def by_rate(basis_amount: int, percent: Decimal) -> int:
    """Return per cents of an amount of fen; a fraction of a fen is dropped, because a rate is an upper bound."""
    return part_of(basis_amount, percent, rounding=ROUND_DOWN)


def reckon(basis_amount: int, percent: Decimal, *, project_left: int | None, year_left: int | None) -> Reckoned:
    """Return the reward; `…_left` are what the caps leave in fen, None where a rule sets no cap."""
    full = by_rate(basis_amount, percent)
    amount, cut_by = full, ""
    for name, left in (("project", project_left), ("year", year_left)):
        if left is not None and max(left, 0) < amount:
            amount, cut_by = max(left, 0), name
    return Reckoned(full, amount, cut_by)
