"""Calling off: one lot is withdrawn, or a whole session is cancelled, and bidders get their deposits back."""

from typing import Any

from django.db import transaction

from marketplace.auctions import rules
from marketplace.auctions.conduct import append_event
from marketplace.auctions.deposits import let_bidders_go
from marketplace.auctions.locking import hold_lot
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.preparing import follow_reviews, let_go
from marketplace.auctions.reasons import require_reason
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import User


@transaction.atomic
def withdraw_lot(lot: Lot, *, by: User, reason: str) -> None:
    """Take a lot out of the sale before it opens, or out of a suspension; bidders get their deposits back.

    With the last lot of an announced session the session is cancelled.
    """
    _hold(lot.session)
    is_prepared = lot.announced_at is None
    is_last = lot.session.ends_without(lot)
    facts = {"with_session": True} if is_last else {}
    _withdraw(lot, by=by, reason=reason, **facts)
    if is_prepared:
        follow_reviews(lot.session, by=by)
    elif is_last:
        lot.session.move_to(lot.session.State.CANCELLED)
        _note_cancelled(lot.session, [lot], by=by, reason=lot.note)


def _hold(session: AuctionSession) -> None:
    """Hold a session before its lots, and read it afresh.

    Whoever holds one lot may point to the session meanwhile (a new deposit does), so the session's own lock leaves its
    key free: neither waits for the other.
    """
    session.refresh_from_db(from_queryset=AuctionSession.objects.select_for_update(no_key=True))


def _withdraw(lot: Lot, *, by: User, reason: str, **facts: Any) -> None:
    now = hold_lot(lot)
    require(rules.withdraw_lot, by, lot)
    reason = require_reason(reason)
    if lot.state == lot.State.ANNOUNCED and now >= lot.starts_at:
        raise WrongState(state=Lot.State.OPEN.label)
    was_announced = lot.announced_at is not None
    lot.move_to(lot.State.WITHDRAWN)
    if was_announced:
        append_event(lot, "withdrawn", at=now)
        lot.move_to(lot.State.WITHDRAWN)
    lot.remaining_when_suspended, lot.note = None, reason
    lot.save(update_fields=["state", "remaining_when_suspended", "note"])
    let_bidders_go(lot, at=now)
    let_go(lot, by=by)
    journal.record(Kind.LOT_WITHDRAWN, lot, by=by, head=lot.head_hash, **facts)


@transaction.atomic
def cancel_session(session: AuctionSession, *, by: User, reason: str) -> None:
    """Cancel a session none of whose lots is in bidding, and withdraw every lot; or change nothing.

    The lots are held in the order of their keys.
    """
    _hold(session)
    require(rules.cancel_session, by, session)
    reason = require_reason(reason)
    session.move_to(session.State.CANCELLED)
    lots = list(session.lots.exclude(state=Lot.State.WITHDRAWN).order_by("pk"))
    for lot in lots:
        _withdraw(lot, by=by, reason=reason, with_session=True)
    _note_cancelled(session, lots, by=by, reason=reason)


def _note_cancelled(session: AuctionSession, lots: list[Lot], *, by: User, reason: str) -> None:
    session.cancellation_reason = reason
    session.save(update_fields=["state", "cancellation_reason"])
    journal.record(Kind.SESSION_CANCELLED, session, by=by, lots=[lot.number for lot in lots])
