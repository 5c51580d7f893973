"""A co-owner answers in a browser: asked before it agrees, with the desk that forgets what is answered."""

import pytest
from playwright.sync_api import expect

from tests.journeys.test_desk import enter
from tests.marketplace.outcomes import making
from tests.marketplace.outcomes.owning import Partner, asked_of, sent_with

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def test_a_co_owner_agrees_after_a_question_and_objects_later(visitor, accessible, transactional_db):
    making.set_up()
    institute, partner = making.Institute(), Partner()
    asked = asked_of(sent_with(institute, partner), partner)
    page = visitor()
    enter(page, partner.publisher)
    page.goto("/desk/")
    page.get_by_role("link", name="答复").first.click()
    page.wait_for_load_state("networkidle")
    accessible(page)

    page.get_by_role("button", name="我方同意").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("确认同意")
    question.get_by_role("button", name="取消").click()
    asked.refresh_from_db()
    assert asked.state == "waiting"
    page.get_by_role("button", name="我方同意").click()
    question.get_by_role("button", name="我方同意").click()
    expect(page.locator("main")).to_contain_text("贵单位已同意")
    asked.refresh_from_db()
    assert asked.state == "agreed"
    accessible(page)

    page.fill("[name=reason]", "须先分割份额")
    page.get_by_role("button", name="提交“不同意”").click()
    expect(page.locator("main")).to_contain_text("须先分割份额")
    page.goto("/outcomes/co-owned/")
    accessible(page)
    page.goto("/desk/")
    expect(page.locator("main")).not_to_contain_text("待答复的共有成果")
