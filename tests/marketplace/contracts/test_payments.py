"""Payments of a contract: planned, received in parts, late, reversed; the database keeps every row."""

import copy
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from marketplace.contracts.payments.actions import (
    drop_instalment,
    enter_receipt,
    note_invoice,
    plan_instalment,
    remind_of_instalment,
)
from marketplace.contracts.payments.models import Instalment, Receipt, received_of
from marketplace.contracts.payments.refusals import (
    DueBeforeSigning,
    EnteredAlready,
    InstalmentOfOther,
    InstalmentPaid,
    LongBeforeSigning,
    NothingToPay,
    NotSignedYet,
    NotYetReceived,
    PaidBeforeSigning,
    PlannedAboveTotal,
    ReasonOfReversal,
    ReasonOfStrike,
    ReceivedAboveTotal,
    ReversalIsFinal,
    ReversedAlready,
)
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.core import clock
from marketplace.core.journal import Entry
from tests.factories.people import member, organisation
from tests.marketplace.contracts.factories import WAN, drafted
from tests.marketplace.contracts.shared import house, receipt


@pytest.fixture(scope="module")
def lasting_house(lasting):
    return house()


@pytest.fixture
def here(lasting_house, for_now):
    return copy.deepcopy(lasting_house)


def due(here, *, days=30, amount=40 * WAN, condition="样机验收后十日内", **stated):
    on = clock.today() + timedelta(days=days)
    return plan_instalment(here.contract, by=here.finance, due_on=on, amount=amount, condition=condition, **stated)


def late(here):
    return list(Instalment.objects.late(clock.today()))


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_no_amount(here, amount):
    today = clock.today()

    with pytest.raises(NothingToPay):
        due(here, amount=amount)
    with pytest.raises(NothingToPay):
        enter_receipt(here.contract, by=here.finance, amount=amount, received_on=today, bank_reference="0001")


def test_an_advance_may_come_before_the_signature_and_a_slip_of_the_pen_not(here):
    signed = here.contract.signed_on
    given = {"by": here.finance, "amount": WAN}

    before = {"received_on": signed - timedelta(days=30), "bank_reference": "0001"}
    with pytest.raises(PaidBeforeSigning, match=str(signed)):
        enter_receipt(here.contract, **before, **given)
    enter_receipt(here.contract, is_advance=True, **before, **given)
    with pytest.raises(DueBeforeSigning, match=str(signed)):
        due(here, days=(signed - clock.today()).days - 30)
    due(here, days=(signed - clock.today()).days - 30, is_agreed_before=True)

    with pytest.raises(LongBeforeSigning):
        due(here, days=(signed - clock.today()).days - 800)
    with pytest.raises(LongBeforeSigning):
        enter_receipt(
            here.contract,
            received_on=signed - timedelta(days=800),
            bank_reference="0002",
            is_advance=True,
            **given,
        )


def test_the_schedule_ends_at_the_total(here):
    due(here, amount=60 * WAN)

    with pytest.raises(PlannedAboveTotal, match=r"400,000\.00"):
        due(here, amount=40 * WAN + 1)
    due(here, amount=40 * WAN)

    assert sum(one.amount for one in here.contract.instalments.all()) == here.contract.total_amount


@pytest.mark.django_db
def test_royalties_are_planned_and_come_in_above_the_total():
    here = house(payment="royalty")

    due(here, amount=200 * WAN)
    receipt(here, amount=150 * WAN)

    assert received_of(here.contract) == 150 * WAN


@pytest.mark.django_db
def test_money_belongs_to_a_signed_contract():
    contract, by = drafted(with_file=False)

    with pytest.raises(NotSignedYet):
        plan_instalment(contract, by=by, due_on=clock.today(), amount=WAN)
    with pytest.raises(NotSignedYet):
        enter_receipt(contract, by=by, amount=WAN, received_on=clock.today(), bank_reference="1")

    assert not Receipt.objects.exists()


def test_part_payments_add_up_and_end_the_lateness(here):
    instalment = due(here, days=0)
    with clock.moved_to(clock.now() + timedelta(days=3)):
        assert late(here) == [instalment]
        receipt(here, amount=15 * WAN, instalment=instalment)
        assert late(here) == [instalment]
        receipt(here, amount=25 * WAN, instalment=instalment)

        assert late(here) == []
    assert received_of(here.contract) == 40 * WAN


def test_more_than_the_total_does_not_come_in(here):
    receipt(here, amount=100 * WAN - 1)

    with pytest.raises(ReceivedAboveTotal, match=r"0\.01"):
        receipt(here, amount=2)

    assert received_of(here.contract) == 100 * WAN - 1


def test_one_bank_reference_counts_once_until_it_is_reversed(here):
    first = receipt(here, bank_reference="工行 001")

    with pytest.raises(EnteredAlready, match="工行 001"):
        receipt(here, bank_reference=" 工行 001 ")
    reverse_receipt(first, by=here.finance, reason="金额录错")
    again = receipt(here, bank_reference="工行 001", amount=9 * WAN)

    assert received_of(here.contract) == again.amount == 9 * WAN


def test_a_payment_of_tomorrow_has_not_come_in(here):
    with pytest.raises(NotYetReceived):
        receipt(here, received_on=clock.today() + timedelta(days=1))


def test_an_instalment_of_another_contract_takes_no_money(here):
    other = due(house())

    with pytest.raises(InstalmentOfOther):
        receipt(here, instalment=other)


def test_a_reversal_is_a_row_of_its_own(here):
    entered = receipt(here, amount=10 * WAN)

    row = reverse_receipt(entered, by=here.finance, reason="银行退回")

    entered.refresh_from_db()
    assert (row.amount, row.reverses, row.reason) == (-10 * WAN, entered, "银行退回")
    assert entered.amount == 10 * WAN
    assert received_of(here.contract) == 0
    assert Entry.objects.about(entered).filter(kind="receipt.reversed", actor=here.finance).count() == 1


def test_reversals_are_refused_in_words(here):
    entered = receipt(here)
    with pytest.raises(ReasonOfReversal):
        reverse_receipt(entered, by=here.finance, reason="  ")
    row = reverse_receipt(entered, by=here.finance, reason="录错")

    with pytest.raises(ReversedAlready):
        reverse_receipt(entered, by=here.finance, reason="录错")
    with pytest.raises(ReversalIsFinal):
        reverse_receipt(row, by=here.finance, reason="录错")

    assert Receipt.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(amount=1),
        lambda rows: rows.update(bank_reference="x"),
        lambda rows: rows.delete(),
        lambda rows: rows._raw_delete("default"),
    ],
)
def test_the_database_keeps_a_receipt_as_it_was_entered(here, change):
    entered = receipt(here)

    with pytest.raises(DatabaseError, match="not changed or deleted"), transaction.atomic():
        change(Receipt.objects.filter(pk=entered.pk))

    assert Receipt.objects.get(pk=entered.pk).amount == 10 * WAN


def test_an_instalment_goes_while_nothing_came_in(here):
    planned, paid = due(here), due(here)
    receipt(here, instalment=paid)

    with pytest.raises(ReasonOfStrike):
        drop_instalment(planned, by=here.finance, reason=" ")
    drop_instalment(planned, by=here.finance, reason="改为一次付清")
    with pytest.raises(InstalmentPaid):
        drop_instalment(paid, by=here.finance, reason="误")

    assert list(here.contract.instalments.standing()) == [paid]
    assert (planned.drop_reason, planned.dropped_by) == ("改为一次付清", here.finance)


def test_an_invoice_is_noted_and_corrected(here):
    instalment = due(here)

    note_invoice(instalment, by=here.finance, invoice_number="样票 1", invoiced_on=clock.today())
    note_invoice(instalment, by=here.finance, invoice_number="样票 2", invoiced_on=clock.today())

    instalment.refresh_from_db()
    assert (instalment.invoice_number, instalment.invoiced_on) == ("样票 2", clock.today())
    assert Entry.objects.about(instalment).filter(kind="instalment.invoiced").count() == 2


def test_late_payments_are_reminded_of_every_two_weeks(here):
    instalment = due(here, days=0)
    assert not remind_of_instalment(instalment)

    reminded = []
    for day in (1, 2, 14, 15, 16, 29):
        with clock.moved_to(clock.now() + timedelta(days=day)):
            reminded.append((day, remind_of_instalment(instalment)))

    assert reminded == [(1, True), (2, False), (14, False), (15, True), (16, False), (29, True)]
    assert Entry.objects.about(instalment).filter(kind="instalment.reminded").count() == 3


def test_only_the_sellers_finance_keeps_payments(here):
    instalment = due(here)
    entered = receipt(here)
    buyers = member(organisation(), "manager")
    for stranger in (here.writer, here.first, buyers):
        for verb in (
            lambda by: plan_instalment(here.contract, by=by, due_on=clock.today(), amount=1),
            lambda by: drop_instalment(instalment, by=by, reason="x"),
            lambda by: note_invoice(instalment, by=by, invoice_number="1", invoiced_on=clock.today()),
            lambda by: enter_receipt(here.contract, by=by, amount=1, received_on=clock.today(), bank_reference="2"),
            lambda by: reverse_receipt(entered, by=by, reason="x"),
        ):
            with pytest.raises(PermissionDenied, match="卖方的财务"):
                verb(stranger)

    assert received_of(here.contract) == 10 * WAN
