"""Who takes part: staff, firms with agents and tokens made once, and lots with qualified bidders among them."""

import itertools
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from marketplace.auctions.actions import admit_bidder, apply_for_lot, qualify_bidder, record_deposit
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.models import BidderRegistration, Lot
from marketplace.core import clock
from marketplace.organisations.models import Organisation, User
from marketplace.organisations.tokens import make_token
from tests.crowd.ledger import Bidder
from tests.marketplace.auctions import making

numbers = itertools.count(1)


class Firm:
    """An organisation with an agent and the token of its program."""

    def __init__(self) -> None:
        self.organisation: Organisation = making.organisation()
        self.agent: User = making.member(self.organisation, "bidder")
        self.token: str = make_token(by=self.agent, organisation=self.organisation, name="robot", days=30)[1]


class Cast:
    """The staff of all cases, and as many firms as were ever wanted."""

    def __init__(self) -> None:
        self.organiser, self.finance = making.person("organiser"), making.person("finance")
        self.auctioneer = making.person("auctioneer")
        self.firms: list[Firm] = []
        self.seconds = 0.05  # what one bidder took to qualify

    def lot(self, bidders: int, *, ends_in: float | None = None, **facts: Any) -> tuple[Lot, list[Bidder]]:
        """Return a lot in bidding with qualified bidders.

        With `ends_in` its end is at least so many seconds away when this returns, and about that.
        """
        self._hire(bidders)
        if ends_in is None:
            lot = making.announced_lot(starts_at=timezone.now() - timedelta(minutes=1), **facts)
            return lot, self.qualified(lot, bidders)
        for generous in (1.5, 4, 10):
            needed = ends_in + 1 + generous * self.seconds * bidders
            starts_at = timezone.now() - timedelta(minutes=1)
            lot = making.announced_lot(starts_at=starts_at, lasts=timedelta(seconds=60 + needed), **facts)
            found = self.qualified(lot, bidders)
            if (lot.ends_at - timezone.now()).total_seconds() >= ends_in:
                wait_until(lot.ends_at - timedelta(seconds=ends_in))
                return lot, found
        raise AssertionError("this machine is too busy to make a lot before it ends")

    def qualified(self, lot: Lot, number: int) -> list[Bidder]:
        """Let so many firms go the whole way to a bidder number."""
        self._hire(number)
        begun = time.monotonic()
        with clock.moved_to(lot.starts_at - timedelta(days=1)):
            found = [self._qualify(lot, firm) for firm in self.firms[:number]]
        self.seconds = (time.monotonic() - begun) / number
        return found

    def _hire(self, number: int) -> None:
        while len(self.firms) < number:
            self.firms.append(Firm())

    def _qualify(self, lot: Lot, firm: Firm) -> Bidder:
        registration = apply_for_lot(lot, by=firm.agent, organisation=firm.organisation, declared=True)
        admit_bidder(registration, by=self.organiser, missing=ASKED_ALWAYS)
        reference = f"BANK-{next(numbers)}"
        record_deposit(
            registration.deposit,
            by=self.finance,
            amount=lot.deposit,
            bank_reference=reference,
            received_at=clock.now(),
        )
        registration.refresh_from_db()
        qualify_bidder(registration, by=self.organiser)
        return Bidder(registration.pk, registration.alias, firm.token)


def registrations(bidders: Sequence[Bidder]) -> list[BidderRegistration]:
    """Return the rows of bidders, in their order."""
    rows = BidderRegistration.objects.select_related("lot", "organisation", "agent")
    found = rows.in_bulk([bidder.registration for bidder in bidders])
    return [found[bidder.registration] for bidder in bidders]


def wait_until(at: datetime) -> None:
    """Sleep until an instant."""
    time.sleep(max(0.0, (at - timezone.now()).total_seconds()))


__all__ = ["Cast", "Firm", "registrations", "wait_until"]
