"""The board of deals in a browser: menu, drag and keys lead to the same page; what is refused stays where it was."""

import pytest
from playwright.sync_api import expect

from marketplace.deals.models import Deal
from tests.journeys.cast import company, set_the_stage
from tests.marketplace.deals.factories import from_interest, interest, rules
from tests.marketplace.matching.factories import outcome

pytestmark = pytest.mark.long


@pytest.fixture
def seller(browser, house):
    """The publisher of an institute with one deal under way."""
    cast = set_the_stage()
    rules()
    from_interest(on=outcome(of=cast.institute), of=cast.enterprise)
    interest(on=outcome(of=cast.institute), of=cast.enterprise)
    with company(browser, house.address) as at_browser:
        yield at_browser(cast.people.publisher)


def card(seller):
    return column(seller, "negotiation").locator("article.deal")


def column(seller, state):
    return seller.page.locator(f'[data-state="{state}"]')


@pytest.mark.django_db(transaction=True)
def test_menu_drag_and_keys_move_a_deal(seller):
    seller.open("/deals/")
    seller.look_narrow()
    _the_menu_leads_to_the_move(seller)
    _dragged_to_the_wrong_column_it_stays(seller)
    _keys_move_it_too(seller)
    _a_refused_form_is_read_in_the_other_language(seller)
    _dragged_it_moves(seller)
    _interest_dragged_becomes_a_deal(seller)
    _the_room_is_looked_at(seller)
    assert sorted(Deal.objects.values_list("state", flat=True)) == ["negotiation", "pricing"]


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


def _a_refused_form_is_read_in_the_other_language(seller):
    seller.open(Deal.objects.get().get_absolute_url())
    seller.type(mode=["listing"])
    seller.press("选定")
    refused = seller.address
    seller.type(text="还没有写完")
    with seller.page.expect_navigation():
        seller.page.locator(".tools [data-keep-typed]").click()
    seller.page.get_by_text("only takes a form").wait_for()
    assert (refused.endswith("/pricing/"), seller.address.startswith("/en/deals/")) == (True, True)
    expect(seller.field("text")).to_have_value("还没有写完")
    expect(seller.field("mode").and_(seller.page.locator("[value=listing]"))).to_be_checked()
    seller.look_narrow()
    seller.open("/deals/")


def _dragged_it_moves(seller):
    _drag(seller, "pricing")
    seller.type(mode=["agreed"])
    seller.press("移动交易")
    assert seller.address == "/deals/"
    assert column(seller, "pricing").locator("article").count() == 1


def _interest_dragged_becomes_a_deal(seller):
    waiting = column(seller, "interest").locator("article.deal")
    with seller.page.expect_navigation():
        waiting.drag_to(column(seller, "negotiation"))
    seller.look_narrow()
    seller.press("接受并建立交易")
    assert seller.address == "/deals/"
    assert (waiting.count(), card(seller).count()) == (0, 1)


def _the_room_is_looked_at(seller):
    deal = Deal.objects.get(state="pricing").get_absolute_url()
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


@pytest.fixture
def busy_seller(browser, house, monkeypatch):
    """The publisher of an institute with five deals in one stage, of which a column shows two at first."""
    monkeypatch.setattr("marketplace.deals.listed.ON_THE_BOARD", 4)
    cast = set_the_stage()
    rules()
    for _ in range(5):
        from_interest(on=outcome(of=cast.institute), of=cast.enterprise)
    with company(browser, house.address) as at_browser:
        yield at_browser(cast.people.publisher)


@pytest.mark.django_db(transaction=True)
def test_cards_brought_later_are_moved_like_the_first(busy_seller):
    later = Deal.objects.order_by("moved_at", "pk")[2]
    one = busy_seller.page.locator(f'article[data-move="/deals/{later.code}/move/"]')
    _more_comes_by_key_and_the_focus_goes_on(busy_seller, one)
    busy_seller.look_narrow()
    _its_menu_opens_and_leads_to_the_move(busy_seller, one)
    _bring_more(busy_seller)
    with busy_seller.page.expect_navigation():
        one.drag_to(column(busy_seller, "registration"))
    busy_seller.page.get_by_text("交易不能从“洽谈”转到").wait_for()
    _bring_more(busy_seller)
    one.locator("a").first.focus()
    with busy_seller.page.expect_navigation():
        busy_seller.page.keyboard.press("Shift+ArrowRight")
    assert busy_seller.page.url.endswith(f"/deals/{later.code}/move/?to=pricing")


def _bring_more(seller):
    seller.page.get_by_text("还有 3 宗交易").click()
    card(seller).nth(4).wait_for()


def _more_comes_by_key_and_the_focus_goes_on(seller, one):
    seller.open("/deals/")
    assert card(seller).count() == 2
    seller.page.get_by_text("还有 3 宗交易").focus()
    seller.page.keyboard.press("Enter")
    card(seller).nth(4).wait_for()
    assert card(seller).count() == 5
    assert seller.address == "/deals/"
    assert seller.page.get_by_text("还有").count() == 0
    expect(one.locator("a").first).to_be_focused()
    assert one.evaluate("card => card.draggable")


def _its_menu_opens_and_leads_to_the_move(seller, one):
    one.locator("summary").click()
    with seller.page.expect_navigation():
        one.get_by_text("→ 定价").click()
    assert seller.address.endswith("/move/")
    seller.open("/deals/")
