"""Who is told about contracts and brokers."""

import pytest

from marketplace.brokers.actions import suspend_broker
from marketplace.contracts.actions import register_contract, return_contract
from marketplace.notices.models import Notice
from tasks.delivery import at_once
from tests.marketplace.contracts.factories import broker, number_of, organisation, person, submitted

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
