"""Races of the hall with real threads on real PostgreSQL: hammer, voids, paddles and bidders online."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from marketplace.auctions import actions
from marketplace.auctions.hall import FloorRefused
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN, read_instant
from marketplace.auctions.models import BidAnswer, Lot, LotEvent
from marketplace.auctions.saying_no import BidRefused
from marketplace.core.journal import Entry, Kind
from tests.marketplace.auctions.making import bidder, hybrid_lot, person
from tests.marketplace.auctions.racing import at_once, bid, held, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.fixture
def lot(settings):
    settings.AUCTION_CALL_PAUSE = 0
    return hybrid_lot()


@pytest.fixture
def auctioneer():
    return person("auctioneer")


def called(lot, auctioneer, *, leader=None):
    """Let somebody lead at 160 万元, and call three times."""
    bid(leader or bidder(lot), 160 * WAN, "lead")
    for number in (1, 2, 3):
        actions.call_lot(Lot.objects.get(pk=lot.pk), by=auctioneer, number=number)


def told(one, amount, key, *, later=0.0):
    """Bid after a while; return the whole answer, refused or not."""
    time.sleep(later)
    try:
        return bid(one, amount, key)
    except BidRefused as refusal:
        return refusal.answer


def paddle(lot, one, amount, by, key):
    return actions.place_floor_bid(Lot.objects.get(pk=lot.pk), by=by, alias=one.alias, amount=amount, key=key)


def hammer(lot, by):
    try:
        actions.hammer_lot(Lot.objects.get(pk=lot.pk), by=by)
    except FloorRefused as refusal:
        return refusal.reason
    return "fell"


def refused_though_in_time(lot, answers):
    """Return the bids that were told that they came too late, and did not."""
    lot.refresh_from_db()
    late = [answer for answer in answers if isinstance(answer, dict) and answer.get("reason") == "ended"]
    return [answer for answer in late if read_instant(answer["arrived_at"]) < lot.ends_at]


def test_the_hammer_against_48_bidders_at_the_instant(lot, auctioneer):
    bidders = [bidder(lot) for _place in range(48)]
    called(lot, auctioneer)
    jobs = [lambda one=one, n=n: told(one, (165 + 10 * (n % 12)) * WAN, f"k{n}") for n, one in enumerate(bidders)]

    fell, *answers = at_once([lambda: hammer(lot, auctioneer), *jobs])

    accepted = [answer for answer in answers if answer["accepted"]]
    assert refused_though_in_time(lot, answers) == []
    assert (fell, lot.state) == (("fell", "sold") if not accepted else ("not_called", "open"))
    assert LotEvent.objects.filter(kind="bid").count() == BidAnswer.objects.count() == len(accepted) + 1
    assert lot_problems(lot) == []


def test_bids_that_cannot_count_do_not_stay_the_hammer_and_are_told_the_truth(lot, auctioneer):
    bidders = [bidder(lot) for _place in range(24)]
    called(lot, auctioneer)
    jobs = [lambda one=one, n=n: told(one, 161 * WAN, f"k{n}", later=n / 60) for n, one in enumerate(bidders)]

    fell, *answers = at_once([lambda: hammer(lot, auctioneer), *jobs])

    assert refused_though_in_time(lot, answers) == []
    assert (fell, lot.state, lot.price) == ("fell", "sold", 160 * WAN)
    assert {answer["reason"] for answer in answers} <= {"too_low", "ended"}
    assert lot_problems(lot) == []


def test_a_bid_in_the_queue_before_the_hammer_counts_and_the_hammer_has_not_fallen(lot, auctioneer):
    one = bidder(lot)
    called(lot, auctioneer)

    with ThreadPoolExecutor(max_workers=2) as beside:
        with held("SELECT lot_lock(%s)", lot.pk):
            answer = beside.submit(at_once, [lambda: told(one, 165 * WAN, "k")])
            wait_for(1)
            fell = beside.submit(at_once, [lambda: hammer(lot, auctioneer)])
            wait_for(2)
        assert answer.result()[0]["accepted"]
        assert fell.result() == ["not_called"]

    lot.refresh_from_db()
    assert (lot.state, lot.price, lot.calls) == ("open", 165 * WAN, 0)
    assert lot_problems(lot) == []


def test_a_bid_that_comes_while_the_hammer_waits_for_the_lock_is_too_late(lot, auctioneer):
    one = bidder(lot)
    called(lot, auctioneer)

    with ThreadPoolExecutor(max_workers=2) as beside:
        with held("SELECT lot_lock(%s)", lot.pk):
            fell = beside.submit(at_once, [lambda: hammer(lot, auctioneer)])
            wait_for(1)
            answer = beside.submit(at_once, [lambda: told(one, 165 * WAN, "k")])
            wait_for(2)
        assert fell.result() == ["fell"]
        answers = answer.result()

    assert answers[0]["reason"] == "ended"
    assert refused_though_in_time(lot, answers) == []
    assert lot_problems(lot) == []


def test_a_hammer_pressed_four_times_falls_once(lot, auctioneer):
    called(lot, auctioneer)

    answers = at_once([lambda: hammer(lot, auctioneer)] * 4)

    assert Counter(answers) == {"fell": 1, "not_open": 3}
    assert list(lot.events.values_list("kind", flat=True))[-2:] == ["closed", "result"]
    assert Entry.objects.filter(kind=Kind.LOT_HAMMERED).count() == 1


def test_a_call_pressed_four_times_is_made_once(lot, auctioneer):
    bid(bidder(lot), 160 * WAN, "lead")

    answers = at_once([lambda: actions.call_lot(Lot.objects.get(pk=lot.pk), by=auctioneer, number=1)] * 4)

    assert Counter(answers) == {None: 1, FloorRefused: 3}
    assert lot.events.filter(kind="called").count() == 1
    assert lot_problems(lot) == []


def test_a_void_against_bidders(lot, auctioneer):
    first, slip, bidders = bidder(lot), bidder(lot), [bidder(lot) for _place in range(12)]
    bid(first, 160 * WAN, "first")
    paddle(lot, slip, 200 * WAN, auctioneer, "slip")
    jobs = [lambda one=one, n=n: told(one, (165 + 5 * n) * WAN, f"k{n}") for n, one in enumerate(bidders)]

    def void():
        actions.void_bid(Lot.objects.get(pk=lot.pk), by=auctioneer, seq=3, ground="mistyped")

    voided, *answers = at_once([void, *jobs])

    lot.refresh_from_db()
    accepted = [answer for answer in answers if answer["accepted"]]
    assert {answer.get("reason") for answer in answers} <= {None, "too_low"}
    assert voided in (None, FloorRefused)  # refused where somebody bid above the slip first
    assert lot.events.filter(kind="voided").count() == (1 if voided is None else 0)
    if voided is None:  # whatever was refused, the highest bid that came after the void leads
        assert lot.price == max([160 * WAN, *(answer["amount"] for answer in accepted)])
    assert lot_problems(lot) == []


def test_a_bid_that_queues_behind_a_void_is_measured_by_the_price_after_it(lot, auctioneer):
    first, slip, third = (bidder(lot) for _place in range(3))
    bid(first, 160 * WAN, "first")
    paddle(lot, slip, 500 * WAN, auctioneer, "slip")

    with ThreadPoolExecutor(max_workers=1) as beside:
        with transaction.atomic():
            actions.void_bid(Lot.objects.get(pk=lot.pk), by=auctioneer, seq=3, ground="mistyped")
            answer = beside.submit(at_once, [lambda: told(third, 165 * WAN, "k")])
            wait_for(1)  # a look at the row without the lock would have seen 500 and refused at once
        assert answer.result()[0]["accepted"]

    lot.refresh_from_db()
    assert (lot.price, lot.leader) == (165 * WAN, third)
    assert lot_problems(lot) == []


def test_floor_and_online_bids_at_the_same_moment(lot, auctioneer):
    online, hall = [bidder(lot) for _place in range(8)], [bidder(lot) for _place in range(8)]
    jobs = [lambda one=one, n=n: told(one, (160 + 5 * n) * WAN, f"o{n}") for n, one in enumerate(online)]
    jobs += [
        lambda one=one, n=n: paddle(lot, one, (160 + 5 * n) * WAN, auctioneer, f"f{n}") for n, one in enumerate(hall)
    ]

    answers = at_once(jobs)

    lot.refresh_from_db()
    accepted = [answer for answer in answers if isinstance(answer, dict) and answer["accepted"]]
    assert lot.price == 195 * WAN
    assert {answer["seq"] for answer in accepted} == set(BidAnswer.objects.values_list("seq", flat=True))
    assert len(accepted) == LotEvent.objects.filter(kind="bid").count()
    assert lot_problems(lot) == []


def test_one_entry_sent_twenty_times_is_one_bid_and_one_entry_in_the_journal(lot, auctioneer):
    one = bidder(lot)

    answers = at_once([lambda: paddle(lot, one, 160 * WAN, auctioneer, "the same key")] * 20)

    assert all(answer == answers[0] for answer in answers)
    assert LotEvent.objects.filter(kind="bid").count() == 1
    assert Entry.objects.filter(kind=Kind.BID_ENTERED).count() == 1
    assert lot_problems(lot) == []
