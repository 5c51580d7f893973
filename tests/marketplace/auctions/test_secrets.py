"""What nobody may learn about a lot before the result, and nobody but the parties after it: by page and by reader."""

import copy
import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import Deposit
from marketplace.organisations.models import Organisation, User
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, end_now, member, organisation, person

pytestmark = pytest.mark.usefixtures("for_now")
RESERVE = 173 * WAN
SECRET_WORDS = ("173万元", str(RESERVE), "1,730,000", "¥1.73")  # as plain() reads them
READERS = [
    "visitor", "stranger", "seller", "bidder", "other bidder",
    "officer", "auditor", "organiser", "auctioneer", "finance",
]  # fmt: skip


@pytest.fixture(scope="module")
def opened(lasting):
    """Return a lot in bidding with a secret reserve, led by the second of two bidders."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1), reserve=RESERVE)
    first, second = bidder(lot), bidder(lot)
    for alias, name, one in [("7711ZQXW", "甲样例竞买", first), ("8822ZQXW", "乙样例竞买", second)]:
        Organisation.objects.filter(pk=one.organisation_id).update(name=f"{name}有限公司")
        User.objects.filter(pk=one.agent_id).update(name=f"{name}代理人")
        type(one).objects.filter(pk=one.pk).update(alias=alias)
        one.refresh_from_db()
    actions.place_bid(lot, by=first.agent, organisation=first.organisation, amount=160 * WAN, key="a")
    actions.place_bid(lot, by=second.agent, organisation=second.organisation, amount=165 * WAN, key="b")
    lot.refresh_from_db()
    return lot, first, second


@pytest.fixture
def room(opened, for_now):
    return copy.deepcopy(opened)


def reader(who, lot, first, second):
    return {
        "visitor": lambda: None,
        "stranger": lambda: member(organisation(), "manager"),
        "seller": lambda: member(lot.outcome.owner, "publisher"),
        "bidder": lambda: first.agent,
        "other bidder": lambda: second.agent,
    }.get(who, lambda: person(who))()


def public(client, lot):
    """Return what each public page and file about the lot says, by name."""
    addresses = {
        "lot": reverse("lot-detail", args=[lot.number]),
        "lot in English": "/en" + reverse("lot-detail", args=[lot.number]),
        "hall": reverse("lot-hall", args=[lot.number]),
        "session": reverse("session-detail", args=[lot.session.number]),
        "announcement": reverse("session-announcement", args=[lot.session.number]),
        "announcement in English": "/en" + reverse("session-announcement", args=[lot.session.number]),
        "announcement to check": reverse("announcement-file", args=[lot.session.number]),
        "sessions": reverse("session-list"),
        "lots": reverse("lot-list"),
        "outcome": reverse("outcome-detail", args=[lot.outcome.number]),
        "state": reverse("lot-state", args=[lot.number]),
        "state for programs": reverse("api-lot-state", args=[lot.number]),
        "events": reverse("lot-events", args=[lot.number]),
        "record": reverse("lot-record", args=[lot.number]),
    }
    answers = {name: client.get(address) for name, address in addresses.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(addresses, 200)
    return {name: plain(answer) for name, answer in answers.items()}


def plain(answer):
    """Return what a page says, without tags and white space: an amount is several elements."""
    return re.sub(r"<[^>]*>|\s+", "", answer.content.decode()) + re.sub(r"\s+", "", answer.content.decode())


def identities(registration):
    """Return everything that would tell who a bidder is."""
    return (registration.organisation.name, registration.organisation.uscc, registration.code, registration.agent.name)


def found(pages, words):
    return {(name, word) for name, text in pages.items() for word in words if word in text}


@pytest.mark.parametrize("who", READERS)
def test_before_the_result_neither_reserve_nor_bidders_are_told(client, room, who):
    lot, first, second = room
    user = reader(who, *room)
    if user is not None:
        sign_in(client, user)

    pages = public(client, lot)

    assert found(pages, SECRET_WORDS) == set()
    others = {"bidder": [second], "other bidder": [first]}.get(who, [first, second])
    assert found(pages, [word for one in others for word in identities(one)]) == set()
    assert "7711ZQXW" in pages["state"]
    assert "8822ZQXW" in pages["state"]


@pytest.mark.long
@pytest.mark.parametrize("who", READERS)
def test_after_the_result_the_reserve_is_open_and_losers_stay_unnamed(client, room, who):
    lot, first, second = room
    actions.place_bid(lot, by=first.agent, organisation=first.organisation, amount=175 * WAN, key="c")
    end_now(lot)
    actions.close_lot(lot)
    actions.confirm_sale(lot, by=person("organiser"))
    user = reader(who, *room)
    if user is not None:
        sign_in(client, user)

    pages = public(client, lot)

    assert "173万元" in pages["lot"]
    assert "8822ZQXW" in pages["record"]
    if who != "other bidder":
        assert found(pages, identities(second)) == set()
    if who != "bidder":  # the buyer goes by its number too, unless the publicity of the result names it
        assert found(pages, identities(first)) == set()
    assert found({"record": pages["record"]}, identities(first) + identities(second)) == set()


@pytest.mark.parametrize("who", ["officer", "auditor", "organiser", "auctioneer", "finance"])
def test_staff_see_neither_the_reserve_nor_who_bids_as_which_number(client, room, who):
    lot, first, _second = room
    sign_in(client, person(who))
    names = [
        ("session-manage", lot.session.number),
        ("lot-manage", lot.number),
        ("registration-review", first.code),
        ("registration-detail", first.code),
        ("deposit-detail", first.deposit.code),
        ("deposit-list",),
        ("session-manage-list",),
        ("desk",),
    ]

    pages = {name: client.get(reverse(name, args=args)) for name, *args in names}

    shown = {name: plain(page) for name, page in pages.items() if page.status_code == 200}
    assert shown
    assert found(shown, SECRET_WORDS) == set()
    assert (
        found({name: text for name, text in shown.items() if name != "lot-manage"}, ["7711ZQXW", "8822ZQXW"]) == set()
    )
    assert found({"lot": shown.get("lot-manage", "")}, identities(first)) == set()


def test_the_frame_says_what_it_may_and_nothing_else(client, room):
    lot, _first, _second = room

    frame = json.loads(client.get(reverse("lot-state", args=[lot.number])).content)

    assert set(frame) == {
        "lot", "format", "seq", "state", "price", "leader", "next", "starts_at", "ends_at", "extensions", "head",
        "calls", "called_at",
        "price_text", "next_texts", "raise_texts", "server_time", "events", "practice",
    }  # fmt: skip
    kinds = {
        "seq",
        "kind",
        "source",
        "alias",
        "amount",
        "arrived_at",
        "hash",
        "call",
        "voids",
        "ends_at",
        "amount_text",
    }
    assert {key for event in frame["events"] for key in event} == kinds


def test_a_bidder_reads_its_own_number_and_receipts_only(client, room):
    lot, first, second = room
    sign_in(client, first.agent)

    page = client.get(reverse("lot-detail", args=[lot.number]))

    assert page.context["own"] == first
    assert [receipt["amount"] for receipt in page.context["receipts"]] == [160 * WAN]
    assert client.get(reverse("registration-detail", args=[second.code])).status_code == 404
    assert client.get(reverse("deposit-detail", args=[second.deposit.code])).status_code == 403
    assert list(Deposit.objects.visible_to(first.agent)) == [first.deposit]
