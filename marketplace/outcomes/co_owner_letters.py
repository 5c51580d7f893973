"""Answers of co-owners that come on paper: an officer enters what the letter says, with the letter."""

from collections.abc import Sequence
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.files import File, files_of, keep_letter
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import User
from marketplace.outcomes import rules
from marketplace.outcomes.co_ownership import CoOwnerAnswer, CoOwnership
from marketplace.outcomes.co_owning import (
    KINDS,
    ContractRests,
    ObjectionReasonMissing,
    ObjectionTooLong,
    State,
    facts_of,
    refusal_to_answer,
    write_answer,
)

LETTER = "co_owner_letter"


class NothingToEnter(Refused):
    message = _(
        "No version that is in review or public asks this co-owner: it was taken back or returned, or does not name "
        "the co-owner any more."
    )


class RestsOnAgreement(Refused):
    message = _("A contract was signed on the agreement of the co-owner, so it stays.")


class AgreedAlready(Refused):
    message = _("The co-owner has agreed already.")
    field = "answer"


class SignatureMissing(Refused):
    message = _("Name the person who signed for the co-owner.")
    field = "signed_by"


class LetterMissing(Refused):
    message = _("Add the scanned letter.")
    field = "letter"


class NotReceivedYet(Refused):
    message = _("The letter cannot have come after today.")
    field = "received_on"


class ReceivedBeforeAsked(Refused):
    message = _("The co-owner was asked on %(day)s. A letter that came before answers something else.")
    field = "received_on"


class AnsweredSince(Refused):
    message = _("The co-owner has answered on %(day)s, after this letter came: its last word counts.")
    field = "received_on"


def letters_of(answer: CoOwnerAnswer) -> list[File]:
    """Return the scanned letter of an answer that came on paper."""
    return list(files_of(answer)) if answer.entered_by_id is not None else []


@transaction.atomic
def enter_co_owner_answer(
    co_ownership: CoOwnership,
    *,
    by: User,
    answer: str,
    received_on: date,
    signed_by: str,
    letter: Sequence[UploadedFile],
    reason: str = "",
) -> CoOwnerAnswer:
    """Enter what a co-owner answered by letter; it counts like an answer given here, and its people here are told.

    `answer` is a CoOwnerAnswer.Answer. Raises NothingToEnter, RestsOnAgreement, AgreedAlready, SignatureMissing,
    LetterMissing, NotReceivedYet, ReceivedBeforeAsked, AnsweredSince, ObjectionReasonMissing, ObjectionTooLong, and
    what `keep_letter` raises.
    """
    outcome = co_ownership.outcome
    outcome.lock()
    co_ownership.lock()
    co_ownership.outcome = outcome
    now = clock.now()
    require(rules.enter_co_owner_answer, by, co_ownership)
    given, said = State(answer), reason.strip() if answer == State.OBJECTED else ""
    signature = " ".join(signed_by.replace("\x00", "").split())[:80]
    _refuse_answer(co_ownership, given, said)
    _refuse_day(co_ownership, received_on)
    if not signature:
        raise SignatureMissing()
    if not letter:
        raise LetterMissing()
    written = write_answer(
        co_ownership, given, said, at=now, entered_by=by, signed_by=signature, received_on=received_on
    )
    keep_letter(letter, subject=written, by=by, purpose=LETTER)
    facts = facts_of(co_ownership) | {"on_paper": True, "received_on": received_on.isoformat()}
    journal.record(KINDS[given], outcome, by=by, on_behalf_of=co_ownership.organisation, **facts)
    return written


def _refuse_answer(asked: CoOwnership, given: State, said: str) -> None:
    refusal = refusal_to_answer(asked)
    if refusal is not None:
        raise RestsOnAgreement() if isinstance(refusal, ContractRests) else NothingToEnter()
    if given == State.OBJECTED and not said:
        raise ObjectionReasonMissing()
    if len(said) > CoOwnerAnswer.LONGEST_REASON:
        raise ObjectionTooLong(most=CoOwnerAnswer.LONGEST_REASON)
    if given == asked.state == State.AGREED:
        raise AgreedAlready()


def _refuse_day(asked: CoOwnership, received_on: date) -> None:
    """Refuse a day on which no answer can have come, or after which the co-owner said something else."""
    if received_on > clock.today():
        raise NotReceivedYet()
    day = timezone.localdate(asked.asked_at)
    if received_on < day and not asked.is_outside:  # nobody asked it: its letter may lie with the district before
        raise ReceivedBeforeAsked(day=day.isoformat())
    last = asked.last_answer
    if last is not None and received_on < (said_on := last.received_on or timezone.localdate(last.answered_at)):
        raise AnsweredSince(day=said_on.isoformat())
