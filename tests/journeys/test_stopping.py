"""A bidder's live page is open while the organiser stops a session: postponed and set anew, suspended and resumed."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions.actions import open_lot, suspend_bidding
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AuctionSession
from tests.journeys.bidding import AT_ONCE
from tests.journeys.people import Walker
from tests.marketplace.auctions.making import announced_lot, bidder, person

pytestmark = pytest.mark.long

FACE = "main [data-countdown] time"
BIDS = "[data-live=next] button, [data-live=own-bid]"


def seconds_left(page):
    """Return what the countdown of the page shows, where a day or more is left with the days."""
    days, _unit, clock = page.locator(FACE).inner_text().rpartition(" 天 ")
    hours, *rest = [int(part) for part in f"0:{clock}".split(":")][-3:]
    assert hours < 24
    return ((int(days or 0) * 24 + hours) * 60 + rest[0]) * 60 + rest[1]


def connected(page, state):
    page.locator(f'[data-state="{state}"]').get_by_text("连接正常").wait_for()
    page.locator(FACE, has_text=re.compile(r"^(\d+ 天 )?\d+(:\d\d)+$")).wait_for()


def may_bid(page):
    buttons = page.locator(BIDS).all()
    return bool(buttons) and all(button.is_enabled() for button in buttons)


@pytest.mark.django_db(transaction=True)
def test_a_session_is_postponed_and_set_to_new_times(browser, house):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=3))
    agent = Walker(browser, house.address, bidder(lot, at=timezone.now()).agent).sign_in()
    spectator = Walker(browser, house.address, person())
    organiser = Walker(browser, house.address, person("organiser")).sign_in()
    page, overview = agent.open(lot.get_absolute_url()), spectator.open(lot.session.get_absolute_url())
    connected(page, "announced")
    overview.get_by_text("连接正常").wait_for()
    assert abs(seconds_left(page) - timedelta(days=3).total_seconds()) < 120  # until it begins, not until it ends

    organiser.open(f"/auctions/manage/{lot.session.number}/postpone/")
    organiser.type(reason="评估报告需要补充", sure=True)
    organiser.press("专场延期")

    page.locator("[data-state=postponed]").get_by_text("评估报告需要补充").first.wait_for(timeout=AT_ONCE)
    agent.sees("本场已延期。")
    page.get_by_text("连接正常").wait_for()
    overview.locator("[data-state=postponed]").wait_for(timeout=AT_ONCE)
    overview.get_by_text("连接正常").wait_for()
    assert (page.locator(BIDS).count(), page.locator(FACE).count()) == (0, 0)
    agent.look_narrow()

    starts_at = timezone.localtime() + timedelta(days=20)
    organiser.open(f"/auctions/manage/{lot.session.number}/reannounce/")
    begins, closes = (f"{at:%Y-%m-%dT%H:%M}" for at in (starts_at, starts_at - timedelta(days=1)))
    organiser.type(starts_at=begins, registration_closes_at=closes, sure=True)
    organiser.press("公告新的时间")

    page.locator("[data-state=announced]").wait_for(timeout=AT_ONCE)
    connected(page, "announced")
    overview.locator("tr[data-state=announced]").wait_for(timeout=AT_ONCE)
    assert abs(seconds_left(page) - timedelta(days=20).total_seconds()) < 180
    assert not may_bid(page)
    lot.refresh_from_db()
    assert lot_problems(lot) == []
    for walker in (agent, spectator, organiser):
        walker.leave()


@pytest.mark.django_db(transaction=True)
def test_all_lots_of_a_session_are_suspended_and_resumed_and_one_by_itself(browser, house):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=20))
    one = bidder(lot)
    open_lot(lot)
    agent = Walker(browser, house.address, one.agent).sign_in()
    organiser = Walker(browser, house.address, person("organiser")).sign_in()
    page = agent.open(lot.get_absolute_url())
    connected(page, "open")
    assert may_bid(page)
    manage = f"/auctions/manage/{lot.session.number}/"

    organiser.open(manage)
    organiser.type(reason="会场断网")
    organiser.confirm("暂停全部正在竞价的拍品", "暂停全部正在竞价的拍品")
    stopped_at = timezone.now()

    page.locator("[data-state=suspended]").get_by_text("技术故障：会场断网").first.wait_for(timeout=AT_ONCE)
    page.get_by_text("连接正常").wait_for()
    assert (page.locator(BIDS).count(), page.locator(FACE).count()) == (0, 0)
    agent.look_narrow()
    page.wait_for_timeout(2_000)

    organiser.open(manage)
    organiser.confirm("全部恢复", "全部恢复")

    page.locator("[data-state=open]").wait_for(timeout=AT_ONCE)
    connected(page, "open")
    lot.refresh_from_db()
    assert lot.ends_at > stopped_at + timedelta(minutes=39)
    assert abs(seconds_left(page) - (lot.ends_at - timezone.now()).total_seconds()) < 3
    assert may_bid(page)
    agent.press_this(page.locator("button.bid--first"))
    agent.press("出价 160 万元")
    agent.sees("您领先")
    lot.refresh_from_db()
    assert (lot.price, lot_problems(lot)) == (160 * WAN, [])

    organiser.open(reverse("lot-manage", args=[lot.number]))
    organiser.type(reason="核实报价")
    organiser.confirm("暂停竞价", "暂停竞价")
    page.locator("[data-state=suspended]").get_by_text("核实报价").first.wait_for(timeout=AT_ONCE)
    organiser.confirm("恢复竞价", "恢复竞价")
    page.locator("[data-state=open]").wait_for(timeout=AT_ONCE)
    connected(page, "open")
    lot.refresh_from_db()
    assert lot_problems(lot) == []
    for walker in (agent, organiser):
        walker.leave()


@pytest.mark.django_db(transaction=True)
def test_the_buttons_are_off_before_the_page_is_loaded_afresh(browser, house):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=20))
    one = bidder(lot)
    open_lot(lot)
    agent = Walker(browser, house.address, one.agent).sign_in()
    page = agent.open(lot.get_absolute_url())
    connected(page, "open")
    page.evaluate("window.sameAsBefore = true")
    page.route("**/bids/", lambda route: None)
    page.locator("button.bid--first").click()  # a bid on its way: the page stays

    session = AuctionSession.objects.get(pk=lot.session_id)
    suspend_bidding(session, by=person("organiser"), ground="fault", reason="会场断网")

    page.locator("button.bid--first:disabled").wait_for(timeout=AT_ONCE)
    assert page.evaluate("window.sameAsBefore")
    assert not any(button.is_enabled() for button in page.locator(BIDS).all())
    agent.leave()


@pytest.mark.django_db(transaction=True)
def test_a_lot_is_withdrawn_after_a_question_that_names_it_and_comes_after_the_check(browser, house):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=3))
    organiser = Walker(browser, house.address, person("organiser")).sign_in()
    page = organiser.open(reverse("lot-manage", args=[lot.number]))

    organiser.press("撤回拍品")
    organiser.sees("此项必填")
    assert page.locator("dialog[open]").count() == 0
    page.locator("main form[action$='/withdraw/'] [name=reason]").fill("权属待核实")
    page.locator("[data-dialog=sure-withdraw]").click()
    named, remark = page.locator("dialog[open] p.strong").all_inner_texts()
    assert named == f"{lot.number} {lot.outcome.heading}"
    assert remark == "这是该专场最后一件拍品，专场随之取消。"
    organiser.press_this(page.locator("dialog[open] [data-dialog-confirm]"))

    lot.refresh_from_db()
    assert (lot.state, lot.note, lot.session.state) == ("withdrawn", "权属待核实", "cancelled")
