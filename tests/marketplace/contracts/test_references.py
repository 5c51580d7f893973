"""A transfer of the bank stands once, in and out; that it pays several, or in advance, is stated when it is asked."""

import copy
from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.contracts.payments.models import Receipt
from marketplace.contracts.payments.refusals import EnteredAlready, ReferenceElsewhere
from marketplace.contracts.sharing.correcting import correct_line
from marketplace.contracts.sharing.distributing import distribute_receipt, pay_line
from marketplace.contracts.sharing.refusals import VoucherUsed
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.core import clock
from marketplace.core.journal import Entry
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, submitted
from tests.marketplace.contracts.shared import ITEMS, effective, house, receipt

pytestmark = pytest.mark.django_db
TYPE = {"contract_type": "ZR", "sub_type": "ZR-patent", "seller_region": "330304"}


@pytest.fixture
def here():
    return house()


def another(here):
    """Return the same house with another contract."""
    other = copy.copy(here)
    other.contract, _by = submitted(seller=here.institute, by=here.manager, items=ITEMS, **TYPE)
    return other


def test_a_reference_of_another_contract_asks_for_a_statement(here):
    receipt(here, bank_reference="工行 9")
    other = another(here)

    with pytest.raises(ReferenceElsewhere, match=here.contract.code):
        receipt(other, bank_reference=" 工行 9 ")
    made = receipt(other, bank_reference="工行 9", pays_several=True)
    with pytest.raises(EnteredAlready):
        receipt(other, bank_reference="工行 9", pays_several=True)

    assert Entry.objects.about(made).get(kind="receipt.entered").data["pays_several"] is True
    assert Receipt.objects.count() == 2


def test_a_reference_of_another_institute_or_of_a_reversed_payment_is_free(here):
    reverse_receipt(receipt(here, bank_reference="工行 9"), by=here.finance, reason="录错")
    receipt(house(), bank_reference="工行 9")

    assert receipt(another(here), bank_reference="工行 9").stands


def test_the_tick_appears_with_the_refusal(client, here):
    receipt(here, bank_reference="工行 9")
    other = another(here)
    sign_in(client, here.finance)
    address = reverse("receipt-enter", args=[other.contract.code])
    typed = {"amount": "10000", "received_on": clock.today().isoformat(), "bank_reference": "工行 9"}

    first = client.get(address).content.decode()
    refused = client.post(address, typed)
    page = refused.content.decode()
    done = client.post(address, typed | {"pays_several": "on"})

    assert 'type="checkbox"' not in first
    assert 'type="checkbox" name="pays_several"' in page
    assert 'type="hidden" name="is_advance"' in page
    assert here.contract.code in str(refused.context["form"].errors["pays_several"])
    assert done.status_code == 302
    assert other.contract.receipts.get().bank_reference == "工行 9"


def test_what_was_ticked_stays_ticked_when_something_else_is_asked(client, here):
    receipt(here, bank_reference="工行 9")
    other = another(here)
    sign_in(client, here.finance)
    address = reverse("receipt-enter", args=[other.contract.code])
    before = (other.contract.signed_on - timedelta(days=1)).isoformat()
    typed = {"amount": "10000", "received_on": before, "bank_reference": "工行 9", "is_advance": "False"}

    asked = client.post(address, typed | {"pays_several": "on"}).content.decode()
    done = client.post(address, typed | {"pays_several": "on", "is_advance": "on"})
    payments = client.get(done.url).content.decode()

    assert 'type="checkbox" name="is_advance"' in asked
    ticked = asked.split('name="pays_several"')[1].split(">")[0]
    assert "checked" in ticked
    assert f"{other.contract.signed_on}" in asked.split('id="id_received_on_helptext"')[1].split("</div>")[0]
    assert "预付" in payments
    assert Entry.objects.about(other.contract.receipts.get()).get(kind="receipt.entered").data["advance"] is True


def shared_out(here):
    effective(here)
    return list(distribute_receipt(receipt(here, amount=WAN), by=here.finance).lines.all())


def pay(line, here, reference="代发 1", **stated):
    pay_line(line, by=here.finance, paid_on=clock.today(), reference=reference, **stated)


def test_a_voucher_pays_once_unless_it_is_stated(client, here):
    first, second, third, _fourth = shared_out(here)
    pay(first, here)
    sign_in(client, here.finance)
    address = reverse("line-pay", args=[second.code])
    typed = {"paid_on": clock.today().isoformat(), "reference": " 代发 1 "}

    with pytest.raises(VoucherUsed, match="发明人戊"):
        pay(second, here)
    refused = client.post(address, typed)
    client.post(address, typed | {"pays_several": "on"})
    pay(third, here, "代发 2")

    assert here.contract.code in str(refused.context["form"].errors["pays_several"])
    assert 'type="checkbox" name="pays_several"' in refused.content.decode()
    second.refresh_from_db()
    assert (second.state, second.reference) == ("paid", "代发 1")


def test_a_voucher_of_a_corrected_line_may_be_noted_again(here):
    first, *_others = shared_out(here)
    pay(first, here)

    anew = correct_line(first, by=here.finance, reason="日期有误")
    pay(anew, here)

    assert anew.state == "paid"
