"""Continuing hours: the broker enters them with proof, an officer confirms or declines."""

from collections.abc import Iterable
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.actions import ReasonMissing
from marketplace.brokers.models import TechBroker
from marketplace.brokers.training import rules
from marketplace.brokers.training.models import TrainingRecord
from marketplace.core import clock, files, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import User


class NotHeldYet(Refused):
    message = _("Enter a course once it was held.")
    field = "held_on"


class EnteredAlready(Refused):
    message = _("This course of that day is entered already.")
    field = "course"


class CourseProofMissing(Refused):
    message = _("Add a proof: a certificate of attendance, for instance.")
    field = "proof"


@transaction.atomic
def enter_training(
    broker: TechBroker,
    *,
    by: User,
    held_on: date,
    hours: int,
    course: str,
    provider: str,
    proof: Iterable[UploadedFile],
) -> TrainingRecord:
    """Enter a course that was attended. Raises NotHeldYet, EnteredAlready, CourseProofMissing."""
    broker.lock()
    now = clock.now()
    require(rules.enter_training, by, broker)
    if held_on > clock.today():
        raise NotHeldYet()
    record = TrainingRecord(
        broker=broker, held_on=held_on, hours=hours, course=course, provider=provider, entered_at=now
    )
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        raise EnteredAlready() from error
    uploads = list(proof)
    if not uploads:
        raise CourseProofMissing()
    for upload in uploads:
        try:
            files.keep(upload, subject=record, by=by, purpose="proof", confidential=True)
        except Refused as refusal:
            refusal.field = "proof"
            raise
    journal.record(Kind.TRAINING_ENTERED, record, by=by, broker=broker.code, hours=hours)
    return record


def _decide(record: TrainingRecord, state: str, *, by: User, reason: str = "") -> None:
    record.move_to(state)
    record.reason, record.decided_by, record.decided_at = reason, by, clock.now()
    record.save(update_fields=["state", "reason", "decided_by", "decided_at"])


@transaction.atomic
def confirm_training(record: TrainingRecord, *, by: User) -> None:
    """Let the hours count. Raises WrongState."""
    record.lock()
    require(rules.confirm_training, by, record)
    _decide(record, record.State.CONFIRMED, by=by)
    journal.record(Kind.TRAINING_CONFIRMED, record, by=by, broker=record.broker.code, hours=record.hours)


@transaction.atomic
def decline_training(record: TrainingRecord, *, by: User, reason: str) -> None:
    """Do not count the hours, with the reason. Raises ReasonMissing, WrongState."""
    record.lock()
    require(rules.decline_training, by, record)
    if not reason.strip():
        raise ReasonMissing()
    _decide(record, record.State.DECLINED, by=by, reason=reason.strip()[:1000])
    journal.record(Kind.TRAINING_DECLINED, record, by=by, broker=record.broker.code, hours=record.hours)
