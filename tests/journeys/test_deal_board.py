"""The board of deals in a browser: menu, drag and keys lead to the same page; what is refused stays where it was."""

import pytest

from marketplace.deals.models import Deal
from tests.journeys.cast import company, set_the_stage
from tests.marketplace.deals.factories import from_interest, rules
from tests.marketplace.matching.factories import outcome


@pytest.fixture
def seller(browser, house):
    """The publisher of an institute with one deal under way."""
    cast = set_the_stage()
    rules()
    from_interest(on=outcome(of=cast.institute), of=cast.enterprise)
    with company(browser, house.address) as at_browser:
        yield at_browser(cast.people.publisher)


def card(seller):
    return seller.page.locator("article.deal")


def column(seller, state):
    return seller.page.locator(f'[data-state="{state}"]')


@pytest.mark.django_db(transaction=True)
def test_menu_drag_and_keys_move_a_deal(seller):
    seller.open("/deals/")
    seller.look_narrow()
    _the_menu_leads_to_the_move(seller)
    _dragged_to_the_wrong_column_it_stays(seller)
    _keys_move_it_too(seller)
    _dragged_it_moves(seller)
    _the_room_is_looked_at(seller)
    assert Deal.objects.get().state == "pricing"


def _the_menu_leads_to_the_move(seller):
    card(seller).locator("summary").click()
    seller.follow("→ 定价")
    assert seller.address.endswith("/move/")
    seller.look_narrow()
    seller.open("/deals/?view=list")
    seller.look()
    seller.look_narrow()
    seller.open("/deals/")


def _drag(seller, state):
    with seller.page.expect_navigation():
        card(seller).drag_to(column(seller, state))


def _dragged_to_the_wrong_column_it_stays(seller):
    _drag(seller, "registration")
    seller.page.get_by_text("交易不能从“洽谈”转到").wait_for()
    assert column(seller, "negotiation").locator("article").count() == 1


def _keys_move_it_too(seller):
    card(seller).locator("a").first.focus()
    with seller.page.expect_navigation():
        seller.page.keyboard.press("Shift+ArrowRight")
    assert seller.page.url.endswith("?to=pricing")
    seller.open("/deals/")


def _dragged_it_moves(seller):
    _drag(seller, "pricing")
    seller.type(mode=["agreed"])
    seller.press("移动交易")
    assert seller.address == "/deals/"
    assert column(seller, "pricing").locator("article").count() == 1


def _the_room_is_looked_at(seller):
    deal = Deal.objects.get().get_absolute_url()
    seller.open(f"{deal}terms/")
    for price in ("一次付清", "分三期支付"):
        seller.type(subject="专利两件", price_terms=price)
        seller.press("保存版本")
    seller.sees("已修改")
    seller.look()
    seller.look_narrow()
    seller.open(deal)
    seller.look_narrow()
    seller.follow("文件查阅记录")
    seller.look_narrow()


@pytest.mark.django_db(transaction=True)
def test_at_a_usual_width_every_column_is_seen(seller):
    seller.page.set_viewport_size({"width": 1280, "height": 900})
    seller.open("/deals/")

    beyond = seller.page.locator("[data-board]").evaluate("board => board.scrollWidth - board.clientWidth")

    assert beyond == 0
