"""The close of sealed bids: every standing bid is opened, then the result follows; or nothing is written at all."""

import json
from datetime import datetime
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from django.db import connection

from marketplace.auctions import sealing
from marketplace.auctions.conduct import append_event
from marketplace.auctions.ladder import LAST_RANK
from marketplace.auctions.models import Lot
from marketplace.auctions.sealed_bids import BidsLocked, Opened, open_standing
from marketplace.auctions.sealed_rules import best_of, result_of

log = structlog.get_logger(__name__)


def end_sealed_bids(lot: Lot) -> dict[str, Any] | None:
    """Write the end into the record of a held lot and set its price and leader; return the result.

    None where something cannot be opened: the lot keeps waiting for its close, and locked_problem says why.
    """
    try:
        opened, reserve = open_standing(lot), _reserve_of(lot)
    except BidsLocked as locked:
        log.error("a lot of sealed bids waits for its key", lot=lot.number, why=locked.why, numbers=locked.seqs)
        return None
    append_event(lot, "closed", at=lot.ends_at, bids=len(opened), bidders=len(opened))
    for one in opened:
        _reveal(lot, one)
    amount = reserve["amount"] if reserve else None
    revealed = [one.revealed for one in opened]
    result = result_of(revealed, sells_to_single_bidder=lot.sells_to_single_bidder, reserve=amount)
    result |= {"reserve": reserve} if reserve else {}
    append_event(lot, "result", at=lot.ends_at, **result)
    best = best_of(revealed)
    if best is not None:
        winner = next(one.bid.registration for one in opened if one.revealed == best)
        lot.price, lot.leader, lot.leader_alias = best.amount, winner, best.alias
    return result


def _reserve_of(lot: Lot) -> dict[str, Any] | None:
    if lot.reserve_sealed is None:
        return None
    try:
        return sealing.unseal(lot.number, bytes(lot.reserve_sealed))
    except InvalidTag:
        raise BidsLocked(lot, [], "the reserve cannot be opened") from None


def _reveal(lot: Lot, one: Opened) -> None:
    """Append an opened bid to the record, with what gives its commitment and the place it was sealed at."""
    registration = one.bid.registration
    payload: dict[str, Any] = {"nonce": one.nonce, "of": one.bid.seq}
    if one.revealed.rank != LAST_RANK:
        payload["rank"] = one.revealed.rank
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT append_lot_step(%s, 'revealed', 'online', %s, %s, %s, %s)",
            [lot.pk, registration.alias, one.amount, lot.ends_at, json.dumps(payload)],
        )


def locked_problem(lot: Lot, at: datetime) -> BidsLocked | None:
    """Return why a lot of sealed bids cannot be closed though its end has passed at `at`, or None.

    Before the end nothing is opened, not even to look whether it could be.
    """
    if not lot.is_sealed or not lot.is_waiting_for_the_close(at):
        return None
    try:
        open_standing(lot)
        _reserve_of(lot)
    except BidsLocked as locked:
        return locked
    return None
