"""A lot in the hall and online at once: the auctioneer at the console, a bidder at home, the screen of the hall."""

import pytest
from playwright.sync_api import expect

from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from tests.journeys.people import Walker
from tests.marketplace.auctions.making import bidder, hybrid_lot, person
from tests.marketplace.auctions.racing import bid

pytestmark = pytest.mark.long


@pytest.mark.django_db(transaction=True)
def test_a_lot_is_sold_in_the_hall_while_bidders_sit_at_home(browser, house, settings):
    settings.AUCTION_CALL_PAUSE = 1
    lot = hybrid_lot()
    online, paddle = bidder(lot), bidder(lot)
    bid(online, 160 * WAN, "first")
    auctioneer = Walker(browser, house.address, person("auctioneer")).sign_in()
    at_home = Walker(browser, house.address, online.agent).sign_in()
    screen = Walker(browser, house.address, person())
    hall = screen.open(f"{lot.get_absolute_url()}hall/")
    home = at_home.open(lot.get_absolute_url())
    console = auctioneer.open(f"/auctions/manage/lots/{lot.number}/console/")
    auctioneer.look_narrow()
    for page in (hall, home, console):
        page.get_by_text("连接正常").wait_for()

    console.fill("#id_bid_alias", paddle.alias)
    assert console.input_value("#id_bid_amount") == "165"
    with console.expect_navigation():
        console.keyboard.press("Enter")
    console.get_by_text(f"为 {paddle.alias} 号登记 165 万元？").wait_for()
    auctioneer.look()
    with console.expect_navigation():
        console.keyboard.press("Enter")
    at_home.sees("您已被超过")
    hall.get_by_text(f"{paddle.alias} 号领先").wait_for()
    home.locator("[data-live=history] li", has_text="现场").wait_for()
    console.get_by_text("连接正常").wait_for()

    with console.expect_navigation():
        console.keyboard.press("F2")
    home.locator("[data-live=call]", has_text="第一次报价").wait_for()
    hall.locator("[data-live=call]", has_text="第一次报价").wait_for()
    bid(online, 170 * WAN, "second")
    console.locator("[data-call='1'][aria-pressed=false]:enabled").wait_for()
    assert console.input_value("#id_bid_amount") == "175"

    for number in (1, 2, 3):
        console.locator(f"[data-call='{number}']:enabled").wait_for()
        auctioneer.press_this(console.locator(f"[data-call='{number}']"))
    console.locator("[data-hammer]:enabled").wait_for()
    console.keyboard.press("F8")
    expect(console.get_by_role("dialog").locator("[data-hammer-price]")).to_have_text("170万元")
    auctioneer.look()
    with console.expect_navigation():
        console.keyboard.press("F8")

    home.get_by_text("您竞得了本拍品").or_(home.get_by_text("成交价")).first.wait_for()
    lot.refresh_from_db()
    assert (lot.state, lot.price, lot.leader) == ("sold", 170 * WAN, online)
    assert lot_problems(lot) == []
    for walker in (auctioneer, at_home, screen):
        walker.leave()


AS_WHEN_POLLED = """async () => {
    const root = document.querySelector("[data-console]");
    const detail = await (await fetch(root.dataset.pollUrl)).json();  // all events, those of before the page too
    root.dispatchEvent(new CustomEvent("lot:frame", { detail }));
}"""


@pytest.mark.django_db(transaction=True)
def test_what_the_console_asks_is_of_the_moment(browser, house, settings):
    """A bid takes the question before the hammer away, and the void of an earlier bid is not offered any more."""
    settings.AUCTION_CALL_PAUSE = 0
    lot = hybrid_lot()
    one, other = bidder(lot), bidder(lot)
    bid(one, 160 * WAN, "first")
    auctioneer = Walker(browser, house.address, person("auctioneer")).sign_in()
    console = auctioneer.open(f"/auctions/manage/lots/{lot.number}/console/")
    console.get_by_text("连接正常").wait_for()
    console.evaluate(AS_WHEN_POLLED)
    assert console.locator("[data-void] > summary").is_visible()
    assert not console.locator("[data-void-anew]").is_visible()
    for number in (1, 2, 3):
        auctioneer.press_this(console.locator(f"[data-call='{number}']:enabled"))
    console.locator("[data-hammer]:enabled").click()
    question = console.get_by_role("dialog")
    expect(question.locator("[data-hammer-price]")).to_have_text("160万元")

    bid(other, 165 * WAN, "second")
    question.wait_for(state="hidden")
    console.locator("[data-hammer]:disabled").wait_for()
    link = console.locator("[data-void-anew]", has_text="作废 #")
    assert not console.locator("[data-void]").is_visible()
    link.click()

    console.get_by_text(f"作废 {other.alias} 号").or_(console.locator("[data-void][open]")).first.wait_for()
    assert console.locator("[data-void] [name=seq]").input_value() == str(lot.events.order_by("seq").last().seq)
    bid(one, 170 * WAN, "third")
    console.get_by_text("这一次已不是最后一次").wait_for()
    assert console.locator("[data-void] form button").is_disabled()
    auctioneer.look()
    auctioneer.leave()
    lot.refresh_from_db()
    assert (lot.state, lot.price) == ("open", 170 * WAN)


@pytest.mark.django_db(transaction=True)
def test_another_ground_without_an_explanation_is_not_asked_about(browser, house):
    lot = hybrid_lot()
    auctioneer = Walker(browser, house.address, person("auctioneer")).sign_in()
    console = auctioneer.open(f"/auctions/manage/lots/{lot.number}/console/")
    console.get_by_text("连接正常").wait_for()
    console.locator("summary", has_text="暂停").click()
    console.select_option("#id_suspend_ground", "other")

    with console.expect_navigation():
        console.get_by_role("button", name="暂停竞价").click()

    assert console.input_value("#id_suspend_ground") == "other"
    console.fill("#id_suspend_reason", "会场疏散")
    console.get_by_role("button", name="暂停竞价").click()
    console.get_by_role("dialog").get_by_text("倒计时停住").wait_for()
    auctioneer.leave()
