"""The fourth part of the journey: two bid live, one is outbid and sees it at once, the lot closes."""

import time
from datetime import timedelta

from marketplace.auctions.models import Lot
from tests.journeys.people import Walker
from tests.marketplace.auctions.making import end_now

AT_ONCE = 10_000  # ms from the press until the other page says it; a machine with other work needs some of them
OVER = 30_000  # ms within which a page of a lot that ended says how


def enter_the_room(agent: Walker) -> None:
    agent.take_from_desk("出价：")
    agent.look_narrow()


def watch(agent: Walker, *, price: str) -> None:
    """Wait until the page says the price and is connected; keep a mark in it that a reload would wipe away."""
    agent.page.locator('[data-state="open"] [data-live="price"]', has_text=price).wait_for()
    agent.page.get_by_text("连接正常").wait_for()
    agent.page.evaluate("window.sameAsBefore = true")


def bid_the_next_step(agent: Walker, *, is_first: bool) -> str:
    """Press the first button, and mean it where it is the first bid; return the amount it named."""
    button = agent.page.locator("button.bid--first")
    amount = "".join(button.locator("[data-amount]").inner_text().split())
    agent.press_this(button)
    if is_first:
        agent.sees("出价后不能撤回")
        agent.look_narrow()
        agent.press_this(agent.page.locator("main button", has_text="出价"))
    agent.sees("您领先")
    return amount


def sees_at_once_that_it_is_outbid(agent: Walker, price: str) -> None:
    """The page says so by itself, without being loaded again."""
    agent.sees("您已被超过", within=AT_ONCE)
    assert agent.page.locator('[data-live="price"]').inner_text() == price
    assert agent.page.evaluate("window.sameAsBefore"), "the page was not loaded again"


def the_hour_passes(lot: str) -> Lot:
    """Let the end of the lot come in a moment; nobody bids any more."""
    found = Lot.objects.get(number=lot.rstrip("/").rpartition("/")[2])
    end_now(found, ago=-timedelta(seconds=2))
    time.sleep(2)
    return found


def sees_that_it_won(agent: Walker) -> None:
    agent.sees("您已竞得本拍品", within=OVER)
    agent.look()
    agent.look_narrow()


def sees_who_won(agent: Walker, lot: Lot) -> None:
    agent.sees(f"竞买人 {lot.leader_alias} 号成交", within=OVER)
    agent.look()


def organiser_confirms_the_sale(organiser: Walker) -> None:
    organiser.take_from_desk("确认成交：")
    organiser.confirm("确认成交", "确认成交")


def finance_pays_the_loser_back(finance: Walker, company: str) -> None:
    finance.take_from_desk(f"{company}")
    finance.type(bank_reference=f"REFUND-{company}")
    finance.press("登记退款")
