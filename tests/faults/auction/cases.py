"""All cases in order, and the few of them that a run of the tests has time for."""

from collections.abc import Sequence
from datetime import date

from tests.faults.auction import called, crowded, ends, killed, tampered, wire  # noqa: F401  # each enters its cases
from tests.faults.auction.scene import FAULTS, Fault


def named(words: Sequence[str]) -> list[Fault]:
    """Return the cases whose names hold one of these words; all where there are none."""
    return [each for each in FAULTS if not words or any(word.lower() in each.name.lower() for word in words)]


def of_the_day(day: date) -> list[Fault]:
    """Return the cheap cases, and one of the others in turn."""
    dear = [each for each in FAULTS if not each.is_cheap]
    return [each for each in FAULTS if each.is_cheap] + [dear[day.toordinal() % len(dear)]]
