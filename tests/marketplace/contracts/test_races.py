"""Two registrars at the same moment, on real threads and real rows."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from marketplace.contracts.actions import refuse_contract, register_contract, submit_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import grant_contract_change, refuse_contract_change, request_contract_change
from marketplace.contracts.counting import RegisterRow
from marketplace.contracts.ending import revoke_contract
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.numbers.actions import take_over_numbers, upload_numbers
from marketplace.contracts.numbers.models import NumberImport
from marketplace.contracts.numbers.refusals import NothingGood
from marketplace.contracts.objecting import object_to_decision
from marketplace.contracts.refusals import ContractExists, NumberTaken
from marketplace.core.journal import Entry
from marketplace.core.refusals import Refused, WrongState
from tests.marketplace.contracts.factories import WAN, number_of, person, registered, scan, second_review, submitted
from tests.marketplace.contracts.test_from_deal import complete
from tests.marketplace.deals import factories as deals

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls in threads that start together; return what each answered or refused."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait(timeout=10)
        try:
            return call()
        except Refused as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(run, call) for call in calls]]


def registering(contract, registrar, number):
    own = TechnologyContract.objects.get(pk=contract.pk)
    return lambda: register_contract(own, by=registrar, number=number)


def test_two_registrars_register_one_contract_once():
    contract, _ = submitted()
    one, two = person("registrar"), person("registrar")

    answers = at_once(registering(contract, one, number_of(1)), registering(contract, two, number_of(2)))

    assert set(answers) == {None, WrongState}
    contract.refresh_from_db()
    assert contract.number in {number_of(1), number_of(2)}
    assert Entry.objects.about(contract).filter(kind="contract.registered").count() == 1
    assert contract.decisions.count() == 1


def test_two_registrars_take_over_a_returned_number_once():
    contract = submitted(items=[Item("开发", 100 * WAN, True)])[0]
    said = f"合同登记编号,平台编码,合同成交总额\n{number_of(1)},{contract.code},1000000\n"
    people = [person("registrar"), person("registrar")]
    sheets = [
        upload_numbers(by=by, upload=SimpleUploadedFile("回传.csv", f"{said}{place},,1\n".encode()))
        for place, by in enumerate(people)
    ]

    answers = at_once(
        *(
            lambda batch=batch, by=by: take_over_numbers(NumberImport.objects.get(pk=batch.pk), by=by)
            for batch, by in zip(sheets, people, strict=True)
        )
    )

    contract.refresh_from_db()
    assert set(answers) == {1, NothingGood}
    assert contract.number == number_of(1)
    assert Entry.objects.about(contract).filter(kind="contract.registered").count() == 1
    assert sorted(NumberImport.objects.values_list("state", flat=True)) == ["compared", "taken_over"]


def test_one_number_goes_to_one_of_two_contracts():
    first, second = submitted()[0], submitted()[0]
    one, two = person("registrar"), person("registrar")

    answers = at_once(registering(first, one, number_of(9)), registering(second, two, number_of(9)))

    assert set(answers) == {None, NumberTaken}
    assert TechnologyContract.objects.filter(number=number_of(9)).count() == 1
    assert TechnologyContract.objects.filter(state="submitted", number=None).count() == 1


def test_two_second_reviewers_register_a_large_contract_once():
    contract, _ = submitted(items=[Item("开发", 720 * WAN, True)])
    second_review(contract)
    one, two = person("second_reviewer"), person("second_reviewer")

    answers = at_once(registering(contract, one, number_of(21)), registering(contract, two, number_of(22)))

    assert set(answers) == {None, WrongState}
    assert RegisterRow.objects.filter(contract=contract).count() == 1


def test_one_grants_and_one_refuses_a_change():
    contract, manager = registered(number=number_of(23))
    given = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议"}
    request_contract_change(contract, upload=scan(), by=manager, items=[Item("开发", 100 * WAN, True)], **given)
    one, two = person("registrar"), person("registrar")
    own = [TechnologyContract.objects.get(pk=contract.pk) for _ in range(2)]

    answers = at_once(
        lambda: grant_contract_change(own[0], by=one), lambda: refuse_contract_change(own[1], by=two, reasons="缺协议")
    )

    assert set(answers) == {None, WrongState}
    contract.refresh_from_db()
    granted = contract.changes.get().state == "granted"
    assert contract.total_amount == (100 * WAN if granted else 600 * WAN)
    assert RegisterRow.objects.filter(contract=contract).count() == (2 if granted else 1)


def test_a_refused_contract_is_objected_to_while_the_deals_next_one_is_drafted():
    deal, seller, _buyer = deals.from_sale()
    contract = draft_contract_from_deal(deal, **seller.as_party)
    complete(contract, seller.manager)
    submit_contract(contract, by=seller.manager)
    refuse_contract(contract, by=person("registrar"), reasons="不属于技术合同")
    deal.refresh_from_db()
    own = TechnologyContract.objects.get(pk=contract.pk)

    answers = at_once(
        lambda: object_to_decision(own, by=seller.manager, reasons="包含技术开发"),
        lambda: draft_contract_from_deal(deal, **seller.as_party).state,
    )

    assert ContractExists in answers
    assert TechnologyContract.objects.filter(deal=deal).in_force_of_deal().count() == 1


def test_a_change_asked_for_while_the_contract_is_revoked():
    contract, manager = registered(number=number_of(24))
    own = [TechnologyContract.objects.get(pk=contract.pk) for _ in range(2)]
    given = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议"}
    officer = person("officer")

    at_once(
        lambda: request_contract_change(own[0], upload=scan(), by=manager, items=[Item("开发", WAN, True)], **given),
        lambda: revoke_contract(own[1], by=officer, reasons="虚假材料"),
    )

    contract.refresh_from_db()
    assert contract.state == contract.State.REVOKED
    assert not contract.changes.filter(state="requested").exists()
