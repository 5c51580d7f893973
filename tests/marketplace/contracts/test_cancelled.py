"""What a cancelled registration leaves: the contract between the parties, and the inventors' part of its money."""

import pytest

from marketplace.contracts.actions import register_contract
from marketplace.contracts.ending import cancel_contract, revoke_contract
from marketplace.contracts.payments.actions import enter_receipt
from marketplace.contracts.payments.models import received_of
from marketplace.contracts.sharing.distributing import distribute_receipt
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.core import clock
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, number_of, person
from tests.marketplace.contracts.shared import effective, house

pytestmark = pytest.mark.django_db


def received(here, reference):
    given = {"amount": 10 * WAN, "received_on": clock.today(), "bank_reference": reference}
    return enter_receipt(here.contract, by=here.finance, **given)


@pytest.fixture
def here():
    """Return a house whose registered contract was paid a part, then cancelled."""
    made = house()
    register_contract(made.contract, by=person("registrar"), number=number_of(820))
    made.receipt = received(made, "样例回单1")
    cancel_contract(made.contract, by=made.manager, reasons="双方协商终止", benefits_enjoyed=False)
    return made


def test_what_still_comes_in_is_entered_and_shared_out(here):
    effective(here)
    distribution = distribute_receipt(received(here, "样例回单2"), by=here.finance)

    assert received_of(here.contract) == 20 * WAN
    assert distribution.to_inventors > 0


def test_what_came_in_is_reversed(here):
    reverse_receipt(here.receipt, by=here.finance, reason="退款")

    assert received_of(here.contract) == 0


def test_its_pages_say_that_the_contract_stays(client, here):
    sign_in(client, here.manager)
    payments = client.get(f"/contracts/{here.contract.code}/payments/").content.decode()

    assert f"/contracts/{here.contract.code}/payments/enter/" in payments
    assert "双方之间的合同仍然有效" in payments


def test_a_revoked_registration_leaves_the_contract_between_the_parties(here):
    other = house()
    register_contract(other.contract, by=person("registrar"), number=number_of(821))
    revoke_contract(other.contract, by=person("officer"), reasons="材料不实")

    assert received(other, "样例回单3").amount == 10 * WAN


def test_who_cancels_reads_it_beforehand(client):
    made = house()
    register_contract(made.contract, by=person("registrar"), number=number_of(822))
    sign_in(client, made.manager)

    page = client.get(f"/contracts/{made.contract.code}/cancel/").content.decode()

    assert "登记员和卖方会收到通知；买方不在本平台" in page
    assert "双方之间的合同仍然有效" in page
