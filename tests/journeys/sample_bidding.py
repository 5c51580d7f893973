"""What happens on the lots of the sample session while they are open, in the browsers of those in the room."""

from marketplace.auctions.ladder import WAN
from tests.journeys import hybrid
from tests.journeys import sample_session as sample
from tests.journeys.bidding import bid_the_next_step, sees_that_it_won
from tests.journeys.hybrid import CALLS
from tests.journeys.sample_session import lot_of

IN_THE_ROOM = ("one", "two", "auctioneer", "spectator")


def page_of(room, key):
    return lot_of(room.stage, key).get_absolute_url()


def _seats(room, key, *names):
    for name in names:
        address = page_of(room, key)
        if name == "auctioneer":
            address = f"/auctions/manage/lots/{lot_of(room.stage, key).number}/console/"
        hybrid.take_a_seat(getattr(room, name), address)


def _alias(room, key, who):
    return room.stage.aliases[key, who]


def _three_calls_and_the_hammer(room):
    for number in (1, 2, 3):
        hybrid.call(room.auctioneer, number)
    hybrid.let_the_hammer_fall(room.auctioneer)


def four_extensions_and_the_hammer(room, folder):
    """Each bid is seen at once by the others and moves the end; one between two calls lets them begin anew."""
    key = "R29"
    _seats(room, key, *IN_THE_ROOM)
    room.auctioneer.look_narrow()
    assert bid_the_next_step(room.one, is_first=True).startswith("80")
    for somebody in (room.two, room.spectator, room.auctioneer):
        hybrid.sees_at_once(somebody, price="80", extensions=1)

    hybrid.enter_paddle(room.auctioneer, _alias(room, key, "two"), least="85")
    room.one.sees("您已被超过", within=hybrid.AT_ONCE)
    room.two.sees("您领先", within=hybrid.AT_ONCE)
    hybrid.sees_at_once(room.spectator, price="85", extensions=2)
    room.spectator.page.locator("[data-live=history] li", has_text="现场").wait_for()

    for number in (1, 2):
        hybrid.call(room.auctioneer, number)
        for somebody in (room.one, room.two, room.spectator):
            hybrid.sees_the_call(somebody, CALLS[number - 1])
    bid_the_next_step(room.one, is_first=False)
    hybrid.calls_begin_anew(room.auctioneer)
    hybrid.sees_at_once(room.spectator, price="90", extensions=3)
    assert room.spectator.page.locator('[data-live="call"]').inner_text() == ""

    bid_the_next_step(room.two, is_first=False)
    hybrid.sees_at_once(room.spectator, price="95", extensions=4)
    hybrid.calls_begin_anew(room.auctioneer)
    _three_calls_and_the_hammer(room)
    _all_four_pages_say_who_bought(room, key, folder)


def _all_four_pages_say_who_bought(room, key, folder):
    winner = _alias(room, key, "two")
    heads = {
        hybrid.sees_the_end(room.two, "您已竞得本拍品"),
        hybrid.sees_the_end(room.one, f"竞买人 {winner} 号成交"),
        hybrid.sees_the_end(room.spectator, f"竞买人 {winner} 号成交"),
        hybrid.sees_the_end(room.auctioneer, f"竞买人 {winner} 号成交"),
    }
    lot = lot_of(room.stage, key)
    assert (lot.state, lot.price, lot.extensions) == ("sold", 95 * WAN, 4)
    assert heads == {lot.head_hash}
    assert lot.head_hash in hybrid.record_verifies(room.spectator, folder)


def the_holder_of_a_priority_right_wins_at_the_same_price(room):
    key = "R33"
    _seats(room, key, "one", "two", "spectator")
    bid_the_next_step(room.one, is_first=True)
    room.two.page.locator('[data-live="price"]', has_text="160").wait_for(timeout=hybrid.AT_ONCE)

    room.two.page.fill("#own", "160")
    room.two.press("出这个价")
    room.two.press("出价 160 万元")
    room.two.sees("您领先")

    room.one.sees("您已被超过", within=hybrid.AT_ONCE)
    room.spectator.page.locator("[data-live=history] li", has_text="优先权出价").wait_for(timeout=hybrid.AT_ONCE)
    sample.let_it_end(room.stage, key)
    sees_that_it_won(room.two)
    room.one.sees(f"竞买人 {_alias(room, key, 'two')} 号成交", within=hybrid.OVER)
    lot = lot_of(room.stage, key)
    assert (lot.state, lot.price, lot.start_price) == ("sold", 160 * WAN, 160 * WAN)


def one_bidder_alone_buys_at_the_start_price(room):
    key = "R11"
    _seats(room, key, "one", "spectator")
    assert bid_the_next_step(room.one, is_first=True).startswith("5")
    sample.let_it_end(room.stage, key)

    sees_that_it_won(room.one)
    room.spectator.sees(f"竞买人 {_alias(room, key, 'one')} 号成交", within=hybrid.OVER)


def the_reserve_is_missed(room):
    key = "R15"
    _seats(room, key, *IN_THE_ROOM)
    bid_the_next_step(room.one, is_first=True)
    hybrid.enter_paddle(room.auctioneer, _alias(room, key, "two"), least="55")
    _three_calls_and_the_hammer(room)

    for somebody in (room.one, room.two, room.spectator):
        somebody.sees("未达到保留价", within=hybrid.OVER)
        somebody.sees("由供方选择后续方式")
    lot = lot_of(room.stage, key)
    assert (lot.reserve_opened, lot.price, lot.leader_alias) == (80 * WAN, 55 * WAN, _alias(room, key, "two"))


def a_number_from_the_hall_buys(room):
    key = "R22"
    _seats(room, key, "auctioneer", "two")
    hybrid.enter_paddle(room.auctioneer, _alias(room, key, "two"), least="60")
    room.two.sees("您领先", within=hybrid.AT_ONCE)
    _three_calls_and_the_hammer(room)
    room.two.sees("您已竞得本拍品", within=hybrid.OVER)


def the_others_end_while_the_spectator_watches_them_all(room):
    """Bids of these come by the action; the overview of the session shows each without being loaded again."""
    stage = room.stage
    page = room.spectator.open(stage.session.get_absolute_url())
    page.get_by_text("连接正常").wait_for()
    page.evaluate("window.sameAsBefore = true")

    sample.bid(stage, "R10", ("one", 100), ("two", 105), ("one", 125), ("two", 145))
    sample.bid(stage, "R09", ("one", 40), ("two", 44), ("one", 57), ("two", 62))
    sample.bid(stage, "R05", ("one", 70), ("two", 75))

    for key, price in (("R10", "145"), ("R09", "62")):
        row = page.locator(f"[data-lot={stage.lots[key].number}]")
        row.locator("[data-cell=price]", has_text=price).wait_for(timeout=hybrid.AT_ONCE)
    sealed = page.locator(f"[data-lot={stage.lots['R05'].number}] [data-cell=price]")
    assert sealed.inner_text() == "—"
    assert page.evaluate("window.sameAsBefore"), "the page was loaded again"
    for key in ("R10", "R09", "R05", "R17", "R35"):
        sample.let_it_end(stage, key)


def a_buyer_that_will_not_keep_its_word(room):
    key = "R31"
    _seats(room, key, "one", "two")
    bid_the_next_step(room.one, is_first=True)
    room.two.page.locator("button.bid--first", has_text="41").wait_for(timeout=hybrid.AT_ONCE)
    room.two.page.fill("#own", "45")
    room.two.press("出这个价")
    room.two.press("出价 45 万元")
    sample.let_it_end(room.stage, key)
    sees_that_it_won(room.two)
