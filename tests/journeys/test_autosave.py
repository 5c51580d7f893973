"""Autosave in a browser: kept without a press, and nothing lost without connection or signed out."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from marketplace.core.classifications import Industry
from marketplace.needs.models import TechnologyNeed
from tests.factories.people import organisation, person
from tests.journeys.test_desk import enter
from tests.marketplace.outcomes import making

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 15_000


@pytest.fixture
def writing(visitor, transactional_db):
    """Return a page on which a publisher writes a draft, with the draft and a function for the words of the state."""
    making.set_up()
    institute = making.Institute()
    outcome = institute.draft()
    page = visitor()
    enter(page, institute.publisher)
    page.goto(reverse("outcome-edit", args=[outcome.number]))
    page.wait_for_load_state("networkidle")

    def says(words):
        expect(page.locator("[data-saved]")).to_contain_text(words, timeout=SOON)

    return page, outcome, says


def title_of(outcome):
    return making.fresh(outcome).newest_version.title


def test_what_is_typed_is_kept_without_a_press(writing):
    page, outcome, says = writing

    page.fill("[name=title]", "自动保存的名称")
    says("已自动保存")

    assert title_of(outcome) == "自动保存的名称"


def test_a_need_that_is_written_for_the_first_time_becomes_a_draft_with_its_title(visitor, transactional_db):
    manager = person()
    organisation(manager=manager)
    page = visitor()
    enter(page, manager)
    page.goto(reverse("need-new"))
    page.wait_for_load_state("networkidle")
    state = page.locator("[data-saved]")

    page.fill("[name=problem]", "门锁待机一年要换四次电池。")
    expect(state).to_contain_text("还没有保存", timeout=SOON)
    page.fill("[name=title]", "门锁待机功耗")
    expect(state).to_contain_text("已自动保存", timeout=SOON)

    need = TechnologyNeed.objects.get()
    page.wait_for_url(f"**{reverse('need-edit', args=[need.code])}")
    page.reload()
    assert page.input_value("[name=problem]") == "门锁待机一年要换四次电池。"


@pytest.mark.long
def test_the_sum_of_the_shares_follows_what_is_typed(writing):
    page, _outcome, _says = writing
    wrong, right = page.locator("[data-shares-wrong]"), page.locator("[data-shares-total]")
    expect(right).to_be_visible()
    expect(wrong).to_be_hidden()

    page.fill("[name=co_owners-0-share]", "60")
    expect(wrong).to_contain_text("60%")
    expect(wrong).to_contain_text("40%")
    expect(right).to_be_hidden()
    page.fill("[name=co_owners-1-share]", "４０ %")
    expect(right).to_contain_text("100")
    expect(wrong).to_be_hidden()
    page.fill("[name=co_owners-1-share]", "40.5")
    expect(wrong).to_contain_text("0.5%")


@pytest.mark.long
def test_a_file_that_is_sent_at_once_takes_nothing_away(writing):
    page, outcome, _says = writing
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.set_input_files(
        "form[action$='/files/'] input[type=file]", {"name": "a.exe", "mimeType": "x/y", "buffer": b"MZ"}
    )
    page.fill("[name=title]", "上传之前写的名称")
    page.fill("[name=price_low]", "面议或五百万")  # what cannot be saved is not lost either
    with page.expect_navigation():
        page.click("form[action$='/files/'] button:not([type=button])")

    expect(page.locator("[name=price_low]")).to_have_value("面议或五百万")
    assert asked == []  # nothing is lost, so nobody is asked whether to leave
    assert page.input_value("[name=title]") == "上传之前写的名称"
    assert title_of(outcome) == "上传之前写的名称"


@pytest.mark.long
def test_a_file_too_large_to_be_sent_does_not_take_the_warning_away(writing):
    page, _outcome, says = writing
    asked, upload = [], page.locator("form[action$='/files/']")
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.fill("[name=price_low]", "面议或五百万")
    says("以下内容除外")
    upload.locator("input[type=file]").evaluate(
        """input => {
            const list = new DataTransfer();
            list.items.add(new File([new Uint8Array(2 * 1024 * 1024)], "报告.pdf"));
            input.files = list.files;
            input.dataset.most = 1;
            input.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )

    upload.locator("button:not([type=button])").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-file-too-large]")).to_have_count(1)
    page.goto("/")

    assert asked == ["beforeunload"]


@pytest.mark.long
def test_without_connection_it_says_so_sends_nothing_and_saves_later(writing):
    page, outcome, says = writing
    address = page.url
    page.context.set_offline(True)

    page.fill("[name=title]", "断线时写的名称")
    page.click("button[name=action][value=save]")
    says("连接中断")
    there = page.url, page.input_value("[name=title]")
    page.context.set_offline(False)
    says("已自动保存")

    assert there == (address, "断线时写的名称")
    assert title_of(outcome) == "断线时写的名称"


@pytest.mark.long
def test_signed_out_it_says_so_and_saves_after_signing_in_again(writing):
    page, outcome, says = writing
    address, cookies, before = page.url, page.context.cookies(), title_of(outcome)
    page.context.clear_cookies(name="sessionid")

    page.fill("[name=title]", "退出后写的名称")
    page.click("button[name=action][value=save]")
    says("已退出登录")
    there = page.url, page.input_value("[name=title]"), title_of(outcome)
    page.context.add_cookies(cookies)
    page.evaluate("dispatchEvent(new Event('focus'))")
    says("已自动保存")

    assert there == (address, "退出后写的名称", before)
    assert title_of(outcome) == "退出后写的名称"


@pytest.mark.long
def test_what_cannot_be_read_is_told_in_words_and_marked_until_it_is_mended(writing):
    page, outcome, says = writing
    share = page.locator("[name=co_owners-0-share]")

    page.fill("[name=title]", "其余照常保存")
    page.fill("[name=price_low]", "很多")
    share.fill("六成")
    says("价格下限")
    bar = page.locator("[data-saved]").inner_text()
    field = page.locator(".field", has=page.locator("[name=price_low]"))
    typed = page.input_value("[name=price_low]"), share.input_value()

    assert typed == ("很多", "六成")
    assert "份额（%）：" in bar
    expect(field).to_have_class("field field--error")
    expect(page.locator("[name=price_low]")).to_have_attribute("aria-invalid", "true")
    why = page.locator("[name=price_low]").get_attribute("aria-describedby").split()[-1]
    assert page.locator(f"#{why}").inner_text().rstrip("。") in bar
    assert title_of(outcome) == "其余照常保存"

    page.fill("[name=price_low]", "80")
    share.fill("100")
    says("已自动保存")

    expect(field).to_have_class("field")
    expect(page.locator("[data-unsaved]")).to_have_count(0)
    expect(page.locator("[name=price_low]")).not_to_have_attribute("aria-invalid", "true")
    assert making.fresh(outcome).newest_version.price_low == 80_000_000


@pytest.mark.long
def test_industries_are_found_ticked_by_keyboard_and_carried_to_the_top(writing):
    page, outcome, says = writing
    page.set_viewport_size({"width": 390, "height": 844})
    name = Industry.objects.get(code="C3443").name

    page.fill("[data-pick-search]", "C3443")
    box = page.locator("[data-pick-group]:not([hidden]) label:not([hidden]) input")
    expect(box).to_have_count(1)
    box.focus()
    page.keyboard.press("Space")
    says("已自动保存")

    expect(page.locator("[data-pick-chosen]")).to_contain_text(name)
    assert "C3443" in {each.code for each in making.fresh(outcome).newest_version.industries.all()}
    page.locator("[data-pick-chosen] label", has_text=name).locator("input").uncheck()
    expect(page.locator("[data-pick-chosen]")).not_to_contain_text(name)
    page.fill("[data-pick-search]", "没有这样的行业")
    expect(page.locator("[data-pick-nothing]")).to_be_visible()


@pytest.mark.long
def test_without_script_the_groups_are_opened_and_ticked_by_hand(browser, live_server, transactional_db):
    making.set_up()
    institute = making.Institute()
    outcome = institute.draft()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    enter(page, institute.publisher)
    page.goto(reverse("outcome-edit", args=[outcome.number]))
    group = page.locator("[data-pick-group]", has_text="C3443")

    group.locator("summary").click()
    group.locator("label", has_text="C3443").locator("input").check()
    page.click("button[name=action][value=save]")

    expect(page.locator("[data-pick-chosen]")).to_contain_text("C3443")
    context.close()
