"""Each invariant a lot's rows can tell of (auction-engine.md §5) is broken on purpose, and check_auctions names it."""

import copy
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from tests.marketplace.auctions.making import SCOPE, announced_lot, bidder

EVENT, LOT, SESSION = "marketplace_lotevent", "marketplace_lot", "marketplace_auctionsession"
BIDDER, DEPOSIT = "marketplace_bidderregistration", "marketplace_deposit"
ANSWER, ANCHOR = "marketplace_bidanswer", "marketplace_lotanchor"
BUYER = f"(SELECT leader_id FROM {LOT} WHERE id = %(lot)s)"
OF_BUYER = f"id = (SELECT deposit_id FROM {BIDDER} WHERE id = {BUYER})"
OF_LOSER = f"lot_id = %(lot)s AND NOT {OF_BUYER}"
HELD = "state = 'held', released = 0, ended_at = NULL"


def behind_everybody(statement, lot):
    """Run a statement as a superuser who switched the triggers off; CHECKs hold even then."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, {"lot": lot.pk})
        changed = cursor.rowcount
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert changed > 0


@pytest.fixture(scope="module")
def sale(lasting):
    """Return a sold lot: opened, a bid of 160, the same by a priority right, closed, the result."""
    facts = {"mode": "ordinary", "object_parts": SCOPE}
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), reserve=160 * WAN, **facts)
    rival, holder = bidder(lot), bidder(lot, rank=1)
    actions.decide_bid(lot, rival, amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    actions.decide_bid(lot, holder, amount=160 * WAN, key="b", arrived_at=lot.starts_at + timedelta(minutes=1))
    lot.refresh_from_db()
    actions.close_lot(lot)
    lot.refresh_from_db()
    assert lot_problems(lot) == []
    return lot


@pytest.fixture
def sold(sale, for_now):
    """Return it for one test, which may break what is in the tables."""
    return copy.deepcopy(sale)


BROKEN = [
    # 1: the numbers of the events, and the lot's
    (f"DELETE FROM {EVENT} WHERE lot_id = %(lot)s AND seq = 2", "#2: expected number 2, found 3"),
    (f"UPDATE {LOT} SET seq = 4 WHERE id = %(lot)s", "#4 is not the last event #5"),
    (f"UPDATE {LOT} SET head_hash = repeat('0', 64) WHERE id = %(lot)s", "#5 is not the last event #5"),
    # 2: hashes, anchors, receipts
    (
        f"UPDATE {EVENT} SET amount = amount + 100 WHERE lot_id = %(lot)s AND seq = 2",
        "#2: its content does not give its fingerprint",
    ),
    (f"UPDATE {ANCHOR} SET head_hash = repeat('0', 64) WHERE lot_id = %(lot)s", "#3: differs from the anchor"),
    (
        f"""UPDATE {ANSWER} SET answer = jsonb_set(answer, '{{hash}}', '"0"') WHERE lot_id = %(lot)s AND seq = 2""",
        "#2: bid and answer differ",
    ),
    # 3: an equal amount without a better rank
    (f"UPDATE {BIDDER} SET priority_rank = NULL WHERE id = {BUYER}", "#3: the rules refuse this bid: too_low"),
    # 4: the row is what the record leads to
    (f"UPDATE {LOT} SET price = price + 100 WHERE id = %(lot)s", "price, leader or extensions"),
    (f"UPDATE {LOT} SET leader_alias = '9999' WHERE id = %(lot)s", "price, leader or extensions"),
    (f"UPDATE {LOT} SET extensions = 1 WHERE id = %(lot)s", "price, leader or extensions"),
    (f"UPDATE {LOT} SET calls = 1, called_at = now() WHERE id = %(lot)s", "the calls are not those"),
    (f"UPDATE {LOT} SET starts_at = starts_at - interval '1 day' WHERE id = %(lot)s", "the beginning is not that"),
    (f"UPDATE {LOT} SET deposit = 0 WHERE id = %(lot)s", "deposit is not as announced"),
    (
        f"""UPDATE {LOT} SET object_parts = '{{"territory": "全国"}}' WHERE id = %(lot)s""",
        "object_parts is not as announced",
    ),
    # 5, 6, 10: times
    (
        f"UPDATE {EVENT} SET arrived_at = arrived_at - interval '1 day' WHERE lot_id = %(lot)s AND seq = 3",
        "#3: time runs backwards",
    ),
    (f"UPDATE {LOT} SET ends_at = ends_at + interval '1 hour' WHERE id = %(lot)s", "the end is not that"),
    # 7: the result, and the reserve that was committed to
    (f"UPDATE {LOT} SET state = 'unsold' WHERE id = %(lot)s", "does not lead to the state unsold"),
    (f"UPDATE {LOT} SET reserve_opened = reserve_opened + 100 WHERE id = %(lot)s", "the reserve is not that"),
    (
        f"UPDATE {LOT} SET reserve_commitment = repeat('0', 64) WHERE id = %(lot)s",
        "reserve_commitment is not as announced",
    ),
    # 8: each answer once, no row without one
    (f"DELETE FROM {ANSWER} WHERE lot_id = %(lot)s AND seq = 2", "#2: bid and answer differ"),
    # 9: who bids was qualified, had paid, and is not the seller's
    (f"UPDATE {BIDDER} SET state = 'applied' WHERE id = {BUYER}", "was never qualified"),
    (
        f"UPDATE {BIDDER} SET withdrawn_at = now(), state = 'refunded' WHERE id = {BUYER}",
        "had withdrawn its application",
    ),
    (f"UPDATE {DEPOSIT} SET received_at = now() WHERE {OF_BUYER}", "had not paid its deposit"),
    (
        f"""UPDATE marketplace_organisation SET related_usccs = ARRAY(SELECT s.uscc FROM marketplace_organisation s
        JOIN marketplace_researchoutcome o ON o.owner_id = s.id JOIN {LOT} l ON l.outcome_id = o.id
        WHERE l.id = %(lot)s) WHERE id = (SELECT organisation_id FROM {BIDDER} WHERE id = {BUYER})""",
        "is a related party",
    ),
    # 11: where deposits are
    (f"UPDATE {DEPOSIT} SET {HELD} WHERE {OF_LOSER}", "of a loser is still held"),
    (f"UPDATE {DEPOSIT} SET state = 'release_due' WHERE {OF_BUYER}", "of the buyer is release_due"),
    # the announcement the record follows from
    (
        f"""UPDATE {SESSION} SET announcement = jsonb_set(announcement, '{{title}}', '"另一场"')
        WHERE id = (SELECT session_id FROM {LOT} WHERE id = %(lot)s)""",
        "the announcement does not give",
    ),
]


@pytest.mark.parametrize(("statement", "words"), BROKEN, ids=[f"{n}-{words}" for n, (_sql, words) in enumerate(BROKEN)])
def test_a_broken_invariant_is_found_and_named(sold, statement, words):
    behind_everybody(statement, sold)

    with pytest.raises(CommandError) as found:
        call_command("check_auctions")

    assert sold.number in str(found.value)
    assert words in str(found.value)
