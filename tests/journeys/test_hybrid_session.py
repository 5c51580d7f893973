"""A session in the hall and online at once (domain.md §8.3 in small): four browsers from first bid to report."""

from types import SimpleNamespace

import pytest

from marketplace.auctions import actions
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from tests.journeys import hybrid
from tests.journeys.bidding import bid_the_next_step
from tests.journeys.cast import company
from tests.journeys.hybrid import CALLS


@pytest.fixture
def room(browser, house, settings):
    """Two bidders, the auctioneer and a spectator at their browsers, and the session they are in."""
    settings.AUCTION_CALL_PAUSE = 1
    stage = hybrid.set_the_stage()
    with company(browser, house.address) as at_browser:
        seated = {name: at_browser(getattr(stage, name)) for name in ("one", "two", "auctioneer", "spectator")}
        yield SimpleNamespace(stage=stage, **seated)


@pytest.mark.django_db(transaction=True)
def test_a_hybrid_session_from_the_first_bid_to_the_report(room, tmp_path):
    _they_outbid_each_other(room)
    _a_bid_between_calls_lets_them_begin_anew(room)
    _the_hammer_falls_on_all_four_pages(room, tmp_path)
    _the_second_lot_misses_its_reserve(room)
    _the_report_says_what_became_of_it(room)


def _seats(room, lot):
    for somebody in (room.one, room.two, room.spectator):
        hybrid.take_a_seat(somebody, lot.get_absolute_url())
    hybrid.take_a_seat(room.auctioneer, f"/auctions/manage/lots/{lot.number}/console/")


def _alias(room, lot, agent):
    return room.stage.aliases[lot.number, agent.user.pk]


def _they_outbid_each_other(room):
    """Each bid is seen at once by the others, and moves the end: the lot is in its last minutes."""
    lot = room.stage.first
    _seats(room, lot)
    room.auctioneer.look_narrow()
    amount = bid_the_next_step(room.one, is_first=True)
    assert amount.startswith("100")
    for somebody in (room.two, room.spectator, room.auctioneer):
        hybrid.sees_at_once(somebody, price="100", extensions=1)

    hybrid.enter_paddle(room.auctioneer, _alias(room, lot, room.two))
    room.one.sees("您已被超过", within=hybrid.AT_ONCE)
    room.two.sees("您领先", within=hybrid.AT_ONCE)
    hybrid.sees_at_once(room.spectator, price="105", extensions=2)
    room.spectator.page.locator("[data-live=history] li", has_text="现场").wait_for()


def _a_bid_between_calls_lets_them_begin_anew(room):
    for number in (1, 2):
        hybrid.call(room.auctioneer, number)
        for somebody in (room.one, room.two, room.spectator):
            hybrid.sees_the_call(somebody, CALLS[number - 1])
    bid_the_next_step(room.one, is_first=False)

    hybrid.calls_begin_anew(room.auctioneer)
    hybrid.sees_at_once(room.spectator, price="110", extensions=3)
    assert room.spectator.page.locator('[data-live="call"]').inner_text() == ""


def _the_hammer_falls_on_all_four_pages(room, folder):
    lot = room.stage.first
    for number in (1, 2, 3):
        hybrid.call(room.auctioneer, number)
    hybrid.sees_the_call(room.spectator, CALLS[2])
    hybrid.let_the_hammer_fall(room.auctioneer)
    winner = _alias(room, lot, room.one)

    heads = {
        hybrid.sees_the_end(room.one, "您已竞得本拍品"),
        hybrid.sees_the_end(room.two, f"竞买人 {winner} 号成交"),
        hybrid.sees_the_end(room.spectator, f"竞买人 {winner} 号成交"),
        hybrid.sees_the_end(room.auctioneer, "已落槌"),
    }
    lot.refresh_from_db()
    assert (lot.state, lot.price, lot.extensions) == ("sold", 110 * WAN, 3)
    assert heads == {lot.head_hash}
    assert lot.head_hash in hybrid.record_verifies(room.spectator, folder)
    assert lot_problems(lot) == []


def _the_second_lot_misses_its_reserve(room):
    lot, stage = room.stage.second, room.stage
    _seats(room, lot)
    bid_the_next_step(room.one, is_first=True)
    hybrid.enter_paddle(room.auctioneer, _alias(room, lot, room.two))
    for number in (1, 2, 3):
        hybrid.call(room.auctioneer, number)
    hybrid.let_the_hammer_fall(room.auctioneer)

    for somebody in (room.one, room.two, room.spectator):
        somebody.sees("未达到保留价", within=hybrid.OVER)
        somebody.sees("由供方选择后续方式")
    actions.choose_next_path(lot, by=stage.publisher, organisation=stage.seller, path="negotiate")
    room.spectator.open(lot.get_absolute_url())
    hybrid.sees_the_end(room.spectator, "转为协议定价，与买方洽谈")
    lot.refresh_from_db()
    assert (lot.state, lot.price, lot.reserve_opened) == ("unsold", 55 * WAN, 80 * WAN)
    assert lot_problems(lot) == []


def _the_report_says_what_became_of_it(room):
    """One of two lots was sold, a tenth above its start price; the second does not count towards the premium."""
    session = room.stage.session
    while actions.move_session_on(session):
        session.refresh_from_db()
    room.spectator.open(session.get_absolute_url())
    page = room.spectator.follow("竞价会战报")
    room.spectator.look_narrow()

    figures = {
        tile.locator("dt").inner_text(): tile.locator("dd").first.inner_text() for tile in page.locator(".tile").all()
    }
    assert (figures["成交率"], figures["溢价率"]) == ("50.0%", "+10.0%")
    assert (figures["起拍总价"], figures["成交总价"]) == ("150 万元", "110 万元")
    assert (figures["出价次数"], figures["流拍"]) == ("5", "1")
