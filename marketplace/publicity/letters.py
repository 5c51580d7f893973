"""Objections that come on paper: staff enter them, and from then on they are objections like any other."""

from collections.abc import Sequence
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.files import files_of, keep_letter, keep_same
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import User
from marketplace.publicity import rules
from marketplace.publicity.actions import TextMissing, plain
from marketplace.publicity.models import Objection, Publicity
from marketplace.publicity.taking_back import point_to, take_back_for_another

LETTER = "letter"


class PublicityConcluded(Refused):
    message = _(
        "This publicity has ended, and what waited for its end has gone on: an objection entered now would hold "
        "nothing up. Keep the letter on file and answer it outside the platform."
    )


class PublicityFell(Refused):
    message = _(
        "This publicity was stopped, and what was published fell with it: there is nothing left to object to. Tell so "
        "whoever wrote the letter."
    )


class NotReceivedYet(Refused):
    message = _("The letter cannot have come after today.")
    field = "received_on"


class ReceivedTooEarly(Refused):
    message = _("The publicity began on %(day)s. A letter that came before objects to something else.")
    field = "received_on"


class ReceivedTooLate(Refused):
    message = _("Objections are taken until %(day)s. What came later is not in time and is not entered.")
    field = "received_on"


class Unsigned(Refused):
    message = _(
        "Name the person who signed or the organisation that sealed the letter. Unsigned letters are not entered."
    )
    field = "signed_by"


class NowhereToReply(Refused):
    message = _("Give an e-mail address, or a phone number or postal address: the answer has to reach the objector.")
    field = "reply_contact"


class LetterMissing(Refused):
    message = _("Add the scanned letter.")
    field = "letter"


class EnteredAlready(Refused):
    message = _(
        "An objection signed so is entered already. If this is another person of the same name, add what tells them "
        "apart, such as the village or the post."
    )
    field = "signed_by"


def why_too_late(publicity: Publicity) -> Refused | None:
    """Return why no letter is entered any more, whoever asks and whenever it came; None while one is."""
    if publicity.is_running:
        return None
    return PublicityFell() if publicity.state == Publicity.State.STOPPED else PublicityConcluded()


@transaction.atomic
def enter_objection(
    publicity: Publicity,
    *,
    by: User,
    received_on: date,
    ground: str,
    text: str,
    letter: Sequence[UploadedFile],
    signed_by: str = "",
    signed_for: str = "",
    reply_email: str = "",
    reply_contact: str = "",
    instead_of: Objection | None = None,
    mistake: str = "",
) -> Objection:
    """Enter what came on paper within the term, for whoever signed or sealed it; the letter is kept with it.

    It counts by the day it came, so it may be entered after the last day for as long as the publicity has not ended.
    `instead_of` is an entry made by `mistake`: it is taken back at once, here or in another publicity, and without
    new pages the letter of that one is kept.
    Raises PublicityConcluded, PublicityFell, NotReceivedYet, ReceivedTooEarly, ReceivedTooLate, Unsigned,
    NowhereToReply, TextMissing, LetterMissing, EnteredAlready, and what `keep_letter` and `take_back_letter` raise.
    """
    _hold(publicity, instead_of)
    now = clock.now()
    require(rules.enter_objection, by, publicity)
    signature = {"signed_by": _line(signed_by, 80), "signed_for": _line(signed_for, 120)}
    reply = {"reply_email": reply_email.strip(), "reply_contact": _line(reply_contact, 200)}
    _refuse_day(publicity, received_on)
    has_letter = bool(letter) or (instead_of is not None and files_of(instead_of).exists())
    _refuse_blanks(any(signature.values()), any(reply.values()), plain(text), has_letter)
    if instead_of is not None:
        take_back_for_another(instead_of, by=by, at=now, mistake=mistake)
    objection = Objection(publicity=publicity, ground=ground, text=plain(text), made_at=now, **signature, **reply)
    objection.entered_by, objection.received_on = by, received_on
    try:
        with transaction.atomic():
            objection.save()
    except IntegrityError as error:
        raise EnteredAlready() from error
    _keep(letter, instead_of, objection, by=by)
    came = received_on.isoformat()
    journal.record(Kind.OBJECTION_ENTERED, objection, by=by, ground=ground, received_on=came, on_paper=True)
    if instead_of is not None:
        point_to(instead_of, objection, by=by)
    return objection


def _hold(publicity: Publicity, instead_of: Objection | None) -> None:
    """Hold the term, and that of the entry which is taken back, in the order of their keys."""
    if instead_of is None or instead_of.publicity_id == publicity.pk:
        if instead_of is not None:
            instead_of.publicity = publicity
        publicity.lock()
        return
    for one in sorted((publicity, instead_of.publicity), key=lambda one: one.pk):
        one.lock()


def _keep(letter: Sequence[UploadedFile], instead_of: Objection | None, objection: Objection, *, by: User) -> None:
    keep_letter(letter, subject=objection, by=by, purpose=LETTER)
    if instead_of is not None and not letter:
        for page in files_of(instead_of):
            keep_same(page, subject=objection, by=by)


def _line(text: str, most: int) -> str:
    """Return a line without what no text holds; blanks within count once, so that equal names are equal."""
    return " ".join(plain(text).split())[:most]


def _refuse_day(publicity: Publicity, received_on: date) -> None:
    too_late = why_too_late(publicity)
    if too_late is not None:
        raise too_late
    if received_on > clock.today():
        raise NotReceivedYet()
    if received_on < publicity.begins_on:
        raise ReceivedTooEarly(day=publicity.begins_on.isoformat())
    if received_on > publicity.ends_on:
        raise ReceivedTooLate(day=publicity.ends_on.isoformat())


def _refuse_blanks(is_signed: bool, can_reply: bool, text: str, has_letter: bool) -> None:
    if not is_signed:
        raise Unsigned()
    if not can_reply:
        raise NowhereToReply()
    if not text:
        raise TextMissing()
    if not has_letter:
        raise LetterMissing()
