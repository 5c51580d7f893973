"""The deposit that counts towards a price is received under the contract: once, with the same rest everywhere."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse

from marketplace.auctions import actions
from marketplace.auctions.books import sums_of_sale
from marketplace.auctions.deposits import forfeit
from marketplace.auctions.models import Deposit
from marketplace.contracts.actions import submit_contract
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.actions import enter_receipt, plan_instalment
from marketplace.contracts.payments.models import Instalment, Receipt, left_to_plan, received_of
from marketplace.contracts.payments.refusals import FallsWithDeposit, PlannedAboveTotal
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.core import clock
from marketplace.core.money import format_unrounded, format_yuan
from marketplace.deals.models import Deal
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import member, person
from tests.marketplace.auctions.test_days_of_sale import contracted, sold
from tests.marketplace.auctions.test_milestones import again
from tests.marketplace.contracts.test_from_deal import complete

pytestmark = pytest.mark.usefixtures("for_now")
SHARED = (sold, contracted)


def contract_of(lot):
    return TechnologyContract.objects.get(deal__lot_number=lot.number)


def deposit_of(lot):
    return Deposit.objects.get(registrations=lot.leader)


def counted(lot):
    return Receipt.objects.standing().filter(bank_reference=deposit_of(lot).reference)


def page(client, user, address):
    sign_in(client, user)
    return client.get(address).content.decode()


def test_it_is_received_under_the_contract_from_its_signature(ready):
    lot = ready(contracted)
    deposit, contract = deposit_of(lot), contract_of(lot)

    (receipt,) = counted(lot)

    assert (receipt.kind, receipt.amount, receipt.contract) == ("deposit", deposit.applied, contract)
    assert receipt.received_on == contract.signed_on
    assert received_of(contract) == deposit.received == lot.deposit


def test_a_repetition_counts_it_once_and_the_database_refuses_a_second(ready):
    lot = ready(contracted)
    (receipt,) = counted(lot)

    actions.mark_contracted(lot, by=None)

    assert list(counted(lot)) == [receipt]
    twice = Receipt(
        contract=receipt.contract,
        kind="deposit",
        amount=1,
        received_on=clock.today(),
        bank_reference=receipt.bank_reference,
        entered_at=clock.now(),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twice.save()


def test_every_page_says_the_same_rest(client, ready):
    lot = ready(contracted)
    contract, buyer = contract_of(lot), lot.leader.agent
    rest = contract.total_amount - lot.deposit
    in_words = format_unrounded(rest, "zh-hans")

    assert sums_of_sale(lot).left == rest
    sign_in(client, buyer)
    (row,) = [row for row in client.get("/desk/").context["rows"] if row.title == f"付清成交价款并登记：{lot}"]
    assert f"尚余 {in_words}未付" in row.about
    amount, unit = in_words[:-2].strip(), in_words[-2:]
    for address in (lot.get_absolute_url(), contract.deal.get_absolute_url()):
        text = page(client, buyer, address)
        assert "抵作价款的保证金" in text
        assert amount in text.partition("尚应支付")[2][:200], unit
    payments = page(client, buyer, reverse("payment-list", args=[contract.code]))
    assert f">{format_yuan(rest)}</dd>" in payments
    assert deposit_of(lot).reference in payments


def test_before_the_contract_the_parties_read_what_is_left_and_others_do_not(client, ready):
    lot = ready(sold)

    sums = sums_of_sale(lot)
    assert (sums.total, sums.set_off, sums.left) == (lot.price, lot.deposit, lot.price - lot.deposit)
    assert "尚应支付" in page(client, lot.leader.agent, lot.get_absolute_url())
    client.logout()
    assert "尚应支付" not in client.get(lot.get_absolute_url()).content.decode()


def test_the_plan_leaves_it_out(ready):
    lot = ready(contracted)
    contract, finance = contract_of(lot), member(lot.outcome.owner, "finance")
    rest = contract.total_amount - lot.deposit
    assert left_to_plan(contract) == rest

    with pytest.raises(PlannedAboveTotal):
        plan_instalment(contract, by=finance, due_on=clock.today(), amount=rest + 1)
    instalment = plan_instalment(contract, by=finance, due_on=clock.today(), amount=rest)
    enter_receipt(
        contract, by=finance, amount=rest, received_on=clock.today(), bank_reference="1", instalment=instalment
    )

    assert not Instalment.objects.filter(contract=contract).open().exists()
    assert sums_of_sale(again(lot)).left == 0


def test_finance_does_not_reverse_it(client, ready):
    lot = ready(contracted)
    (receipt,) = counted(lot)
    finance = member(lot.outcome.owner, "finance")

    with pytest.raises(FallsWithDeposit):
        reverse_receipt(receipt, by=finance, reason="误")

    address = reverse("payment-list", args=[receipt.contract.code])
    assert reverse("receipt-reverse", args=[receipt.code]) not in page(client, finance, address)


def test_it_is_taken_back_with_the_deposit(ready):
    lot = ready(contracted)
    actions.rescind_sale(lot, by=None)
    assert counted(lot).exists()

    actions.clear_buyer(again(lot), by=person("organiser"), reason="双方协商解除")

    assert not counted(lot).exists()
    assert received_of(contract_of(lot)) == 0


def test_it_is_taken_back_where_the_deposit_is_lost(ready):
    lot = ready(contracted)

    with transaction.atomic():
        forfeit(deposit_of(lot), at=clock.now(), by=person("organiser"))

    assert received_of(contract_of(lot)) == 0


def test_it_follows_to_another_contract_of_the_sale(ready):
    lot = ready(contracted)
    first = contract_of(lot)
    TechnologyContract.objects.filter(pk=first.pk).update(state="not_registered")
    deal = Deal.objects.get(lot_number=lot.number)
    Deal.objects.filter(pk=deal.pk).update(state="contract")
    deal.refresh_from_db()
    by = member(deal.seller, "manager")
    second = draft_contract_from_deal(deal, by=by, organisation=deal.seller)
    complete(second, by)
    submit_contract(second, by=by)

    actions.mark_contracted(again(lot), by=None)

    (receipt,) = counted(lot)
    assert receipt.contract == second
    assert (received_of(first), received_of(second)) == (0, lot.deposit)


def test_it_belongs_to_the_first_instalment_with_room(ready):
    lot = ready(sold)
    deal = Deal.objects.get(lot_number=lot.number)
    by = member(deal.seller, "manager")
    contract = draft_contract_from_deal(deal, by=by, organisation=deal.seller)
    complete(contract, by)
    small = plan_instalment(contract, by=by, due_on=clock.today(), amount=lot.deposit - 1)
    large = plan_instalment(contract, by=by, due_on=clock.today(), amount=contract.total_amount - lot.deposit + 1)
    submit_contract(contract, by=by)

    actions.mark_contracted(again(lot), by=None)

    (receipt,) = counted(lot)
    assert (receipt.instalment, small.receipts.count()) == (large, 0)
    assert left_to_plan(contract) == 0


def test_one_that_finance_entered_by_hand_is_not_counted_twice(ready):
    lot = ready(sold)
    deal = Deal.objects.get(lot_number=lot.number)
    by = member(deal.seller, "manager")
    contract = draft_contract_from_deal(deal, by=by, organisation=deal.seller)
    complete(contract, by)
    reference = deposit_of(lot).reference
    enter_receipt(contract, by=by, amount=lot.deposit, received_on=clock.today(), bank_reference=reference)
    submit_contract(contract, by=by)

    actions.mark_contracted(again(lot), by=None)

    assert again(lot).state == "contracted"
    assert received_of(contract) == lot.deposit


def test_sales_of_before_are_counted_by_the_migration(ready):
    lot = ready(contracted)
    (receipt,) = counted(lot)
    Receipt.objects.filter(pk=receipt.pk).update(reversed_at=clock.now())  # as if it had never been

    for _ in range(2):
        import_module("marketplace.migrations.0090_what_was_paid").count_deposits(apps, None)

    (made,) = counted(lot)
    assert (made.amount, made.kind, made.entered_by, made.received_on) == (
        lot.deposit,
        "deposit",
        None,
        contract_of(lot).signed_on,
    )
