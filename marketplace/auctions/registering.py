"""Bidders: application, documents, number. What happens to their money stands in deposits.py."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import declaration, rules_of_bidders
from marketplace.auctions.authorising import PowerOfAttorney, keep_authority, require_authority
from marketplace.auctions.conflicts import conflict_of
from marketplace.auctions.documents import Document, lacking
from marketplace.auctions.drawing import draw_number, payment_reference
from marketplace.auctions.locking import hold_lot
from marketplace.auctions.models import BidderRegistration, Deposit, Lot
from marketplace.auctions.priority_holders import rank_of
from marketplace.auctions.reasons import require_reason
from marketplace.auctions.session_deposits import deposit_of_session
from marketplace.core import files, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

Papers = Iterable[tuple[Document, UploadedFile]]
FIELDS: dict[Document, str] = {kind: kind.value for kind in Document if kind != Document.OTHER}
State = BidderRegistration.State


class RegistrationClosed(Refused):
    message = _("Registration for this lot is closed.")


class AlreadyApplied(Refused):
    message = _("Your organisation has applied for this lot already.")


class DeclarationMissing(Refused):
    message = _("Tick the statements above.")
    field = "declared"


class DeclarationOutdated(Refused):
    message = _("The declaration has new words. Read it again and send the application once more.")
    field = "declared"


class InConflict(Refused):
    message = _("This organisation may not bid on the lot: %(reason)s")


class DocumentsMissing(Refused):
    message = _("Not handed in: %(documents)s. Ask for them, or state that you admit the bidder without them.")
    field = "sure"


class PaidTooLate(Refused):
    message = _("The deposit arrived after the time announced, so it does not admit to this lot.")


def takes_applications(lot: Lot, at: datetime) -> bool:
    """Tell whether bidders may apply for the lot at `at`; a rehearsal is joined instead."""
    if lot.session.rehearsal_of_id is not None:
        return False
    return lot.state == lot.State.ANNOUNCED and at < lot.session.registration_closes_at and at < lot.ends_at


@transaction.atomic
def apply_for_lot(
    lot: Lot,
    *,
    by: User,
    organisation: Organisation,
    declared: bool,
    version: str = declaration.VERSION,
    documents: Papers = (),
    power: PowerOfAttorney | None = None,
) -> BidderRegistration:
    """Apply for an organisation to bid on a lot, with its documents by kind; return the registration.

    Without a power of attorney `by` is the legal representative in person. A listed holder of a priority right has its
    rank from here on; who does not apply has none (法释〔2016〕18号 Art. 19).
    """
    now = hold_lot(lot)
    require(rules_of_bidders.apply_for_lot, by, lot, organisation)
    if not takes_applications(lot, now):
        raise RegistrationClosed()
    if not declared:
        raise DeclarationMissing()
    if version != declaration.VERSION:
        raise DeclarationOutdated()
    registration = _new_registration(lot, organisation, by=by, at=now)
    if power is not None:
        keep_authority(registration, by=by, agent=by, power=power, at=now)
    _keep(documents, registration, by)
    journal.record(Kind.REGISTRATION_APPLIED, registration, by=by, on_behalf_of=organisation, lot=lot.number)
    return registration


def _new_registration(lot: Lot, organisation: Organisation, *, by: User, at: datetime) -> BidderRegistration:
    registration = BidderRegistration(
        lot=lot, organisation=organisation, agent=by, declared_at=at, applied_at=at, state=State.APPLIED
    )
    registration.declared_by, registration.declaration_version = by, declaration.VERSION
    registration.priority_rank = rank_of(lot, organisation)
    try:
        with transaction.atomic():
            registration.save()
    except IntegrityError as error:
        raise AlreadyApplied() from error
    return registration


def _hold(registration: BidderRegistration) -> datetime:
    """Hold the lot, then the registration, and return the time.

    No close or withdrawal comes between a decision and its deposit.
    """
    now = hold_lot(registration.lot)
    registration.lock()
    return now


def _keep(documents: Papers, registration: BidderRegistration, by: User) -> None:
    """Keep what was handed in, by its kind; a file that is not accepted is refused beside the field of its kind."""
    for kind, upload in documents:
        try:
            files.keep(upload, subject=registration, by=by, purpose=kind.value, confidential=True)
        except Refused as refusal:
            refusal.field = FIELDS.get(kind, "documents")
            raise


@transaction.atomic
def ask_for_documents(registration: BidderRegistration, *, by: User, reason: str) -> None:
    """Tell the bidder what is missing."""
    now = _hold(registration)
    require(rules_of_bidders.ask_for_documents, by, registration)
    registration.move_to(State.DOCUMENTS)
    _decide(registration, at=now, by=by, reason=require_reason(reason))
    journal.record(Kind.REGISTRATION_ASKED, registration, by=by)


@transaction.atomic
def add_documents(registration: BidderRegistration, *, by: User, organisation: Organisation, documents: Papers) -> None:
    """Hand in further documents while the application waits; what was asked for has it checked again.

    What was sent before stays as it was sent. Raises WrongState once the application is decided.
    """
    _hold(registration)
    require(rules_of_bidders.add_documents, by, registration, organisation)
    was_asked = registration.state != State.APPLIED
    if was_asked:
        registration.move_to(State.APPLIED)
        registration.save(update_fields=["state"])
    _keep(documents, registration, by)
    kind = Kind.REGISTRATION_APPLIED if was_asked else Kind.REGISTRATION_SUPPLEMENTED
    journal.record(kind, registration, by=by, on_behalf_of=organisation, again=True)


@transaction.atomic
def admit_bidder(registration: BidderRegistration, *, by: User, missing: Collection[Document] = ()) -> None:
    """Accept the documents, apart from those known to be `missing` (the journal keeps them); ask for the deposit."""
    now = _hold(registration)
    require(rules_of_bidders.admit_bidder, by, registration)
    _require_no_conflict(registration)
    require_authority(registration)
    registration.move_to(State.DEPOSIT_DUE)
    lacked = _require_documents(registration, known=missing)
    registration.deposit = deposit = _deposit_for(registration)
    if deposit.is_held:  # one for the session, and it is there already
        registration.move_to(State.DEPOSIT_HELD)
    _decide(registration, at=now, by=by, reason="")
    journal.record(Kind.REGISTRATION_ADMITTED, registration, by=by, deposit=deposit.amount, missing=lacked)


def _require_no_conflict(registration: BidderRegistration) -> None:
    """Ask once more what may have changed since the application. Raises InConflict."""
    conflict = conflict_of(registration.organisation, registration.lot, registration.agent)
    if conflict is not None:
        raise InConflict(reason=conflict)


def _require_documents(registration: BidderRegistration, *, known: Collection[Document]) -> list[str]:
    """Return the kinds that were not handed in, each of them `known` to whoever admits. Raises DocumentsMissing."""
    lacked = lacking(registration)
    if unknown := [str(kind.label) for kind in lacked if kind not in known]:
        raise DocumentsMissing(documents=gettext(", ").join(unknown))
    return [kind.value for kind in lacked]


def _deposit_for(registration: BidderRegistration) -> Deposit:
    """Return the deposit an admitted bidder pays: one for the lot, or the one it has for the session."""
    lot = registration.lot
    session = lot.session
    due_at = session.registration_closes_at
    if session.deposit_scope == session.DepositScope.SESSION:
        return deposit_of_session(registration, reference=payment_reference(session), due_at=due_at)
    return Deposit.objects.create(
        session=session,
        lot=lot,
        organisation=registration.organisation,
        amount=lot.deposit,
        due_at=due_at,
        reference=payment_reference(lot),
    )


@transaction.atomic
def reject_bidder(registration: BidderRegistration, *, by: User, reason: str) -> None:
    """Turn an application down, with the reason."""
    now = _hold(registration)
    require(rules_of_bidders.reject_bidder, by, registration)
    registration.move_to(State.REJECTED)
    _decide(registration, at=now, by=by, reason=require_reason(reason))
    journal.record(Kind.REGISTRATION_REJECTED, registration, by=by)


def _decide(registration: BidderRegistration, *, at: datetime, by: User, reason: str) -> None:
    registration.decided_by, registration.decided_at, registration.decision_reason = by, at, reason
    registration.save()


@transaction.atomic
def qualify_bidder(registration: BidderRegistration, *, by: User) -> None:
    """Give an admitted bidder with a deposit its number for this lot. The number says nothing about it."""
    _hold(registration)
    require(rules_of_bidders.qualify_bidder, by, registration)
    _require_no_conflict(registration)
    registration.move_to(State.QUALIFIED)
    deposit = registration.deposit
    if deposit is None or not deposit.is_held or deposit.received_at is None:
        raise PaidTooLate()
    # an amendment may have prolonged the registration while the deposit was asked for
    if deposit.received_at > max(deposit.due_at, registration.lot.session.registration_closes_at):
        raise PaidTooLate()
    registration.alias = draw_number(registration.lot)
    registration.save(update_fields=["state", "alias"])
    journal.record(Kind.REGISTRATION_QUALIFIED, registration, by=by, lot=registration.lot.number)
