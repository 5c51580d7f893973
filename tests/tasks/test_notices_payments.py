"""What the buyer hears of plans and payments, and the seller of a remark."""

import pytest

from marketplace.contracts.payments.actions import drop_instalment, plan_instalment
from marketplace.contracts.payments.remarking import remark_on_receipt
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.core import clock
from marketplace.notices.models import Notice
from tests.factories.people import member, organisation
from tests.marketplace.contracts.factories import WAN
from tests.marketplace.contracts.shared import house, receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    buyer = organisation()
    made = house(buyer_uscc=buyer.uscc)
    made.payer = member(buyer, "finance")
    return made


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def test_the_buyer_hears_of_plans_once_until_read_and_of_each_payment(commit, here):
    due = {"due_on": clock.today(), "amount": WAN}
    one = commit(lambda: plan_instalment(here.contract, by=here.finance, **due))
    commit(lambda: plan_instalment(here.contract, by=here.finance, **due))
    assert told("payments.planned") == [here.payer.pk]
    Notice.objects.filter(kind="payments.planned").update(read_at=clock.now())
    commit(lambda: drop_instalment(one, by=here.finance, reason="重排"))
    assert told("payments.planned") == [here.payer.pk] * 2

    entered = commit(lambda: receipt(here))
    commit(lambda: remark_on_receipt(entered, by=here.payer, text="不符"))
    assert told("receipt.entered") == [here.payer.pk]
    assert here.finance.pk in told("receipt.remarked")
    assert here.payer.pk not in told("receipt.remarked")
    commit(lambda: reverse_receipt(entered, by=here.finance, reason="录错"))

    assert told("receipt.reversed") == [here.payer.pk]
    assert not Notice.objects.filter(kind="receipt.remarked").unread().exists()
