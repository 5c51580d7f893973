"""A term of publicity: begin it, object, answer, end it or stop it."""

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, files, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.core.working_days import add_working_days
from marketplace.organisations.models import Organisation, User
from marketplace.publicity import rules
from marketplace.publicity.models import Objection, Publicity

LONGEST = 4000


class TermOver(Refused):
    message = _("Objections are taken until the last day of the publicity.")


class ObjectedAlready(Refused):
    message = _("You have objected already. You read the answer here.")


class TextMissing(Refused):
    message = _("Say what you object to.")
    field = "text"


class AnswerMissing(Refused):
    message = _("Give the reasons of the answer.")
    field = "answer"


class NoLongerPublic(Refused):
    message = _("The publicity has ended, so nothing is left to answer.")


class PublicityOver(Refused):
    message = _("The publicity has ended; only one that runs is extended.")
    field = "working_days"


class ExtensionReasonMissing(Refused):
    message = _("Say why the term is longer: everybody reads it.")
    field = "reason"


def plain(text: str) -> str:
    """Return what was typed without what no text holds, and not too long."""
    return text.replace("\x00", "").strip()[:LONGEST]


def begin_publicity(subject: models.Model, *, matter: str, working_days: int, by: User | None) -> Publicity:
    """Publish a record for a term of working days; today does not count. The caller's rule was asked."""
    today = clock.today()
    publicity = Publicity.objects.create(
        subject=subject, matter=matter, begins_on=today, ends_on=add_working_days(today, working_days)
    )
    until = publicity.ends_on.isoformat()
    journal.record(Kind.PUBLICITY_BEGUN, publicity, by=by, matter=matter, ends_on=until)
    return publicity


@transaction.atomic
def make_objection(
    publicity: Publicity,
    *,
    by: User,
    organisation: Organisation | None,
    ground: str,
    text: str,
    evidence: Iterable[UploadedFile] = (),
) -> Objection:
    """Object in time, once, with evidence; brokers for no house. Raises TermOver, TextMissing, ObjectedAlready."""
    publicity.lock()
    now = clock.now()
    require(rules.make_objection, by, publicity)
    if not publicity.takes_objections(clock.today()):
        raise TermOver()
    if not plain(text):
        raise TextMissing()
    objection = Objection(publicity=publicity, ground=ground, text=plain(text), made_by=by, made_at=now)
    subject: Any = publicity.subject
    part = subject.read_as(by, organisation) if hasattr(subject, "read_as") else {}
    objection.organisation = organisation = None if part else organisation
    try:
        with transaction.atomic():
            objection.save()
    except IntegrityError as error:
        raise ObjectedAlready() from error
    for upload in evidence:
        try:
            files.keep(upload, subject=objection, by=by, purpose="objection", confidential=True)
        except Refused as refusal:
            refusal.field = "evidence"
            raise
    journal.record(Kind.OBJECTION_MADE, objection, by=by, on_behalf_of=organisation, ground=ground, **part)
    return objection


@transaction.atomic
def withdraw_objection(objection: Objection, *, by: User) -> None:
    """Take an own objection back that nobody has answered; within the term another may be made.

    Raises NoLongerPublic, WrongState.
    """
    publicity = objection.publicity
    publicity.lock()
    objection.lock()
    now = clock.now()
    require(rules.withdraw_objection, by, objection)
    if not publicity.is_running:
        raise NoLongerPublic()
    objection.move_to(objection.State.WITHDRAWN)
    objection.withdrawn_at = now
    objection.save(update_fields=["state", "withdrawn_at"])
    journal.record(Kind.OBJECTION_WITHDRAWN, objection, by=by, on_behalf_of=objection.organisation)


@transaction.atomic
def answer_objection(objection: Objection, *, by: User, is_upheld: bool, answer: str) -> None:
    """Dismiss or uphold an objection with reasons; upheld, it stops the publicity, and what waited for it fails."""
    publicity = objection.publicity
    publicity.lock()
    objection.lock()
    now = clock.now()
    require(rules.answer_objection, by, objection)
    if not publicity.is_running:
        raise NoLongerPublic()
    if not plain(answer):
        raise AnswerMissing()
    objection.move_to(objection.State.UPHELD if is_upheld else objection.State.DISMISSED)
    objection.answer, objection.answered_by, objection.answered_at = plain(answer), by, now
    objection.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    journal.record(Kind.OBJECTION_ANSWERED, objection, by=by, upheld=is_upheld)
    if is_upheld:
        _stop(publicity, by=by, upheld=True)


def _stop(publicity: Publicity, *, by: User | None, upheld: bool, reason: str = "") -> None:
    """Stop a term whose row is held; what was objected and not answered falls with it."""
    publicity.move_to(publicity.State.STOPPED)
    publicity.ended_at, publicity.stopped_because = clock.now(), plain(reason)[:500]
    publicity.save(update_fields=["state", "ended_at", "stopped_because"])
    for objection in publicity.objections.unanswered().select_for_update(of=("self",)):
        objection.move_to(objection.State.LAPSED)
        objection.save(update_fields=["state"])
    journal.record(Kind.PUBLICITY_STOPPED, publicity, by=by, upheld=upheld)


def stop_publicity(subject: models.Model, *, by: User | None, reason: str = "") -> None:
    """Stop the running publicity of a record that fell away, for a reason everybody reads where one was given.

    Nothing is done where there is none.
    """
    for publicity in Publicity.objects.of(subject).running().select_for_update(of=("self",)):
        _stop(publicity, by=by, upheld=False, reason=reason)


@transaction.atomic
def extend_publicity(publicity: Publicity, *, by: User, working_days: int, reason: str) -> None:
    """Let a term that runs end some working days later, for a reason everybody reads.

    It counts from the last day, or from today where an objection held the end. Raises PublicityOver,
    ExtensionReasonMissing.
    """
    publicity.lock()
    today = clock.today()
    require(rules.extend_publicity, by, publicity)
    if not publicity.is_running:
        raise PublicityOver()
    if not plain(reason):
        raise ExtensionReasonMissing()
    former = publicity.ends_on
    publicity.ends_on = add_working_days(max(former, today), working_days)
    publicity.extended_because = plain(reason)[:500]
    publicity.save(update_fields=["ends_on", "extended_because"])
    until = publicity.ends_on.isoformat()
    journal.record(Kind.PUBLICITY_EXTENDED, publicity, by=by, former=former.isoformat(), ends_on=until)


@transaction.atomic
def end_publicity(publicity: Publicity) -> bool:
    """End a term that has stood, unless an objection waits for its answer; tell whether this call did it.

    It has stood when the days are over in which letters that came in time are entered.
    """
    publicity.lock()
    now = clock.now()
    waits = publicity.objections.filter(state=Objection.State.MADE).exists()
    if not publicity.is_running or publicity.closes_on >= clock.today() or waits:
        return False
    publicity.move_to(publicity.State.ENDED)
    publicity.ended_at = now
    publicity.save(update_fields=["state", "ended_at"])
    journal.record(Kind.PUBLICITY_ENDED, publicity, by=None, matter=publicity.matter)
    return True
