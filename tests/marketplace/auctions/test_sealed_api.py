"""Sealed bids by programs: taken in with the sealed receipt, replaced, withdrawn, refused by name, never held up."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.fairness import REFUSED_BIDS
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import LotEvent, SealedBid
from marketplace.auctions.receipts import is_genuine
from marketplace.auctions.verifier import sealed_commitment
from tests.marketplace.auctions.calling import JSON, bearer, send, told
from tests.marketplace.auctions.making import announced_lot, bidder, end_now, person
from tests.marketplace.auctions.sealing import sealed, sealed_lot, withdrawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot():
    return sealed_lot(starts_at=timezone.now() - timedelta(minutes=1))


def withdraw(lot, key="w", headers=None):
    address, given = f"/api/v1/lots/{lot.number}/bids/withdrawal", {"Idempotency-Key": key} | headers
    return Client(raise_request_exception=False).post(address, "{}", content_type=JSON, headers=given)


def test_a_sealed_bid_is_answered_with_its_receipt(lot):
    one = bidder(lot)

    answer = send(lot, 170 * WAN, key="mine", headers=bearer(one))
    again = send(lot, 170 * WAN, key="mine", headers=bearer(one), confirmed=False)
    other = send(lot, 175 * WAN, key="mine", headers=bearer(one))

    receipt = answer.json()["receipt"]
    assert answer.status_code == 201
    assert is_genuine(receipt)
    assert sealed_commitment(lot.number, one.alias, 170 * WAN, receipt["nonce"]) == receipt["commitment"]
    assert (again.status_code, again.content) == (201, answer.content)
    assert told(other) == (422, "key_reused")
    assert SealedBid.objects.count() == 1


def test_a_first_one_a_replacement_and_a_far_one_are_to_be_confirmed(lot):
    headers = bearer(bidder(lot))

    first = send(lot, 170 * WAN, headers=headers, confirmed=False)
    send(lot, 170 * WAN, headers=headers)
    second = send(lot, 400 * WAN, headers=headers, confirmed=False)

    assert told(first) == told(second) == (409, "unconfirmed")
    assert (first.json()["because"], second.json()["because"]) == (["first"], ["replaces", "far"])
    assert LotEvent.objects.filter(kind__startswith="sealed").count() == 1


def test_a_withdrawal_is_answered_with_its_receipt_and_repeats(lot):
    one = bidder(lot)
    taken = send(lot, 170 * WAN, headers=bearer(one))

    answers = [withdraw(lot, headers=bearer(one)) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    receipt = answers[0].json()["receipt"]
    assert is_genuine(receipt)
    assert receipt["commitment"] == taken.json()["commitment"]
    assert told(withdraw(lot, key="other", headers=bearer(one))) == (409, "nothing_sealed")


def _suspended(lot, one):
    actions.suspend_lot(lot, by=person("auctioneer"), ground="fault")


REFUSED = [
    (lambda lot, one: 160 * WAN - 1, "too_low"),
    (lambda lot, one: 2 * 10**15, "too_large"),
    (lambda lot, one: end_now(lot), "ended"),
    (_suspended, "suspended"),
]


@pytest.mark.parametrize(("before", "code"), REFUSED, ids=[row[1] for row in REFUSED])
def test_what_is_refused_is_told_by_name_and_without_a_place_in_the_record(lot, before, code):
    one, other = bidder(lot), bidder(lot)
    sealed(other, 900 * WAN)
    amount = before(lot, one) or 170 * WAN

    answer = send(lot, amount, headers=bearer(one))

    assert told(answer) == (409, code)
    assert answer.json().keys().isdisjoint({"seq", "price"})
    assert LotEvent.objects.filter(alias=one.alias).count() == 0


@pytest.mark.parametrize("status", ["ended", "not_sealed", "forbidden", "key_missing", "unauthenticated"])
def test_a_withdrawal_that_cannot_be(lot, status):
    one = bidder(lot)
    sealed(one, 170 * WAN)
    headers, key = bearer(one), "w"
    if status == "ended":
        end_now(lot)
    elif status == "not_sealed":
        lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
        headers = bearer(bidder(lot))
    elif status == "forbidden":
        one.organisation.state = "suspended"
        one.organisation.save()
    elif status == "key_missing":
        key = ""
    else:
        headers = {}

    answer = withdraw(lot, key=key, headers=headers)

    assert told(answer)[1] == status
    assert LotEvent.objects.filter(kind="sealed_withdrawn").count() == 0


def test_an_honest_bid_after_many_refused_ones_is_not_held_up(lot):
    one = bidder(lot)
    headers = bearer(one)
    for _time in range(REFUSED_BIDS.most):
        send(lot, 159 * WAN, headers=headers)
    held = send(lot, 159 * WAN, headers=headers)
    idle = withdraw(lot, headers=headers)

    taken = send(lot, 160 * WAN, headers=headers)
    gone = withdraw(lot, headers=headers)

    assert told(held) == told(idle) == (429, "refused_too_often")
    assert held.json()["seq"] == 0
    assert (taken.status_code, gone.status_code) == (201, 201)


def test_the_state_says_that_it_runs_and_after_the_close_everything(lot):
    one, other = bidder(lot), bidder(lot)
    sealed(one, 170 * WAN)
    sealed(other, 180 * WAN)
    withdrawn(other)
    client = Client()

    running = client.get(f"/api/v1/lots/{lot.number}/state").json()
    end_now(lot)
    over = client.get(f"/api/v1/lots/{lot.number}/state").json()

    assert (running["format"], running["state"], running["seq"], running["events"]) == ("sealed", "open", 0, [])
    assert (running["price"], running["next"]) == (None, [160 * WAN])
    assert (over["state"], over["price"], over["leader"]) == ("sold", 170 * WAN, one.alias)
    assert [event["kind"] for event in over["events"]] == [
        "opened", "sealed", "sealed", "sealed_withdrawn", "closed", "revealed", "result"
    ]  # fmt: skip
