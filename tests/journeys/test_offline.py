"""The district takes an outcome offline in a browser; its author is led from the desk to the reason and the draft."""

import pytest
from playwright.sync_api import expect

from tests.journeys.test_desk import enter
from tests.marketplace.outcomes import making
from tests.marketplace.reviews.test_offline import WHY, drafted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def test_an_outcome_goes_offline_with_a_reason_that_its_author_reads(visitor, accessible, transactional_db):
    making.set_up()
    institute = making.Institute()
    outcome = drafted(institute, institute.published(), 777 * making.WAN)
    page = visitor()
    enter(page, institute.officer)
    page.goto(outcome.get_absolute_url())
    page.get_by_role("link", name="下架", exact=True).click()
    page.get_by_role("button", name="下架", exact=True).click()
    expect(page.locator("[name=reason]")).to_have_attribute("aria-invalid", "true")
    assert making.fresh(outcome).live
    accessible(page)

    page.fill("[name=reason]", WHY)
    page.get_by_role("button", name="下架", exact=True).click()
    expect(page.locator("#offline")).to_contain_text(WHY)
    expect(page.locator("#newer-draft")).to_contain_text("草稿")
    expect(page.locator(".strip")).to_contain_text("80–180")
    assert not making.fresh(outcome).live
    accessible(page)

    page = visitor()
    enter(page, institute.publisher)
    page.goto("/desk/")
    expect(page.locator("main")).to_contain_text(WHY)
    page.get_by_role("link", name="修改后重新送审").click()
    expect(page.locator("#offline")).to_contain_text(WHY)
    expect(page.locator("main")).to_contain_text("777")
    accessible(page)
