"""Sealed bids for tests, by the real actions, and at instants of one's own."""

from datetime import datetime
from typing import Any

from marketplace.auctions import actions
from marketplace.auctions.models import BidderRegistration, Lot
from marketplace.core import clock
from tests.marketplace.auctions.making import announced_lot


def sealed_lot(**facts: Any) -> Lot:
    """Return an announced lot of sealed bids, from 160 万元."""
    return announced_lot(format="sealed", **facts)


def sealed(one: BidderRegistration, amount: int, key: str = "k") -> dict[str, Any]:
    """Seal a bid as the page does."""
    return actions.place_bid(one.lot, by=one.agent, organisation=one.organisation, amount=amount, key=key)


def withdrawn(one: BidderRegistration, key: str = "w") -> dict[str, Any]:
    """Withdraw a sealed bid as the page does."""
    return actions.withdraw_sealed_bid(one.lot, by=one.agent, organisation=one.organisation, key=key)


def sealed_at(one: BidderRegistration, amount: int, at: datetime, key: str) -> dict[str, Any]:
    """Seal a bid at an instant of one's own."""
    with clock.moved_to(at):
        return sealed(one, amount, key)
