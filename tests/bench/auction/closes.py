"""Contested closes: bidders and closers at the end of one lot after another; who arrived in time is never refused."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from marketplace.auctions.actions import close_lot
from marketplace.auctions.ladder import read_instant
from marketplace.auctions.locking import Busy, busy_if_waiting
from marketplace.auctions.models import Lot
from tests.bench.auction import clients
from tests.bench.auction.ways import LADDER
from tests.crowd.cast import Cast, registrations

CLOSERS, BIDDING = 3, 13  # clients of one sort and of the other
EARLY = 0.25  # seconds before the end, from which on everybody bids
APART = 0.5  # seconds between two ends
NO_EXTENSION = {"extension_window": timedelta(0), "most_extensions": 0}


@dataclass(frozen=True, slots=True)
class Closes:
    """What came of so many closes."""

    lots: int
    accepted: int
    late: int  # refused as too late, and it was so
    in_time_refused: int


def contested(cast: Cast, number: int, bidders: int = 4) -> Closes:
    """Let so many lots end one after the other under fire; return what came of it."""
    first = timezone.now() + timedelta(seconds=2 + number * (0.3 + bidders * 2 * cast.seconds))
    lots, rows = [], []
    for place in range(number):
        starts_at = timezone.now() - timedelta(minutes=1)
        ends_at = first + timedelta(seconds=APART * place)
        lot, some = cast.lot(bidders, lasts=ends_at - starts_at, increment_ladder=LADDER, **NO_EXTENSION)
        lots.append(lot)
        rows.append([row.pk for row in registrations(some)])
    seconds = (lots[-1].ends_at - timezone.now()).total_seconds() + 2
    told = clients.gather(lambda client: _client(client, lots, rows), CLOSERS + BIDDING, seconds)
    refused = [answer for answer in told if answer.get("reason") == "ended"]
    in_time = [each for each in refused if read_instant(each["arrived_at"]) < read_instant(each["ends_at"])]
    closed = Lot.objects.filter(pk__in=[lot.pk for lot in lots], state__in=["sold", "unsold"]).count()
    assert closed == number, f"{closed} of {number} lots were closed"
    accepted = sum(answer["accepted"] for answer in told)
    return Closes(number, accepted, len(refused) - len(in_time), len(in_time))


def _client(client: int, lots: list[Lot], rows: list[list[int]]) -> Callable[[], list[dict[str, Any]]]:
    """Return what one client does over all closes."""
    if client < CLOSERS:
        return lambda: [close_all(lots)]
    return lambda: [
        answer for lot, some in zip(lots, rows, strict=True) for answer in bid_until_ended(lot, some, client)
    ]


def close_all(lots: list[Lot]) -> dict[str, Any]:
    """Ask to close each lot from before its end until it is closed."""
    for each in lots:
        lot = Lot.objects.get(pk=each.pk)
        time.sleep(max(0.0, (lot.ends_at - timezone.now()).total_seconds() - EARLY))
        while lot.state in ("announced", "open"):
            try:
                close_lot(lot)
            except Busy:
                continue
            lot.refresh_from_db()
    return {"accepted": False}


def bid_until_ended(lot: Lot, rows: list[int], client: int) -> list[dict[str, Any]]:
    """Call the function as fast as it answers, until it says that the lot has ended."""
    told: list[dict[str, Any]] = []
    time.sleep(max(0.0, (lot.ends_at - timezone.now()).total_seconds() - EARLY))
    while not told or told[-1].get("reason") != "ended":
        amount = lot.start_price + int((time.time() - lot.starts_at.timestamp()) * 1_000_000)
        with busy_if_waiting(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT place_bid(%s, %s, %s, %s)",
                [lot.pk, rows[(client + len(told)) % len(rows)], uuid4().hex, amount],
            )
            told.append(json.loads(cursor.fetchone()[0]))
    return told
