"""Shares of an amount by the largest-remainder method: no fen is lost, none is made."""

from collections.abc import Mapping
from decimal import Decimal

WHOLE = Decimal(100)


class NotWhole(ValueError):
    """The per cents do not sum to 100 exactly."""


def split(amount: int, percents: Mapping[str, Decimal]) -> dict[str, int]:
    """Return {key: fen} whose sum is `amount`, each less than one fen from its exact share.

    Everybody gets the whole fen of their share; the fen left over go one each to the largest remainders (Hamilton).
    Equal remainders: the larger per cent first, then the key in the order of its characters. So the result depends on
    who gets how much and on their keys, never on the order in which payees are listed. Raises NotWhole.
    """
    if sum(percents.values()) != WHOLE or any(percent < 0 for percent in percents.values()):
        raise NotWhole(percents)
    if amount < 0:
        raise ValueError("An amount below zero is not shared out.")
    # in hundredths of a per cent and whole numbers: no division is rounded
    points = {key: int(percent * 100) for key, percent in percents.items()}
    if any(points[key] != percent * 100 for key, percent in percents.items()):
        raise NotWhole(percents)
    shares = {key: amount * point // 10_000 for key, point in points.items()}
    by_remainder = sorted(points, key=lambda key: (-(amount * points[key] % 10_000), -points[key], key))
    for key in by_remainder[: amount - sum(shares.values())]:
        shares[key] += 1
    return shares
