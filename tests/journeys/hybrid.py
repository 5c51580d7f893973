"""A hybrid session in browsers: its stage, made by actions, and what bidders, auctioneer and spectator do in it."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from django.utils import timezone

from cms.portal.site import ensure_site
from marketplace.auctions import actions
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot
from marketplace.core import clock
from marketplace.organisations.models import User
from tests.journeys.bidding import AT_ONCE, OVER
from tests.journeys.people import Walker
from tests.marketplace.auctions.making import member, organisation, outcome, person
from tests.marketplace.outcomes.making import set_up

LAST_MINUTES = timedelta(minutes=4)  # less than the window, so each bid moves the end
CALLS = ("第一次报价", "第二次报价", "第三次报价")


def set_the_stage() -> SimpleNamespace:
    """Return an announced session of two lots that began a minute ago, its people, and two houses qualified for both.

    The first lot is in its last minutes and starts at 100, the second at 50 with a reserve of 80 (万元).
    """
    set_up()
    ensure_site()
    seller = organisation("institute", name="瓯江样例研究院")
    stage = SimpleNamespace(
        organiser=person("organiser"),
        finance=person("finance"),
        auctioneer=person("auctioneer"),
        publisher=member(seller, "publisher"),
        spectator=person(),
        one=member(organisation(name="鹿城样例锁业"), "bidder"),
        two=member(organisation(name="龙湾样例智能"), "bidder"),
        seller=seller,
        starts_at=timezone.now() - timedelta(minutes=1),
    )
    with clock.moved_to(stage.starts_at - timedelta(days=8)):
        stage.session = _announced(stage)
    stage.first, stage.second = Lot.objects.filter(session=stage.session).order_by("position")
    with clock.moved_to(stage.starts_at - timedelta(days=1)):
        stage.aliases = {
            (lot.number, agent.pk): _qualified(lot, agent, stage).alias
            for lot in (stage.first, stage.second)
            for agent in (stage.one, stage.two)
        }
    for lot in (stage.first, stage.second):
        actions.open_lot(lot)
    return stage


def _announced(stage: SimpleNamespace) -> AuctionSession:
    session = actions.plan_session(
        by=stage.organiser,
        organiser=organisation("government", name="瓯海样例科技局"),
        title="样例专场",
        starts_at=stage.starts_at,
        registration_closes_at=stage.starts_at,
        venue="样例路演厅",
    )
    terms = (
        ("等速万向节感应热处理系统", 100, LAST_MINUTES, None),
        ("干电池供电玻璃门锁", 50, timedelta(hours=1), 80 * WAN),
    )
    for title, start, lasts, reserve in terms:
        lot = actions.add_lot(
            session,
            by=stage.organiser,
            outcome=outcome(stage.seller, title=title),
            mode="assignment",
            format="hybrid",
            object_of_sale="发明专利转让，含三个月技术支持",
            start_price=start * WAN,
            starts_at=stage.starts_at,
            ends_at=stage.starts_at + timedelta(minutes=1) + lasts,
        )
        actions.submit_lot(lot, by=stage.publisher, organisation=stage.seller, reserve=reserve)
        actions.approve_lot(lot, by=stage.organiser)
    session.refresh_from_db()
    actions.announce_session(session, by=stage.organiser)
    return session


def _qualified(lot: Lot, agent: User, stage: SimpleNamespace) -> BidderRegistration:
    firm = agent.memberships.get().organisation
    registration = actions.apply_for_lot(lot, by=agent, organisation=firm, declared=True)
    actions.admit_bidder(registration, by=stage.organiser, missing=ASKED_ALWAYS)
    actions.record_deposit(
        registration.deposit,
        by=stage.finance,
        amount=lot.deposit,
        bank_reference=f"BANK-{registration.pk}",
        received_at=clock.now(),
    )
    registration.refresh_from_db()
    actions.qualify_bidder(registration, by=stage.organiser)
    return BidderRegistration.objects.get(pk=registration.pk)


def take_a_seat(somebody: Walker, address: str) -> None:
    """Open a page of a lot and keep a mark in it that a reload would wipe away."""
    somebody.open(address)
    somebody.page.get_by_text("连接正常").wait_for()
    somebody.page.evaluate("window.sameAsBefore = true")


def sees_at_once(somebody: Walker, *, price: str, extensions: int) -> None:
    """The page shows price and extensions by itself, without being loaded again."""
    page = somebody.page
    page.locator('[data-live="price"]', has_text=price).wait_for(timeout=AT_ONCE)
    page.locator('[data-live="extensions"]', has_text=f"已延时 {extensions} 次").wait_for(timeout=AT_ONCE)
    assert page.evaluate("window.sameAsBefore"), "the page was loaded again"


def sees_the_call(somebody: Walker, words: str) -> None:
    somebody.page.locator('[data-live="call"]', has_text=words).wait_for(timeout=AT_ONCE)


def enter_paddle(auctioneer: Walker, alias: str) -> None:
    """Type a number held up in the hall; the least amount stands there already."""
    auctioneer.page.fill("#id_bid_alias", alias)
    with auctioneer.page.expect_navigation():
        auctioneer.page.keyboard.press("Enter")
    auctioneer.sees("连接正常")


def call(auctioneer: Walker, number: int) -> None:
    button = auctioneer.page.locator(f"[data-call='{number}']:enabled")
    button.wait_for()
    auctioneer.press_this(button)


def let_the_hammer_fall(auctioneer: Walker) -> None:
    auctioneer.page.locator("[data-hammer]:enabled").wait_for()
    with auctioneer.page.expect_navigation():
        auctioneer.page.keyboard.press("F8")


def calls_begin_anew(auctioneer: Walker) -> None:
    """After a bid between calls the first one is the next again."""
    auctioneer.page.locator("[data-call='1'][aria-pressed=false]:enabled").wait_for(timeout=AT_ONCE)
    auctioneer.page.locator("[data-call='3']:disabled").wait_for()


def head_on(somebody: Walker) -> str:
    """Return the fingerprint of the last event on the page."""
    return somebody.page.locator('[data-live="head"]').inner_text()


def sees_the_end(somebody: Walker, words: str) -> str:
    """Wait for the words of the result, look at the page, and return the fingerprint on it."""
    somebody.sees(words, within=OVER)
    somebody.look()
    somebody.look_narrow()
    return head_on(somebody)


def record_verifies(somebody: Walker, folder: Path) -> str:
    """Download the record of the lot and the program, and return what the program says of the record."""
    for words, name in (("下载全部记录", "record.jsonl"), ("核对程序", "verifier.py")):
        with somebody.page.expect_download() as loading:
            somebody.page.get_by_role("link", name=words).click()
        loading.value.save_as(folder / name)
    command = [sys.executable, "-I", str(folder / "verifier.py"), str(folder / "record.jsonl")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
