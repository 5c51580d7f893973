"""Who is told about contracts and brokers."""

import pytest

from marketplace.brokers.actions import suspend_broker
from marketplace.contracts.actions import correct_contract_number, register_contract, return_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.ending import revoke_contract
from marketplace.contracts.lists.actions import issue_registration_list, make_registration_list
from marketplace.notices.models import Notice
from tasks.delivery import at_once
from tests.marketplace.contracts.factories import (
    WAN,
    broker,
    number_of,
    organisation,
    person,
    registered,
    second_review,
    submitted,
)

pytestmark = pytest.mark.django_db


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def test_a_contract_on_its_way(django_capture_on_commit_callbacks):
    registrar, officer = person("registrar"), person("officer")
    buyer = organisation(kind="enterprise")
    purchaser = person(member_of=buyer, roles=["finance"])
    bidder = person(member_of=buyer, roles=["bidder"])
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        contract, manager = submitted(buyer_uscc=buyer.uscc)
    assert told("contract.to_review") == {registrar.pk}

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        register_contract(contract, by=registrar, number=number_of(3))

    assert told("contract.registered") == {manager.pk, purchaser.pk}
    assert not {officer.pk, bidder.pk} & told("contract.registered")
    assert number_of(3) in Notice.objects.filter(user=manager).get(kind="contract.registered").title


def test_who_hears_of_a_registration_list(django_capture_on_commit_callbacks):
    maker, reviewer = person("registrar", "second_reviewer"), person("second_reviewer")
    contract, _ = submitted(items=[Item("开发", 600 * WAN, True)])
    second_review(contract)
    register_contract(contract, by=reviewer, number=number_of(4))
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        made = make_registration_list(by=maker, contracts=[contract], purpose="免税")
    assert told("list.to_review") == {reviewer.pk}

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        issue_registration_list(made, by=reviewer)
        revoke_contract(contract, by=person("officer"), reasons="虚假材料")

    assert told("list.void") == {maker.pk, reviewer.pk}


def test_a_return_reaches_the_seller(django_capture_on_commit_callbacks):
    contract, manager = submitted()

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        return_contract(contract, by=person("registrar"), reasons="缺附件")

    assert told("contract.returned") == {manager.pk}


def test_a_suspended_broker_is_told(django_capture_on_commit_callbacks):
    holder = person()
    filed = broker(user=holder)

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        suspend_broker(filed, by=person("officer"), reason="核查")

    assert told("broker.suspended") == {holder.pk}


def test_both_parties_hear_of_a_corrected_number(django_capture_on_commit_callbacks):
    buyer = organisation(kind="enterprise")
    purchaser = person(member_of=buyer, roles=["finance"])
    contract, manager = registered(number=number_of(3), buyer_uscc=buyer.uscc)

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        correct_contract_number(contract, by=person("registrar"), number=number_of(4), reasons="录入时少看一位")

    assert told("contract.renumbered") == {manager.pk, purchaser.pk}
    title = Notice.objects.get(user=manager, kind="contract.renumbered").title
    assert number_of(3) in title
    assert number_of(4) in title
