"""A lot in the hall and online at once: the auctioneer at the console, a bidder at home, the screen of the hall."""

import pytest

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
    with console.expect_navigation():
        console.keyboard.press("F8")

    home.get_by_text("您竞得了本拍品").or_(home.get_by_text("成交价")).first.wait_for()
    lot.refresh_from_db()
    assert (lot.state, lot.price, lot.leader) == ("sold", 170 * WAN, online)
    assert lot_problems(lot) == []
    for walker in (auctioneer, at_home, screen):
        walker.leave()
