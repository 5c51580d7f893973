"""An officer enters an objection that came on paper, in a browser, and reads it on the page of the publicity."""

import pytest
from playwright.sync_api import expect

from marketplace.core import clock
from marketplace.deals.publishing import price_publicity
from marketplace.publicity.models import Objection
from tests.journeys.test_desk import enter
from tests.marketplace.deals.factories import PDF, agreed_price, person

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_officer_enters_a_letter(visitor, accessible, transactional_db):
    publicity = price_publicity(agreed_price().deal)
    officer = person("officer")
    page = visitor()
    enter(page, officer)
    page.goto(publicity.get_absolute_url())
    page.get_by_role("link", name="录入书面异议").click()
    accessible(page)

    page.fill("[name=signed_by]", "周样例")
    page.fill("[name=text]", "价格低于同类成果。")
    page.get_by_role("button", name="录入异议").click()
    expect(page.locator("main")).to_contain_text("请填写电子邮箱，或者电话、通信地址")
    accessible(page)
    assert page.input_value("[name=text]") == "价格低于同类成果。"

    page.fill("[name=reply_contact]", "0577-8888 0000")
    page.fill("[name=received_on]", clock.today().isoformat())
    page.set_input_files("[name=letter]", {"name": "来信.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="录入异议").click()
    expect(page.locator("main")).to_contain_text("周样例")
    expect(page.locator("main")).to_contain_text("请以电话或信函告知异议人")
    accessible(page)
    assert Objection.objects.get().entered_by == officer
