"""A registrar reads what follows before deciding, is asked once more, and what was said becomes true."""

from datetime import timedelta
from functools import wraps

import pytest
from django.utils.translation import override

from marketplace.contracts import actions, aftermath
from marketplace.contracts.actions import refuse_contract, register_contract, submit_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import grant_contract_change, request_contract_change
from marketplace.contracts.correcting import correct_line_item
from marketplace.contracts.ending import revoke_contract
from marketplace.contracts.lists.actions import make_registration_list
from marketplace.contracts.models import TechnologyContract
from marketplace.deals.actions import terminate_deal
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, number_of, organisation, person, registered, scan, submitted
from tests.marketplace.contracts.test_from_deal import begun

pytestmark = pytest.mark.django_db


def changing(*, amount=None, days=0, **facts):
    """Return a registered contract with a request for another amount or some days more, and its seller's manager."""
    contract, manager = registered(**facts)
    items = (
        [Item("开发", amount, True)]
        if amount
        else [Item(row.label, row.amount, row.is_technical) for row in contract.items.all()]
    )
    until = contract.ends_on + timedelta(days=days)
    request_contract_change(
        contract,
        upload=scan(),
        by=manager,
        items=items,
        begins_on=contract.begins_on,
        ends_on=until,
        reasons="补充协议",
    )
    return contract, manager


def said(about, contract):
    with override("en"):
        return " ".join(about(contract))


@pytest.mark.parametrize("lang", ["", "/en"])
@pytest.mark.parametrize(
    ("verb", "role", "made"),
    [
        ("register", "registrar", submitted),
        ("refuse", "registrar", submitted),
        ("grant-change", "registrar", lambda: changing(amount=33 * WAN)),
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
    assert ("another one can be drawn up" in words) == ("Until there is another one" in words) == (not is_over)
    assert "arty may object: somebody" in words
    assert deal.state == ("terminated" if is_over else "contract")


def test_granting_says_the_amounts_that_will_stand():
    contract, _manager = changing(amount=33 * WAN + 4500)
    words = said(aftermath.after_granting, contract)

    grant_contract_change(contract, by=person("registrar"))

    assert "¥330,045, of it ¥330,045 technical amount" in words
    assert "holds from" not in words
    assert (contract.total_amount, contract.technical_amount) == (33 * WAN + 4500,) * 2
    assert said(aftermath.after_granting, contract) == "", "nothing is asked for any more"


def test_granting_other_days_says_the_days_and_that_nothing_else_counts():
    contract, _manager = changing(days=30)
    until = contract.ends_on + timedelta(days=30)
    words = said(aftermath.after_granting, contract)

    grant_contract_change(contract, by=person("registrar"))

    assert f"holds from {contract.begins_on} to {until}." in words
    assert contract.ends_on == until
    assert "counts today" not in words


def test_granting_says_that_corrections_give_way():
    contract, manager = submitted(items=[Item("开发", 30 * WAN, True)])
    correct_line_item(contract, by=person("registrar"), position=1, technical=20 * WAN, reasons="设备另计")
    register_contract(contract, by=person("registrar"), number=number_of(44))
    stays = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议"}
    request_contract_change(contract, upload=scan(), by=manager, items=[Item("开发", 31 * WAN, True)], **stays)

    assert "gives way to the items asked for" in said(aftermath.after_granting, contract)
    grant_contract_change(contract, by=person("registrar"))
    assert not contract.items.exclude(corrected_technical=None).exists()


@pytest.mark.parametrize("about", [aftermath.after_granting, aftermath.after_revoking])
def test_a_buyer_that_is_not_on_the_platform_is_not_told(about):
    contract, _manager = changing(amount=33 * WAN)
    assert contract.buyer is None
    assert "the buyer is not on this platform" in said(about, contract)

    contract.buyer = organisation(kind="enterprise")
    assert "Both parties are told" in said(about, contract)


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
    assert deal.outcome.state == "available"
    assert "no longer registered" in words


@pytest.mark.parametrize("is_asked", [False, True])
def test_revoking_ends_what_was_asked_for(is_asked):
    contract, _manager = changing(days=30) if is_asked else registered()
    words = said(aftermath.after_revoking, contract)

    revoke_contract(contract, by=person("officer"), reasons="虚假材料")

    assert ("The change that was asked for falls" in words) == is_asked
    assert [change.state for change in contract.changes.all()] == ["refused"] * is_asked


def test_an_outcome_that_is_not_converted_is_not_said_to_be_free_again():
    _deal, contract, seller, _ = begun(contract_type="XK", sub_type="XK-ordinary")
    submit_contract(contract, by=seller.manager)
    register_contract(contract, by=person("registrar"), number=number_of(45))

    assert "available again" not in said(aftermath.after_revoking, contract)


def test_a_contract_whose_deal_is_over_is_not_registered_and_says_so_before(client):
    deal, contract, seller, _ = begun()
    submit_contract(contract, by=seller.manager)
    terminate_deal(deal, **seller.as_party, reason="双方不再合作")
    contract.refresh_from_db()
    sign_in(client, person("registrar"))

    answer = client.get(f"/contracts/{contract.code}/register/", follow=True)
    posted = client.post(f"/contracts/{contract.code}/register/", {"number": number_of(46)})

    assert answer.redirect_chain == [(contract.get_absolute_url(), 302)]
    assert "不能登记" in " ".join(map(str, answer.context["messages"]))
    assert "不能登记" in posted.content.decode()
    assert '<dialog id="sure"' not in posted.content.decode()
    assert posted.context["follows"] == []
    contract.refresh_from_db()
    assert contract.state == "submitted"


@pytest.mark.parametrize("is_sooner", [True, False], ids=["before it was sent", "while it is decided"])
def test_who_was_overtaken_is_promised_nothing(client, monkeypatch, is_sooner):
    contract, _manager = submitted()
    registrar, refuse = person("registrar"), actions.refuse_contract

    @wraps(refuse)
    def overtaken(held, **how):
        if not is_sooner:
            register_contract(TechnologyContract.objects.get(pk=held.pk), by=registrar, number=number_of(47))
        refuse(held, **how)

    monkeypatch.setattr(actions, "refuse_contract", overtaken)
    sign_in(client, registrar)
    if is_sooner:
        register_contract(contract, by=registrar, number=number_of(47))

    page = client.post(f"/contracts/{contract.code}/refuse/", {"reasons": "不属于技术合同"})

    assert page.context["form"].errors
    assert page.context["follows"] == []
    assert '<dialog id="sure"' not in page.content.decode()
