"""The search in a browser: keyboard, facets and the way back, a telephone, no script, no barrier."""

import pytest

from search.documents import SOURCES
from search.indexing import rebuild_index
from tests.marketplace.matching import factories as matching
from tests.marketplace.outcomes import making

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.fixture
def trade(transactional_db, tmp_path, settings):
    """Two outcomes of different readiness and a need about the same thing, in the index."""
    settings.SEARCH_DIR = tmp_path / "search"
    making.set_up()
    owner = matching.institute()
    ripe = {"trl": 8, "modes": ["ordinary"], "summary": "用于智能锁，待机电流 18 微安，四节干电池可用一年。"}
    matching.outcome(of=owner, title="低功耗指静脉识别模组", **ripe)
    matching.outcome(of=owner, title="指静脉采集装置", **ripe | {"trl": 3})
    matching.need(title="指静脉识别误识率控制")
    for kind in SOURCES:
        rebuild_index(kind)


def results(page):
    return page.locator(".result h3").all_inner_texts()


def test_suggestions_are_chosen_with_the_keyboard(visitor, accessible, trade):
    page = visitor()
    page.goto("/search/")
    box = page.locator("#q")
    box.press_sequentially("指静脉")
    page.locator("[role=option]").nth(2).wait_for()
    accessible(page)

    box.press("ArrowDown")
    first = box.get_attribute("aria-activedescendant")
    box.press("ArrowUp")
    last = box.get_attribute("aria-activedescendant")
    box.press("Escape")
    closed = box.get_attribute("aria-expanded"), box.get_attribute("aria-activedescendant"), box.input_value()
    box.press("ArrowDown")
    page.locator("[role=option]").first.wait_for()
    box.press("ArrowDown")
    words = page.locator('[role=option][aria-selected="true"]').inner_text()
    box.press("Enter")
    page.wait_for_url("**/search/?q=*")

    assert first.endswith("-0")
    assert last.endswith("-2")
    assert closed == ("false", None, "指静脉")
    assert page.locator("#q").input_value() == words
    assert words in results(page)


def test_a_facet_is_chosen_and_the_back_button_takes_it_back(visitor, trade):
    page = visitor()
    page.goto("/search/?q=指静脉")
    page.locator(".tabs a", has_text="成果").click()
    page.wait_for_url("**kind=outcome**")
    both = results(page)
    page.locator('.facets input[value="7-9"]').check()
    page.wait_for_url("**trl=7-9**")
    one, address = results(page), page.url
    page.go_back()
    page.wait_for_url(lambda url: "trl" not in url)

    assert set(both) == {"低功耗指静脉识别模组", "指静脉采集装置"}
    assert one == ["低功耗指静脉识别模组"]
    assert "kind=outcome" in address
    assert results(page) == both
    assert not page.locator('.facets input[value="7-9"]').is_checked()
    page.goto(address)
    assert results(page) == one


def test_no_barrier_and_nothing_too_wide(visitor, accessible, trade):
    page = visitor()
    wide = []
    for address in (
        "/search/", "/search/?q=指静脉", "/search/?kind=outcome&q=指静脉", "/search/?q=没有这样的成果",
        "/search/?kind=need&closing=soon", "/search/?kind=outcome&q=指晶脉采集", "/search/text/",
        "/en/search/?kind=page",
    ):  # fmt: skip
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        accessible(page)
        page.set_viewport_size({"width": 390, "height": 844})
        accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        wide += [(address, width)] if width > 390 else []

    assert wide == []


def test_what_a_text_has_in_common_is_read_whole_on_a_phone(visitor, trade):
    page = visitor()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/search/text/")
    page.locator("textarea").fill("智能锁待机电流偏高，四节干电池只能用半年，求低功耗的指静脉识别模组，另附采集装置。")
    page.locator("main form button").last.click()
    page.locator(".result .tag--on").first.wait_for()

    words = page.locator(".result .tag--on").first.inner_text()
    wide = page.locator(".result").evaluate_all(
        "all => all.filter((each) => each.scrollWidth > each.clientWidth).length"
    )

    assert len(words) > 25
    assert wide == 0


def test_everything_works_without_script(browser, live_server, trade):
    context = browser.new_context(base_url=live_server.url, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto("/search/")
    page.locator("#q").fill("指静脉")
    with page.expect_navigation():
        page.locator("main form[role=search] button").click()
    with page.expect_navigation():
        page.locator(".tabs a", has_text="成果").click()
    page.locator('.facets input[value="1-3"]').check()
    with page.expect_navigation():
        page.locator(".facets button").click()
    chosen, tab = results(page), page.locator(".tabs [aria-current]").inner_text()
    page.goto("/search/text/")
    page.locator("textarea").fill("智能锁待机电流偏高，四节干电池只能用半年，求低功耗的指静脉识别模组。" * 3)
    with page.expect_navigation():
        page.locator("main form button").click()
    near = results(page)
    context.close()

    assert chosen == ["指静脉采集装置"]
    assert tab.startswith("成果")
    assert near[0] == "低功耗指静脉识别模组"
