"""The deposit that counts towards a price, in the payments of the contract: received once, taken back with it.

Callers hold the lot and the deposit; the contract is held after them.
"""

from django.db.models import QuerySet
from django.utils import timezone

from marketplace.auctions.models import Deposit, Lot
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import Receipt
from marketplace.contracts.payments.set_off import count_deposit
from marketplace.contracts.sharing.reversing import take_back_deposit_counted
from marketplace.organisations.models import User


def set_off(lot: Lot, *, by: User | None) -> Receipt | None:
    """Count the deposit applied to a lot under its signed contract, once; it follows where another one is signed."""
    deposit = Deposit.objects.select_for_update().filter(applied_to=lot, state=Deposit.State.APPLIED).first()
    signed = TechnologyContract.objects.signed().filter(deal__lot_number=lot.number, signed_file__isnull=False)
    contract = signed.filter(signed_on__isnull=False).order_by("pk").last()
    if deposit is None or contract is None or deposit.ended_at is None:
        return None
    contract.lock()
    counted = counted_of(deposit).first()
    if counted is not None and counted.contract_id == contract.pk:
        return counted
    take_back(deposit, by=by)
    if contract.receipts.standing().filter(bank_reference=deposit.reference).exists():
        return None  # the seller's finance entered it by hand
    return count_deposit(
        contract,
        by=by,
        amount=deposit.applied,
        reference=deposit.reference,
        applied_on=timezone.localdate(deposit.ended_at),
    )


def take_back(deposit: Deposit, *, by: User | None) -> None:
    """Take back what was counted of a deposit that counts towards a price no longer."""
    for receipt in counted_of(deposit).select_related("contract"):
        take_back_deposit_counted(receipt, by=by)


def counted_of(deposit: Deposit) -> "QuerySet[Receipt]":
    """Return the receipt that stands for a deposit, if there is one."""
    return Receipt.objects.standing().filter(kind=Receipt.Kind.DEPOSIT, bank_reference=deposit.reference)
