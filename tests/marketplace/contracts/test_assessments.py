"""What registrars assessed stays on record, and stands beside what the seller declares again."""

import importlib

import pytest
from django.db import connection, transaction

from marketplace.contracts.actions import accept_contract, register_contract, return_contract, submit_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.assessments import Assessment, beside, standing
from marketplace.contracts.changing import grant_contract_change, request_contract_change
from marketplace.contracts.correcting import correct_line_item
from marketplace.contracts.refusals import NeedsSecondReview, StandsAboveAssessment
from marketplace.contracts.reviewing import begin_first_review, pass_to_second_review
from marketplace.contracts.views import initial_items
from marketplace.contracts.writing import change_contract
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, facts, number_of, person, registered, scan, submitted

pytestmark = pytest.mark.django_db
FEE, DEVICE = Item("许可费", 120 * WAN, True), Item("设备", 30 * WAN, False)


def assessed(items=(FEE, DEVICE), *, technical=100 * WAN, position=1, **how):
    """Return a contract that was returned after a registrar assessed an item of it, and who submits it."""
    contract, manager = submitted(items=items, **how)
    registrar = person("registrar")
    correct_line_item(contract, by=registrar, position=position, technical=technical, reasons="含设备调试费")
    return_contract(contract, by=registrar, reasons="缺附件")
    return contract, manager


def sent_again(items, **how):
    contract, manager = assessed(**how)
    change_contract(contract, by=manager, items=items, payment="instalments", **_same(contract))
    submit_contract(contract, by=manager)
    return contract, manager


def _same(contract):
    names = set(facts()) - {"payment"}
    return {name: getattr(contract, name) for name in names}


def higher(contract):
    return [line.item.label for line in beside(contract.items.all(), standing(contract)) if line.is_higher]


def test_what_was_assessed_stays_when_the_seller_writes_the_items_anew():
    contract, _ = sent_again([Item("专利许可费", 120 * WAN, True), DEVICE])

    kept = contract.assessments.get()
    assert (kept.label, kept.declared, kept.assessed, kept.reasons) == ("许可费", 120 * WAN, 100 * WAN, "含设备调试费")
    assert (contract.technical_amount, contract.is_above_assessment) == (120 * WAN, True)
    assert higher(contract) == ["专利许可费"]


def test_it_is_registered_above_an_assessment_only_where_the_registrar_says_so():
    contract, _ = sent_again([FEE, DEVICE])
    registrar = person("registrar")

    with pytest.raises(StandsAboveAssessment), transaction.atomic():
        register_contract(contract, by=registrar, number=number_of(811))
    contract.refresh_from_db()
    assert contract.state == "submitted"

    register_contract(contract, by=registrar, number=number_of(811), confirmed_above=True)
    assert contract.technical_amount == 120 * WAN


def test_assessed_again_nothing_is_to_be_confirmed():
    contract, _ = sent_again([Item("专利许可费", 120 * WAN, True), DEVICE])
    registrar = person("registrar")

    correct_line_item(contract, by=registrar, position=1, technical=100 * WAN, reasons="同前次核定")
    register_contract(contract, by=registrar, number=number_of(812))

    assert [one.reasons for one in standing(contract)] == ["同前次核定"]
    assert contract.assessments.count() == 2
    assert contract.technical_amount == 100 * WAN


def test_the_form_begins_with_what_was_assessed_so_that_saving_it_undoes_nothing():
    contract, manager = assessed()
    lines = [Item(**line) for line in initial_items(contract)]
    change_contract(contract, by=manager, items=lines, payment="instalments", **_same(contract))
    submit_contract(contract, by=manager)

    assert (contract.technical_amount, contract.is_above_assessment) == (100 * WAN, False)
    register_contract(contract, by=person("registrar"), number=number_of(813))


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([FEE, DEVICE], ["许可费"]),
        ([DEVICE, Item("技术使用费", 120 * WAN, True)], ["技术使用费"]),  # another name and place, the same amount
        ([Item("技术使用费", 110 * WAN, True), DEVICE], ["技术使用费"]),  # the same place
        ([Item("许可费", 20 * WAN, False), Item("许可费", 110 * WAN, True)], ["许可费"]),
        ([Item("许可费", 100 * WAN, True), DEVICE], []),
    ],
)
def test_an_item_is_known_again(items, found):
    contract, _ = sent_again(items)

    assert higher(contract) == found
    assert contract.is_above_assessment is bool(found)


def test_an_assessed_item_in_two_new_ones_is_seen_by_the_sum():
    contract, _ = sent_again([Item("许可费", 90 * WAN, True), Item("培训费", 30 * WAN, True)])

    assert higher(contract) == []
    assert contract.is_above_assessment


@pytest.mark.parametrize("again", [False, True])
def test_an_assessment_of_the_first_review_takes_no_contract_out_of_the_second(again):
    contract, manager = submitted(items=[Item("许可费", 500 * WAN, True)])
    registrar = person("registrar")
    accept_contract(contract, by=registrar)
    begin_first_review(contract, by=registrar)
    correct_line_item(contract, by=registrar, position=1, technical=500 * WAN - 1, reasons="扣除资料费")
    if again:  # the seller gives in, and sends what was assessed
        return_contract(contract, by=registrar, reasons="缺附件")
        lines = [Item(**line) for line in initial_items(contract)]
        change_contract(contract, by=manager, items=lines, payment="once", **_same(contract))
        submit_contract(contract, by=manager)

    with pytest.raises(NeedsSecondReview), transaction.atomic():
        register_contract(contract, by=registrar, number=number_of(814))

    contract.refresh_from_db()
    assert (contract.technical_amount, contract.is_large, contract.review_days) == (500 * WAN - 1, False, 30)
    if again:
        accept_contract(contract, by=registrar)
        begin_first_review(contract, by=registrar)
    pass_to_second_review(contract, by=registrar)  # without reasons: it is large, not disputed
    register_contract(contract, by=person("second_reviewer"), number=number_of(814))
    contract.refresh_from_db()
    assert not contract.is_disputed
    assert contract.register_rows.get().large_count == 0  # the figures follow what was assessed


def test_without_an_assessment_a_seller_may_declare_less():
    contract, manager = submitted(items=[Item("许可费", 500 * WAN, True)])
    return_contract(contract, by=person("registrar"), reasons="金额与合同不符")
    change_contract(contract, by=manager, items=[Item("许可费", 50 * WAN, True)], payment="once", **_same(contract))
    submit_contract(contract, by=manager)

    assert (contract.needs_second_review, contract.review_days) == (False, 15)


def test_seller_and_registrar_read_it_beside_the_items(client):
    contract, manager = assessed()
    sign_in(client, manager)
    detail = client.get(f"/contracts/{contract.code}/").content.decode()
    form = client.get(f"/contracts/{contract.code}/change/").content.decode()
    assert "含设备调试费" in detail
    assert "含设备调试费" in form
    assert "核定技术部分（万元）" in form
    assert '<td class="num">100.00</td>' in form

    change_contract(
        contract, by=manager, items=[Item("专利许可费", 120 * WAN, True)], payment="once", **_same(contract)
    )
    submit_contract(contract, by=manager)
    sign_in(client, person("registrar"))
    detail = client.get(f"/contracts/{contract.code}/").content.decode()
    asked = client.get(f"/contracts/{contract.code}/register/").content.decode()
    queue = client.get("/contracts/queue/").content.decode()
    assert "再次高于核定" in detail
    assert "申报 120.00 万元，核定技术部分 100.00 万元" in detail
    assert 'name="confirmed_above"' in asked
    assert "高于上次核定" in queue

    refused = client.post(f"/contracts/{contract.code}/register/", {"number": number_of(815)})
    assert refused.context["form"].errors.keys() == {"confirmed_above"}
    client.post(f"/contracts/{contract.code}/register/", {"number": number_of(815), "confirmed_above": "on"})
    contract.refresh_from_db()
    assert contract.state == "registered"


def test_a_contract_that_rises_nowhere_asks_nothing_more(client):
    contract, _ = submitted()
    sign_in(client, person("registrar"))

    assert "confirmed_above" not in client.get(f"/contracts/{contract.code}/register/").content.decode()


def test_what_was_assessed_before_there_was_a_record_is_kept_by_the_migration():
    contract, _ = submitted(items=[FEE, DEVICE])
    correct_line_item(contract, by=person("registrar"), position=1, technical=100 * WAN, reasons="含设备调试费")
    other, _ = registered()
    Assessment.objects.all().delete()
    type(contract).objects.update(declared_technical=0)

    with connection.cursor() as cursor:
        cursor.execute(importlib.import_module("marketplace.migrations.0076_assessments_kept").KEEP)

    kept = Assessment.objects.get()
    assert (kept.contract, kept.label, kept.declared, kept.assessed) == (contract, "许可费", 120 * WAN, 100 * WAN)
    contract.refresh_from_db()
    other.refresh_from_db()
    assert (contract.declared_technical, other.declared_technical) == (120 * WAN, other.technical_amount)


def test_a_change_to_less_is_no_longer_above_what_was_assessed():
    contract, manager = sent_again([Item("许可费", 120 * WAN, True), DEVICE])
    register_contract(contract, by=person("registrar"), number=number_of(77), confirmed_above=True)
    assert contract.is_above_assessment
    stays = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议"}
    request_contract_change(
        contract, upload=scan(), by=manager, items=[Item("许可费", 90 * WAN, True), DEVICE], **stays
    )

    grant_contract_change(contract, by=person("registrar"))

    contract.refresh_from_db()
    assert not contract.is_above_assessment
