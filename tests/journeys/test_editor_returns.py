"""An editor's session ends while a page is open: what was typed is saved after all."""

import pytest

from cms.portal.pages import GeneralPage
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories import people
from tests.journeys.cast import company
from tests.standing_site import ensure_site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def test_what_was_typed_is_saved_after_the_session_ended(browser, house):
    ensure_site()
    set_up_groups()
    about = GeneralPage.objects.get(slug="about", locale__language_code="zh-hans")
    with company(browser, house.address) as at_browser:
        page = at_browser(people.staff(Role.EDITOR, username="editor", name="样例编辑")).page
        page.goto(f"/admin/pages/{about.pk}/edit/")
        kept = page.context.cookies()
        page.locator("#id_title").fill("改过的标题")
        page.context.clear_cookies(name="sessionid")
        page.get_by_role("button", name="保存草稿").first.click()
        page.get_by_role("heading", name="登录已失效，您填写的内容还在").wait_for()

        page.context.add_cookies([each for each in kept if each["name"] == "sessionid"])
        page.context.clear_cookies(name="csrftoken")  # signing in gives another one
        page.get_by_role("button", name="再发送一次").click()
        page.get_by_role("heading", name="您已登录，请再发送一次").wait_for()
        page.get_by_role("button", name="再发送一次").click()
        page.get_by_text("改过的标题").first.wait_for()

    about.refresh_from_db()
    assert about.get_latest_revision_as_object().title == "改过的标题"
    assert about.title != "改过的标题"
