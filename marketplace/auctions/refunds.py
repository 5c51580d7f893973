"""A deposit is paid back: recorded as the bank shows it, corrected, or the record taken back where no money left."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules_of_bidders
from marketplace.auctions.bank_numbers import tidy_number, why_not_numbered
from marketplace.auctions.deposits import hold_deposit, move_applications
from marketplace.auctions.models import BidderRegistration, Deposit, RefundCorrection
from marketplace.auctions.reasons import require_reason
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, refuse
from marketplace.core.rules import require
from marketplace.organisations.models import User

State = BidderRegistration.State


class RefundIsThePayment(Refused):
    message = _("This is the bank’s number of the payment that arrived. Enter the one of the refund.")
    field = "bank_reference"


class NotYetPaidBack(Refused):
    message = _("A refund cannot be recorded before the bank has paid it.")
    field = "paid_on"


class PaidBackTooEarly(Refused):
    message = _("It was to be paid back from %(day)s on; the refund cannot be earlier.")
    field = "paid_on"


class NotPaidBack(Refused):
    message = _("This deposit is “%(state)s”: no refund is recorded.")


class RefundStands(Refused):
    message = _("This is what stands there already.")


def _require_refund(deposit: Deposit, *, bank_reference: str, paid_on: date, today: date) -> None:
    """Raise RefundIsThePayment, PaymentRecorded, NotYetPaidBack, PaidBackTooEarly, or Several of them."""
    is_payment = bank_reference == deposit.bank_reference
    refuse(
        RefundIsThePayment() if is_payment else why_not_numbered(bank_reference, deposit),
        _why_not_paid_back(deposit, paid_on, today=today),
    )


def _why_not_paid_back(deposit: Deposit, paid_on: date, *, today: date) -> Refused | None:
    """Money that came unasked may go back before it is recorded here."""
    if paid_on > today:
        return NotYetPaidBack()
    due_from = timezone.localdate(deposit.received_at if deposit.came_unasked else deposit.release_due_at)
    return PaidBackTooEarly(day=due_from) if paid_on < due_from else None


@transaction.atomic
def release_deposit(deposit: Deposit, *, by: User, bank_reference: str, paid_on: date | None = None) -> None:
    """Enter that the bank has paid a deposit back: its number, and on which day (none: today).

    Raises RefundIsThePayment, PaymentRecorded, NotYetPaidBack, PaidBackTooEarly.
    """
    now = hold_deposit(deposit)
    require(rules_of_bidders.release_deposit, by, deposit)
    deposit.move_to(deposit.State.RELEASED)
    today, bank_reference = timezone.localdate(now), tidy_number(bank_reference)
    paid_on = paid_on or today
    _require_refund(deposit, bank_reference=bank_reference, paid_on=paid_on, today=today)
    deposit.released, deposit.release_reference, deposit.released_on = deposit.received, bank_reference, paid_on
    deposit.ended_at = now
    deposit.save()
    for state in (State.REFUND_DUE, State.KEPT):
        move_applications(deposit, state, State.REFUNDED)
    journal.record(Kind.DEPOSIT_RELEASED, deposit, by=by, amount=deposit.released)


def why_no_refund_is_corrected(deposit: Deposit) -> Refused | None:
    """Return why there is no refund to correct, or None."""
    return None if deposit.state == deposit.State.RELEASED else NotPaidBack(state=deposit.get_state_display())


def _kept(deposit: Deposit, *, by: User, reason: str) -> RefundCorrection:
    """Return the unsaved correction that keeps what is recorded of a refund. Raises NotPaidBack, ReasonMissing."""
    obstacle = why_no_refund_is_corrected(deposit)
    if obstacle is not None:
        raise obstacle
    return RefundCorrection(
        deposit=deposit,
        was_released_on=deposit.released_on,
        was_bank_reference=deposit.release_reference,
        reason=require_reason(reason),
        made_by=by,
    )


@transaction.atomic
def correct_refund(deposit: Deposit, *, by: User, bank_reference: str, paid_on: date, reason: str) -> RefundCorrection:
    """Put right what was recorded of a refund, as the bank shows it, and keep what stood there before.

    Raises NotPaidBack, RefundStands, ReasonMissing, and what release_deposit does.
    """
    now = hold_deposit(deposit)
    require(rules_of_bidders.correct_refund, by, deposit)
    correction, before = _kept(deposit, by=by, reason=reason), _of(deposit)
    bank_reference = tidy_number(bank_reference)
    _require_refund(deposit, bank_reference=bank_reference, paid_on=paid_on, today=timezone.localdate(now))
    deposit.release_reference, deposit.released_on = bank_reference, paid_on
    if _of(deposit) == before:
        raise RefundStands()
    deposit.save(update_fields=["release_reference", "released_on"])
    correction.made_at = now
    correction.save()
    journal.record(Kind.REFUND_CORRECTED, deposit, by=by, before=before, after=_of(deposit))
    return correction


@transaction.atomic
def take_back_refund(deposit: Deposit, *, by: User, reason: str) -> RefundCorrection:
    """Take back the record of a refund that the bank did not make: the deposit is to be paid back, as before.

    Raises NotPaidBack, ReasonMissing.
    """
    now = hold_deposit(deposit)
    require(rules_of_bidders.take_back_refund, by, deposit)
    correction, before = _kept(deposit, by=by, reason=reason), _of(deposit)
    correction.is_taken_back, correction.made_at = True, now
    correction.save()
    deposit.move_to(deposit.State.RELEASE_DUE)
    deposit.released, deposit.release_reference, deposit.released_on, deposit.ended_at = 0, "", None, None
    deposit.save()
    move_applications(deposit, State.REFUNDED, State.REFUND_DUE)
    journal.record(Kind.REFUND_TAKEN_BACK, deposit, by=by, before=before)
    return correction


def _of(deposit: Deposit) -> dict[str, Any]:
    """Return what is recorded of a refund, as the journal keeps it."""
    paid_on = deposit.released_on.isoformat() if deposit.released_on is not None else None
    return {"paid_on": paid_on, "bank_reference": deposit.release_reference}
