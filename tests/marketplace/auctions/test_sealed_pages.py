"""Sealed bids by the page, without script: added, submitted, replaced, withdrawn, seen; and what is typed wrong."""

import json
import re
from base64 import b64decode
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN, read_instant
from marketplace.auctions.models import Lot, LotEvent, SealedBid
from marketplace.auctions.receipts import is_genuine
from marketplace.auctions.second_thoughts import second_thoughts
from marketplace.organisations.acting import PAGE_FIELD
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import bidder, end_now, member, outcome, person, planned
from tests.marketplace.auctions.sealing import sealed, sealed_lot, withdrawn

pytestmark = pytest.mark.django_db
AS_JSON = {"accept": "application/json"}


@pytest.fixture
def lot():
    return sealed_lot(starts_at=timezone.now() - timedelta(minutes=1))


def address(lot):
    return reverse("place-bid", args=[lot.number])


def post(client, lot, **facts):
    return client.post(address(lot), {"amount": "170", "key": uuid4().hex} | facts)


def page_of(client, lot):
    return client.get(reverse("lot-detail", args=[lot.number])).content.decode()


def fields(page, of):
    """Return what the form of a question would send, as a browser without script does."""
    form = page.content.decode().split('<form method="post"', 1)[1].split("</form>", 1)[0]
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert set(found) - {"csrfmiddlewaretoken"} == of | {PAGE_FIELD}
    return {name: found[name] for name in of}


def receipt_in(page):
    """Return the receipt a page offers to download."""
    return json.loads(b64decode(re.search(r'href="data:application/json;base64,([^"]+)"', page.content.decode())[1]))


@pytest.mark.parametrize(("chosen", "format"), [("english", "english"), ("sealed", "sealed")])
def test_a_lot_is_added_in_a_format(client, chosen, format):
    session, offered = planned(), outcome()
    starts = timezone.localtime(session.starts_at) + timedelta(minutes=1)
    sign_in(client, person("organiser"))

    client.post(
        reverse("lot-add", args=[session.number]),
        {
            "outcome": offered.pk, "mode": "assignment", "format": chosen, "object_of_sale": "发明专利转让",
            "start_price": "120", "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
            "ends_at": f"{starts + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        },
    )  # fmt: skip

    lot = Lot.objects.get()
    assert lot.format == format
    assert ("一次性报价" in client.get(reverse("lot-manage", args=[lot.number])).content.decode()) is lot.is_sealed


def test_terms_stand_on_the_page_of_the_session_and_of_the_lot(client, lot):
    for name, number in [("session-detail", lot.session.number), ("lot-detail", lot.number)]:
        assert "报价相同的，以最终提交时间在先者为准" in client.get(reverse(name, args=[number])).content.decode()


def test_a_first_bid_is_asked_for_sealed_and_answered_with_a_receipt(client, lot):
    one = bidder(lot)
    sign_in(client, one.agent)

    asked = post(client, lot, key="mine")
    assert SealedBid.objects.count() == 0
    assert "href" in asked.content.decode()
    assert "amount=" not in asked.content.decode()
    sent = fields(asked, {"fen", "key", "sure"})
    assert sent == {"fen": str(170 * WAN), "key": "mine", "sure": "1"}
    pages = [client.post(address(lot), sent) for _time in range(2)]

    assert [page.status_code for page in pages] == [200, 200]
    assert "no-store" in pages[0].headers["Cache-Control"]
    first, again = map(receipt_in, pages)
    assert first == again
    assert is_genuine(first)
    assert first["amount"] == 170 * WAN
    assert f">{timezone.localtime(read_instant(first['arrived_at'])):%Y-%m-%d %H:%M:%S}<" in pages[0].content.decode()
    shown = re.search(r'<span class="code">(\{[^<]+\})', pages[0].content.decode())[1].replace("&quot;", '"')
    assert sha256(shown.encode()).hexdigest() == first["commitment"]
    assert LotEvent.objects.get(kind="sealed").payload == {"commitment": first["commitment"]}


@pytest.mark.parametrize(("is_practice", "said"), [(False, "贵单位即以此价成交"), (True, "练习不产生成交")])
def test_the_question_says_what_a_sealed_bid_leads_to(client, lot, is_practice, said):
    sign_in(client, bidder(lot).agent)
    type(lot).objects.filter(pk=lot.pk).update(is_practice=is_practice)

    asked = post(client, lot, key="mine").content.decode()

    assert said in asked
    assert ("即以此价成交" in asked) != is_practice


def test_the_page_says_when_it_was_sealed_and_never_the_amount(client, lot):
    one = bidder(lot)
    answer = sealed(one, 1_737_373_700)
    sign_in(client, one.agent)

    html = page_of(client, lot)

    assert f"您的报价已于 {timezone.localtime(read_instant(answer['arrived_at'])):%m-%d %H:%M:%S} 密封提交" in html
    assert answer["commitment"] in html
    assert not [word for word in ("1737373700", "17373737", "1737.37", "1,737") if word in html]
    assert "替换我的报价" in html


def test_a_second_bid_is_asked_for_as_a_replacement(client, lot):
    one = bidder(lot)
    sealed(one, 170 * WAN, "a")
    sign_in(client, one.agent)

    asked = post(client, lot, amount="165", key="b")
    page = client.post(address(lot), fields(asked, {"fen", "key", "sure"}))

    assert "将替换贵单位此前的报价" in asked.content.decode()
    assert receipt_in(page)["kind"] == "sealed_replaced"
    assert list(lot.events.order_by("seq").values_list("kind", flat=True)) == ["opened", "sealed", "sealed_replaced"]


def test_a_bid_is_withdrawn_after_a_question(client, lot):
    one = bidder(lot)
    answer = sealed(one, 170 * WAN, "a")
    sign_in(client, one.agent)
    where = reverse("sealed-bid-withdraw", args=[lot.number])
    assert where in page_of(client, lot)

    asked = client.get(where)
    assert answer["commitment"] in asked.content.decode()
    assert SealedBid.objects.count() == 1
    sent = fields(asked, {"key"})
    pages = [client.post(where, sent) for _time in range(2)]

    assert [receipt_in(page) for page in pages] == [receipt_in(pages[0])] * 2
    assert receipt_in(pages[0])["kind"] == "sealed_withdrawn"
    assert list(lot.events.order_by("seq").values_list("kind", flat=True)) == ["opened", "sealed", "sealed_withdrawn"]
    html = page_of(client, lot)
    assert where not in html
    assert "您在本件拍品没有密封报价" in html


def test_a_withdrawal_without_a_bid_or_after_the_end_says_so(client, lot):
    one, other = bidder(lot), bidder(lot)
    sealed(other, 170 * WAN)
    sign_in(client, one.agent)
    where = reverse("sealed-bid-withdraw", args=[lot.number])

    none = client.get(where, follow=True).content.decode()
    posted = client.post(where, {"key": "x"}, follow=True).content.decode()
    end_now(lot)
    sign_in(client, other.agent)
    late = client.post(where, {"key": "x"}, follow=True).content.decode()

    assert "没有密封报价" in none
    assert "没有密封报价" in posted
    assert "未计入" in late
    assert LotEvent.objects.filter(kind="sealed_withdrawn").count() == 0


@pytest.mark.parametrize("who", ["visitor", "stranger", "seller", "organiser"])
def test_who_may_not_withdraw(client, lot, who):
    one = bidder(lot)
    sealed(one, 170 * WAN)
    user = {
        "stranger": lambda: person(),
        "seller": lambda: member(lot.outcome.owner, "publisher"),
        "organiser": lambda: person("organiser"),
    }.get(who)
    if user:
        sign_in(client, user())

    answers = [getattr(client, verb)(reverse("sealed-bid-withdraw", args=[lot.number])) for verb in ("get", "post")]

    assert {answer.status_code for answer in answers} == ({302} if who == "visitor" else {403})
    assert SealedBid.objects.count() == 1


WRONG = [
    ({"amount": "159.99"}, 409, "160 万元"),
    ({"amount": "很多"}, 422, "很多"),
    ({"amount": ""}, 422, None),
    ({"amount": "-170"}, 422, None),
    ({"amount": "170.000000001"}, 422, None),
    ({"amount": "99999999999"}, (409, 422), None),
    ({"key": ""}, 422, None),
    ({"key": "k" * 65}, 422, None),
    ({"amount": "", "fen": "1" * 17}, 422, None),
]


@pytest.mark.parametrize(("facts", "status", "words"), WRONG)
def test_what_is_typed_wrong_is_said_at_once_and_kept_nowhere(client, lot, facts, status, words):
    one = bidder(lot)
    sign_in(client, one.agent)
    page_of(client, lot)
    before = {name: value for name, value in client.session.items() if name != "seen"}

    page = post(client, lot, sure="1", **facts)

    assert page.status_code in (status if isinstance(status, tuple) else (status,))
    html = page.content.decode()
    assert 'id="bid-refused"' in html
    assert words is None or words in html
    assert {name: value for name, value in client.session.items() if name != "seen"} == before
    assert "bid-refused" not in page_of(client, lot)
    assert LotEvent.objects.count() == 0


def test_a_program_that_posts_to_the_page_is_answered_in_json(client, lot):
    one = bidder(lot)
    sign_in(client, one.agent)

    asked = client.post(address(lot), {"fen": 170 * WAN, "key": "k"}, headers=AS_JSON)
    low = client.post(address(lot), {"fen": 159 * WAN, "key": "k"}, headers=AS_JSON)
    taken = client.post(address(lot), {"fen": 170 * WAN, "key": "k", "sure": "1"}, headers=AS_JSON)

    assert (asked.status_code, asked.json()["because"]) == (409, ["first"])
    assert (low.status_code, low.json()["reason"], low.json()["least"]) == (409, "too_low", 160 * WAN)
    assert "seq" not in low.json()
    assert (taken.status_code, is_genuine(taken.json()["receipt"])) == (200, True)


THOUGHTS = [  # (what was sealed before in 万元, the bid, why it is asked for)
    ([], 160, ["first"]),
    ([], 319.99, ["first"]),
    ([], 320, ["first", "far"]),
    ([200], 180, ["replaces"]),
    ([200], 500, ["replaces", "far"]),
    ([200, None], 180, ["first"]),
    ([], 159.99, []),  # refused at once
]


@pytest.mark.parametrize(("before", "amount", "thoughts"), THOUGHTS)
def test_what_is_asked_for_once_more(lot, before, amount, thoughts):
    one = bidder(lot)
    for place, earlier in enumerate(before):
        sealed(one, earlier * WAN, f"b{place}") if earlier else withdrawn(one)
    lot.refresh_from_db()

    assert second_thoughts(lot, one, round(amount * WAN), key="new") == thoughts


def test_after_the_close_everybody_sees_every_opened_bid_by_number(client, lot):
    first, second, third = bidder(lot), bidder(lot), bidder(lot, rank=1)
    sealed(first, 180 * WAN)
    sealed(second, 200 * WAN)
    sealed(third, 190 * WAN)
    end_now(lot)

    page = client.get(reverse("lot-detail", args=[lot.number]))

    html = page.content.decode()
    opened = html.split('id="opened"', 1)[1].split("</ol>", 1)[0]
    order = [(one.alias, amount * WAN) for one, amount in [(second, 200), (third, 190), (first, 180)]]
    assert [(bid["alias"], bid["amount"]) for bid in page.context["opened"]] == order
    assert [word in opened for word in ('value="2000000"', 'value="1900000"', 'value="1800000"')] == [True] * 3
    assert second.alias in html.split('id="opened"', 1)[0]
    assert first.organisation.name not in html


def test_the_winner_and_a_lot_without_a_bid(client, lot):
    one = bidder(lot)
    sealed(one, 180 * WAN)
    end_now(lot)
    empty = sealed_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    sign_in(client, one.agent)

    assert "您已竞得" in page_of(client, lot)
    assert "没有可开启的报价" in page_of(client, empty)


def test_staff_see_that_the_close_is_held_up(client, lot):
    actions.decide_sealed_bid(
        lot, bidder(lot), key="k", commitment="ab" * 32, box=b"\0" * 68, arrived_at=timezone.now()
    )
    sign_in(client, person("organiser"))
    assert "AUCTION_KEY" not in client.get(reverse("lot-manage", args=[lot.number])).content.decode()
    end_now(lot)

    assert "AUCTION_KEY" in client.get(reverse("lot-manage", args=[lot.number])).content.decode()
    assert client.get(reverse("lot-detail", args=[lot.number])).status_code == 200


@pytest.mark.parametrize("when", ["announced", "suspended", "withdrawn"])
def test_the_page_in_each_state(client, when):
    starts_at = timezone.now() + (timedelta(days=1) if when == "announced" else -timedelta(minutes=1))
    lot = sealed_lot(starts_at=starts_at)
    one = bidder(lot, at=timezone.now() if when == "announced" else None)
    if when != "announced":
        sealed(one, 170 * WAN)
        actions.suspend_lot(lot, by=person("auctioneer"), ground="fault", reason="网络故障")
    if when == "withdrawn":
        actions.withdraw_lot(lot, by=person("organiser"), reason="权属有争议")
    sign_in(client, one.agent)

    html = page_of(client, lot)

    assert {"announced": "距竞价开始", "suspended": "网络故障", "withdrawn": "权属有争议"}[when] in html
    assert reverse("sealed-bid-withdraw", args=[lot.number]) not in html


def test_the_english_pages_are_english(client, lot):
    one = bidder(lot)
    sealed(one, 170 * WAN)
    sign_in(client, one.agent)
    address_in_english = f"/en{lot.get_absolute_url()}"

    page = client.get(address_in_english).content.decode()
    low = client.post(f"{address_in_english}bids/", {"amount": "159", "key": "x", "sure": "1"}).content.decode()
    asked = client.get(f"{address_in_english}bids/withdrawal/").content.decode()

    assert "Replace my sealed bid" in page
    assert "of equal ones the earlier final submission wins. No extension." in page
    assert "At that moment the least was ¥1.60 m." in low or "At that moment the least was ¥1.6 m." in low
    assert "It then does not count and is never opened." in asked
