"""Bidders: application, documents, deposit, number."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules
from marketplace.auctions.locking import hold_lot, lot_now
from marketplace.auctions.models import BidderRegistration, Deposit, Lot
from marketplace.auctions.reasons import require_reason
from marketplace.core import clock, files, journal
from marketplace.core.codes import ALPHABET
from marketplace.core.journal import Kind
from marketplace.core.money import format_money
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

State = BidderRegistration.State


class RegistrationClosed(Refused):
    message = _("Registration for this lot is closed.")


class AlreadyApplied(Refused):
    message = _("Your organisation has applied for this lot already.")


class DeclarationMissing(Refused):
    message = _("Confirm that you know the announcement and the named defects.")
    field = "declared"


class WrongAmount(Refused):
    message = _("The deposit is %(due)s; this payment is %(paid)s. Only the exact amount can be recorded.")
    field = "amount"


class NotYetPaid(Refused):
    message = _("A payment cannot be recorded before it has arrived.")
    field = "received_at"


class PaymentRecorded(Refused):
    message = _("A payment with this number of the bank is recorded already.")
    field = "bank_reference"


class PaidTooLate(Refused):
    message = _("The deposit arrived after the time announced, so it does not admit to this lot.")


def takes_applications(lot: Lot, at: datetime) -> bool:
    """Tell whether bidders may apply for the lot at `at`."""
    return lot.state == lot.State.ANNOUNCED and at < lot.session.registration_closes_at and at < lot.ends_at


@transaction.atomic
def apply_for_lot(
    lot: Lot, *, by: User, organisation: Organisation, declared: bool, documents: Iterable[UploadedFile] = ()
) -> BidderRegistration:
    """Apply for an organisation to bid on a lot, with its documents; return the registration."""
    hold_lot(lot)
    now = clock.now()
    require(rules.apply_for_lot, by, lot, organisation)
    if not takes_applications(lot, now):
        raise RegistrationClosed()
    if not declared:
        raise DeclarationMissing()
    registration = BidderRegistration(
        lot=lot, organisation=organisation, agent=by, declared_at=now, applied_at=now, state=State.APPLIED
    )
    try:
        with transaction.atomic():
            registration.save()
    except IntegrityError as error:
        raise AlreadyApplied() from error
    _keep(documents, registration, by)
    journal.record(Kind.REGISTRATION_APPLIED, registration, by=by, on_behalf_of=organisation, lot=lot.number)
    return registration


def _hold(registration: BidderRegistration) -> None:
    """Hold the lot, then the registration: no close or withdrawal comes between a decision and its deposit."""
    hold_lot(registration.lot)
    registration.lock()


def _keep(documents: Iterable[UploadedFile], registration: BidderRegistration, by: User) -> None:
    """Keep what was handed in; a file that is not accepted is refused beside the documents."""
    for upload in documents:
        try:
            files.keep(upload, subject=registration, by=by, purpose="registration", confidential=True)
        except Refused as refusal:
            refusal.field = "documents"
            raise


@transaction.atomic
def ask_for_documents(registration: BidderRegistration, *, by: User, reason: str) -> None:
    """Tell the bidder what is missing."""
    _hold(registration)
    require(rules.ask_for_documents, by, registration)
    registration.move_to(State.DOCUMENTS)
    _decide(registration, by=by, reason=require_reason(reason))
    journal.record(Kind.REGISTRATION_ASKED, registration, by=by)


@transaction.atomic
def add_documents(
    registration: BidderRegistration, *, by: User, organisation: Organisation, documents: Iterable[UploadedFile]
) -> None:
    """Hand in what was asked for; the application is checked again."""
    _hold(registration)
    require(rules.add_documents, by, registration, organisation)
    registration.move_to(State.APPLIED)
    registration.save(update_fields=["state"])
    _keep(documents, registration, by)
    journal.record(Kind.REGISTRATION_APPLIED, registration, by=by, on_behalf_of=organisation, again=True)


@transaction.atomic
def admit_bidder(registration: BidderRegistration, *, by: User, priority_rank: int | None = None) -> None:
    """Accept the documents, note the rank of a priority right (1 is best), and ask for the deposit."""
    _hold(registration)
    require(rules.admit_bidder, by, registration)
    registration.move_to(State.DEPOSIT_DUE)
    lot = registration.lot
    registration.priority_rank = priority_rank
    suffix = "".join(secrets.choice(ALPHABET) for _place in range(4))
    registration.deposit = Deposit.objects.create(
        session=lot.session,
        lot=lot,
        organisation=registration.organisation,
        amount=lot.deposit,
        due_at=lot.session.registration_closes_at,
        reference=f"{lot.number}-{suffix}",
    )
    _decide(registration, by=by, reason="")
    journal.record(Kind.REGISTRATION_ADMITTED, registration, by=by, deposit=lot.deposit)


@transaction.atomic
def reject_bidder(registration: BidderRegistration, *, by: User, reason: str) -> None:
    """Turn an application down, with the reason."""
    _hold(registration)
    require(rules.reject_bidder, by, registration)
    registration.move_to(State.REJECTED)
    _decide(registration, by=by, reason=require_reason(reason))
    journal.record(Kind.REGISTRATION_REJECTED, registration, by=by)


def _decide(registration: BidderRegistration, *, by: User, reason: str) -> None:
    registration.decided_by, registration.decided_at, registration.decision_reason = by, clock.now(), reason
    registration.save()


@transaction.atomic
def record_deposit(deposit: Deposit, *, by: User, amount: int, bank_reference: str, received_at: datetime) -> None:
    """Enter what the bank shows: the exact amount (fen), its number, when it arrived."""
    if deposit.lot is not None:
        hold_lot(deposit.lot)
    deposit.lock()
    require(rules.record_deposit, by, deposit)
    deposit.move_to(deposit.State.HELD)
    if received_at > clock.now():
        raise NotYetPaid()
    if amount != deposit.amount:
        raise WrongAmount(due=format_money(deposit.amount), paid=format_money(amount))
    deposit.received, deposit.received_at, deposit.bank_reference = amount, received_at, bank_reference.strip()
    try:
        with transaction.atomic():
            deposit.save()
    except IntegrityError as error:
        raise PaymentRecorded() from error
    journal.record(Kind.DEPOSIT_RECEIVED, deposit, by=by, amount=amount)
    for registration in deposit.registrations.filter(state=State.DEPOSIT_DUE):
        registration.lock()
        registration.move_to(State.DEPOSIT_HELD)
        registration.save(update_fields=["state"])


@transaction.atomic
def qualify_bidder(registration: BidderRegistration, *, by: User) -> None:
    """Give an admitted bidder with a deposit its number for this lot. The number says nothing about it."""
    _hold(registration)
    require(rules.qualify_bidder, by, registration)
    registration.move_to(State.QUALIFIED)
    deposit = registration.deposit
    if deposit is None or not deposit.is_held or (deposit.received_at or lot_now()) > deposit.due_at:
        raise PaidTooLate()
    taken = set(registration.lot.registrations.exclude(alias="").values_list("alias", flat=True))
    free = [str(number) for number in range(1, 2 * len(taken) + 21) if str(number) not in taken]
    registration.alias = secrets.choice(free)
    registration.save(update_fields=["state", "alias"])
    journal.record(Kind.REGISTRATION_QUALIFIED, registration, by=by, lot=registration.lot.number)


@transaction.atomic
def release_deposit(deposit: Deposit, *, by: User, bank_reference: str) -> None:
    """Enter that the bank has paid a deposit back."""
    if deposit.lot is not None:
        hold_lot(deposit.lot)
    deposit.lock()
    require(rules.release_deposit, by, deposit)
    deposit.move_to(deposit.State.RELEASED)
    deposit.released, deposit.release_reference = deposit.received, bank_reference.strip()
    deposit.ended_at = clock.now()
    deposit.save()
    for registration in deposit.registrations.filter(state=State.REFUND_DUE):
        registration.lock()
        registration.move_to(State.REFUNDED)
        registration.save(update_fields=["state"])
    journal.record(Kind.DEPOSIT_RELEASED, deposit, by=by, amount=deposit.released)


def let_bidders_go(lot: Lot, *, winner: BidderRegistration | None = None) -> None:
    """Ask for the release of every deposit but the winner's, and end what never got that far."""
    registrations = lot.registrations.select_related("deposit").exclude(pk=winner.pk if winner else 0)
    for registration in registrations:
        if State.REFUND_DUE in registration.NEXT.get(registration.state, ()):
            registration.move_to(State.REFUND_DUE)
        elif State.LAPSED in registration.NEXT.get(registration.state, ()):
            registration.move_to(State.LAPSED)
        else:
            continue
        registration.save(update_fields=["state"])
        if registration.deposit is not None:
            _let_deposit_go(registration.deposit)


def _let_deposit_go(deposit: Deposit) -> None:
    deposit.lock()
    if deposit.state == deposit.State.DUE:
        deposit.move_to(deposit.State.LAPSED)
        deposit.save(update_fields=["state"])
    elif deposit.state == deposit.State.HELD:
        deposit.move_to(deposit.State.RELEASE_DUE)
        deposit.release_due_at = clock.now()
        deposit.save(update_fields=["state", "release_due_at"])
        journal.record(Kind.DEPOSIT_RELEASE_DUE, deposit, by=None, amount=deposit.received)
