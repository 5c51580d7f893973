"""Calling off: one lot is withdrawn, or a whole session is cancelled, and bidders get their deposits back."""

from typing import Any

from django.db import transaction

from marketplace.auctions import rules
from marketplace.auctions.conduct import append_event
from marketplace.auctions.deposits import let_bidders_go
from marketplace.auctions.locking import hold_lot, hold_session
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.preparing import follow_reviews, let_go
from marketplace.auctions.reasons import require_reason
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import User


def ends_its_session(lot: Lot) -> bool:
    """Tell whether an announced session that has not begun sells nothing any more without this lot."""
    session = lot.session
    may_end = (
        session.is_announced and session.refusal_to_move(session.State.CANCELLED) is None and not session.has_begun
    )
    return may_end and not session.lots.exclude(state=Lot.State.WITHDRAWN).exclude(pk=lot.pk).exists()


@transaction.atomic
def withdraw_lot(lot: Lot, *, by: User, reason: str) -> None:
    """Take a lot out of the sale before it opens, or out of a suspension; bidders get their deposits back.

    With its last lot an announced session that has not begun is cancelled.
    """
    session = lot.session
    hold_session(session)
    is_last = ends_its_session(lot)
    facts = {"with_session": True} if is_last else {}
    _withdraw(lot, by=by, reason=reason, **facts)
    if is_last:
        require(rules.cancel_session, by, session)
        _cancel(session, [lot], by=by, reason=lot.note)
    else:
        follow_reviews(session, by=by)


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
    """Cancel a session none of whose lots was opened, and withdraw every lot; or change nothing.

    The lots are held in the order of their keys.
    """
    hold_session(session)
    require(rules.cancel_session, by, session)
    reason = require_reason(reason)
    if refusal := session.refusal_to_move(session.State.CANCELLED):
        raise refusal
    if session.has_begun:
        raise WrongState(state=session.State.LIVE.label)
    lots = list(session.lots.exclude(state=Lot.State.WITHDRAWN).order_by("pk"))
    for lot in lots:
        _withdraw(lot, by=by, reason=reason, with_session=True)
    _cancel(session, lots, by=by, reason=reason)


def _cancel(session: AuctionSession, lots: list[Lot], *, by: User, reason: str) -> None:
    session.move_to(session.State.CANCELLED)
    session.cancellation_reason = reason
    session.save(update_fields=["state", "cancellation_reason"])
    journal.record(Kind.SESSION_CANCELLED, session, by=by, lots=[lot.number for lot in lots])
