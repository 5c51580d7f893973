"""What a reversed payment that was shared out says on its pages and on the desk: what fell, how much, and of whom."""

import copy

import pytest
from django.urls import reverse

from marketplace.contracts.sharing.distributing import distribute_receipt
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.core import clock
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN
from tests.marketplace.contracts.shared import effective, house, receipt


@pytest.fixture(scope="module")
def lasting_house(lasting):
    made = house()
    effective(made)
    return made


@pytest.fixture
def here(lasting_house, for_now):
    return copy.deepcopy(lasting_house)


def test_a_reversed_payment_that_was_shared_out_says_what_became_of_it(client, here):
    entered = receipt(here, amount=WAN)
    sign_in(client, here.finance)
    made = distribute_receipt(entered, by=here.finance)
    paid = made.lines.get(share__user=here.first)
    client.post(reverse("line-pay", args=[paid.code]), {"paid_on": clock.today().isoformat(), "reference": "代发 1"})
    reverse_receipt(entered, by=here.finance, reason="退票")

    payments = client.get(reverse("payment-list", args=[here.contract.code])).content.decode()
    shown = client.get(made.get_absolute_url()).content.decode()
    (row,) = [row for row in client.get("/desk/").context["rows"] if "追回" in row.title]

    assert "分配已随冲销撤销" in payments
    assert "尚待追回 4,000.00 元" in payments
    assert "尚待追回" in shown
    assert "4,000.00" in shown.partition("尚待追回")[2]
    assert f"{here.first.name} 4,000.00 元" in row.about
