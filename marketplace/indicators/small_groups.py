"""What a cut of the register shows to those who may not open its contracts: no row from which one is made out.

A row of one or two contracts is those contracts' amounts, and the page of a verification code names their parties.
The order of statistics offices: small groups are put together, and where what is left would follow from the sum, the
next larger one with them. A sum of a period that is one or two contracts is
not shown either; how many they are is.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

FEWEST = 3  # contracts in a row, or behind a sum
TOO_FEW = _("fewer than 3 contracts, amount not shown alone")


def is_small(contracts: int) -> bool:
    """Tell whether an amount of so many contracts is not shown alone; that of none is nothing."""
    return 0 < contracts < FEWEST


def without_nothing(rows: Sequence[dict[str, Any]], column: str) -> list[dict[str, Any]]:
    """Leave out rows in which nothing is left: what was counted and struck in the same period."""
    return [row for row in rows if any(value for name, value in row.items() if name != column)]


def put_together(rows: Sequence[dict[str, Any]], column: str) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """Return the rows with enough contracts, as they are ordered, and the sums of the others (None where none are)."""
    by_size = sorted(rows, key=lambda row: (row["count"], row["total"]))
    few: list[dict[str, Any]] = []
    for row in by_size:
        if row["count"] >= FEWEST and (not few or sum(each["count"] for each in few) >= FEWEST):
            break
        few.append(row)
    if not few:
        return list(rows), None
    sums: Counter[str] = Counter()
    for row in few:
        sums.update({name: value for name, value in row.items() if name != column})
    return [row for row in rows if row not in few], dict(sums)


def without_amounts(row: dict[str, Any] | None, amounts: Sequence[str]) -> dict[str, Any] | None:
    """Return the others put together, without their amounts where even together they are too few."""
    if row is None or row["count"] >= FEWEST:
        return row
    return row | dict.fromkeys(amounts)
