"""An end declared for a breach, answered: accepted, disputed, taken back, or decided by court or arbitration."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from marketplace.contracts.performance import rules
from marketplace.contracts.performance.ending import Ended, call, go_on, hold, settle
from marketplace.contracts.performance.models import ContractTermination
from marketplace.contracts.performance.refusals import (
    AnswerMissing,
    AnswerTooLate,
    DecidedLater,
    DecisionMissing,
    EndSettled,
    PaperOfDecisionMissing,
)
from marketplace.core import clock, files, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

State = ContractTermination.State


@transaction.atomic
def answer_declaration(
    termination: ContractTermination,
    *,
    by: User,
    organisation: Organisation | None = None,
    agrees: bool,
    answer: str = "",
    upload: UploadedFile | None = None,
) -> None:
    """Accept that the contract ended, also after a dispute; or dispute it with reasons and what shows them.

    Raises AnswerMissing, AnswerTooLate, WrongState.
    """
    hold(termination)
    now = clock.now()
    today = timezone.localdate(now)
    require(rules.answer_declaration, by, termination, organisation=organisation)
    if termination.state == State.DECLARED and not termination.is_answerable(today):
        raise AnswerTooLate(day=termination.answer_by)
    termination.move_to(State.ACCEPTED if agrees else State.DISPUTED)
    if not agrees and not answer.strip():
        raise AnswerMissing()
    said = [each for each in (termination.answer, answer.strip()) if each]
    termination.answer, termination.answered_by, termination.answered_at = "\n\n".join(said), by, now
    if upload is not None:
        kept = files.keep(upload, subject=termination, by=by, purpose="dispute", confidential=True)
        termination.answer_paper = kept
    termination.save()
    call(termination, Ended.BREACH if agrees else Ended.DISPUTED)
    kind = Kind.CONTRACT_BREACH_ACCEPTED if agrees else Kind.CONTRACT_BREACH_DISPUTED
    journal.record(kind, termination, by=by, on_behalf_of=termination.answering)
    settle(termination, today=today, by=by, organisation=termination.answering)


@transaction.atomic
def retract_declaration(
    termination: ContractTermination, *, by: User, organisation: Organisation | None = None
) -> None:
    """Take a declaration back that is not settled: the contract runs as before. Raises EndSettled, WrongState."""
    hold(termination)
    require(rules.retract_declaration, by, termination, organisation=organisation)
    _require_unsettled(termination)
    termination.move_to(State.WITHDRAWN)
    termination.save()
    go_on(termination)
    journal.record(Kind.CONTRACT_BREACH_RETRACTED, termination, by=by, on_behalf_of=termination.asking)


@transaction.atomic
def decide_declaration(
    termination: ContractTermination,
    *,
    by: User,
    upheld: bool,
    decision: str,
    decided_on: date,
    upload: UploadedFile | None,
) -> None:
    """Note what court or arbitration decided, with its paper: the end stands, or the contract runs as before.

    Raises DecidedLater, DecisionMissing, EndSettled, PaperOfDecisionMissing, WrongState.
    """
    hold(termination)
    now = clock.now()
    today = timezone.localdate(now)
    require(rules.decide_declaration, by, termination)
    _require_unsettled(termination)
    termination.move_to(State.CONFIRMED if upheld else State.OVERTURNED)
    if not decision.strip():
        raise DecisionMissing()
    if not timezone.localdate(termination.begun_at) <= decided_on <= today:
        raise DecidedLater()
    if upload is None:
        raise PaperOfDecisionMissing()
    kept = files.keep(upload, subject=termination, by=by, purpose="decision", confidential=True)
    termination.decision, termination.decided_on, termination.decision_paper = decision.strip(), decided_on, kept
    termination.noted_by, termination.noted_at = by, now
    termination.save()
    if upheld:
        call(termination, Ended.BREACH)
    else:
        go_on(termination)
    journal.record(Kind.CONTRACT_BREACH_DECIDED, termination, by=by, upheld=upheld, sha256=kept.sha256)
    settle(termination, today=today, by=by, organisation=None)


def _require_unsettled(termination: ContractTermination) -> None:
    if termination.settled_at is not None:
        raise EndSettled()
