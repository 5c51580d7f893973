"""Programs at the same instant, with real threads on real PostgreSQL."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidAnswer, LotEvent
from tests.marketplace.auctions.calling import bearer, send, told
from tests.marketplace.auctions.making import announced_lot, bidder
from tests.marketplace.auctions.test_races import at_once, held

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1))


def test_the_same_bid_sent_50_times_at_once_is_one(lot):
    headers = bearer(bidder(lot))
    jobs = [lambda: send(lot, 160 * WAN, key="mine", headers=headers, client=Client())] * 50

    answers = at_once(jobs)

    accepted = {answer.content for answer in answers if answer.status_code == 201}
    assert len(accepted) == 1
    assert {told(answer) for answer in answers if answer.status_code != 201} <= {(429, "refused_too_often")}
    assert LotEvent.objects.filter(kind="bid").count() == BidAnswer.objects.count() == 1
    assert lot_problems(lot) == []


def test_a_busy_lot_is_told_and_asks_to_come_again(lot):
    headers = bearer(bidder(lot))

    with held("SELECT lot_lock(%s)", lot.pk):
        answer = send(lot, 160 * WAN, key="mine", headers=headers)
    again = send(lot, 160 * WAN, key="mine", headers=headers)

    assert told(answer) == (503, "busy")
    assert answer.headers["Retry-After"] == "1"
    assert again.status_code == 201
