"""The live page of a lot in a browser that runs no scripts: slower, and nothing is missing that bidding needs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.auctions.actions import open_lot, place_bid
from marketplace.auctions.ladder import WAN
from tests.journeys.people import Walker
from tests.marketplace.auctions.making import announced_lot, bidder, end_now, person
from tests.marketplace.auctions.sealing import sealed_lot

pytestmark = pytest.mark.long

NEWEST = "查看最新状态"
A_FEW_FRAMES = 2_500  # ms: the stream looks each second


def open_for_two():
    """Return an open lot, and two bidders of it."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    own, rival = bidder(lot), bidder(lot)
    open_lot(lot)
    return lot, own, rival


def at_browser(browser, house, user):
    return Walker(browser, house.address, user, runs_scripts=False)


def rival_bids(rival, amount):
    place_bid(rival.lot, by=rival.agent, organisation=rival.organisation, amount=amount * WAN, key=f"rival-{amount}")


def offered(page):
    return [words.replace("万元", "").strip() for words in page.locator("button.bid [data-amount]").all_inner_texts()]


def stage(page):
    return " ".join(page.locator(".room__stage").inner_text().split())


@pytest.mark.timeout(90)
@pytest.mark.django_db(transaction=True)
def test_a_bidder_bids_learns_of_news_and_wins(browser, house):
    lot, own, rival = open_for_two()
    agent = at_browser(browser, house, own.agent).sign_in_at_the_door()
    page = agent.open(lot.get_absolute_url())
    assert "起拍价 还没有人出价 160万元" in stage(page)
    assert f"{timezone.localtime(lot.ends_at):%H:%M:%S}" in page.locator("[role=timer]").inner_text()
    assert offered(page) == ["160", "165", "175"]

    agent.press_this(page.locator("button.bid--first"))
    agent.press("出价 160 万元")
    agent.sees("您领先")
    assert page.locator("button.bid--first").is_disabled()
    rival_bids(rival, 165)
    page.wait_for_timeout(A_FEW_FRAMES)
    assert "您领先" in stage(page), "this page shows news though it runs no scripts"

    agent.follow(NEWEST)
    assert f"竞买人 {rival.alias} 号领先" in stage(page)
    assert "您已被超过" in stage(page)
    assert offered(page) == ["170", "175", "185"]
    page.fill("#own", "172")
    agent.press("出这个价")
    agent.sees("您领先")
    lot.refresh_from_db()
    assert (lot.price, lot.leader_id) == (172 * WAN, own.pk)
    end_now(lot)
    agent.follow(NEWEST)
    agent.sees("您已竞得本拍品")
    assert page.get_by_role("link", name=NEWEST).count() == 0
    agent.leave()


@pytest.mark.timeout(90)
@pytest.mark.django_db(transaction=True)
def test_a_refusal_says_why_and_keeps_what_was_typed(browser, house):
    lot, own, rival = open_for_two()
    agent = at_browser(browser, house, own.agent).sign_in()
    page = agent.open(lot.get_absolute_url())
    rival_bids(rival, 165)

    page.fill("#own", "166.5")
    agent.press("出这个价")

    refusal = " ".join(page.locator("#bid-refused").inner_text().split())
    assert "您的出价 166.5 万元 未被接受" in refusal
    assert "现在可出价：170 万元，或高于它的任意金额" in refusal
    assert page.input_value("#own") == "166.5"
    assert page.locator("#own").get_attribute("aria-describedby") == "bid-refused"
    assert offered(page) == ["170", "175", "185"]
    agent.look_narrow()
    page.fill("#own", "一百七十")
    agent.press("出这个价")
    assert page.input_value("#own") == "一百七十"
    agent.follow(NEWEST)  # from an address that ends in #bid-refused, so it must be loaded, not scrolled to
    assert page.locator("#bid-refused").count() == 0
    agent.leave()


@pytest.mark.timeout(90)
@pytest.mark.django_db(transaction=True)
def test_spectators_find_the_link_on_each_live_page_and_those_with_scripts_do_not(browser, house):
    lot, _own, rival = open_for_two()
    sealed = sealed_lot(starts_at=timezone.now() - timedelta(minutes=1))
    spectator = Walker(browser, house.address, person(), runs_scripts=False)
    live = Walker(browser, house.address, person())
    for address in (lot.get_absolute_url(), sealed.get_absolute_url(), lot.session.get_absolute_url()):
        page = spectator.open(address)
        assert page.get_by_role("link", name=NEWEST).is_visible()
        assert live.open(address).get_by_role("link", name=NEWEST).count() == 0

    spectator.open(lot.get_absolute_url())
    rival_bids(rival, 160)
    spectator.follow(NEWEST)

    assert f"竞买人 {rival.alias} 号领先" in stage(spectator.page)
    for walker in (spectator, live):
        walker.leave()
