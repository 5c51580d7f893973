"""Races on a lot of sealed bids with real threads on real PostgreSQL."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from marketplace.auctions import actions, locking
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.locking import Busy
from marketplace.auctions.models import BidderRegistration, Lot, LotEvent, SealedBid
from marketplace.core.journal import Entry, Kind
from tests.factories.people import sign_in
from tests.marketplace.auctions.calling import bearer, send
from tests.marketplace.auctions.making import bidder, end_now, person
from tests.marketplace.auctions.sealing import sealed, sealed_lot, withdrawn
from tests.marketplace.auctions.test_races import at_once, copies, held, queued

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.fixture
def lot():
    return sealed_lot(starts_at=timezone.now() - timedelta(minutes=1))


def fresh(one):
    return BidderRegistration.objects.select_related("lot", "organisation", "agent").get(pk=one.pk)


def kinds(lot):
    return list(lot.events.order_by("seq").values_list("kind", flat=True))


def close_when_due(lot):
    """Try as every page and the sweep do, until it is closed."""
    for _time in range(2000):
        if actions.close_lot(lot):
            return True
        lot.refresh_from_db()
        if lot.state not in ("announced", "open"):
            return False
    raise AssertionError("nobody closed it")


def at(instant, job):
    """Return a job that waits for its instant."""

    def wait_and_run():
        time.sleep(max(0.0, (instant - timezone.now()).total_seconds()))
        return job()

    return wait_and_run


def test_48_bidders_at_the_end_against_three_closers(lot):
    """A third submits, a third replaces, a third withdraws, from 36 places before the end until 11 after it.

    A place is what one sealing takes on this machine now, at least 8 ms: on a slow one the first are in time too.
    """
    begun = time.monotonic()
    bidders = [bidder(lot) for _place in range(48)]
    pace = time.monotonic() - begun  # what is sealed first takes far less
    end_now(lot, ago=timedelta(seconds=-8 - 2 * pace))  # before the first event, so that the record has this end
    begun = time.monotonic()
    for one in bidders[16:]:
        sealed(fresh(one), 170 * WAN, "before")
    step = max(timedelta(milliseconds=8), timedelta(seconds=(time.monotonic() - begun) / len(bidders[16:])))
    jobs = [lambda one=one, n=n: sealed(fresh(one), (200 + n) * WAN, "new") for n, one in enumerate(bidders[:16])]
    jobs += [lambda one=one, n=n: sealed(fresh(one), (165 + n) * WAN, "new") for n, one in enumerate(bidders[16:32])]
    jobs += [lambda one=one: withdrawn(fresh(one)) for one in bidders[32:]]
    places = [(n % 16) * 3 + n // 16 - 36 for n in range(48)]  # each third is spread over the whole stretch
    jobs = [at(lot.ends_at + place * step, job) for place, job in zip(places, jobs, strict=True)]
    closers = [at(lot.ends_at, lambda one=one: close_when_due(one)) for one in copies(lot, 3)]

    answers = at_once([*jobs, *closers])

    lot.refresh_from_db()
    assert Counter(answers[48:]) == {True: 1, False: 2}
    assert {answer for answer in answers[:48] if not isinstance(answer, dict)} == {"ended"}
    taken = [one for one, answer in zip(bidders, answers[:48], strict=True) if isinstance(answer, dict)]
    assert taken
    assert SealedBid.objects.filter(key__in=["new", "w"]).count() == len(taken)
    expected = {one.alias: 170 * WAN for one in bidders[16:]}
    for n, one in enumerate(bidders):
        if one in taken:
            expected[one.alias] = (200 + n) * WAN if n < 16 else (165 + n - 16) * WAN if n < 32 else None
    revealed = dict(lot.events.filter(kind="revealed").values_list("alias", "amount"))
    assert revealed == {alias: amount for alias, amount in expected.items() if amount}
    assert lot.price == max(revealed.values(), default=None)
    assert Entry.objects.filter(kind__in=[Kind.LOT_SOLD, Kind.LOT_UNSOLD]).count() == 1
    late = LotEvent.objects.filter(kind__startswith="sealed", arrived_at__gte=lot.ends_at)
    assert not late.exists()
    assert lot_problems(lot) == []


def test_what_arrived_in_time_and_waits_for_the_lock_is_opened(lot):
    first, second = bidder(lot), bidder(lot)
    sealed(first, 170 * WAN)
    end_now(lot, ago=timedelta(milliseconds=-400))
    closer = Lot.objects.get(pk=lot.pk)

    answers = queued(lot, [lambda: sealed(fresh(second), 200 * WAN)])
    assert close_when_due(closer)

    assert isinstance(answers[0], dict)
    lot.refresh_from_db()
    assert (lot.price, lot.leader) == (200 * WAN, second)


def test_the_same_sealed_bid_posted_20_times_leaves_one_event(lot):
    one = bidder(lot)
    headers = bearer(one)

    answers = at_once([lambda: send(lot, 170 * WAN, key="the-same", headers=headers)] * 20)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert kinds(lot) == ["opened", "sealed"]
    assert SealedBid.objects.count() == 1
    assert lot_problems(lot) == []


def test_a_withdrawal_20_times_at_once_leaves_one_event(lot):
    one = bidder(lot)
    sealed(one, 170 * WAN)

    answers = at_once([lambda: withdrawn(fresh(one))] * 20)

    assert all(answer == answers[0] for answer in answers)
    assert kinds(lot) == ["opened", "sealed", "sealed_withdrawn"]


def test_two_agents_of_one_bidder_leave_one_standing_bid(lot):
    one = bidder(lot)

    answers = at_once(
        [lambda n=n: sealed(fresh(one), (170 + n) * WAN, f"k{n}") for n in range(6)]
        + [lambda n=n: withdrawn(fresh(one), f"w{n}") for n in range(2)]
    )

    assert {answer for answer in answers if not isinstance(answer, dict)} <= {"nothing_sealed"}
    assert lot.sealed_bids.standing().count() <= 1
    assert kinds(lot)[1] == "sealed"
    assert lot_problems(lot) == []


def test_sealed_bids_against_a_suspension(lot):
    bidders, auctioneer = [bidder(lot) for _place in range(12)], person("auctioneer")
    stopped = Lot.objects.get(pk=lot.pk)
    jobs = [lambda one=one: sealed(fresh(one), 170 * WAN) for one in bidders]

    answers = at_once([*jobs, lambda: actions.suspend_lot(stopped, by=auctioneer, ground="fault")])

    assert {answer for answer in answers[:-1] if not isinstance(answer, dict)} <= {"suspended"}
    assert kinds(lot)[-1] == "suspended"
    assert lot_problems(lot) == []


def test_a_sealed_bid_waits_for_the_lots_lock(lot, monkeypatch):
    monkeypatch.setattr(locking, "PATIENCE", "50ms")
    one = bidder(lot)

    with held("SELECT lot_lock(%s)", lot.pk), pytest.raises(Busy):
        sealed(one, 170 * WAN)

    assert kinds(lot) == []
    assert sealed(one, 170 * WAN)["accepted"]


def test_no_reader_closes_a_lot_that_cannot_be_opened_however_many_try(lot, client):
    one = bidder(lot)
    actions.decide_sealed_bid(lot, one, key="k", commitment="ab" * 32, box=b"\0" * 68, arrived_at=timezone.now())
    end_now(lot)
    sign_in(client, one.agent)

    answers = at_once([lambda each=each: actions.close_lot(each) for each in copies(lot, 6)])

    assert answers == [False] * 6
    assert client.get(lot.get_absolute_url()).status_code == 200
    assert kinds(lot) == ["opened", "sealed"]
    assert connection.in_atomic_block is False
