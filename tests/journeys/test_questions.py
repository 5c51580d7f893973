"""The question before what cannot be undone: it comes after the form is checked; a double click does not answer it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.journeys.test_desk import enter
from tests.marketplace.contracts.factories import number_of, person, submitted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.fixture
def decision(visitor, transactional_db):
    """Return a registrar's page of entering a contract in the register, and the contract."""
    contract, _by = submitted()
    page = visitor()
    enter(page, person("registrar"))
    page.goto(reverse("contract-register", args=[contract.code]))
    return page, contract


def test_a_double_click_leaves_the_question_open(decision, accessible):
    page, contract = decision
    page.fill("[name=number]", number_of(1))

    page.locator("[data-dialog=sure]").dblclick()

    question = page.get_by_role("dialog")
    expect(question).to_be_visible()
    expect(question).to_contain_text(number_of(1))
    accessible(page)
    contract.refresh_from_db()
    assert contract.state == "submitted"

    page.wait_for_timeout(600)
    page.mouse.click(5, 5)
    expect(question).not_to_be_visible()


def test_a_double_click_answers_no_question_that_opens_under_the_pointer(decision):
    page, contract = decision
    page.fill("[name=number]", number_of(1))
    page.evaluate(
        """() => document.querySelectorAll("[data-dialog=sure], [data-dialog-confirm]").forEach((button) => {
            Object.assign(button.style, { position: "fixed", left: "50%", top: "50%" });
        })"""
    )

    page.locator("[data-dialog=sure]").dblclick()

    expect(page.get_by_role("dialog")).to_be_visible()
    contract.refresh_from_db()
    assert contract.state == "submitted"


@pytest.mark.parametrize(
    ("verb", "field", "typed"),
    [
        ("register", "number", ""),
        ("register", "number", "   "),
        ("refuse", "reasons", ""),
        ("refuse", "reasons", " \n "),
    ],
)
def test_nobody_is_asked_about_a_form_that_lacks_something(decision, verb, field, typed):
    page, contract = decision
    page.goto(reverse(f"contract-{verb}", args=[contract.code]))
    page.fill(f"[name={field}]", typed)

    with page.expect_navigation():
        page.locator("[data-dialog=sure]").click()

    expect(page.get_by_role("dialog")).not_to_be_visible()
    expect(page.locator(f"#id_{field}_error")).to_contain_text("此项必填")
    contract.refresh_from_db()
    assert contract.state == "submitted"
