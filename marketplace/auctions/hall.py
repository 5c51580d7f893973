"""In the hall: the auctioneer enters paddles, calls, lets the hammer fall, moves the end, voids.

What may happen is decided by ladder.py (bids, by way of bidding.sql) and floor.py (everything else).
"""

import time
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import floor, rules
from marketplace.auctions.closing import GRACE, open_result, settle
from marketplace.auctions.conduct import LONGEST_KEY, append_event, ask
from marketplace.auctions.grounds import ExtensionGround
from marketplace.auctions.ladder import NOT_ENTITLED, Happening, Standing, after
from marketplace.auctions.locking import busy_if_waiting, hold_lot, lot_now
from marketplace.auctions.models import BidderRegistration, Lot
from marketplace.auctions.record import standing_bids
from marketplace.auctions.saying_no import refusal_of
from marketplace.auctions.wakeups import wake
from marketplace.core import clock, journal
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import User

WHY = {
    "no_floor": _("This lot has no floor: bids on it come online only."),
    "not_open": _("The lot is not open for bids now."),
    "suspended": _("The lot is suspended. Resume the bidding first."),
    "ended": _("The time of this lot has run out. The result is being written."),
    "no_price": _("Nobody has bid yet: there is no price to call."),
    "other_call": _("Another call is next. A bid, a void or a suspension lets the calls begin anew."),
    "too_soon": _("Wait until %(from)s, so that bidders online can answer the last call."),
    "not_called": _("The hammer falls after the third call. A bid, a void or a suspension lets the calls begin anew."),
    "moved": _("Something happened as the hammer fell. Look at the price, then let it fall again."),
    "not_later": _("The end can only move later, by an hour at most. It is %(ends_at)s now."),
    "not_the_last": _("Only the last bid that stands can be voided. Another one stands last now."),
    "not_of_the_floor": _("Only a bid from the floor can have been mistyped. This one came online."),
    "no_ground": _("Choose the ground."),
}


class FloorRefused(Refused):
    """What the auctioneer cannot do now, and why."""

    def __init__(self, reason: str, **details: Any) -> None:
        self.reason, self.message = reason, WHY[reason]
        super().__init__(**details)


class UnknownPaddle(Refused):
    message = _("No qualified bidder of this lot has the number %(alias)s.")
    field = "alias"


def place_floor_bid(lot: Lot, *, by: User, alias: str, amount: int, key: str) -> dict[str, Any]:
    """Enter a bid of a paddle (fen); return the answer of the SQL function. The same key enters it once.

    Raises UnknownPaddle, a BidRefused that says what would be accepted, or Busy.
    """
    require(rules.place_floor_bid, by, lot)
    registration = lot.registrations.standing().filter(alias=alias).exclude(alias="").first()
    if registration is None:
        raise UnknownPaddle(alias=alias)
    with busy_if_waiting(), transaction.atomic():
        answer = ask(lot, registration.pk, amount, key[:LONGEST_KEY], source="floor")
        if answer["accepted"] and not _is_entered(lot, answer["seq"]):
            journal.record(Kind.BID_ENTERED, lot, by=by, seq=answer["seq"], amount=amount)
    if not answer["accepted"]:
        raise refusal_of(answer)
    wake(lot.number)
    return answer


def _is_entered(lot: Lot, seq: int) -> bool:
    return Entry.objects.about(lot).filter(kind=Kind.BID_ENTERED, data__seq=seq).exists()


def _standing(lot: Lot) -> Standing:
    """Return where a held lot stands, in the words of the pure rules."""
    return Standing(
        lot.state,
        lot.ends_at,
        lot.price,
        lot.leader_alias,
        extensions=lot.extensions,
        last_at=lot.last_at,
        bids=standing_bids(lot),
        calls=lot.calls,
        called_at=lot.called_at,
    )


def _begin(lot: Lot, now: datetime) -> datetime:
    """Open a held lot whose time has come; return the instant its next event has: never before the last one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_lot_if_due(%s, %s)", [lot.pk, now])
    lot.refresh_from_db()
    return max(now, lot.last_at or now)


def _write(lot: Lot, decided: Happening | str) -> None:
    """Append what the rules decided, or refuse with their reason."""
    if isinstance(decided, str):
        ready_at = (lot.called_at or lot.ends_at) + lot.call_pause
        details = {"from": f"{timezone.localtime(ready_at):%H:%M:%S}"}
        raise FloorRefused(decided, ends_at=f"{timezone.localtime(lot.ends_at):%H:%M:%S}", **details)
    append_event(lot, decided.kind, at=decided.arrived_at, source=decided.source, **decided.payload)


@transaction.atomic
def call_lot(lot: Lot, *, by: User, number: int) -> None:
    """Call the price for the first, second or third time (`number`)."""
    at = _begin(lot, hold_lot(lot))
    require(rules.call_lot, by, lot)
    _write(lot, floor.call(lot.terms, _standing(lot), number, at))
    lot.calls, lot.called_at = number, at
    lot.save(update_fields=["calls", "called_at"])
    journal.record(Kind.LOT_CALLED, lot, by=by, call=number, price=lot.price, head=lot.head_hash)


def hammer_lot(lot: Lot, *, by: User) -> None:
    """Let the hammer fall now: the lot is closed at this instant, unless something happened since the last call.

    As the closer does, it asks for the lock only GRACE later, and so queues behind every bid that arrived before.
    """
    fell_at = lot_now()
    require(rules.hammer_lot, by, lot)
    if not clock.is_moved():
        time.sleep(GRACE.total_seconds())
    _hammer(lot, by=by, fell_at=fell_at)


@transaction.atomic
def _hammer(lot: Lot, *, by: User, fell_at: datetime) -> None:
    now = hold_lot(lot)
    require(rules.hammer_lot, by, lot)
    standing = _standing(lot)
    _write(lot, floor.hammer(lot.terms, standing, fell_at))
    lot.ends_at = fell_at
    lot.save(update_fields=["ends_at"])
    journal.record(Kind.LOT_HAMMERED, lot, by=by, price=lot.price, head=lot.head_hash)
    settle(lot, open_result(lot, standing.bids), at=now, by=by)


@transaction.atomic
def extend_lot(lot: Lot, *, by: User, minutes: int, ground: str, was: datetime) -> None:
    """Move the end `minutes` later than `was`, the end the auctioneer saw; refuses once it is later by itself."""
    at = _begin(lot, hold_lot(lot))
    require(rules.extend_lot, by, lot)
    until = was + timedelta(minutes=minutes)
    _write(lot, floor.extend(lot.terms, _standing(lot), until, ExtensionGround(ground).value, at))
    lot.ends_at = until
    lot.save(update_fields=["ends_at"])
    journal.record(Kind.LOT_EXTENDED, lot, by=by, minutes=minutes, ground=ground, head=lot.head_hash)


@transaction.atomic
def void_bid(lot: Lot, *, by: User, seq: int, ground: str) -> None:
    """Strike bid no. `seq`, the last that stands; price and leader go back. Who is not entitled is barred."""
    at = _begin(lot, hold_lot(lot))
    require(rules.void_bid, by, lot)
    standing = _standing(lot)
    decided = floor.void(lot.terms, standing, seq, ground, at)
    leads = standing if isinstance(decided, str) else after(standing, decided)
    _write(lot, decided)
    if ground == NOT_ENTITLED:
        _bar(lot)
    _lead(lot, leads)
    journal.record(Kind.BID_VOIDED, lot, by=by, seq=seq, ground=ground, head=lot.head_hash)


def _bar(lot: Lot) -> None:
    """Bar the bidder whose bid is being voided from this lot."""
    bidder = BidderRegistration.objects.get(pk=lot.leader_id)  # type: ignore[misc]  # the last bid that stands leads
    bidder.lock()
    bidder.is_barred = True
    bidder.save(update_fields=["is_barred"])


def _lead(lot: Lot, standing: Standing) -> None:
    """Write price and leader of a held lot, with the calls beginning anew."""
    lot.price, lot.leader_alias = standing.price, standing.leader
    lot.leader = lot.registrations.get(alias=standing.leader) if standing.leader else None
    lot.registrations.filter(alias=standing.leader).exclude(alias="").update(told_of_seq=0)  # may be outbid once more
    lot.calls, lot.called_at = 0, None
    lot.save(update_fields=["price", "leader", "leader_alias", "calls", "called_at"])
