"""Practice lots of a demonstration: the next one opens when one closes; rivals bid while somebody watches.

Refused unless settings.DEMO is on. Everything goes through the real actions, so practice obeys the real rules.
"""

import random
from datetime import timedelta
from uuid import uuid4

import structlog
from django.conf import settings

from marketplace.auctions.actions import place_bid
from marketplace.auctions.locking import Busy, lot_now
from marketplace.auctions.models import Lot
from marketplace.auctions.practice import is_watched, open_next_practice_lot, practice_lots, rivals_of
from marketplace.auctions.saying_no import BidRefused
from tasks.app import app

log = structlog.get_logger(__name__)

CHANCE = 0.35  # that a rival bids in one turn
CALM = timedelta(seconds=4)  # after a bid rivals let this pass
MOST_EXTENSIONS = 2  # after so many rivals rest: a lot that is watched all day ends all the same


def _require_demo() -> None:
    if not settings.DEMO:
        raise RuntimeError("Practice lots exist only in a demonstration.")


@app.task
def keep_a_practice_lot() -> None:
    """See that one practice lot is open or about to open, also tomorrow."""
    _require_demo()
    if not practice_lots().filter(state__in=[Lot.State.ANNOUNCED, Lot.State.OPEN, Lot.State.SUSPENDED]).exists():
        open_next_practice_lot()


@app.task
def bid_as_rivals() -> None:
    """Let one rival bid the next step on a practice lot that somebody watches, now and then."""
    _require_demo()
    now = lot_now()
    for lot in practice_lots().in_bidding(now):
        calm = lot.last_at is None or now - lot.last_at >= CALM
        if calm and lot.extensions < MOST_EXTENSIONS and is_watched(lot) and random.random() < CHANCE:  # noqa: S311
            _bid_next_step(lot)


def _bid_next_step(lot: Lot) -> None:
    rival = rivals_of(lot).order_by("?").first()
    if rival is None:
        return
    amount = lot.next_amounts()[0]
    try:
        place_bid(lot, by=rival.agent, organisation=rival.organisation, amount=amount, key=uuid4().hex)
    except (BidRefused, Busy) as refusal:
        log.info("rival refused", lot=lot.number, reason=str(refusal))
