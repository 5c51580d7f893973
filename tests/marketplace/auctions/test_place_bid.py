"""A bid from the web: accepted, refused with what would be accepted, repeated."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions, receipts
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.locking import wait_for_the_disk
from marketplace.auctions.models import BidAnswer, LotEvent
from marketplace.auctions.saying_no import (
    BidTooLow,
    DepositMissing,
    KeyReused,
    LeadsAlready,
    LotEnded,
    LotNotOpen,
    LotSuspended,
    NotQualified,
)
from marketplace.core.refusals import WrongState
from tests.marketplace.auctions.making import announced_lot, bidder, end_now, member, organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1))


def bid(registration, amount, key="k1"):
    return actions.place_bid(
        registration.lot, by=registration.agent, organisation=registration.organisation, amount=amount, key=key
    )


def test_accepts_the_start_price_and_opens_the_lot(lot):
    first = bidder(lot)

    answer = bid(first, 160 * WAN)

    lot.refresh_from_db()
    assert (lot.state, lot.price, lot.leader, lot.seq) == ("open", 160 * WAN, first, 2)
    assert list(lot.events.values_list("seq", "kind", "alias")) == [(1, "opened", ""), (2, "bid", first.alias)]
    assert answer["seq"] == 2
    assert receipts.is_genuine(answer["receipt"])
    assert not receipts.is_genuine(answer["receipt"] | {"amount": 1})
    assert lot_problems(lot) == []


def test_refuses_below_the_next_step_and_says_what_is_accepted(lot):
    first, second = bidder(lot), bidder(lot)
    bid(first, 160 * WAN)

    with pytest.raises(BidTooLow) as refused:
        bid(second, 164 * WAN)

    assert refused.value.answer["least"] == 165 * WAN
    assert "165 万元" in str(refused.value)
    assert LotEvent.objects.count() == 2
    assert bid(second, 165 * WAN)["seq"] == 3


def test_refuses_the_leader(lot):
    first = bidder(lot)
    bid(first, 160 * WAN)

    with pytest.raises(LeadsAlready):
        bid(first, 170 * WAN, key="k2")

    assert BidAnswer.objects.count() == 1


def test_the_same_key_gives_the_same_answer_and_another_amount_is_refused(lot):
    first, second = bidder(lot), bidder(lot)
    answer = bid(first, 160 * WAN)
    bid(second, 165 * WAN)

    assert bid(first, 160 * WAN) == answer
    with pytest.raises(KeyReused):
        bid(first, 170 * WAN)

    assert LotEvent.objects.filter(kind="bid").count() == 2


def test_a_bid_in_the_last_window_moves_the_end(lot):
    first, second = bidder(lot), bidder(lot)
    end_now(lot, ago=timedelta(minutes=-4))
    bid(first, 160 * WAN)
    bid(second, 165 * WAN)

    lot.refresh_from_db()
    last = lot.events.filter(kind="bid").last()
    assert lot.ends_at == last.arrived_at + timedelta(minutes=5)
    assert lot.extensions == 2
    assert lot_problems(lot) == []


def test_refuses_before_the_start_and_after_the_end():
    early = announced_lot(starts_at=timezone.now() + timedelta(days=10))
    with pytest.raises(LotNotOpen):
        bid(bidder(early, at=timezone.now()), 160 * WAN)

    late = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    with pytest.raises(LotEnded, match=r"未计入|Not counted"):
        bid(bidder(late), 160 * WAN)

    assert LotEvent.objects.count() == 0


def test_refuses_who_is_not_qualified_or_has_no_deposit(lot):
    firm = organisation()
    with pytest.raises(NotQualified):
        actions.place_bid(lot, by=member(firm, "bidder"), organisation=firm, amount=160 * WAN, key="k")
    poor = bidder(lot)
    type(poor.deposit).objects.filter(pk=poor.deposit_id).update(state="release_due")
    with pytest.raises(DepositMissing):
        bid(poor, 160 * WAN)

    assert LotEvent.objects.count() == 0


def test_refuses_whoever_does_not_act_for_the_bidder(lot):
    first = bidder(lot)
    colleague = member(first.organisation, "finance")
    seller = member(lot.outcome.owner, "manager")
    for user, firm in [
        (person(), first.organisation),
        (colleague, first.organisation),
        (seller, lot.outcome.owner),
        (person("organiser"), first.organisation),
    ]:
        with pytest.raises(PermissionDenied):
            actions.place_bid(lot, by=user, organisation=firm, amount=160 * WAN, key="k")

    assert LotEvent.objects.count() == 0


def test_a_priority_holder_wins_at_the_same_price(lot):
    first, holder = bidder(lot), bidder(lot, rank=1)
    bid(first, 160 * WAN)

    bid(holder, 160 * WAN)

    lot.refresh_from_db()
    assert (lot.price, lot.leader) == (160 * WAN, holder)
    assert lot.events.last().kind == "priority_match"
    assert lot_problems(lot) == []


def test_suspended_lots_take_no_bids_and_go_on_for_the_time_that_was_left(lot):
    first, auctioneer = bidder(lot), person("auctioneer")
    actions.suspend_lot(lot, by=auctioneer, ground="fault", reason="网络故障")
    with pytest.raises(LotSuspended):
        bid(first, 160 * WAN)
    left = lot.remaining_when_suspended

    actions.resume_lot(lot, by=auctioneer)

    resumed = lot.events.get(kind="resumed")
    assert lot.ends_at == resumed.arrived_at + left
    assert bid(first, 160 * WAN)["seq"] == 4
    assert lot_problems(lot) == []


def test_a_lot_that_is_not_suspended_is_not_resumed(lot):
    with pytest.raises(WrongState):
        actions.resume_lot(lot, by=person("auctioneer"))

    lot.refresh_from_db()
    assert (lot.state, lot.seq) == ("announced", 0)


@pytest.mark.parametrize(
    "statement", ["UPDATE marketplace_lotevent SET amount = 1", "DELETE FROM marketplace_lotevent"]
)
def test_events_are_append_only(lot, statement):
    bid(bidder(lot), 160 * WAN)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert LotEvent.objects.count() == 2


def test_announced_terms_are_frozen(lot):
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        type(lot).objects.filter(pk=lot.pk).update(start_price=1 * WAN)

    lot.refresh_from_db()
    assert lot.start_price == 160 * WAN


def test_who_acts_for_no_organisation_is_told_so(lot):
    first = bidder(lot)

    with pytest.raises(NotQualified):
        actions.place_bid(lot, by=first.agent, organisation=None, amount=160 * WAN, key="k")


@pytest.mark.django_db(transaction=True)
def test_the_procedure_answers_where_nobody_applied():
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    with connection.cursor() as cursor:
        cursor.execute("CALL place_bid_and_keep(%s, NULL, 'k', 1, NULL)", [lot.pk])
        answer = json.loads(cursor.fetchone()[0])

    assert (answer["accepted"], answer["reason"]) == (False, "not_applicant")
    assert not lot.events.exists()


def test_bids_need_synchronous_commit(lot):
    first = bidder(lot)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")

    with pytest.raises(DatabaseError, match="synchronous_commit"), transaction.atomic():
        bid(first, 160 * WAN)


def set_for_this_session(words):
    with connection.cursor() as cursor:
        cursor.execute(words)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_answers_are_the_same():
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    first, second = bidder(lot), bidder(lot)

    with CaptureQueriesContext(connection) as queries:
        answer = bid(first, 160 * WAN)
    with pytest.raises(BidTooLow) as refused:
        bid(second, 164 * WAN)

    assert queries[-1]["sql"].startswith("CALL place_bid_and_keep(")
    assert bid(first, 160 * WAN) == answer
    assert refused.value.answer["least"] == 165 * WAN
    assert lot.events.filter(kind="bid").count() == 1
    lot.refresh_from_db()
    assert lot_problems(lot) == []


@pytest.mark.django_db(transaction=True)
def test_without_synchronous_commit_there_is_no_bid_outside_a_transaction_either():
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    first = bidder(lot)
    set_for_this_session("SET synchronous_commit = off")
    try:
        with pytest.raises(DatabaseError, match="synchronous_commit"):
            bid(first, 160 * WAN)
    finally:
        set_for_this_session("RESET synchronous_commit")

    assert not lot.events.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("of_the_reader", ["on", "off"])
def test_whoever_waits_for_the_disk_has_on_it_what_was_committed_before(of_the_reader):
    with connection.cursor() as cursor:
        try:
            cursor.execute("SET synchronous_commit = off")
            cursor.execute("SELECT pg_logical_emit_message(true, 'test', 'committed, not on the disk')")
            (written,) = cursor.fetchone()
            cursor.execute(f"SET synchronous_commit = {of_the_reader}")

            wait_for_the_disk()

            cursor.execute("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", [written])
            assert cursor.fetchone() == (True,)
        finally:
            cursor.execute("RESET synchronous_commit")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["lot-detail", "lot-hall", "lot-verify", "lot-state", "lot-events", "lot-record"])
def test_pages_that_tell_bids_wait_for_the_disk_after_their_last_read(client, name):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    bid(bidder(lot), 160 * WAN)

    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(name, args=[lot.number])).status_code == 200

    read = [place for place, each in enumerate(queries) if "marketplace_lotevent" in each["sql"]]
    waited = [place for place, each in enumerate(queries) if "keep_record" in each["sql"]]
    assert waited
    assert max([*read, 0]) < waited[-1]
