"""An editor writes: news in Chinese with a picture, the same in English, a text that stays; readers find them."""

import re
from io import BytesIO

import pytest
from django.core.cache import cache
from PIL import Image

from cms.portal.pages import GeneralPage, NewsIndexPage, NewsPage
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories import people
from tests.journeys.cast import company
from tests.standing_site import ensure_site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
TITLE, TITLE_EN = "样例：技术转移开放日报名开始", "Sample: sign up for the open day"


@pytest.fixture
def editor(browser, house, settings, tmp_path):
    """An editor at a browser, on a site with its first pages; what is uploaded goes to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    ensure_site()
    set_up_groups()
    with company(browser, house.address) as at_browser:
        yield at_browser(people.staff(Role.EDITOR, username="editor", name="样例编辑"))


@pytest.fixture
def reads(visitor, house):
    """Return a function that opens a page for somebody who just came, after the half minute the portal remembers."""
    page = visitor()

    def read(path):
        cache.clear()
        page.goto(f"{house.address}{path}")
        return page

    return read


def picture():
    file = BytesIO()
    Image.new("RGB", (1200, 800), (23, 104, 90)).save(file, "PNG")
    return {"name": "开放日.png", "mimeType": "image/png", "buffer": file.getvalue()}


def begin(page, kind, parent):
    page.goto(f"/admin/pages/add/cms/{kind}/{parent.pk}/")


def add_block(page, words):
    page.get_by_role("button", name="插入内容块").last.click()
    page.get_by_role("option", name=words, exact=True).click()


def write_text(page, words):
    add_block(page, "正文")
    page.locator(".public-DraftEditor-content").last.click()
    page.keyboard.type(words)
    # the editor hands its text to the form a moment after the last key
    page.wait_for_function(
        "words => [...document.querySelectorAll('[name^=body-][name$=-value]')].some(i => i.value.includes(words))",
        arg=words,
    )


def upload_picture(page):
    add_block(page, "图片")
    page.get_by_role("button", name=re.compile("选择.*图")).last.click()
    page.get_by_role("tab", name="上传").click()
    page.set_input_files(".modal input[type=file]", picture())
    title = page.locator(".modal [name$=-title]").last
    page.wait_for_function("field => field.value", arg=title.element_handle())  # the file's name becomes the title
    page.locator(".modal button[type=submit]").last.click()
    page.locator(".modal").wait_for(state="detached")
    page.fill("[name$='-value-alt']", "开放日现场")


def publish(page):
    page.get_by_role("button", name="更多动作").click()
    with page.expect_navigation():
        page.click("[name=action-publish]")
    page.locator(".messages").get_by_text(re.compile("(已创建并|已经)发布")).wait_for()


def translate(page, news):
    """Begin the English version of a page, as the menu of the page offers it."""
    page.goto(f"/admin/translation/submit/page/{news.pk}/")
    page.locator("[type=checkbox][name=locales]").check()
    with page.expect_navigation():
        page.locator("form:has([name=locales]) [type=submit]").last.click()
    return NewsPage.objects.get(translation_key=news.translation_key, locale__language_code="en")


def test_news_in_both_languages_with_a_picture(editor, reads):
    page = editor.page
    begin(page, "newspage", NewsIndexPage.objects.get(locale__language_code="zh-hans"))
    page.fill("[name=title]", TITLE)
    page.fill("[name=summary]", "十二月八日，企业和院所都可以报名。")
    write_text(page, "开放日在样例会场举行。")
    upload_picture(page)
    publish(page)
    english = translate(page, NewsPage.objects.get(title=TITLE))
    page.goto(f"/admin/pages/{english.pk}/edit/")
    page.fill("[name=title]", TITLE_EN)
    page.fill("[name=summary]", "Everybody is welcome on 8 December.")
    publish(page)

    for prefix, title in (("", TITLE), ("/en", TITLE_EN)):
        assert reads(f"{prefix}/").get_by_text(title).count() == 1
        reader = reads(f"{prefix}/news/")
        with reader.expect_navigation():
            reader.get_by_role("link", name=title).click()
        shown = reader.get_by_alt_text("开放日现场")
        shown.scroll_into_view_if_needed()
        reader.wait_for_function("image => image.complete", arg=shown.element_handle())
        assert shown.evaluate("image => image.naturalWidth") == 960
    assert editor.broken == []


def test_a_text_that_stays_is_named_in_the_foot(editor, reads):
    page = editor.page
    begin(page, "generalpage", GeneralPage.objects.get(slug="about", locale__language_code="zh-hans").get_parent())
    page.fill("[name=title]", "样例：收费说明")
    write_text(page, "平台不收取信息发布费。")
    publish(page)

    reader = reads("/")
    with reader.expect_navigation():
        reader.locator("footer").get_by_role("link", name="样例：收费说明").click()

    assert reader.get_by_role("heading", name="样例：收费说明").count() == 1
    assert reader.get_by_text("平台不收取信息发布费。").count() == 1
    assert editor.broken == []


def test_a_draft_that_is_being_saved_does_not_spoil_its_publishing(editor):
    """Whoever publishes while the answer to an autosave is on its way sent the new page twice."""
    page = editor.page
    page.route("**/admin/pages/add/**", keep_the_answer)
    begin(page, "newspage", NewsIndexPage.objects.get(locale__language_code="zh-hans"))
    page.fill("[name=title]", TITLE)
    write_text(page, "开放日在样例会场举行。")
    page.wait_for_timeout(1500)  # three times as long as Wagtail waits before it saves
    publish(page)

    assert [news.live for news in NewsPage.objects.filter(title=TITLE)] == [True]


def keep_the_answer(route):
    """Let the server answer what a script asks, and the page wait for it."""
    if route.request.resource_type == "fetch":
        route.fetch()
    else:
        route.continue_()


def test_a_day_that_does_not_exist_stays_as_typed(editor):
    page = editor.page
    begin(page, "newspage", NewsIndexPage.objects.get(locale__language_code="zh-hans"))

    page.fill("[name=published_on]", "2031-02-30")
    page.focus("[name=summary]")

    assert page.input_value("[name=published_on]") == "2031-02-30"
