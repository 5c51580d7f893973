"""Appeal against a default (悔拍): made once by the buyer, decided by somebody who did not declare it."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules, rules_of_bidders
from marketplace.auctions.deposits import return_forfeited, winner_of
from marketplace.auctions.locking import hold_lot
from marketplace.auctions.models import BidderRegistration, DefaultAppeal, Lot
from marketplace.core import files, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

LONGEST = 4000


class NothingToAppeal(Refused):
    message = _("There is no default against which you could appeal.")


class AppealedAlready(Refused):
    message = _("An appeal is made once, and yours is in.")


class AppealEmpty(Refused):
    message = _("Say why you did not default.")
    field = "text"


class AnswerMissing(Refused):
    message = _("Give the reasons of the decision.")
    field = "answer"


class NoAppeal(Refused):
    message = _("There is no appeal to decide.")


def _plain(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST]


def why_not_appealed(registration: BidderRegistration) -> Refused | None:
    """Return why there is nothing to appeal for a registration, or None where its default was declared."""
    lot = registration.lot
    if lot.state != lot.State.DEFAULTED or lot.leader_id != registration.pk or not registration.is_barred:
        return NothingToAppeal()
    if DefaultAppeal.objects.filter(registration=registration).exists():
        return AppealedAlready()
    return None


@transaction.atomic
def appeal_default(
    registration: BidderRegistration,
    *,
    by: User,
    organisation: Organisation,
    text: str,
    evidence: Iterable[UploadedFile] = (),
) -> DefaultAppeal:
    """Appeal for the buyer whose default was declared, once, with what supports it.

    Raises NothingToAppeal, AppealedAlready, AppealEmpty.
    """
    lot = registration.lot
    now = hold_lot(lot)
    registration.lock()
    require(rules_of_bidders.appeal_default, by, registration, organisation)
    obstacle = why_not_appealed(registration)
    if obstacle is not None:
        raise obstacle
    if not _plain(text):
        raise AppealEmpty()
    appeal = DefaultAppeal.objects.create(registration=registration, text=_plain(text), made_by=by, made_at=now)
    for upload in evidence:
        try:
            files.keep(upload, subject=appeal, by=by, purpose="appeal", confidential=True)
        except Refused as refusal:
            refusal.field = "evidence"
            raise
    journal.record(Kind.DEFAULT_APPEALED, lot, by=by, on_behalf_of=organisation, number=lot.number)
    return appeal


@transaction.atomic
def decide_appeal(lot: Lot, *, by: User, is_granted: bool, answer: str) -> None:
    """Grant an appeal (the bar is lifted, the deposit is paid back) or not; the sale stays failed either way."""
    now = hold_lot(lot)
    require(rules.decide_appeal, by, lot)
    appeal = DefaultAppeal.objects.filter(registration=lot.leader_id, state=DefaultAppeal.State.MADE).first()
    if appeal is None or lot.state != lot.State.DEFAULTED:
        raise NoAppeal()
    if not _plain(answer):
        raise AnswerMissing()
    appeal.lock()
    appeal.move_to(appeal.State.GRANTED if is_granted else appeal.State.DISMISSED)
    appeal.answer, appeal.decided_by, appeal.decided_at = _plain(answer), by, now
    appeal.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    journal.record(Kind.DEFAULT_APPEAL_DECIDED, lot, by=by, number=lot.number, granted=is_granted)
    if is_granted:
        _take_back(lot, at=now, by=by)


def _take_back(lot: Lot, *, at: datetime, by: User) -> None:
    lot.move_to(lot.State.RESCINDED)
    lot.save(update_fields=["state"])
    winner, deposit = winner_of(lot)
    winner.is_barred = False
    winner.save(update_fields=["is_barred"])
    return_forfeited(deposit, winner, at=at, by=by)
