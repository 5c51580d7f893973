"""The scripts in a browser: what they add to pages that work without them."""

import json

import pytest
from playwright.sync_api import expect

from tests.accessibility import barriers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.fixture
def components(page, live_server, settings):
    settings.DEMO = True
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(f"{live_server.url}/components/", wait_until="networkidle")
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_barrier_on_the_components_page(components, theme):
    components.emulate_media(color_scheme=theme, reduced_motion="reduce")  # colours at rest, not half-way

    assert barriers(components) == []
    assert components.faults == []


def test_the_reader_is_brought_to_what_is_wrong(components):
    components.wait_for_function("document.activeElement.hasAttribute('data-error-summary')")

    components.click("[data-error-summary] a")

    assert components.evaluate("document.activeElement.id") == "id_low"


def test_what_is_too_long_is_told_and_not_cut(components):
    title, summary = components.locator("#id_title"), components.locator("#id_summary")

    title.fill("长" * 30)
    summary.fill("字" * 284 + "\n")  # a line's end counts twice where it is sent, but not at the end of all
    title.press("End")
    expect(components.locator("#id_summary_count")).to_have_text("还可输入 16 字")
    assert components.locator("#id_title_count").inner_text() == ""

    title.press_sequentially("𠮷")  # one sign of two halves
    expect(components.locator("#id_title_count")).to_have_text("超出 1 字")
    assert title.input_value() == "长" * 30 + "𠮷"
    assert "id_title_count" in title.get_attribute("aria-describedby")
    assert title.get_attribute("aria-invalid") == "true"

    components.locator("form:has(#id_title)").evaluate("form => form.reset()")
    expect(components.locator("#id_title_count")).to_have_text("")
    assert "id_title_count" not in title.get_attribute("aria-describedby")
    assert title.get_attribute("aria-invalid") is None
    assert components.faults == []


def test_files_beyond_what_is_taken_are_told_at_once_and_not_sent(components):
    report = components.locator("#id_report")
    too_large, one_too_large = (components.locator(f"[data-{kind}-too-large]") for kind in ("files", "file"))
    choose = """(input, [megabytes, most]) => {
        const list = new DataTransfer();
        list.items.add(new File([new Uint8Array(megabytes * 1024 * 1024)], "报告.pdf"));
        input.files = list.files;
        input.dataset.most = most;
        input.dispatchEvent(new Event("change", { bubbles: true }));
    }"""

    for weight, most, said, words in (
        (64, 70, too_large, "共 64.0 MB，一次最多提交 63.0 MB"),
        (51, 50, one_too_large, "报告.pdf 有 51.0 MB，此处单个文件不超过 50.0 MB"),
    ):
        report.evaluate(choose, [weight, most])
        expect(said).to_contain_text(words)
        report.evaluate("input => { document.activeElement.blur(); input.form.requestSubmit(); }")
        assert components.evaluate("document.activeElement.id") == "id_report"
        assert too_large.count() + one_too_large.count() == 1

    report.evaluate(choose, [1, 50])
    expect(one_too_large).to_have_count(0)
    assert components.faults == []


def test_switching_colours_is_kept_in_a_cookie(components):
    components.click(".tools [data-theme-switch]")

    assert components.get_attribute("html", "data-theme") == "dark"
    assert {c["name"]: c["value"] for c in components.context.cookies()}["theme"] == "dark"


def test_a_question_opens_on_the_safe_button(components):
    components.click('[data-dialog="sample-dialog"]')

    assert components.is_visible("#sample-dialog")
    assert components.evaluate("document.activeElement.hasAttribute('data-dialog-close')")

    components.keyboard.press("Escape")
    assert not components.is_visible("#sample-dialog")


def test_rows_are_added_and_taken_away_in_order(components):
    components.fill("#id_rows-1-name", "second")
    components.click("[data-formset-add]")
    assert components.input_value('[name="rows-TOTAL_FORMS"]') == "3"

    components.locator("[data-formset-remove]").first.click()

    assert components.input_value('[name="rows-TOTAL_FORMS"]') == "2"
    assert components.input_value("#id_rows-0-name") == "second"
    assert components.locator("[data-formset-number]").all_inner_texts() == ["1", "2"]


def test_what_is_typed_stays_in_the_other_language(components):
    components.click("[data-formset-add]")
    components.fill("#id_rows-2-name", "third")
    components.fill("#id_title", "typed")
    with components.expect_navigation():
        components.click(".tools [data-keep-typed]")

    components.wait_for_selector("#id_rows-2-name")
    assert components.url.endswith("/en/components/")
    assert components.input_value("#id_rows-2-name") == "third"
    assert components.input_value("#id_title") == "typed"

    components.reload(wait_until="networkidle")
    assert components.locator("#id_rows-2-name").count() == 0
    assert components.faults == []


def test_a_row_that_was_taken_away_does_not_come_back_in_the_other_language(components):
    components.fill("#id_rows-1-name", "second")
    components.locator("[data-formset-remove]").first.click()
    with components.expect_navigation():
        components.click(".tools [data-keep-typed]")

    expect(components.locator("[data-formset-row]")).to_have_count(1)
    assert components.input_value("#id_rows-0-name") == "second"


def test_says_what_an_amount_means(components):
    components.fill("#id_low", "220")

    assert components.inner_text("#id_low + .preview") == "= 220 万元（2,200,000 元）"


def test_says_that_nothing_was_saved_and_keeps_what_was_typed(components):
    components.route("**/components/*", lambda route: route.fulfill(status=500))
    components.fill("#id_title", "typed")

    components.wait_for_selector(".saved.is-unsaved", timeout=5000)

    assert "未保存" in components.inner_text("[data-saved]")
    assert components.input_value("#id_title") == "typed"


FRAME = {
    "lot": "OH-2026-07", "seq": 12, "state": "open", "price": 220_000_000, "price_text": "220 万元", "leader": "5 号",
    "next": [230_000_000, 240_000_000], "next_texts": ["230 万元", "240 万元"], "extensions": 1, "head": "9f3c",
    "ends_at": "2099-01-01T06:08:22Z", "server_time": "2099-01-01T06:03:22Z",
    "events": [
        {"seq": 11, "kind": "bid", "alias": "7 号", "amount": 210_000_000, "amount_text": "210 万元",
         "arrived_at": "2099-01-01T06:01:07.093Z", "hash": "81a0"},
        {"seq": 12, "kind": "bid", "alias": "5 号", "amount": 220_000_000, "amount_text": "220 万元",
         "arrived_at": "2099-01-01T06:03:22.418Z", "hash": "9f3c"},
    ],
}  # fmt: skip

ROOM = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8">
<script type="module" src="/static/js/site.js"></script><body>
<div data-events-url="/stream" data-state="open" data-seq="10" data-own-alias="7 号">
<p data-live="price">200<small>万元</small></p><p data-live="leader" data-words="{alias} 领先"></p>
<p data-countdown data-ends-at="2000-01-01T00:00:00Z"><time></time></p>
<p data-live="next">
<button value="1"><span data-amount>1</span></button><button value="2"></button><button>3</button></p>
<div data-live="position"><template data-position="out"><b>被超过 <i data-cell="amount"></i></b></template></div>
<span class="link" data-live="connection" data-open-words="连接正常" data-lost-words="正在重新连接"></span>
<ol data-live="history"><template data-row="bid">
<li><b data-cell="seq"></b><i data-cell="amount"></i><u data-cell="time"></u>
</li></template><template data-row="bid-own"><li class="mine-row"><b data-cell="seq"></b></li></template></ol>
</div></body></html>"""


def test_the_live_page_writes_what_happened_once(page, live_server):
    body = f"retry: 100\n\nid: 12\ndata: {json.dumps(FRAME)}\n\n"
    page.route("**/room", lambda route: route.fulfill(body=ROOM, content_type="text/html"))
    page.route("**/stream*", lambda route: route.fulfill(body=body, content_type="text/event-stream"))
    page.goto(f"{live_server.url}/room")

    page.wait_for_selector('[data-live="history"] > li')
    page.wait_for_timeout(600)  # the stream ends and is opened again, with the same frame

    assert page.inner_text('[data-live="price"]') == "220万元"
    assert page.inner_text('[data-live="leader"]') == "5 号 领先"
    assert page.inner_text('[data-live="position"]') == "被超过 210万元"
    assert page.locator('[data-live="history"] b').all_inner_texts() == ["12", "11"]
    assert page.locator('[data-live="history"] u').all_inner_texts() == ["14:03:22.418"]
    assert page.locator('[data-live="next"] button').first.get_attribute("value") == "230000000"
    assert not page.locator('[data-live="next"] button').nth(2).is_visible()
    assert page.inner_text("[data-countdown] time") == "05:00"
