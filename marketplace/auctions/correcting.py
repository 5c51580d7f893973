"""A recorded payment is corrected, or its record taken back, while nothing follows from it yet."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules_of_bidders
from marketplace.auctions.bank_numbers import tidy_number
from marketplace.auctions.deposits import (
    ASKED,
    UNASKED,
    hold_deposit,
    move_applications,
    require_payment,
)
from marketplace.auctions.ladder import instant
from marketplace.auctions.models import BidderRegistration, Deposit, DepositCorrection
from marketplace.auctions.reasons import require_reason
from marketplace.auctions.straying import clear_up_again, say_the_same
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import User

State = BidderRegistration.State
NOT_YET = (State.DEPOSIT_HELD, State.LAPSED)  # applications for which nothing has followed from the money


class NotHeld(Refused):
    message = _("This deposit is “%(state)s”. Only what was recorded of a held deposit is corrected.")


class SomethingFollows(Refused):
    message = _(
        "A bidder has qualified upon this deposit, or it already stands for another lot. "
        "What was recorded of it stays; tell the organiser."
    )


class NothingCorrected(Refused):
    message = _("This is what stands there already.")


def why_not_corrected(deposit: Deposit) -> Refused | None:
    """Return why the record of a deposit stays as it is, or None where nothing follows from it yet.

    From money that came unasked nothing follows but that it is paid back.
    """
    if deposit.came_unasked and deposit.state == deposit.State.RELEASE_DUE:
        return None
    if not deposit.is_held:
        return NotHeld(state=deposit.get_state_display())
    if deposit.registrations.exclude(state__in=NOT_YET).exists():
        return SomethingFollows()
    return None


def _require(deposit: Deposit) -> None:
    obstacle = why_not_corrected(deposit)
    if obstacle is not None:
        raise obstacle


@transaction.atomic
def correct_deposit(
    deposit: Deposit, *, by: User, amount: int, bank_reference: str, received_at: datetime, reason: str
) -> DepositCorrection:
    """Put right what was recorded of a payment, as the bank shows it, and keep what stood there before.

    Raises NotHeld, SomethingFollows, NothingCorrected, ReasonMissing, and what record_deposit does.
    """
    now = hold_deposit(deposit)
    require(rules_of_bidders.correct_deposit, by, deposit)
    _require(deposit)
    reason = require_reason(reason)
    before, bank_reference = _of(deposit), tidy_number(bank_reference)
    require_payment(deposit, amount=amount, bank_reference=bank_reference, received_at=received_at, now=now)
    correction = _correction(deposit, by=by, at=now, reason=reason)
    deposit.received, deposit.received_at, deposit.bank_reference = amount, received_at, bank_reference
    after = _of(deposit)
    if before == after:
        raise NothingCorrected()
    deposit.save(update_fields=["received", "received_at", "bank_reference"])
    say_the_same(deposit)
    correction.save()
    journal.record(Kind.DEPOSIT_CORRECTED, deposit, by=by, before=before, after=after)
    return correction


@transaction.atomic
def take_back_deposit(deposit: Deposit, *, by: User, reason: str) -> DepositCorrection:
    """Take back the record of a payment that was not this deposit's: it is to be paid, or not asked for, as before.

    Raises NotHeld, SomethingFollows, ReasonMissing.
    """
    now = hold_deposit(deposit)
    require(rules_of_bidders.take_back_deposit, by, deposit)
    _require(deposit)
    correction = _correction(deposit, by=by, at=now, reason=require_reason(reason))
    correction.is_taken_back = True
    correction.save()
    journal.record(Kind.DEPOSIT_TAKEN_BACK, deposit, by=by, before=_of(deposit))
    before, after = UNASKED if deposit.came_unasked else ASKED
    deposit.move_to(deposit.State.LAPSED if deposit.came_unasked else deposit.State.DUE)
    deposit.received, deposit.received_at, deposit.bank_reference = 0, None, ""
    deposit.came_unasked, deposit.release_due_at = False, None
    deposit.save()
    move_applications(deposit, after, before)
    clear_up_again(deposit, by=by)
    return correction


def _of(deposit: Deposit) -> dict[str, Any]:
    """Return what is recorded of a payment, as the journal keeps it."""
    arrived = instant(deposit.received_at) if deposit.received_at is not None else None
    return {"amount": deposit.received, "received_at": arrived, "bank_reference": deposit.bank_reference}


def _correction(deposit: Deposit, *, by: User, at: datetime, reason: str) -> DepositCorrection:
    """Return the unsaved correction of what stands there now."""
    return DepositCorrection(
        deposit=deposit,
        was_received=deposit.received,
        was_received_at=deposit.received_at,  # type: ignore[misc]  # it is held, so it was received
        was_bank_reference=deposit.bank_reference,
        reason=reason,
        made_by=by,
        made_at=at,
    )
