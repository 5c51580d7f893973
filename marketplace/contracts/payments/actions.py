"""What a contract is paid: plan, note the invoice, enter what came in, remind of what is late.

Taking a payment back is `sharing/reversing.py`, because what was shared out of it is taken back with it.
Every verb holds the contract's row first, so two people at once come one after the other.
"""

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments import rules
from marketplace.contracts.payments.due_days import A_YEAR, require_due_day
from marketplace.contracts.payments.models import Instalment, Receipt, left_to_plan, received_of, royalties_of
from marketplace.contracts.payments.references import hold_reference, require_not_elsewhere
from marketplace.contracts.payments.refusals import (
    ContractEnded,
    DueAfterEnd,
    EnteredAlready,
    InstalmentDropped,
    InstalmentOfOther,
    InstalmentPaid,
    LongBeforeSigning,
    NothingToPay,
    NotSignedYet,
    NotYetReceived,
    PaidBeforeSigning,
    PlannedAboveTotal,
    ReasonOfStrike,
    ReceivedAboveTotal,
)
from marketplace.core import clock, journal
from marketplace.core.code_lists import ROYALTY
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

REMIND_AGAIN = timedelta(days=14)


def require_signed(contract: TechnologyContract) -> None:
    """Refuse money of a contract whose signed paper is not on file."""
    if contract.signed_on is None or contract.signed_file_id is None:
        raise NotSignedYet()


@transaction.atomic
def plan_instalment(
    contract: TechnologyContract,
    *,
    by: User,
    organisation: Organisation | None = None,
    due_on: date,
    amount: int,
    condition: str = "",
    is_agreed_before: bool = False,
    is_agreed_later: bool = False,
) -> Instalment:
    """Put one payment into the schedule.

    Stated by who plans it: that a day before the signature, or after the last day that the announcement of a sale sets,
    was agreed so. Raises NotSignedYet, ContractEnded, DueAfterEnd, DueLongBeforeSigning, DueBeforeSigning,
    DueAfterAnnounced, NothingToPay; PlannedAboveTotal, unless royalties leave it open.
    """
    contract.lock()
    now = clock.now()
    require(rules.plan_instalment, by, contract, organisation=organisation)
    require_signed(contract)
    if contract.is_terminated:
        raise ContractEnded()
    require_due_day(contract, due_on, is_agreed_before=is_agreed_before, is_agreed_later=is_agreed_later)
    if contract.terminated_on is not None and due_on > contract.terminated_on:
        raise DueAfterEnd(day=contract.terminated_on)
    if amount <= 0:
        raise NothingToPay()
    left = left_to_plan(contract)
    if contract.payment != ROYALTY and amount > left:
        raise PlannedAboveTotal(left_fen=max(left, 0))
    instalment = Instalment.objects.create(
        contract=contract, due_on=due_on, amount=amount, condition=condition.strip(), planned_by=by, planned_at=now
    )
    stated = {"agreed": True} if is_agreed_before or is_agreed_later else {}
    _record(Kind.INSTALMENT_PLANNED, instalment, by=by, due_on=due_on.isoformat(), amount=amount, **stated)
    return instalment


@transaction.atomic
def plan_royalty(contract: TechnologyContract, *, by: User, due_on: date, amount: int, condition: str) -> Instalment:
    """Put what a formula makes due into the schedule, beyond the total. Raises NotSignedYet, ContractEnded.

    Called by trials, whose rule was asked.
    """
    contract.lock()
    now = clock.now()
    require_signed(contract)
    if contract.is_terminated:
        raise ContractEnded()
    instalment = Instalment.objects.create(
        contract=contract,
        due_on=due_on,
        amount=amount,
        is_royalty=True,
        condition=condition[:200],
        planned_by=by,
        planned_at=now,
    )
    _record(Kind.INSTALMENT_PLANNED, instalment, by=by, due_on=due_on.isoformat(), amount=amount, royalty=True)
    return instalment


@transaction.atomic
def drop_instalment(instalment: Instalment, *, by: User, reason: str, organisation: Organisation | None = None) -> None:
    """Strike a payment nothing came in for from the schedule; the reason stays with it, for both sides.

    Raises InstalmentPaid, InstalmentDropped, ReasonOfStrike.
    """
    _hold(instalment)
    require(rules.drop_instalment, by, instalment, organisation=organisation)
    _strike(instalment, by=by, reason=reason)


@transaction.atomic
def drop_royalty(instalment: Instalment, *, by: User, reason: str) -> None:
    """Strike what a formula made due, because the report behind it is taken back. Raises as drop_instalment.

    Called by trials, whose rule was asked.
    """
    _hold(instalment)
    _strike(instalment, by=by, reason=reason[:300])


def _strike(instalment: Instalment, *, by: User, reason: str) -> None:
    now = clock.now()
    _require_standing(instalment)
    if instalment.receipts.standing().exists():
        raise InstalmentPaid()
    if not reason.strip():
        raise ReasonOfStrike()
    instalment.dropped_at, instalment.dropped_by, instalment.drop_reason = now, by, reason.strip()
    instalment.save(update_fields=["dropped_at", "dropped_by", "drop_reason"])
    _record(Kind.INSTALMENT_DROPPED, instalment, by=by)


@transaction.atomic
def note_invoice(
    instalment: Instalment,
    *,
    by: User,
    organisation: Organisation | None = None,
    invoice_number: str,
    invoiced_on: date,
) -> None:
    """Note the invoice of an instalment; another one stands in its place. Raises InstalmentDropped."""
    _hold(instalment)
    require(rules.note_invoice, by, instalment, organisation=organisation)
    _require_standing(instalment)
    instalment.invoice_number, instalment.invoiced_on = invoice_number.strip(), invoiced_on
    instalment.save(update_fields=["invoice_number", "invoiced_on"])
    _record(Kind.INSTALMENT_INVOICED, instalment, by=by, number=instalment.invoice_number)


@transaction.atomic
def enter_receipt(
    contract: TechnologyContract,
    *,
    by: User,
    organisation: Organisation | None = None,
    amount: int,
    received_on: date,
    bank_reference: str,
    instalment: Instalment | None = None,
    pays_several: bool = False,
    is_advance: bool = False,
) -> Receipt:
    """Enter money that came in, whole or a part of an instalment, once for each bank reference.

    Stated by who enters it: that this transfer `pays_several` contracts, that it `is_advance` of the signature.
    Raises NotSignedYet, NothingToPay, NotYetReceived, InstalmentOfOther, InstalmentDropped, EnteredAlready,
    LongBeforeSigning, PaidBeforeSigning, ReferenceElsewhere, ReceivedAboveTotal.
    """
    contract.lock()
    now = clock.now()
    require(rules.enter_receipt, by, contract, organisation=organisation)
    if amount <= 0:
        raise NothingToPay()
    _require_enterable(contract, received_on, instalment, is_advance=is_advance)
    reference = bank_reference.strip()
    hold_reference(contract.seller_id, reference)
    left = contract.total_amount + royalties_of(contract) - received_of(contract)
    receipt = Receipt(
        contract=contract,
        instalment=instalment,
        amount=amount,
        received_on=received_on,
        bank_reference=reference,
        entered_by=by,
        entered_at=now,
    )
    _save_once(receipt)
    if not pays_several:
        require_not_elsewhere(contract, reference)
    if contract.payment != ROYALTY and amount > left:
        raise ReceivedAboveTotal(left_fen=max(left, 0))
    stated = {name: True for name, said in (("pays_several", pays_several), ("advance", is_advance)) if said}
    journal.record(Kind.RECEIPT_ENTERED, receipt, by=by, on_behalf_of=contract.seller, amount=amount, **stated)
    return receipt


def _require_enterable(
    contract: TechnologyContract, received_on: date, instalment: Instalment | None, *, is_advance: bool
) -> None:
    require_signed(contract)
    if received_on > clock.today():
        raise NotYetReceived()
    if contract.signed_on is not None and received_on < contract.signed_on - A_YEAR:
        raise LongBeforeSigning(signed_on=contract.signed_on)
    if contract.signed_on is not None and received_on < contract.signed_on and not is_advance:
        raise PaidBeforeSigning(signed_on=contract.signed_on)
    if instalment is not None:
        _require_own(instalment, contract)


def _save_once(receipt: Receipt) -> None:
    """Save a receipt, whose bank reference stands once among those of the contract that were not reversed."""
    try:
        with transaction.atomic():
            receipt.save()
    except IntegrityError as error:
        raise EnteredAlready(reference=receipt.bank_reference) from error


def _hold(instalment: Instalment) -> None:
    instalment.contract.lock()
    instalment.lock()


def _require_standing(instalment: Instalment) -> None:
    if instalment.dropped_at is not None:
        raise InstalmentDropped()


def _require_own(instalment: Instalment, contract: TechnologyContract) -> None:
    instalment.refresh_from_db()
    if instalment.contract_id != contract.pk:
        raise InstalmentOfOther()
    _require_standing(instalment)


def _record(kind: Kind, instalment: Instalment, *, by: User, **data: object) -> None:
    journal.record(kind, instalment, by=by, on_behalf_of=instalment.contract.seller, **data)


@transaction.atomic
def remind_of_instalment(instalment: Instalment) -> bool:
    """Remind of a late instalment, every two weeks; tell whether this call did it."""
    _hold(instalment)
    today = clock.today()
    is_late = Instalment.objects.late(today).filter(pk=instalment.pk).exists()
    if not is_late or (instalment.reminded_on is not None and today < instalment.reminded_on + REMIND_AGAIN):
        return False
    instalment.reminded_on = today
    instalment.save(update_fields=["reminded_on"])
    due, amount = instalment.due_on.isoformat(), instalment.amount
    journal.record(Kind.INSTALMENT_REMINDED, instalment, by=None, due_on=due, amount=amount)
    return True
