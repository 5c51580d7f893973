"""The auctioneer's console and the screen of the hall: who gets them, every act by a plain form, every refusal."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as house
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN, instant
from marketplace.auctions.models import Lot
from marketplace.organisations.models import Organisation
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import (
    announced_lot,
    bidder,
    end_now,
    hybrid_lot,
    outcome,
    person,
    planned,
    second_lot,
)

pytestmark = pytest.mark.django_db

SURE = re.compile(r'name="sure" value="([^"]+)"')


@pytest.fixture
def lot(settings):
    settings.AUCTION_CALL_PAUSE = 0
    return hybrid_lot(reserve=173 * WAN)


@pytest.fixture
def desk(client, lot):
    """Return the console with its auctioneer signed in: `desk(verb, **facts)` sends one form and follows it.

    What the console asks about a bid is answered with yes, unless `sure=""` is given.
    """
    user = person("auctioneer")
    sign_in(client, user)

    def send(verb, **facts):
        page = client.post(reverse("lot-conduct", args=[lot.number, verb]), facts, follow=True)
        assert page.status_code == 200
        lot.refresh_from_db()
        shown = page.content.decode()
        asked = SURE.search(shown) if "sure" not in facts else None
        return send(verb, **facts, sure=asked[1]) if asked else shown

    send.user = user
    return send


def look(client, lot):
    page = client.get(reverse("lot-console", args=[lot.number]))
    assert page.status_code == 200
    return page.content.decode()


def plain(text):
    return re.sub(r"<[^>]*>|\s+", "", text)


def online(lot, one, amount):
    actions.place_bid(lot, by=one.agent, organisation=one.organisation, amount=amount * WAN, key=str(amount))


@pytest.mark.parametrize(
    ("role", "expected"),
    [("visitor", 302), ("", 403), ("organiser", 200), ("finance", 403), ("auditor", 200), ("auctioneer", 200)],
)
def test_who_sees_the_console(client, lot, role, expected):
    if role != "visitor":
        sign_in(client, person(*[role] if role else []))

    assert client.get(reverse("lot-console", args=[lot.number])).status_code == expected
    assert client.get(reverse("lot-console-health", args=[lot.number])).status_code == expected
    assert client.get(reverse("lot-hall", args=[lot.number])).status_code == 200


@pytest.mark.parametrize("role", ["", "organiser", "finance", "auditor"])
def test_nobody_else_enters_a_bid(client, lot, role):
    one = bidder(lot)
    sign_in(client, person(*[role] if role else []))

    answer = client.post(
        reverse("lot-conduct", args=[lot.number, "bid"]), {"alias": one.alias, "amount": "160", "key": "k"}
    )

    assert answer.status_code == 403
    assert not lot.events.exists()


def test_a_whole_lot_by_plain_forms(desk, lot):
    first, second = bidder(lot), bidder(lot)

    desk("bid", alias=first.alias, amount="160", key="a")
    desk("bid", alias=second.alias, fen=str(500 * WAN), key="b")
    desk("void", seq="3", ground="mistyped")
    desk("bid", alias=second.alias, amount="175 万元", key="c")
    desk("call", number="1")
    desk("call", number="2")
    desk("extend", minutes="2", ground="time", was=instant(lot.ends_at))
    desk("suspend", ground="fault", reason="现场网络切换")
    desk("resume")
    for number in "123":
        desk("call", number=number)
    page = desk("hammer")

    assert f"竞买人{second.alias}号成交。" in plain(page)
    assert (lot.state, lot.price, lot.leader) == ("sold", 175 * WAN, second)
    assert list(lot.events.values_list("kind", flat=True)) == [
        *("opened", "bid", "bid", "voided", "bid", "called", "called", "extended", "suspended", "resumed"),
        *("called", "called", "called", "closed", "result"),
    ]


def test_a_double_click_enters_one_bid(desk, lot):
    one = bidder(lot)

    for _click in range(2):
        desk("bid", alias=one.alias, amount="160", key="once")

    assert lot.events.filter(kind="bid").count() == 1


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"alias": "9999"}, "9999"),
        ({"alias": ""}, "id_bid_alias"),
        ({"amount": "一百"}, "一百"),
        ({"amount": ""}, "id_bid_amount"),
        ({"amount": "0"}, "id_bid_amount"),
        ({"amount": "164"}, "165万元"),
        ({"amount": "99999999999"}, "99999999999"),
        ({"alias": "leader", "amount": "170"}, "leader"),
        ({"alias": "x" * 40}, "id_bid_alias"),
        ({"fen": "-5", "amount": "170"}, "id_bid_amount"),
        ({"fen": "164000000", "amount": ""}, "164"),
        ({"key": ""}, "id_bid_alias"),
    ],
)
def test_a_refused_entry_says_why_and_keeps_what_was_typed(desk, lot, facts, words):
    first, second = bidder(lot), bidder(lot)
    online(lot, first, 160)
    typed = {"alias": second.alias, "amount": "170", "key": "k"} | facts
    if typed["alias"] == "leader":
        typed["alias"], words = first.alias, first.alias

    page = desk("bid", **typed)

    assert 'role="alert"' in page
    assert words in page or words in plain(page)
    if "fen" not in facts:
        assert f'value="{typed["amount"]}"' in page
        assert f'value="{typed["alias"]}"' in page
    assert lot.events.filter(kind="bid").count() == 1
    assert 'role="alert"' not in plain_look(desk, lot)


def plain_look(desk, lot):
    """Return the console as it is shown next: a refusal is told once."""
    from django.test import Client

    client = Client()
    sign_in(client, desk.user)
    return look(client, lot)


@pytest.mark.parametrize(
    ("verb", "facts"),
    [
        ("call", {"number": "2"}),
        ("call", {"number": "7"}),
        ("call", {}),
        ("hammer", {}),
        ("extend", {"minutes": "7", "ground": "time", "was": "now"}),
        ("extend", {"minutes": "1", "ground": "whim", "was": "now"}),
        ("extend", {"minutes": "1", "ground": "time", "was": "gestern"}),
        ("extend", {"minutes": "1", "ground": "time", "was": "2020-01-01T00:00:00.000000Z"}),
        ("void", {"seq": "9", "ground": "mistyped"}),
        ("void", {"seq": "2", "ground": "mistyped"}),
        ("void", {"seq": "2", "ground": "whim"}),
        ("void", {"seq": "", "ground": "not_entitled"}),
        ("void", {"seq": "99999999999999999999", "ground": "not_entitled"}),
        ("suspend", {"ground": "whim"}),
        ("resume", {}),
    ],
)
def test_what_cannot_be_done_changes_nothing_and_is_told(desk, lot, verb, facts):
    online(lot, bidder(lot), 160)
    lot.refresh_from_db()
    if facts.get("was") == "now":
        facts = facts | {"was": instant(lot.ends_at)}

    page = desk(verb, **facts)

    assert 'role="alert"' in page
    assert list(lot.events.values_list("kind", flat=True)) == ["opened", "bid"]
    assert lot.state == "open"


def test_a_refused_extension_is_sent_again_from_the_end_as_it_is_now(client, desk, lot):
    desk("extend", minutes="5", ground="course", was="2020-01-01T00:00:00.000000Z")
    was = lot.ends_at

    page = desk("extend", minutes="5", ground="course", was="2020-01-01T00:00:00.000000Z")
    shown = re.search(r'name="was" value="([^"]+)"', page)[1]
    desk("extend", minutes="5", ground="course", was=shown)

    assert re.search(r'value="5" selected', page)
    assert shown == instant(was)
    assert lot.ends_at == was + timedelta(minutes=5)


def test_the_console_shows_numbers_and_neither_names_nor_the_reserve(client, desk, lot):
    one = bidder(lot)
    Organisation.objects.filter(pk=one.organisation_id).update(name="甲样例竞买有限公司")
    desk("bid", alias=one.alias, amount="160", key="a")

    for name in ("lot-console", "lot-hall", "lot-console-health"):
        page = client.get(reverse(name, args=[lot.number])).content.decode()
        for secret in ("甲样例竞买", one.organisation.uscc, one.code, "173万元", str(173 * WAN)):
            assert secret not in plain(page), (name, secret)
            assert secret not in page, (name, secret)
    assert one.alias in plain(look(client, lot))


def test_a_lot_without_a_floor_has_a_console_that_says_so(client):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    sign_in(client, person("auctioneer"))

    page = look(client, lot)

    assert reverse("lot-conduct", args=[lot.number, "bid"]) not in page
    assert reverse("lot-conduct", args=[lot.number, "suspend"]) in page


def test_after_a_lot_the_console_leads_to_the_next_one(client, desk, lot):
    following = second_lot(lot)
    assert reverse("lot-console", args=[following.number]) not in look(client, lot)
    end_now(lot)
    actions.close_lot(lot)

    page = look(client, lot)

    assert "流拍。" in plain(page)
    assert reverse("lot-console", args=[following.number]) in page


def test_the_hall_shows_price_call_and_a_code_of_the_live_page(client, desk, lot):
    first, second = bidder(lot), bidder(lot)
    desk("bid", alias=first.alias, amount="160", key="a")
    desk("bid", alias=second.alias, amount="165", key="b")
    desk("call", number="1")

    page = client.get(reverse("lot-hall", args=[lot.number]))

    text = plain(page.content.decode())
    assert "165万元" in text
    assert "第一次报价" in text
    assert page.context["address"] == f"{house.SITE_URL}/lots/{lot.number}/"
    assert "<path d=" in page.content.decode()


def test_the_live_page_tells_the_call_the_hall_and_a_voided_bid(client, desk, lot):
    first, second = bidder(lot), bidder(lot)
    desk("bid", alias=first.alias, amount="160", key="a")
    desk("bid", alias=second.alias, amount="500", key="b")
    desk("void", seq="3", ground="mistyped")
    desk("call", number="1")

    page = client.get(reverse("lot-detail", args=[lot.number])).content.decode()

    assert re.search(r'<p class="call" role="status" data-live="call"[^>]*>第一次报价</p>', page)
    assert "现场" in page
    assert page.count("<s>") == 1
    assert page.count("data-bid=") == 1
    assert page.count('class="ahead"') == 1


@pytest.mark.parametrize("name", ["lot-console", "lot-hall", "lot-detail"])
def test_pages_ask_as_often_with_one_bid_as_with_three(client, desk, lot, name, django_assert_max_num_queries):
    first, second = bidder(lot), bidder(lot)
    counts = []
    client.get(reverse(name, args=[lot.number]))
    for one, amount in [(first, 160), (second, 165), (first, 170)]:
        desk("bid", alias=one.alias, amount=str(amount), key=str(amount))
        with django_assert_max_num_queries(45) as queries:
            client.get(reverse(name, args=[lot.number]))
        counts.append(len(queries))

    assert counts[0] == counts[2]


@pytest.mark.parametrize(("format_", "kept"), [("hybrid", "hybrid"), ("english", "english"), ("paper", None)])
def test_a_lot_is_added_with_a_floor(client, format_, kept):
    session, offered = planned(), outcome()
    starts = timezone.localtime(session.starts_at) + timedelta(minutes=1)
    sign_in(client, person("organiser"))

    client.post(
        reverse("lot-add", args=[session.number]),
        {
            "outcome": offered.pk,
            "mode": "assignment",
            "format": format_,
            "object_of_sale": "发明专利转让",
            "start_price": "120",
            "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
            "ends_at": f"{starts + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        },
    )

    assert Lot.objects.values_list("format", flat=True).first() == kept


def test_the_first_bid_of_a_number_in_the_hall_is_asked_for_once_and_a_far_one_each_time(desk, lot):
    one, other = bidder(lot), bidder(lot)
    online(lot, one, 160)

    first = desk("bid", alias=other.alias, amount="165", key="a", sure="")
    assert lot.events.filter(kind="bid").count() == 1
    assert f"为 {other.alias} 号登记 165 万元？" in first
    assert f'value="{other.alias}"' in first
    assert 'value="165"' in first
    desk("bid", alias=other.alias, amount="165", key="b", sure=f"{other.alias} {165 * WAN}")
    online(lot, one, 170)
    again = desk("bid", alias=other.alias, amount="175", key="c", sure="")
    online(lot, one, 180)
    far = desk("bid", alias=other.alias, amount="1850", key="d", sure="")
    another = desk("bid", alias=other.alias, amount="1851", key="d", sure=f"{other.alias} {1850 * WAN}")

    assert not SURE.search(again)
    assert "会场里" not in far
    assert "远高于" in far
    assert "登记 1,851 万元？" in another  # yes to one amount is none to another
    assert (lot.price, lot.leader) == (180 * WAN, one)


def test_a_number_that_bids_online_is_not_taken_for_a_paddle_by_a_slip(desk, lot):
    one, other = bidder(lot), bidder(lot)
    online(lot, one, 160)
    online(lot, other, 165)

    page = desk("bid", alias=one.alias, amount="170", key="a", sure="")

    assert "该号此前一直在网上出价" in page
    assert lot.events.filter(kind="bid").count() == 2


@pytest.mark.parametrize("amount", ["164", "1"])
def test_what_will_be_refused_is_not_asked_about(desk, lot, amount):
    one, other = bidder(lot), bidder(lot)
    online(lot, one, 160)

    assert not SURE.search(desk("bid", alias=other.alias, amount=amount, key="a", sure=""))


def test_paddle_and_amount_are_read_in_full_width(desk, lot):
    one = bidder(lot)
    wide = str(one.alias).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})

    desk("bid", alias=f" {wide} ", amount="１６０", key="a")

    assert (lot.price, lot.leader) == (160 * WAN, one)


def test_the_void_named_in_the_address_is_open(client, desk, lot):
    desk("bid", alias=bidder(lot).alias, amount="160", key="a")
    address = reverse("lot-console", args=[lot.number])

    shown = [client.get(f"{address}{query}").content.decode() for query in ("", "?void")]

    assert ['<details class="push" data-void open>' in page for page in shown] == [False, True]
