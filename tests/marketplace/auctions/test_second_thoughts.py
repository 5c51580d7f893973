"""A first bid and a far one are asked for once more, on a page that works without script and counts once."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidAnswer, BidderRegistration
from marketplace.auctions.second_thoughts import second_thoughts
from marketplace.organisations.acting import PAGE_FIELD
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder

pytestmark = pytest.mark.django_db
AS_JSON = {"accept": "application/json"}


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1))


def bid(registration, amount, key="k"):
    actions.place_bid(
        registration.lot, by=registration.agent, organisation=registration.organisation, amount=amount, key=key
    )
    registration.lot.refresh_from_db()


def address(lot):
    return reverse("place-bid", args=[lot.number])


def fields(page):
    """Return what the form of the question would send, as a browser without script does."""
    form = page.content.decode().split(f'action="{page.request["PATH_INFO"]}"', 1)[1].split("</form>", 1)[0]
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def test_a_first_bid_is_asked_for_and_placed_with_the_same_key(client, lot):
    one = bidder(lot)
    sign_in(client, one.agent)

    asked = client.post(address(lot), {"fen": 160 * WAN, "key": "mine"})
    assert asked.status_code == 200
    assert BidAnswer.objects.count() == 0
    html = asked.content.decode()
    assert "出价 160 万元？" in html
    assert "第一次出价" in html
    assert "1,600,000" in html
    sent = fields(asked)
    assert sent == {"fen": str(160 * WAN), "key": "mine", "sure": "1", PAGE_FIELD: one.organisation.code}
    pages = [client.post(address(lot), sent, follow=True) for _time in range(2)]

    assert all("计入" in page.content.decode() or "您领先" in page.content.decode() for page in pages)
    assert list(BidAnswer.objects.values_list("amount", "key")) == [(160 * WAN, "mine")]


def test_the_question_leads_back_with_what_was_typed(client, lot):
    sign_in(client, bidder(lot).agent)

    asked = client.post(address(lot), {"amount": "166.5", "key": "mine"})
    back = re.search(r'href="([^"]+)" autofocus', asked.content.decode())[1]
    page = client.get(back)

    assert fields(asked)["amount"] == "166.5"
    assert 'value="166.5"' in page.content.decode()
    assert BidAnswer.objects.count() == 0


def test_later_bids_are_placed_at_once(client, lot):
    one, rival = bidder(lot), bidder(lot)
    bid(one, 160 * WAN)
    bid(rival, 165 * WAN)
    sign_in(client, one.agent)

    client.post(address(lot), {"amount": "171.5", "key": "second"})

    lot.refresh_from_db()
    assert (lot.price, lot.leader_id) == (171_500_000, one.pk)


def test_a_program_is_told_to_confirm(client, lot):
    sign_in(client, bidder(lot).agent)

    asked = client.post(address(lot), {"fen": 160 * WAN, "key": "mine"}, headers=AS_JSON)
    placed = client.post(address(lot), {"fen": 160 * WAN, "key": "mine", "sure": "1"}, headers=AS_JSON)

    assert (asked.status_code, asked.json()["reason"], asked.json()["because"]) == (409, "unconfirmed", ["first"])
    assert (placed.status_code, placed.json()["accepted"]) == (200, True)


def test_the_question_says_how_far_above_a_bid_is(client, lot):
    sign_in(client, bidder(lot).agent)

    asked = client.post(address(lot), {"amount": "900", "key": "b"})

    assert "远高于" in asked.content.decode()
    assert BidAnswer.objects.count() == 0


FAR = [  # price now in 万元, bid in 万元, why it is asked for once more, after an earlier bid of the same organisation
    (160, 165, []),
    (160, 180, []),  # three minimum raises above the least: what the furthest button offers
    (160, 180.01, ["far"]),
    (2, 3, []),
    (2, 5.99, []),
    (2, 6, ["far"]),  # twice the least, though only three raises above it
]


@pytest.mark.parametrize(("price", "amount", "thoughts"), FAR)
def test_a_far_bid_is_asked_for_by_raises_and_by_times(price, amount, thoughts):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1), start_price=1 * WAN)
    one, rival = bidder(lot), bidder(lot)
    bid(one, 1 * WAN)
    bid(rival, price * WAN)

    assert second_thoughts(rival.lot, one, round(amount * WAN)) == thoughts


def test_what_will_be_refused_is_not_asked_for(lot):
    first, second = bidder(lot), bidder(lot)
    bid(first, 160 * WAN)
    lot = first.lot

    assert second_thoughts(lot, second, 164 * WAN) == []  # too low
    assert second_thoughts(lot, first, 900 * WAN) == []  # leads
    assert second_thoughts(lot, None, 165 * WAN) == []  # no bidder
    assert second_thoughts(lot, second, 2 * 10**15) == []  # too large


def test_a_holder_of_a_priority_right_is_asked_before_matching_the_price(lot):
    first, holder = bidder(lot), bidder(lot, rank=1)
    bid(first, 160 * WAN)

    assert second_thoughts(first.lot, holder, 160 * WAN) == ["first"]


@pytest.mark.parametrize(("is_practice", "said"), [(False, "由您单位按此价受让"), (True, "练习不产生成交")])
def test_the_question_says_what_a_bid_leads_to(client, is_practice, said):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    sign_in(client, bidder(lot).agent)
    type(lot).objects.filter(pk=lot.pk).update(is_practice=is_practice)

    asked = client.post(address(lot), {"fen": 160 * WAN, "key": "mine"}).content.decode()

    assert said in asked
    assert ("按此价受让" in asked) != is_practice


def test_a_first_bid_that_was_meant_and_came_too_late_is_not_asked_for_again(client, lot):
    one, rival = bidder(lot), bidder(lot)
    sign_in(client, one.agent)
    client.post(address(lot), {"fen": 160 * WAN, "key": "a"})
    bid(rival, 160 * WAN)
    client.post(address(lot), {"fen": 160 * WAN, "key": "a", "sure": "1"})
    assert lot.answers.filter(registration=one).count() == 0

    client.post(address(lot), {"fen": 165 * WAN, "key": "b"})
    lot.refresh_from_db()
    far = client.post(address(lot), {"amount": "900", "key": "c"})

    assert (lot.price, lot.leader_id) == (165 * WAN, one.pk)
    assert lot.answers.filter(registration=one).count() == 1
    assert far.status_code == 302  # it leads: nothing to ask


def test_what_was_meant_on_one_lot_says_nothing_of_another(client, lot):
    one = bidder(lot)
    sign_in(client, one.agent)
    client.post(address(lot), {"fen": 160 * WAN, "key": "a", "sure": "1"})
    other = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    BidderRegistration.objects.filter(pk=bidder(other).pk).update(organisation=one.organisation, agent=one.agent)

    asked = client.post(address(other), {"fen": 160 * WAN, "key": "b"})

    assert asked.status_code == 200
    assert "第一次出价" in asked.content.decode()
