"""An editor writes: news in Chinese with a picture, the same in English, a text that stays; readers find them."""

import re
from io import BytesIO

import pytest
from PIL import Image

from cms.portal.pages import NewsIndexPage, NewsPage
from cms.portal.site import ensure_site
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories import people
from tests.journeys.cast import company

TITLE, TITLE_EN = "样例：技术转移开放日报名开始", "Sample: sign up for the open day"


@pytest.fixture
def editor(browser, house, settings, tmp_path):
    """An editor at a browser, on a site with its first pages; what is uploaded goes to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    ensure_site()
    set_up_groups()
    with company(browser, house.address) as at_browser:
        yield at_browser(people.staff(Role.EDITOR, username="editor", name="样例编辑"))


def picture():
    file = BytesIO()
    Image.new("RGB", (1200, 800), (23, 104, 90)).save(file, "PNG")
    return {"name": "开放日.png", "mimeType": "image/png", "buffer": file.getvalue()}


def add_block(page, words):
    page.get_by_role("button", name="Insert a block").or_(page.locator("[title='Insert a block']")).last.click()
    page.get_by_role("option", name=words, exact=True).click()


def write_text(page, words):
    add_block(page, "正文")
    page.locator(".public-DraftEditor-content").last.click()
    page.keyboard.type(words)
    # the editor hands its text to the form a moment after the last key
    page.wait_for_function(
        "words => [...document.querySelectorAll('[data-draftail-input]')].some(i => i.value.includes(words))", arg=words
    )


def upload_picture(page):
    add_block(page, "图片")
    page.get_by_role("button", name=re.compile("选择.*图")).last.click()
    page.get_by_role("tab", name="上传").click()
    page.set_input_files(".modal input[type=file]", picture())
    page.locator(".modal button[type=submit]").last.click()
    page.locator(".modal").wait_for(state="detached")
    page.fill("[name$='-value-alt']", "开放日现场")


def publish(page):
    page.get_by_role("button", name="更多动作").click()
    with page.expect_navigation():
        page.click("[name=action-publish]")
    page.locator(".messages").get_by_text("已经发布").wait_for()


@pytest.mark.django_db(transaction=True)
def test_news_in_both_languages_with_a_picture(editor, visitor, house):
    page, index = editor.page, NewsIndexPage.objects.get(locale__language_code="zh-hans")
    editor.page.goto(f"/admin/pages/add/cms/newspage/{index.pk}/")
    page.fill("[name=title]", TITLE)
    page.fill("[name=summary]", "十二月八日，企业和院所都可以报名。")
    write_text(page, "开放日在样例会场举行。")
    upload_picture(page)
    publish(page)

    news = NewsPage.objects.get(title=TITLE)
    page.goto(f"/admin/translation/submit/page/{news.pk}/")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    english = NewsPage.objects.get(translation_key=news.translation_key, locale__language_code="en")
    page.goto(f"/admin/pages/{english.pk}/edit/")
    page.fill("[name=title]", TITLE_EN)
    page.fill("[name=summary]", "Everybody is welcome on 8 December.")
    publish(page)

    reader = visitor()
    for prefix, title in (("", TITLE), ("/en", TITLE_EN)):
        reader.goto(f"{house.address}{prefix}/")
        assert reader.get_by_text(title).count() == 1
        reader.goto(f"{house.address}{prefix}/news/")
        with reader.expect_navigation():
            reader.get_by_role("link", name=title).click()
        shown = reader.get_by_alt_text("开放日现场")
        shown.scroll_into_view_if_needed()
        reader.wait_for_function("image => image.complete", arg=shown.element_handle())
        assert shown.evaluate("image => image.naturalWidth") == 960
    assert editor.broken == []


@pytest.mark.django_db(transaction=True)
def test_a_text_that_stays_is_named_in_the_foot(editor, visitor, house):
    home = NewsIndexPage.objects.get(locale__language_code="zh-hans").get_parent()
    page = editor.page
    page.goto(f"/admin/pages/add/cms/generalpage/{home.pk}/")
    page.fill("[name=title]", "样例：收费说明")
    write_text(page, "平台不收取信息发布费。")
    publish(page)

    reader = visitor()
    reader.goto(f"{house.address}/")
    with reader.expect_navigation():
        reader.locator("footer").get_by_role("link", name="样例：收费说明").click()

    assert reader.get_by_role("heading", name="样例：收费说明").count() == 1
    assert reader.get_by_text("平台不收取信息发布费。").count() == 1
    assert editor.broken == []
