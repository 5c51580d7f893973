"""What a cancelled registration leaves: what came in may be shared out and reversed, nothing new is taken."""

from datetime import timedelta

import pytest
from django.db import transaction

from marketplace.contracts.actions import register_contract
from marketplace.contracts.ending import cancel_contract, revoke_contract
from marketplace.contracts.payments.actions import enter_receipt, plan_instalment, plan_royalty
from marketplace.contracts.payments.models import Instalment, received_of
from marketplace.contracts.payments.refusals import RegistrationCancelled
from marketplace.contracts.sharing.actions import withdraw_plan
from marketplace.contracts.sharing.refusals import NothingLeftToShare
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.core import clock
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, number_of, person
from tests.marketplace.contracts.shared import house, plan

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


def test_no_new_income(here):
    day = clock.today() + timedelta(days=9)
    new = [
        lambda: received(here, "样例回单2"),
        lambda: plan_instalment(here.contract, by=here.finance, due_on=day, amount=WAN),
        lambda: plan_royalty(here.contract, by=here.finance, due_on=day, amount=WAN, condition="提成"),
    ]
    for act in new:
        with pytest.raises(RegistrationCancelled), transaction.atomic():
            act()

    assert received_of(here.contract) == 10 * WAN


def test_a_plan_is_written_for_what_came_in_before_and_for_nothing_else(client, here):
    sign_in(client, here.manager)
    path = f"/contracts/{here.contract.code}/sharing/"
    assert f"{path}new/" in client.get(path).content.decode()
    withdraw_plan(plan(here), by=here.writer)

    reverse_receipt(here.receipt, by=here.finance, reason="退款")
    with pytest.raises(NothingLeftToShare), transaction.atomic():
        plan(here)

    page = client.get(path).content.decode()
    assert f"{path}new/" not in page
    assert "只为此前已到账" in page
    assert client.get(f"{path}new/").status_code == 302
    assert here.contract.plans.count() == 1


def test_nobody_asks_for_what_was_due_under_it(here):
    other = house()
    for one in (here, other):
        planned = Instalment(contract=one.contract, due_on=clock.today(), amount=WAN, planned_by=one.finance)
        planned.planned_at = clock.now()
        planned.save()

    late = Instalment.objects.late(clock.today() + timedelta(days=1))
    assert [one.contract for one in late] == [other.contract]


def test_what_came_in_is_reversed(here):
    reverse_receipt(here.receipt, by=here.finance, reason="退款")

    assert received_of(here.contract) == 0


def test_pages_offer_nothing_new(client, here):
    code = here.contract.code
    sign_in(client, here.manager)
    payments = client.get(f"/contracts/{code}/payments/").content.decode()

    assert f"/contracts/{code}/payments/enter/" not in payments
    assert "录入到账</a>" not in payments
    assert "不再新增付款计划和到账" in payments
    assert "冲销</a>" in payments
    for path in ("payments/enter", "payments/plan"):
        asked = client.get(f"/contracts/{code}/{path}/")
        assert (path, asked.status_code) == (path, 302)


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

    assert "登记员和双方都会收到通知" in page
    assert "已到账的款项请先录入" in page
