"""The end of a lot: the close, its result, and what follows from it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules, sealing
from marketplace.auctions.conduct import anchor, append_event, open_lot
from marketplace.auctions.deposits import apply_to_price, let_bidders_go, winner_of
from marketplace.auctions.ladder import Placed
from marketplace.auctions.locking import hold_lot, lot_now
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot, SaleConfirmation
from marketplace.auctions.preparing import let_go
from marketplace.auctions.publishing import publish_result
from marketplace.auctions.record import publicity_days, standing_bids
from marketplace.auctions.sealed_closing import end_sealed_bids
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.deals.opening import open_deal_from_sale
from marketplace.organisations.models import User

GRACE = timedelta(milliseconds=100)  # the closer queues behind everything that arrived in time


class SessionRunning(Refused):
    message = _("The session’s deposit still stands for other lots. Confirm the sale once the last lot has ended.")


def close_lot(lot: Lot, *, at: datetime | None = None) -> bool:
    """Close a lot whose end has passed and write its result; tell whether this call did it.

    Any process may call it, any number of times: only one close has an effect. A lot whose sealed bids cannot be
    opened stays as it is. `at` is the lots' time where the caller has read it already.
    """
    if lot.state not in (lot.State.ANNOUNCED, lot.State.OPEN) or (at or lot_now()) < lot.ends_at + GRACE:
        return False
    open_lot(lot)
    return _close(lot)


@transaction.atomic
def _close(lot: Lot) -> bool:
    now = hold_lot(lot)
    if lot.state != lot.State.OPEN or now < lot.ends_at:
        return False
    if lot.is_sealed:
        result = end_sealed_bids(lot)
    else:
        bids = standing_bids(lot)
        append_event(lot, "closed", at=lot.ends_at, bids=len(bids), bidders=bidders_of(bids))
        result = open_result(lot, bids)
    if result is None:
        return False
    settle(lot, result, at=now, by=None)
    return True


def bidders_of(bids: Sequence[Placed]) -> int:
    return len({bid.alias for bid in bids})


def open_result(lot: Lot, bids: Sequence[Placed]) -> dict[str, Any]:
    """Write the result of open bidding on a held lot that was just closed, by the bids that stand; return it."""
    result = _result(lot, bidders_of(bids))
    append_event(lot, "result", at=lot.ends_at, **result)
    return result


def settle(lot: Lot, result: dict[str, Any], *, at: datetime, by: User | None) -> None:
    """Carry a written result into the held lot, and let go whoever lost."""
    lot.move_to(result["outcome"])
    lot.reserve_opened = result["reserve"]["amount"] if "reserve" in result else None
    lot.save(update_fields=["state", "reserve_opened", "price", "leader", "leader_alias"])
    is_sold = lot.state == lot.State.SOLD
    let_bidders_go(lot, at=at, winner=lot.leader if is_sold and not lot.session.is_practice else None)
    if not is_sold or lot.session.is_practice:
        let_go(lot, by=None)
    anchor(lot, at=at)
    kind = Kind.LOT_SOLD if is_sold else Kind.LOT_UNSOLD
    journal.record(kind, lot, by=by, number=lot.number, price=lot.price, head=lot.head_hash, seq=lot.seq)


def _result(lot: Lot, bidders: int) -> dict[str, Any]:
    """Return the payload of the result: sold to the leader, or why not; the reserve is opened."""
    opened: dict[str, Any] = {}
    if lot.reserve_sealed is not None:
        opened["reserve"] = sealing.unseal(lot.number, bytes(lot.reserve_sealed))
    if lot.price is None:
        return {"outcome": "unsold", "why": "no_bids"} | opened
    if bidders < 2 and not lot.sells_to_single_bidder:
        return {"outcome": "unsold", "why": "single_bidder"} | opened
    if opened and lot.price < opened["reserve"]["amount"]:
        return {"outcome": "unsold", "why": "below_reserve"} | opened
    return {"outcome": "sold", "alias": lot.leader_alias, "price": lot.price} | opened


@transaction.atomic
def confirm_sale(lot: Lot, *, by: User) -> None:
    """Confirm the sale: its confirmation is written, the deposit counts towards the price, a deal is opened."""
    now = hold_lot(lot)
    require(rules.confirm_sale, by, lot)
    _require_session_over(lot)
    lot.move_to(lot.State.CONFIRMED)
    lot.save(update_fields=["state"])
    winner, deposit = winner_of(lot)
    winner.move_to(winner.State.SETTLED)
    winner.save(update_fields=["state"])
    counted = apply_to_price(deposit, lot, at=now, by=by)
    _write_confirmation(lot, winner, counted, by=by, at=now)
    open_deal_from_sale(
        outcome=lot.outcome,
        seller=lot.outcome.owner,
        buyer=winner.organisation,
        price=lot.price or 0,
        by=by,
        organisation=None,
        lot_number=lot.number,
        is_published_first=publicity_days(lot.session) > 0,
    )
    if publicity_days(lot.session):
        publish_result(lot, by=by)
    journal.record(Kind.LOT_CONFIRMED, lot, by=by, number=lot.number, price=lot.price)


def _require_session_over(lot: Lot) -> None:
    """One deposit for the session stands for the lots still to come, so it counts for a price only after the last."""
    session = lot.session
    if session.deposit_scope == session.DepositScope.SESSION and session.lots.filter(state__in=Lot.SECRET).exists():
        raise SessionRunning()


def _write_confirmation(lot: Lot, winner: BidderRegistration, deposit: int, *, by: User, at: datetime) -> None:
    seller, buyer = lot.outcome.owner, winner.organisation
    SaleConfirmation.objects.create(
        lot=lot,
        number=SaleConfirmation.number_of(lot),
        seller=seller,
        seller_name=seller.name,
        buyer=buyer,
        buyer_name=buyer.name,
        alias=lot.leader_alias,
        price=lot.price or 0,
        deposit_applied=deposit,
        seq=lot.seq,
        head_hash=lot.head_hash,
        confirmed_at=at,
        confirmed_by=by,
    )


def due_lots(at: datetime) -> Any:
    """Return the lots a sweep has to look at, at `at`."""
    return Lot.objects.filter(Q(pk__in=Lot.objects.due_to_close(at - GRACE)) | Q(pk__in=Lot.objects.due_to_open(at)))


@transaction.atomic
def move_session_on(session: AuctionSession) -> bool:
    """Move a session to live when its first lot has begun, and to closed when its last has ended."""
    session.lock()
    states = set(session.lots.exclude(state=Lot.State.WITHDRAWN).values_list("state", flat=True))
    waiting = {Lot.State.ANNOUNCED.value, Lot.State.OPEN.value, Lot.State.SUSPENDED.value}
    if session.state == session.State.REGISTRATION and (states - {Lot.State.ANNOUNCED.value} or session.has_begun):
        session.move_to(session.State.LIVE)
    elif session.state == session.State.LIVE and not states & waiting:
        session.move_to(session.State.CLOSED)
    else:
        return False
    session.save(update_fields=["state"])
    journal.record(Kind.SESSION_MOVED, session, by=None, state=session.state)
    return True
