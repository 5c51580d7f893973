"""Rows changed by a superuser with the triggers off: the record names the lot and the first bad number."""

from collections.abc import Callable, Sequence

from django.db import connection, transaction

from marketplace.auctions.conduct import anchor
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import Lot
from tests.crowd.judge import judge, verified
from tests.crowd.ledger import Request
from tests.faults.auction.scene import Scene, fault

TAMPERED: list[tuple[str, list[str], str]] = [
    (
        "an amount changed",
        ["UPDATE marketplace_lotevent SET amount = amount + 1 WHERE lot_id = {lot} AND seq = 4"],
        "#4",
    ),
    (
        "an amount changed with its hash made anew",
        [
            "UPDATE marketplace_lotevent SET amount = amount + 1,"
            " hash = encode(sha256('another'::bytea), 'hex') WHERE lot_id = {lot} AND seq = 4"
        ],
        "#4",
    ),
    ("a row deleted", ["DELETE FROM marketplace_lotevent WHERE lot_id = {lot} AND seq = 4"], "#4"),
    (
        "two rows swapped",
        [
            "UPDATE marketplace_lotevent SET seq = seq + 1000 WHERE lot_id = {lot} AND seq IN (4, 5)",
            "UPDATE marketplace_lotevent SET seq = 1009 - seq WHERE lot_id = {lot} AND seq > 1000",
        ],
        "#4",
    ),
    ("the tail cut", ["DELETE FROM marketplace_lotevent WHERE lot_id = {lot} AND seq > 6"], "#"),
]
CUT_WITH_CARE = [
    "DELETE FROM marketplace_bidanswer WHERE lot_id = {lot} AND seq > 6",
    "DELETE FROM marketplace_lotevent WHERE lot_id = {lot} AND seq > 6",
    "UPDATE marketplace_lot l SET seq = 6, head_hash = e.hash, price = e.amount, leader_alias = e.alias,"
    " leader_id = r.id, last_at = e.arrived_at, last_decided_at = e.decided_at FROM marketplace_lotevent e"
    " JOIN marketplace_bidderregistration r ON r.lot_id = e.lot_id AND r.alias = e.alias"
    " WHERE l.id = {lot} AND e.lot_id = l.id AND e.seq = 6",
]


@fault("rows changed, deleted, swapped, cut off by a superuser", cheap=True)
def tampered(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(6)
    with scene.load(lot, bidders, webs=[scene.web(0).address], pause=0.1) as load:
        load.until_accepted(10)
    lot = scene.judge(lot, load.ledger)
    anchor(lot, at=lot_now())
    for name, statements, first in TAMPERED:
        found = after(lot, statements, lot_problems)
        scene.expect(_names(found, lot, first), f"{name}: check_auctions says {found[:2]}")
        found = after(lot, statements, verified)
        scene.expect(_names(found, lot, first), f"{name}: the verifier says {found[:2]}")
    _cut_with_care(scene, lot, load.ledger.requests)
    scene.expect(lot_problems(lot) == [], "the lot did not come back whole")
    scene.injected = f"{len(TAMPERED)} kinds, and a tail cut with everything that knew of it, but anchors and receipts"


def _cut_with_care(scene: Scene, lot: Lot, requests: Sequence[Request]) -> None:
    """Whoever makes the chain end early and sound is found by the anchor; with that gone too, by the receipts."""
    found = after(lot, CUT_WITH_CARE, verified)
    scene.expect(_names(found, lot, f"#{lot.seq}"), f"a tail cut with care: the verifier says {found[:2]}")
    without = [*CUT_WITH_CARE, "DELETE FROM marketplace_lotanchor WHERE lot_id = {lot} AND seq > 6"]
    found = after(lot, without, verified)
    scene.expect(found == [], f"a chain that ends early is sound by itself, but the verifier says {found[:2]}")
    lost = after(lot, without, lambda one: judge(one, requests).lost)
    scene.expect(
        len(lost) == len([r for r in requests if r.accepted and r.accepted.body["seq"] > 6]), f"receipts: {lost}"
    )


def after(lot: Lot, statements: Sequence[str], look: Callable[[Lot], list[str]]) -> list[str]:
    """Return what is found once a superuser has changed rows with the triggers off; nothing of it stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement.format(lot=lot.pk))
        found = look(Lot.objects.get(pk=lot.pk))
        transaction.set_rollback(True)
    return found


def _names(found: Sequence[str], lot: Lot, first: str) -> bool:
    """Tell whether the first line names the lot and the first bad number."""
    return bool(found) and lot.number in found[0] and f"{lot.number} {first}" in found[0]
