"""A contract is not changed to less than what came in; a schedule that becomes too large is told."""

from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.contracts.actions import accept_contract, return_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import grant_contract_change, request_contract_change
from marketplace.contracts.payments.actions import enter_receipt, plan_instalment, plan_royalty
from marketplace.contracts.payments.refusals import BelowReceived
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.contracts.writing import change_contract
from marketplace.core import clock
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, facts, person, registered, scan, submitted
from tests.marketplace.contracts.test_later_pages import address, lines

pytestmark = pytest.mark.django_db


def paid(amount=60 * WAN, **more):
    """Return a contract of 600 wan in the register of which `amount` came in, its manager and the receipt."""
    contract, manager = registered(**more)
    return contract, manager, came_in(contract, manager, amount)


def came_in(contract, manager, amount):
    return enter_receipt(contract, by=manager, amount=amount, received_on=clock.today(), bank_reference="1")


def ask(contract, by, amount):
    """Ask for one item of another amount."""
    stays = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议"}
    return request_contract_change(contract, upload=scan(), by=by, items=[Item("开发", amount, True)], **stays)


def test_a_request_for_less_than_came_in_is_refused(client):
    contract, manager, receipt = paid(60_000_110)
    sign_in(client, manager)
    typed = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议", "upload": scan()}

    page = client.post(address(contract, "request-change"), lines(("开发", "30", True), **typed))

    assert "600,001.10 元" in str(page.context["lines"].non_form_errors())
    assert "600,001.10" in page.content.decode().split('aria-live="polite"')[1]
    assert not contract.changes.exists()
    reverse_receipt(receipt, by=manager, reason="录错")
    ask(contract, manager, 30 * WAN)
    assert contract.changes.get().total_after == 30 * WAN


def test_royalties_that_are_due_and_unpaid_make_no_room():
    contract, manager, _receipt = paid(500 * WAN)
    plan_royalty(contract, by=manager, due_on=clock.today(), amount=300 * WAN, condition="提成")

    with pytest.raises(BelowReceived):
        ask(contract, manager, 300 * WAN)


def test_what_came_in_meanwhile_keeps_the_registrar_from_granting(client):
    contract, manager = registered()
    ask(contract, manager, 30 * WAN)
    sign_in(client, person("registrar"))
    offered = client.get(address(contract, "grant-change"))
    came_in(contract, manager, 31 * WAN)

    with pytest.raises(BelowReceived):
        grant_contract_change(contract, by=person("registrar"))
    posted = client.post(address(contract, "grant-change"), {"reasons": ""})
    told = client.get(address(contract, "grant-change"), follow=True)

    assert offered.status_code == 200
    assert "310,000.00 元" in posted.content.decode()
    assert "310,000.00 元" in " ".join(map(str, told.context["messages"]))
    contract.refresh_from_db()
    assert (contract.state, contract.total_amount) == ("change_requested", 600 * WAN)


def test_exactly_what_came_in_is_enough():
    contract, manager, _receipt = paid(30 * WAN)

    ask(contract, manager, 30 * WAN)
    grant_contract_change(contract, by=person("registrar"))

    assert contract.total_amount == 30 * WAN


def test_a_contract_paid_by_royalties_has_no_such_bound():
    contract, manager, _receipt = paid(60 * WAN, payment="royalty")

    assert ask(contract, manager, 30 * WAN).total_after == 30 * WAN


def test_a_draft_is_not_written_below_what_came_in():
    contract, manager = submitted()
    came_in(contract, manager, 60 * WAN)
    registrar = person("registrar")
    accept_contract(contract, by=registrar)
    return_contract(contract, by=registrar, reasons="补正")

    with pytest.raises(BelowReceived):
        change_contract(contract, by=manager, items=[Item("开发", 59 * WAN, True)], **facts())

    contract.refresh_from_db()
    assert contract.total_amount == 600 * WAN


def test_the_decision_shows_what_came_in_and_that_the_schedule_is_too_large(client):
    contract, manager, _receipt = paid(60 * WAN)
    for days in (10, 20):
        due_on = clock.today() + timedelta(days=days)
        plan_instalment(contract, by=manager, due_on=due_on, amount=150 * WAN)
    sign_in(client, manager)
    typed = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议", "upload": scan()}
    asked = client.post(address(contract, "request-change"), lines(("开发", "200", True), **typed), follow=True)
    registrar = person("registrar")
    sign_in(client, registrar)

    page = client.get(address(contract, "grant-change")).content.decode()
    grant_contract_change(contract, by=registrar)
    sign_in(client, manager)
    payments = client.get(reverse("payment-list", args=[contract.code]))

    assert "1,000,000.00 元" in " ".join(map(str, asked.context["messages"])), "the excess"
    asks, follows = page.split('id="follows"')
    assert "600,000.00" in asks
    assert "3,000,000.00 元" in follows
    assert "1,000,000.00 元" in payments.context["overplanned"]
    assert payments.context["overplanned"] in payments.content.decode()
