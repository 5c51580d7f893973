"""Races on one lot with real threads on real PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidAnswer, BidderRegistration, LotEvent
from marketplace.auctions.saying_no import BidRefused
from marketplace.core.journal import Entry
from tests.marketplace.auctions.making import announced_lot, bidder, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1))


def at_once(jobs):
    """Run every job in a thread of its own, all from the same instant; return what each gave."""
    barrier = threading.Barrier(len(jobs))

    def run(job):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return job()
        except BidRefused as refusal:
            return refusal.answer["reason"]
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(jobs)) as threads:
        return list(threads.map(run, jobs))


def bid(one, amount, key):
    registration = BidderRegistration.objects.get(pk=one.pk)
    return actions.place_bid(
        registration.lot, by=registration.agent, organisation=registration.organisation, amount=amount, key=key
    )


def test_48_bidders_at_the_same_instant(lot):
    bidders = [bidder(lot) for _place in range(48)]
    jobs = [lambda one=one, n=n: bid(one, (160 + 10 * (n % 12)) * WAN, f"k{n}") for n, one in enumerate(bidders)]

    answers = at_once(jobs)

    lot.refresh_from_db()
    accepted = [answer for answer in answers if isinstance(answer, dict)]
    assert lot.price == 270 * WAN
    assert {answer for answer in answers if isinstance(answer, str)} <= {"too_low"}
    assert BidAnswer.objects.count() == LotEvent.objects.filter(kind="bid").count() == len(accepted)
    assert {answer["seq"] for answer in accepted} == set(BidAnswer.objects.values_list("seq", flat=True))
    assert lot_problems(lot) == []


def test_the_same_bid_sent_50_times_counts_once(lot):
    one = bidder(lot)

    answers = at_once([lambda: bid(one, 160 * WAN, "the same key")] * 50)

    assert all(answer == answers[0] for answer in answers)
    assert LotEvent.objects.filter(kind="bid").count() == 1
    assert lot_problems(lot) == []


def test_three_closers_and_a_late_bidder():
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    first, late = bidder(lot), bidder(lot)
    actions.decide_bid(lot, first, amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lots = [type(lot).objects.get(pk=lot.pk) for _place in range(3)]

    answers = at_once([*(lambda one=one: actions.close_lot(one) for one in lots), lambda: bid(late, 900 * WAN, "b")])

    lot.refresh_from_db()
    assert sorted(map(str, answers[:3])) == ["False", "False", "True"]
    assert answers[3] == "ended"
    assert (lot.state, lot.price) == ("sold", 160 * WAN)
    assert list(lot.events.values_list("kind", flat=True)) == ["opened", "bid", "closed", "result"]
    assert Entry.objects.filter(kind="lot.sold").count() == 1
    assert lot_problems(lot) == []


def test_bids_against_a_suspension(lot):
    bidders, auctioneer = [bidder(lot) for _place in range(12)], person("auctioneer")
    jobs = [lambda one=one, n=n: bid(one, (160 + 5 * n) * WAN, f"k{n}") for n, one in enumerate(bidders)]
    stopped = type(lot).objects.get(pk=lot.pk)

    answers = at_once([*jobs, lambda: actions.suspend_lot(stopped, by=auctioneer, ground="fault")])

    assert {answer for answer in answers if isinstance(answer, str)} <= {"too_low", "suspended"}
    assert LotEvent.objects.order_by("seq").last().kind == "suspended"
    assert lot_problems(lot) == []
