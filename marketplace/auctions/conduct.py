"""While a lot is open: place a bid, open, suspend, resume. Each takes the lot's lock first."""

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules, rules_of_bidders
from marketplace.auctions.authorities import entitlement
from marketplace.auctions.conflicts import SENTENCES
from marketplace.auctions.grounds import SuspensionGround
from marketplace.auctions.ladder import instant
from marketplace.auctions.locking import busy_if_waiting, hold_lot
from marketplace.auctions.models import BidderRegistration, Lot, LotAnchor
from marketplace.auctions.reasons import LONGEST_REASON, require_reason
from marketplace.auctions.receipts import receipt_of
from marketplace.auctions.saying_no import refusal_of
from marketplace.auctions.sealed_bids import seal_bid
from marketplace.auctions.wakeups import wake
from marketplace.core import clock, journal
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

LONGEST_KEY = 64


def place_bid(lot: Lot, *, by: User, organisation: Organisation, amount: int, key: str) -> dict[str, Any]:
    """Bid `amount` (fen) for an organisation; return the answer with its signed receipt.

    `key` is made by the client, once per bid it means: the same key and amount give the same answer. On a lot of
    sealed bids the bid is sealed.
    Raises a BidRefused that says what would be accepted, or Busy.
    """
    key = key[:LONGEST_KEY]
    if lot.is_sealed:
        return seal_bid(lot, by=by, organisation=organisation, amount=amount, key=key)
    bid: dict[str, Any] = {"by": by, "organisation": organisation, "amount": amount, "key": key}
    with busy_if_waiting():
        answer = _bid_as_applicant(lot, **bid)
        if answer is None:
            answer = _bid_as_agent(lot, **bid)
    if not answer["accepted"]:
        if answer["reason"] in SENTENCES:  # it stands for good: the rule says so, whatever the amount
            require(rules_of_bidders.place_bid, by, lot, organisation)
        raise refusal_of(answer)
    wake(lot.number)
    return answer | {"receipt": receipt_of(answer)}


def _bid_as_applicant(
    lot: Lot, *, by: User, organisation: Organisation | None, amount: int, key: str
) -> dict[str, Any] | None:
    """Bid on the registration `by` applied for, found with the bid itself; None where `by` may bid on none for that.

    A conflict is not asked for here: the decision looks for it.
    """
    if organisation is None or clock.is_moved():
        return None
    require(rules_of_bidders.place_bid, by, lot, organisation, conflict="")
    with connection.cursor() as cursor:
        online = APPLICANT_IN_A_TRANSACTION if connection.in_atomic_block else APPLICANT
        cursor.execute(
            online, {"lot": lot.pk, "organisation": organisation.pk, "by": by.pk, "key": key, "amount": amount}
        )
        answer: dict[str, Any] = json.loads(cursor.fetchone()[0])
    return None if answer.get("reason") == "not_applicant" else answer


def _bid_as_agent(lot: Lot, *, by: User, organisation: Organisation, amount: int, key: str) -> dict[str, Any]:
    """Bid on the registration of an organisation by its powers of attorney."""
    entitled = entitlement(lot, by=by, organisation=organisation)
    require(rules_of_bidders.place_bid, by, lot, organisation, conflict=entitled.conflict)
    return ask(lot, entitled.speaker(by), amount, key)


OF_APPLICANT = "%(lot)s, registration_of_applicant(%(lot)s, %(organisation)s, %(by)s), %(key)s, %(amount)s"
APPLICANT = f"CALL place_bid_and_keep({OF_APPLICANT}, NULL)"
APPLICANT_IN_A_TRANSACTION = f"SELECT place_bid({OF_APPLICANT})"
ONLINE = "CALL place_bid_and_keep(%s, %s, %s, %s, NULL)"
ONLINE_IN_A_TRANSACTION = "SELECT place_bid(%s, %s, %s, %s)"
FLOOR = "SELECT place_floor_bid(%s, %s, %s, %s)"


def ask(lot: Lot, registration: int, amount: int, key: str, *, source: str = "online") -> dict[str, Any]:
    """Call the SQL function: with the database's clock, or at the instant demo history has reached.

    What an answer rests on is on the disk when this returns; of an accepted one in a transaction when that commits.
    """
    if clock.is_moved():
        own = BidderRegistration(pk=registration)
        return decide_bid(lot, own, amount=amount, key=key, arrived_at=clock.now(), source=source)
    online = ONLINE_IN_A_TRANSACTION if connection.in_atomic_block else ONLINE
    with connection.cursor() as cursor:
        cursor.execute(FLOOR if source == "floor" else online, [lot.pk, registration, key, amount])
        return json.loads(cursor.fetchone()[0])


@transaction.atomic
def decide_bid(
    lot: Lot,
    registration: BidderRegistration,
    *,
    amount: int,
    key: str,
    arrived_at: datetime,
    decided_at: datetime | None = None,
    source: str = "online",
) -> dict[str, Any]:
    """Decide a bid at times of one's own: for demo history and property tests, never for the web."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT decide_bid(%s, %s, %s, %s, %s, %s, %s)",
            [lot.pk, registration.pk, key, amount, source, arrived_at, decided_at or arrived_at],
        )
        return json.loads(cursor.fetchone()[0])


def append_event(lot: Lot, kind: str, *, at: datetime, source: str = "online", **payload: Any) -> None:
    """Append one event to the chain. The caller holds the lot."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT append_lot_step(%s, %s, %s, '', NULL, %s, %s)",
            [lot.pk, kind, source, at, json.dumps(payload)],
        )
    lot.refresh_from_db()
    transaction.on_commit(lambda: wake(lot.number))


def anchor(lot: Lot, *, at: datetime) -> None:
    """Note the head of the chain apart from it, as it stood at `at`."""
    if lot.seq:
        LotAnchor.objects.get_or_create(lot=lot, seq=lot.seq, defaults={"head_hash": lot.head_hash, "taken_at": at})


@transaction.atomic
def open_lot(lot: Lot) -> bool:
    """Note that a lot's time has come, if it has; tell whether this call was the one to journal it."""
    now = hold_lot(lot)
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_lot_if_due(%s, %s)", [lot.pk, now])
    lot.refresh_from_db()
    is_opened = lot.events.filter(kind="opened").exists()  # a postponement stands in the record before it
    if not is_opened or Entry.objects.about(lot).filter(kind=Kind.LOT_OPENED).exists():
        return False
    anchor(lot, at=now)
    transaction.on_commit(lambda: wake(lot.number))
    journal.record(Kind.LOT_OPENED, lot, by=None, number=lot.number, starts_at=instant(lot.starts_at))
    return True


class NotOpenNow(WrongState):
    message = _("The lot is not open for bids now.")


@transaction.atomic
def suspend_lot(lot: Lot, *, by: User, ground: str, reason: str = "") -> None:
    """Stop the bidding and keep the remaining time; another ground than those named needs an explanation.

    Raises NotOpenNow, ReasonMissing.
    """
    now = hold_lot(lot)
    require(rules.suspend_lot, by, lot)
    if not lot.is_open(now):
        raise NotOpenNow()
    if ground == SuspensionGround.OTHER:
        reason = require_reason(reason)
    suspend_held(lot, at=now, by=by, ground=ground, reason=reason)


def suspend_held(lot: Lot, *, at: datetime, by: User, ground: str, reason: str, **facts: Any) -> None:
    """Suspend a held lot that is open at `at`; `facts` stand in its record beside ground and reason."""
    reason = reason.replace("\x00", "").strip()[:LONGEST_REASON]
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_lot_if_due(%s, %s)", [lot.pk, at])
    stopped_at = max(at, lot.last_at or at)
    said = facts | ({"reason": reason} if reason else {})
    append_event(lot, "suspended", at=stopped_at, ground=SuspensionGround(ground).value, **said)
    lot.move_to(lot.State.SUSPENDED)
    lot.remaining_when_suspended, lot.note = lot.ends_at - stopped_at, reason
    lot.calls, lot.called_at = 0, None
    lot.save(update_fields=["state", "remaining_when_suspended", "note", "calls", "called_at"])
    anchor(lot, at=at)
    with_session: dict[str, Any] = {"with_session": True} if facts.get("session") else {}
    journal.record(Kind.LOT_SUSPENDED, lot, by=by, ground=ground, head=lot.head_hash, **with_session)


@transaction.atomic
def resume_lot(lot: Lot, *, by: User) -> None:
    """Go on with the bidding for the time that was left."""
    now = hold_lot(lot)
    require(rules.resume_lot, by, lot)
    resume_held(lot, at=now, by=by)


def resume_held(lot: Lot, *, at: datetime, by: User, **facts: Any) -> None:
    """Let a held lot go on, from `at`; `facts` stand in its entry. Raises WrongState."""
    if lot.remaining_when_suspended is None:  # lot_remaining_iff_suspended; an announced lot has an edge to open too
        raise WrongState(thing=lot, state=lot.get_state_display())
    lot.move_to(lot.State.OPEN)
    ends_at = max(at, lot.last_at or at) + lot.remaining_when_suspended
    append_event(lot, "resumed", at=at, ends_at=instant(ends_at), was=instant(lot.ends_at))
    lot.move_to(lot.State.OPEN)
    lot.ends_at, lot.remaining_when_suspended, lot.note = ends_at, None, ""
    lot.save(update_fields=["state", "ends_at", "remaining_when_suspended", "note"])
    journal.record(Kind.LOT_RESUMED, lot, by=by, head=lot.head_hash, **facts)
