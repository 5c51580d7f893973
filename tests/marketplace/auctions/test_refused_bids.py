"""A refused bid says why, and what would be accepted now: on the page, after a POST without script, and as JSON."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import LotEvent
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, member

pytestmark = pytest.mark.django_db
AS_JSON = {"accept": "application/json"}


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1))


REFUSALS = [  # what was done before, how the bid is sent; the reason; what the reader is told and what may be bid now
    ({"amount": "161.5"}, "too_low", 409, ["161.5 万元", "165 万元"], [165, 170, 180]),
    ({"fen": str(160 * WAN)}, "too_low", 409, ["160 万元", "165 万元"], [165, 170, 180]),
    ({"amount": "很多"}, "invalid", 422, ["165 万元"], [165, 170, 180]),
    ({"amount": ""}, "invalid", 422, ["165 万元"], [165, 170, 180]),
    ({"fen": str(9 * 10**15)}, "too_large", 409, ["亿元", "165 万元"], [165, 170, 180]),
]


@pytest.mark.parametrize(("bid", "reason", "status", "words", "amounts"), REFUSALS)
def test_each_refused_amount_says_why_and_what_would_be_accepted(client, lot, bid, reason, status, words, amounts):
    first, second = bidder(lot), bidder(lot)
    actions.place_bid(lot, by=first.agent, organisation=first.organisation, amount=160 * WAN, key="a")
    sign_in(client, second.agent)
    address = reverse("place-bid", args=[lot.number])

    answer = client.post(address, bid | {"key": "b"}, headers=AS_JSON)
    page = client.post(address, bid | {"key": "c"}, follow=True)

    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert answer.json()["next"] == [amount * WAN for amount in amounts]
    box = box_of(page)
    for word in words:
        assert word in box, box
    assert words[-1] in answer.json()["message"]
    assert page.redirect_chain[0][0].endswith("#bid-refused")
    assert LotEvent.objects.filter(kind="bid").count() == 1


def box_of(page):
    """Return what stands in the box about a refused bid, right before the field of a typed amount."""
    text = page.content.decode()
    _before, after = text.split('id="bid-refused"', 1)
    box, rest = after.split('id="own"', 1)
    assert 'name="fen"' not in box  # nothing but the box stands between
    assert 'aria-describedby="bid-refused"' in rest[:400]
    return box


def test_the_refusal_is_said_in_the_readers_language(client, lot):
    first, second = bidder(lot), bidder(lot)
    actions.place_bid(lot, by=first.agent, organisation=first.organisation, amount=160 * WAN, key="a")
    sign_in(client, second.agent)

    page = client.post(f"/en{reverse('place-bid', args=[lot.number])}", {"amount": "161.5", "key": "c"}, follow=True)

    assert "Accepted now: ¥1.65 m or any amount above it." in box_of(page)


def test_who_leads_or_reuses_a_key_is_told_so(client, lot):
    first = bidder(lot)
    address = reverse("place-bid", args=[lot.number])
    sign_in(client, first.agent)
    client.post(address, {"fen": 160 * WAN, "key": "a", "sure": "1"})

    leads = client.post(address, {"amount": "170", "key": "b"}, headers=AS_JSON).json()
    reused = client.post(address, {"fen": 165 * WAN, "key": "a"}, headers=AS_JSON)

    assert (leads["reason"], leads["next"]) == ("leads_already", [])
    assert "领先" in leads["message"]
    assert (reused.status_code, reused.json()["reason"]) == (422, "key_reused")
    assert LotEvent.objects.filter(kind="bid").count() == 1


def test_a_bid_before_the_time_is_told_when_it_begins(client):
    lot = announced_lot(starts_at=timezone.now() + timedelta(minutes=30))
    one = bidder(lot)
    sign_in(client, one.agent)
    begins = f"{timezone.localtime(lot.starts_at):%m-%d %H:%M}"
    address = reverse("place-bid", args=[lot.number])

    early = client.post(address, {"fen": 160 * WAN, "key": "c", "sure": "1"}, headers=AS_JSON).json()
    page = client.post(address, {"amount": "160", "key": "d", "sure": "1"}, follow=True)

    assert (early["reason"], early["next"]) == ("not_open_yet", [])
    assert begins in early["message"]
    assert begins in box_of(page)
    assert not LotEvent.objects.exists()


def test_a_holder_of_a_priority_right_is_told_that_the_price_is_enough(client, lot):
    first, holder = bidder(lot), bidder(lot, rank=1)
    actions.place_bid(lot, by=first.agent, organisation=first.organisation, amount=160 * WAN, key="a")
    sign_in(client, holder.agent)

    page = client.post(reverse("place-bid", args=[lot.number]), {"amount": "150", "key": "c"}, follow=True)

    assert "160 万元" in box_of(page)
    assert "165 万元" in box_of(page)


def test_who_may_not_bid_is_told_why_in_json_too(client, lot):
    sign_in(client, member(lot.outcome.owner, "bidder"))

    answer = client.post(reverse("place-bid", args=[lot.number]), {"amount": "170", "key": "b"}, headers=AS_JSON)

    assert answer.status_code == 403
    assert (answer.json()["accepted"], answer.json()["reason"]) == (False, "not_allowed")
    assert "供方" in answer.json()["message"]
    assert LotEvent.objects.count() == 0


def test_a_confirmed_jump_that_is_refused_keeps_what_was_typed(client, lot):
    first, second = bidder(lot), bidder(lot)
    sign_in(client, second.agent)
    address = reverse("place-bid", args=[lot.number])
    asked = client.post(address, {"amount": "900", "key": "b"})
    assert 'name="amount" value="900"' in asked.content.decode()
    actions.place_bid(lot, by=first.agent, organisation=first.organisation, amount=950 * WAN, key="a")

    page = client.post(address, {"fen": 900 * WAN, "amount": "900", "key": "b", "sure": "1"}, follow=True)

    assert page.context["refused"]["typed"] == "900"
    assert "960 万元" in box_of(page)
