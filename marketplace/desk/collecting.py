"""Everything that waits for one person: each noun contributes its piles, the desk puts their rows in order."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from marketplace.desk.piles import Pile, rows_of
from marketplace.desk.rows import SOON, Reader, Row
from marketplace.desk.waiting import (
    amended,
    appeals,
    auction_staff,
    auctions,
    brokers,
    contracts,
    deals,
    deposits,
    ended,
    engagements,
    evaluation,
    leads,
    matching,
    organisations,
    outcomes,
    passing_on,
    performance,
    prices,
    publicity,
    reviews,
    sharing,
    trials,
    yields,
)

NOUNS: tuple[Callable[[Reader], list[Pile]], ...] = (
    organisations.waiting,
    reviews.waiting,
    outcomes.waiting,
    brokers.waiting,
    matching.waiting,
    passing_on.waiting,
    deals.waiting,
    engagements.waiting,
    leads.waiting,
    evaluation.waiting,
    contracts.waiting,
    performance.waiting,
    ended.waiting,
    amended.waiting,
    sharing.waiting,
    yields.waiting,
    trials.waiting,
    auctions.waiting,
    prices.waiting,
    auction_staff.waiting,
    deposits.waiting,
    appeals.waiting,
    publicity.waiting,
)


def collect(reader: Reader) -> list[Row]:
    """Return what waits for the reader now: live first, then by deadline, then the longest waiting.

    Rooms above the marketplace add theirs by DESK_ALSO. Auditors change nothing, so nothing waits for them.
    """
    if reader.user.changes_nothing:
        return []
    also = [import_string(path) for path in settings.DESK_ALSO]
    piles = [pile for waiting in (*NOUNS, *also) for pile in waiting(reader)]
    return sorted(rows_of(piles), key=lambda row: row.place)


def due_by(rows: list[Row], reader: Reader, within: timedelta = SOON) -> list[Row]:
    """Return the rows whose deadline is at most `within` away, or over."""
    return [row for row in rows if row.is_due_by(reader.today + within)]


def counted(rows: list[Row]) -> int:
    """Return how many things the rows stand for."""
    return sum(row.count for row in rows)
