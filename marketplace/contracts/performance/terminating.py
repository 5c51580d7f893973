"""The end of a contract before its time: agreed by both sides, or declared by one for a breach of the other.

What was due until the day it ends stays due; ending.py says what follows when. A registration is not cancelled by it:
the seller asks for that.
"""

from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from marketplace.contracts.dated import answer_days
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.party import Side
from marketplace.contracts.payments.actions import require_signed
from marketplace.contracts.performance import rules
from marketplace.contracts.performance.actions import require_running
from marketplace.contracts.performance.ending import Ended, conclude, hold
from marketplace.contracts.performance.models import ContractTermination
from marketplace.contracts.performance.refusals import (
    AnswerMissing,
    EndsBeforeSigning,
    EvidenceMissing,
    PaperMissing,
    ReasonMissing,
    TerminationOpen,
)
from marketplace.core import clock, files, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.core.working_days import add_working_days
from marketplace.organisations.models import Organisation, User

State = ContractTermination.State


@transaction.atomic
def propose_termination(
    contract: TechnologyContract,
    *,
    by: User,
    organisation: Organisation | None,
    reason: str,
    ends_on: date,
    upload: UploadedFile | None = None,
) -> ContractTermination:
    """Propose to the other side to end the contract; one with a buyer elsewhere ends by the paper both signed.

    Raises ContractTerminated, EndsBeforeSigning, NotSignedYet, PaperMissing, ReasonMissing, TerminationOpen,
    WrongState.
    """
    contract.lock()
    now = clock.now()
    require(rules.propose_termination, by, contract, organisation=organisation)
    if contract.buyer_id is None and upload is None:
        raise PaperMissing()
    state = State.AGREED if contract.buyer_id is None else State.PROPOSED
    made = _begin(
        contract, by=by, organisation=organisation, at=now, reason=reason, ends_on=ends_on, upload=upload, state=state
    )
    if state == State.AGREED:
        _agree(made, by=by, organisation=organisation)
    else:
        _record(Kind.CONTRACT_END_PROPOSED, made, by=by, on_behalf_of=organisation)
    return made


@transaction.atomic
def declare_termination(
    contract: TechnologyContract,
    *,
    by: User,
    organisation: Organisation | None,
    reason: str,
    ends_on: date,
    upload: UploadedFile | None,
) -> ContractTermination:
    """End the contract for a breach of the other side, which reads reason and evidence, and accepts or disputes it.

    Raises EvidenceMissing, and what propose_termination does.
    """
    contract.lock()
    now = clock.now()
    require(rules.declare_termination, by, contract, organisation=organisation)
    if upload is None:
        raise EvidenceMissing()
    contract.terminations.filter(state=State.PROPOSED).update(state=State.WITHDRAWN, answered_by=by, answered_at=now)
    made = _begin(
        contract,
        by=by,
        organisation=organisation,
        at=now,
        reason=reason,
        ends_on=ends_on,
        upload=upload,
        state=State.DECLARED,
    )
    today = timezone.localdate(now)
    made.answer_by = add_working_days(today, answer_days(today))
    made.save(update_fields=["answer_by"])
    facts = {"ends_on": ends_on.isoformat(), "answer_by": made.answer_by.isoformat()}
    _record(Kind.CONTRACT_END_DECLARED, made, by=by, on_behalf_of=organisation, **facts)
    conclude(made, how=Ended.BREACH, by=by, organisation=organisation)
    return made


def _begin(
    contract: TechnologyContract,
    *,
    by: User,
    organisation: Organisation | None,
    at: datetime,
    reason: str,
    ends_on: date,
    upload: UploadedFile | None,
    state: str,
) -> ContractTermination:
    require_running(contract)
    require_signed(contract)
    if contract.is_under_review:
        raise WrongState(state=contract.get_state_display())
    if contract.terminations.filter(state=State.PROPOSED).exists():
        raise TerminationOpen()
    if not reason.strip():
        raise ReasonMissing()
    if contract.signed_on is not None and ends_on < contract.signed_on:
        raise EndsBeforeSigning()
    evidence = None
    if upload is not None:
        evidence = files.keep(upload, subject=contract, by=by, purpose="termination", confidential=True)
    return ContractTermination.objects.create(
        contract=contract,
        state=state,
        side=rules.side_of(contract, organisation) or Side.SELLER,
        reason=reason.strip(),
        evidence=evidence,
        ends_on=ends_on,
        begun_by=by,
        begun_at=at,
    )


@transaction.atomic
def answer_termination(
    termination: ContractTermination,
    *,
    by: User,
    organisation: Organisation | None = None,
    agrees: bool,
    answer: str = "",
) -> None:
    """Agree, and the contract ends on the day proposed; or decline with reasons. Raises AnswerMissing, WrongState."""
    hold(termination)
    now = clock.now()
    require(rules.answer_termination, by, termination, organisation=organisation)
    termination.move_to(State.AGREED if agrees else State.DECLINED)
    if not agrees and not answer.strip():
        raise AnswerMissing()
    termination.answer, termination.answered_by, termination.answered_at = answer.strip(), by, now
    termination.save()
    if agrees:
        _agree(termination, by=by, organisation=termination.answering)
    else:
        _record(Kind.CONTRACT_END_DECLINED, termination, by=by, on_behalf_of=termination.answering)


@transaction.atomic
def withdraw_termination(
    termination: ContractTermination, *, by: User, organisation: Organisation | None = None
) -> None:
    """Take a proposal back that was not answered. Raises WrongState."""
    hold(termination)
    now = clock.now()
    require(rules.withdraw_termination, by, termination, organisation=organisation)
    termination.move_to(State.WITHDRAWN)
    termination.answered_by, termination.answered_at = by, now
    termination.save()
    _record(Kind.CONTRACT_END_WITHDRAWN, termination, by=by, on_behalf_of=termination.asking)


def _agree(termination: ContractTermination, *, by: User, organisation: Organisation | None) -> None:
    """Conclude an agreed end; `organisation` is the party that had the last word."""
    ends_on = termination.ends_on.isoformat()
    _record(Kind.CONTRACT_END_AGREED, termination, by=by, on_behalf_of=organisation, ends_on=ends_on)
    conclude(termination, how=Ended.AGREED, by=by, organisation=organisation)


def _record(
    kind: Kind, termination: ContractTermination, *, by: User, on_behalf_of: Organisation | None, **data: object
) -> None:
    journal.record(kind, termination, by=by, on_behalf_of=on_behalf_of, **data)
