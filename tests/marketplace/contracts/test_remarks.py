"""The buyer says that a payment is not what it paid: kept beside it, on the seller's desk, without a figure changed."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from marketplace.contracts.payments.models import ReceiptRemark, received_of
from marketplace.contracts.payments.refusals import RemarkAnswered, RemarkEmpty, RemarkOpen, ReversedAlready
from marketplace.contracts.payments.remarking import answer_remark, remark_on_receipt
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.core import clock
from tests.factories.people import member, organisation, sign_in
from tests.marketplace.contracts.factories import WAN
from tests.marketplace.contracts.shared import house, receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    buyer = organisation()
    made = house(buyer_uscc=buyer.uscc)
    made.payer, made.buyer = member(buyer, "finance"), buyer
    return made


def rows(client, user):
    sign_in(client, user)
    return [row for row in client.get("/desk/").context["rows"] if "并非其所付" in row.title]


def test_a_remark_stands_beside_the_payment_until_it_is_answered(client, here):
    entered = receipt(here)
    sign_in(client, here.payer)
    page = reverse("payment-list", args=[here.contract.code])
    assert reverse("receipt-remark", args=[entered.code]) in client.get(page).content.decode()

    client.post(reverse("receipt-remark", args=[entered.code]), {"text": "我方当日付的是 12 万元"})

    remark = ReceiptRemark.objects.get()
    shown = client.get(page).content.decode()
    assert "我方当日付的是 12 万元" in shown
    assert reverse("receipt-remark", args=[entered.code]) not in shown
    assert received_of(here.contract) == 10 * WAN
    (row,) = rows(client, here.finance)
    assert row.url == reverse("receipt-remark-answer", args=[remark.code])

    client.post(row.url, {"text": "已核对回单，确为 10 万元"})

    assert "已核对回单" in client.get(page).content.decode()
    assert rows(client, here.finance) == []


def test_one_remark_waits_at_a_time_and_only_on_what_stands(here):
    entered = receipt(here)
    remark = remark_on_receipt(entered, by=here.payer, text="不符")
    with pytest.raises(RemarkOpen):
        remark_on_receipt(entered, by=here.payer, text="再说")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReceiptRemark.objects.create(receipt=entered, text="x", made_by=here.payer, made_at=clock.now())
    with pytest.raises(RemarkEmpty):
        answer_remark(remark, by=here.finance, text=" ")
    answer_remark(remark, by=here.finance, text="已核对")
    with pytest.raises(RemarkAnswered):
        answer_remark(remark, by=here.finance, text="再答")
    with pytest.raises(RemarkEmpty):
        remark_on_receipt(entered, by=here.payer, text=" ")
    reverse_receipt(entered, by=here.finance, reason="录错")

    with pytest.raises(ReversedAlready):
        remark_on_receipt(entered, by=here.payer, text="不符")


def test_neither_the_seller_remarks_nor_the_buyer_answers(here):
    entered = receipt(here)
    with pytest.raises(PermissionDenied):
        remark_on_receipt(entered, by=here.finance, text="不符")
    remark = remark_on_receipt(entered, by=here.payer, text="不符")

    with pytest.raises(PermissionDenied):
        answer_remark(remark, by=here.payer, text="好")


def test_a_reversal_takes_the_remark_off_the_desk(client, here):
    entered = receipt(here)
    remark_on_receipt(entered, by=here.payer, text="不符")
    assert len(rows(client, here.finance)) == 1

    reverse_receipt(entered, by=here.finance, reason="录错")

    assert rows(client, here.finance) == []
