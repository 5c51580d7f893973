"""Days of instalments that are asked about, and what of a contract is not planned yet."""

import copy
from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.actions import plan_instalment
from marketplace.contracts.payments.models import Instalment, unplanned_of
from marketplace.contracts.payments.refusals import DueAfterAnnounced
from marketplace.core import clock
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import member
from tests.marketplace.auctions.test_days_of_sale import contracted
from tests.marketplace.contracts.factories import WAN
from tests.marketplace.contracts.shared import house, receipt


@pytest.fixture(scope="module")
def lasting_house(lasting):
    return house()


@pytest.fixture
def here(lasting_house, for_now):
    return copy.deepcopy(lasting_house)


def test_a_day_before_the_signature_is_asked_about_beside_the_day(client, here):
    sign_in(client, here.finance)
    address, day = reverse("instalment-plan", args=[here.contract.code]), here.contract.signed_on - timedelta(days=332)
    typed = {"due_on": day.isoformat(), "amount": "100000", "condition": "预付"}
    assert f"合同签订日期为 {here.contract.signed_on}" in client.get(address).content.decode()

    asked = client.post(address, typed)

    assert set(asked.context["form"].errors) == {"is_agreed_before"}
    late = (clock.today() - day).days
    assert f"一列入即逾期 {late} 天" in asked.content.decode()
    assert not Instalment.objects.exists()
    client.post(address, typed | {"is_agreed_before": "on"})
    assert Instalment.objects.get().due_on == day


@pytest.mark.django_db
def test_a_day_later_than_the_announcement_is_taken_where_it_was_agreed_so(client):
    lot = contracted()
    contract = TechnologyContract.objects.get(deal__lot_number=lot.number)
    finance = member(lot.outcome.owner, "finance")
    last = contract.signed_on + timedelta(days=20)
    plan_instalment(contract, by=finance, due_on=last, amount=WAN)
    with pytest.raises(DueAfterAnnounced, match=str(last)):
        plan_instalment(contract, by=finance, due_on=last + timedelta(days=1), amount=WAN)
    sign_in(client, finance)
    address = reverse("instalment-plan", args=[contract.code])
    typed = {"due_on": (last + timedelta(days=1)).isoformat(), "amount": "10000"}

    asked = client.post(address, typed)
    client.post(address, typed | {"is_agreed_later": "on"})

    assert set(asked.context["form"].errors) == {"is_agreed_later"}
    assert Instalment.objects.count() == 2


def test_the_page_says_what_is_not_planned_yet(client, here):
    sign_in(client, here.finance)
    address = reverse("payment-list", args=[here.contract.code])
    plan_instalment(here.contract, by=here.finance, due_on=clock.today(), amount=60 * WAN)
    assert unplanned_of(here.contract) == 40 * WAN
    assert "尚有 400,000.00 元未列入计划" in client.get(address).content.decode()

    receipt(here, amount=15 * WAN)  # apart from the schedule
    plan_instalment(here.contract, by=here.finance, due_on=clock.today(), amount=25 * WAN)

    assert unplanned_of(here.contract) == 0
    assert "未列入计划" not in client.get(address).content.decode()
