"""Stray payments: noted by finance staff, assigned to the deposit they are meant for, or sent back in full.

What was noted by mistake, the payment or that it went back, is taken back; the journal keeps both.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules_of_bidders
from marketplace.auctions.bank_numbers import (
    NumberTooLong,
    PaymentRecorded,
    StrayRecorded,
    tidy_number,
    why_not_numbered,
)
from marketplace.auctions.deposits import NotYetPaid, hold_deposit, record_deposit
from marketplace.auctions.locking import busy_if_waiting
from marketplace.auctions.models import Deposit, StrayPayment
from marketplace.auctions.reasons import require_reason
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import User


class NothingReceived(Refused):
    message = _("Give the amount that came in.")
    field = "amount"


class PayerMissing(Refused):
    message = _("Give the payer as the bank names it.")
    field = "payer"


class ReturnedOnAnImpossibleDay(Refused):
    message = _("The day lies between the day the money came in and today.")
    field = "returned_on"


class NotWaitedFor(Refused):
    message = _("This deposit waits for no payment now. Choose another one, or send the money back.")
    field = "deposit"


@transaction.atomic
def record_stray_payment(
    *, by: User, amount: int, payer: str, bank_reference: str, received_at: datetime, note: str
) -> StrayPayment:
    """Note money (fen) that fits no deposit.

    Raises NothingReceived, PayerMissing, NotYetPaid, ReasonMissing, and where the bank's number stands for something
    else PaymentRecorded or StrayRecorded.
    """
    now = clock.now()
    require(rules_of_bidders.record_stray_payment, by)
    if amount <= 0:
        raise NothingReceived()
    if not payer.strip():
        raise PayerMissing()
    if received_at > now:
        raise NotYetPaid()
    note = require_reason(note)
    number = tidy_number(bank_reference)
    _require_unused(number)
    stray = StrayPayment.objects.create(
        amount=amount,
        payer=payer.strip()[:100],
        bank_reference=number,
        received_at=received_at,
        note=note,
        recorded_by=by,
        recorded_at=now,
    )
    journal.record(Kind.STRAY_RECORDED, stray, by=by, amount=amount)
    return stray


@transaction.atomic
def assign_stray_payment(stray: StrayPayment, *, by: User, deposit: Deposit) -> None:
    """Record a stray payment as that of a deposit, as if it had come with the right words.

    Raises NotWaitedFor, and what `record_deposit` says against it, such as another amount.
    """
    now = hold_deposit(deposit)
    with busy_if_waiting():
        stray.lock()
    require(rules_of_bidders.settle_stray_payment, by, stray)
    stray.move_to(stray.State.ASSIGNED)
    if deposit.state not in (deposit.State.DUE, deposit.State.LAPSED):
        raise NotWaitedFor()
    stray.deposit, stray.settled_by, stray.settled_at = deposit, by, now
    stray.save(update_fields=["state", "deposit", "settled_by", "settled_at"])
    record_deposit(
        deposit, by=by, amount=stray.amount, bank_reference=stray.bank_reference, received_at=stray.received_at
    )
    journal.record(Kind.STRAY_ASSIGNED, stray, by=by, deposit=deposit.reference)


@transaction.atomic
def return_stray_payment(stray: StrayPayment, *, by: User, return_reference: str, returned_on: date) -> None:
    """Note that a stray payment went back in full. Raises PaymentRecorded, StrayRecorded, ReturnedOnAnImpossibleDay."""
    stray.lock()
    now = clock.now()
    require(rules_of_bidders.settle_stray_payment, by, stray)
    stray.move_to(stray.State.RETURNED)
    if not timezone.localdate(stray.received_at) <= returned_on <= timezone.localdate(now):
        raise ReturnedOnAnImpossibleDay()
    try:
        number = tidy_number(return_reference)
        _require_unused(number)
    except (PaymentRecorded, StrayRecorded, NumberTooLong) as refusal:
        refusal.field = "return_reference"
        raise
    stray.return_reference, stray.returned_on, stray.settled_by, stray.settled_at = number, returned_on, by, now
    stray.save(update_fields=["state", "return_reference", "returned_on", "settled_by", "settled_at"])
    journal.record(Kind.STRAY_RETURNED, stray, by=by, amount=stray.amount)


@transaction.atomic
def take_back_stray_payment(stray: StrayPayment, *, by: User, reason: str) -> None:
    """Take back that a payment came in, which was noted by mistake: its number is free again. Raises ReasonMissing."""
    stray.lock()
    now = clock.now()
    require(rules_of_bidders.settle_stray_payment, by, stray)
    stray.move_to(stray.State.MISTAKEN)
    stray.taken_back_why = require_reason(reason)
    stray.settled_by, stray.settled_at = by, now
    stray.save(update_fields=["state", "taken_back_why", "settled_by", "settled_at"])
    journal.record(Kind.STRAY_TAKEN_BACK, stray, by=by, amount=stray.amount)


@transaction.atomic
def take_back_stray_return(stray: StrayPayment, *, by: User, reason: str) -> None:
    """Take back that a stray payment went back: it waits to be cleared up again. Raises WrongState, ReasonMissing."""
    stray.lock()
    require(rules_of_bidders.settle_stray_payment, by, stray)
    if stray.state != stray.State.RETURNED:
        raise WrongState(state=stray.get_state_display())
    stray.move_to(stray.State.OPEN)
    stray.taken_back_why, number = require_reason(reason), stray.return_reference
    stray.return_reference, stray.returned_on = "", None
    stray.settled_by = stray.settled_at = None
    stray.save(update_fields=["state", "taken_back_why", "return_reference", "returned_on", "settled_by", "settled_at"])
    journal.record(Kind.STRAY_RETURN_TAKEN_BACK, stray, by=by, bank_reference=number)


def clear_up_again(deposit: Deposit, *, by: User) -> None:
    """Let a stray payment wait again whose record as that of a held deposit was taken back."""
    stray = StrayPayment.objects.filter(deposit=deposit).first()
    if stray is None:
        return
    with busy_if_waiting():
        stray.lock()
    stray.move_to(stray.State.OPEN)
    stray.deposit = stray.settled_by = stray.settled_at = None
    stray.save(update_fields=["state", "deposit", "settled_by", "settled_at"])
    journal.record(Kind.STRAY_RECORDED, stray, by=by, amount=stray.amount, again=True)


def say_the_same(deposit: Deposit) -> None:
    """Put a stray payment right with the held deposit it was assigned to: both are one payment of the bank."""
    for stray in StrayPayment.objects.filter(deposit=deposit):
        with busy_if_waiting():
            stray.lock()
        stray.amount, stray.received_at = deposit.received, deposit.received_at  # type: ignore[assignment]
        stray.bank_reference = deposit.bank_reference
        stray.save(update_fields=["amount", "received_at", "bank_reference"])


def _require_unused(number: str) -> None:
    """Refuse a bank's number that stands for a payment or refund already. Raises PaymentRecorded, StrayRecorded."""
    refusal = why_not_numbered(number, None)
    if refusal is not None:
        raise refusal
