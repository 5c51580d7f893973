"""瓯来拍 in the background: sweeps of lots, anchors, outbid notices, and what contracts mean for their lots."""

import time

import structlog

from marketplace.auctions.actions import (
    close_lot,
    free_licensed_outcome,
    mark_contracted,
    move_session_on,
    open_lot,
    rescind_sale,
)
from marketplace.auctions.closing import due_lots
from marketplace.auctions.conduct import anchor
from marketplace.auctions.locking import Busy, lot_now
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.outbid import note_outbid, outbid
from marketplace.auctions.room_health import note_sweep
from marketplace.contracts.models import TechnologyContract
from marketplace.deals.models import Deal
from tasks.app import app
from tasks.models import Delivery

log = structlog.get_logger(__name__)

TURNS, TURN_SECONDS = 5, 1.0


@app.task
def close_due_lots() -> None:
    """Open and close what is due, about each second, for the five seconds until beat sends the next sweep."""
    for turn in range(TURNS):
        began = time.monotonic()
        sweep()
        if turn < TURNS - 1:
            time.sleep(max(0.0, TURN_SECONDS - (time.monotonic() - began)))


def sweep() -> None:
    """Open each lot whose time has come, close each whose end has passed, and move their sessions on."""
    lots = list(due_lots(lot_now()).select_related("session"))
    for lot in lots:
        try:
            open_lot(lot)
            close_lot(lot)
        except Busy:
            log.info("lot is busy; the next sweep comes back to it", lot=lot.number)
    if lots:
        move_sessions_on()
    note_sweep(lot_now())


@app.task
def move_sessions_on() -> None:
    """Move sessions to live and to closed as their lots do."""
    for session in AuctionSession.objects.filter(state__in=["registration", "live"]):
        move_session_on(session)


@app.task
def anchor_live_lots() -> None:
    """Note the head of each lot in bidding apart from its chain."""
    now = lot_now()
    for lot in Lot.objects.filter(state__in=[Lot.State.OPEN, Lot.State.SUSPENDED], seq__gt=0):
        anchor(lot, at=now)


@app.task
def tell_outbid_bidders() -> None:
    """Tell each bidder once when it is no longer ahead, from the events since it was last told."""
    for registration in outbid().select_related("lot"):
        note_outbid(registration)


def note_contract_of_lot(delivery: Delivery) -> None:
    """The signed contract of a sale was sent to the registrars: its lot is contracted."""
    lot = _lot_of_contract(delivery)
    if lot is not None:
        mark_contracted(lot, by=delivery.entry.actor)


def free_outcome_of_lot(delivery: Delivery) -> None:
    """The contract of a sale is registered: an outcome sold under an ordinary licence is available again."""
    lot = _lot_of_contract(delivery)
    if lot is not None:
        mark_contracted(lot, by=delivery.entry.actor)
        free_licensed_outcome(lot, by=delivery.entry.actor)


def rescind_sale_of_deal(delivery: Delivery) -> None:
    """The deal of a sale was ended before a contract was registered: its lot has no buyer any more."""
    deal = Deal.objects.get(pk=delivery.entry.subject_id)
    if deal.lot_number and delivery.entry.data["came_from"] != Deal.State.PERFORMANCE:
        rescind_sale(Lot.objects.get(number=deal.lot_number), by=delivery.entry.actor)


def _lot_of_contract(delivery: Delivery) -> Lot | None:
    """Return the lot whose sale led to the contract, if one did."""
    contract = TechnologyContract.objects.select_related("deal").get(pk=delivery.entry.subject_id)
    if contract.deal is None or not contract.deal.lot_number:
        return None
    return Lot.objects.get(number=contract.deal.lot_number)
