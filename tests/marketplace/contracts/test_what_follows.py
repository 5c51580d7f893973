"""A registrar reads what follows before deciding, is asked once more, and what was said becomes true."""

import pytest
from django.utils.translation import override

from marketplace.contracts import aftermath
from marketplace.contracts.actions import refuse_contract, register_contract, submit_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import grant_contract_change, request_contract_change
from marketplace.contracts.ending import revoke_contract
from marketplace.contracts.lists.actions import make_registration_list
from marketplace.deals.actions import terminate_deal
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, number_of, person, registered, submitted
from tests.marketplace.contracts.test_from_deal import begun

pytestmark = pytest.mark.django_db


def said(about, contract):
    with override("en"):
        return " ".join(about(contract))


@pytest.mark.parametrize("lang", ["", "/en"])
@pytest.mark.parametrize(
    ("verb", "role", "made"),
    [
        ("register", "registrar", submitted),
        ("refuse", "registrar", submitted),
        ("revoke", "officer", registered),
    ],
)
def test_a_decision_that_stays_is_asked_about_once_more(client, lang, verb, role, made):
    contract, _manager = made()
    sign_in(client, person(role))

    answer = client.get(f"{lang}/contracts/{contract.code}/{verb}/")
    page = answer.content.decode()

    question = page[page.index('<dialog id="sure"') :]
    assert 'data-dialog="sure"' in page
    assert answer.context["follows"]
    for sentence in answer.context["follows"]:
        assert page.count(sentence.replace("'", "&#x27;")) == 2, "on the page, for who has no script, and asked"
    assert contract.project_name in question


def test_registering_does_what_was_said():
    deal, contract, seller, _ = begun(contract_type="ZR", sub_type="ZR-patent")
    submit_contract(contract, by=seller.manager)
    words = said(aftermath.after_registering, contract)

    register_contract(contract, by=person("registrar"), number=number_of(41))

    deal.refresh_from_db()
    deal.outcome.refresh_from_db()
    assert "goes on with its performance" in words
    assert deal.state == "performance"
    assert "counts as converted" in words
    assert deal.outcome.state == "converted"


def test_what_concerns_neither_a_deal_nor_an_outcome_is_not_said():
    contract, _manager = submitted(items=[Item("开发", 3 * WAN + 100, True), Item("设备", 2 * WAN, False)])

    words = said(aftermath.after_registering, contract)

    assert "¥50,001, of it ¥30,001 technical amount" in words
    assert "deal" not in words
    assert "converted" not in words


@pytest.mark.parametrize("is_over", [False, True])
def test_refusing_does_what_was_said(is_over):
    deal, contract, seller, _ = begun()
    submit_contract(contract, by=seller.manager)
    if is_over:
        terminate_deal(deal, **seller.as_party, reason="双方不再合作")
        contract.refresh_from_db()
    words = said(aftermath.after_refusing, contract)

    refuse_contract(contract, by=person("registrar"), reasons="不属于技术合同")

    deal.refresh_from_db()
    assert ("another one can be drawn up" in words) == (not is_over)
    assert deal.state == ("terminated" if is_over else "contract")


def test_granting_says_the_amounts_that_will_stand():
    contract, manager = registered()
    items = [Item("开发", 33 * WAN + 4500, True)]
    stays = {"begins_on": contract.begins_on, "ends_on": contract.ends_on}
    request_contract_change(contract, by=manager, items=items, reasons="补充协议", **stays)
    words = said(aftermath.after_granting, contract)

    grant_contract_change(contract, by=person("registrar"))

    assert "¥330,045, of it ¥330,045 technical amount" in words
    assert (contract.total_amount, contract.technical_amount) == (33 * WAN + 4500,) * 2
    assert said(aftermath.after_granting, contract) == "", "nothing is asked for any more"


def test_revoking_does_what_was_said():
    deal, contract, seller, _ = begun(contract_type="ZR", sub_type="ZR-patent")
    submit_contract(contract, by=seller.manager)
    register_contract(contract, by=person("registrar"), number=number_of(43))
    one_list = make_registration_list(by=person("registrar"), contracts=[contract], purpose="申报")
    words = said(aftermath.after_revoking, contract)

    revoke_contract(contract, by=person("officer"), reasons="虚假材料")

    one_list.refresh_from_db()
    deal.outcome.refresh_from_db()
    assert "It stands on 1 registration list(s): they become void." in words
    assert one_list.state == "void"
    assert "Its outcome is available again" in words
    assert deal.outcome.state != "converted"
    assert "no longer registered" in words
