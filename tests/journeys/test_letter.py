"""An officer enters an objection that came on paper, in a browser, and reads it on the page of the publicity."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from marketplace.core import clock
from marketplace.deals.publishing import price_publicity
from marketplace.publicity.models import Objection
from tests.journeys.test_desk import enter
from tests.marketplace.deals.factories import PDF, agreed_price, person
from tests.marketplace.publicity.writing import entered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


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

    page.select_option("[name=ground]", "price")
    page.fill("[name=reply_contact]", "0577-8888 0000")
    page.fill("[name=received_on]", clock.today().isoformat())
    page.set_input_files("[name=letter]", {"name": "来信.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="录入异议").click()
    expect(page.locator("main")).to_contain_text("周样例")
    expect(page.locator("main")).to_contain_text("请以电话或信函告知异议人")
    accessible(page)
    assert Objection.objects.get().entered_by == officer


def test_who_entered_it_to_the_wrong_publicity_enters_it_anew(visitor, accessible, transactional_db):
    wrong, right = (price_publicity(agreed_price().deal) for _each in range(2))
    officer = person("officer")
    first = entered(wrong, by=officer, reply_email="", reply_contact="0577-8888 0000")
    page = visitor()
    enter(page, officer)
    page.goto(wrong.get_absolute_url())
    page.get_by_role("link", name="登记有误？更正或撤销登记").click()
    accessible(page)

    page.select_option("[name=to]", right.code)
    page.get_by_role("button", name="重新登记来信").click()
    accessible(page)
    page.fill("[name=mistake]", "误录到另一项公示")
    page.get_by_role("button", name="录入异议").click()

    expect(page.locator("main")).to_contain_text("请电话或书面告知来信人")
    page.goto(wrong.get_absolute_url())
    expect(page.locator("main")).to_contain_text("误录到另一项公示")
    expect(page.locator("main")).to_contain_text("来信现登记编号")
    accessible(page)
    assert [one.publicity for one in Objection.objects.unanswered()] == [right]
    first.refresh_from_db()
    assert first.stands_as.publicity == right


def test_what_was_entered_twice_is_taken_back_after_a_question(visitor, accessible, transactional_db):
    publicity, officer = price_publicity(agreed_price().deal), person("officer")
    letter, twice = entered(publicity, by=officer), entered(publicity, by=officer, signed_for="")
    page = visitor()
    enter(page, officer)
    page.goto(reverse("objection-take-back", args=[twice.code]))

    page.fill("[name=mistake]", "同一来信录入了两次")
    page.select_option("[name=stands_as]", letter.code)
    page.get_by_role("button", name="撤销登记").click()
    accessible(page)
    page.get_by_role("dialog").get_by_role("button", name="撤销登记").click()

    expect(page.locator("main")).to_contain_text("登记已撤销")
    twice.refresh_from_db()
    assert (twice.state, twice.stands_as) == ("taken_back", letter)
