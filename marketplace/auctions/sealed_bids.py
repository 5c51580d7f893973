"""Sealed bids until the close: submit, replace, withdraw; and at the close, opening what stands.

An amount is checked, committed to and encrypted here, before anything reaches the database; it comes back only in
the answer to whoever sent it, and in the record once the lot is closed.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction

from marketplace.auctions import rules_of_bidders
from marketplace.auctions.authorities import entitlement
from marketplace.auctions.ladder import LAST_RANK
from marketplace.auctions.locking import busy_if_waiting
from marketplace.auctions.models import BidderRegistration, Lot, SealedBid
from marketplace.auctions.receipts import sealed_receipt_of
from marketplace.auctions.saying_no import SealingFailed, refusal_of
from marketplace.auctions.sealed_box import BoxBroken, LotBoxes
from marketplace.auctions.sealed_rules import Revealed, amount_obstacle
from marketplace.auctions.verifier import sealed_commitment
from marketplace.core import clock
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

log = structlog.get_logger(__name__)


def seal_bid(lot: Lot, *, by: User, organisation: Organisation, amount: int, key: str) -> dict[str, Any]:
    """Seal a bid of `amount` (fen), in the place of an earlier one; return the answer with its signed receipt.

    The receipt holds amount and nonce, which are kept nowhere readable: with it the bidder proves its commitment
    alone. The same key and amount give the same answer. Raises a BidRefused, or Busy.
    """
    require(rules_of_bidders.place_bid, by, lot, organisation)
    registration = _registration_of(lot, by, organisation)
    obstacle = amount_obstacle(lot.start_price, amount)
    if obstacle:
        raise refusal_of({"accepted": False, "reason": obstacle, "least": lot.start_price})
    with _sealing(lot):
        boxes = LotBoxes(lot.number, bytes(lot.sealed_key or b""))
    nonce = boxes.nonce_of(registration.alias, amount, key)
    commitment = sealed_commitment(lot.number, registration.alias, amount, nonce)
    answer = _ask(lot, registration, key, commitment, boxes.seal(registration.alias, amount, nonce))
    answer |= {"amount": amount, "nonce": nonce}
    return answer | {"receipt": sealed_receipt_of(answer)}


def withdraw_sealed_bid(lot: Lot, *, by: User, organisation: Organisation, key: str) -> dict[str, Any]:
    """Take a sealed bid back while bidding runs; return the answer with its signed receipt. Raises as seal_bid does."""
    require(rules_of_bidders.withdraw_sealed_bid, by, lot, organisation)
    answer = _ask(lot, _registration_of(lot, by, organisation), key, "", None)
    return answer | {"receipt": sealed_receipt_of(answer)}


def _registration_of(lot: Lot, by: User, organisation: Organisation) -> BidderRegistration:
    return lot.registrations.get(pk=entitlement(lot, by=by, organisation=organisation).speaker(by))


@contextmanager
def _sealing(lot: Lot) -> Iterator[None]:
    """Turn a lot's key that this process cannot unwrap into a refusal: nothing was taken in."""
    try:
        yield
    except BoxBroken as broken:
        log.error("sealed bids cannot be taken in", lot=lot.number, why=str(broken))
        raise SealingFailed() from None


def _ask(lot: Lot, registration: BidderRegistration, key: str, commitment: str, box: bytes | None) -> dict[str, Any]:
    """Call the SQL function: with the database's clock, or at the instant demo history has reached."""
    with busy_if_waiting():
        if clock.is_moved():
            now = clock.now()
            answer = decide_sealed_bid(lot, registration, key=key, commitment=commitment, box=box, arrived_at=now)
        else:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT place_sealed_bid(%s, %s, %s, %s, %s)", [lot.pk, registration.pk, key, commitment, box]
                )
                answer = json.loads(cursor.fetchone()[0])
    if not answer["accepted"]:
        raise refusal_of(answer)
    return answer


@transaction.atomic
def decide_sealed_bid(
    lot: Lot,
    registration: BidderRegistration,
    *,
    key: str,
    commitment: str,
    box: bytes | None,
    arrived_at: datetime,
    decided_at: datetime | None = None,
) -> dict[str, Any]:
    """Decide a submission at times of one's own: for demo history and property tests, never for the web."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT decide_sealed_bid(%s, %s, %s, %s, %s, %s, %s)",
            [lot.pk, registration.pk, key, commitment, box, arrived_at, decided_at or arrived_at],
        )
        return json.loads(cursor.fetchone()[0])


@dataclass(frozen=True)
class Opened:
    """A standing bid out of its box."""

    bid: SealedBid
    amount: int
    nonce: str

    @property
    def revealed(self) -> Revealed:
        """Return it in the words of the pure rules."""
        registration = self.bid.registration
        return Revealed(registration.alias, self.amount, registration.priority_rank or LAST_RANK)


class BidsLocked(Exception):
    """Standing bids cannot be opened; `seqs` are their numbers. The lot waits, nothing is lost."""

    def __init__(self, lot: Lot, seqs: Iterable[int], why: str) -> None:
        self.seqs, self.why = sorted(seqs), why
        super().__init__(f"{lot.number}: {why}, numbers {self.seqs}")


def open_standing(lot: Lot) -> list[Opened]:
    """Return every standing bid opened, in the order of final submission; all of them, or BidsLocked.

    The caller has seen that the end has passed.
    """
    standing = list(lot.sealed_bids.standing().select_related("registration"))
    opened: list[Opened] = []
    broken: list[int] = []
    try:
        boxes = LotBoxes(lot.number, bytes(lot.sealed_key or b""))
    except BoxBroken as error:
        raise BidsLocked(lot, [bid.seq for bid in standing], str(error)) from None
    for bid in standing:
        try:
            opened.append(Opened(bid, *boxes.open(bid.registration.alias, bid.commitment, bytes(bid.box or b""))))
        except BoxBroken:
            broken.append(bid.seq)
    if broken:
        raise BidsLocked(lot, broken, "boxes cannot be opened")
    return opened
