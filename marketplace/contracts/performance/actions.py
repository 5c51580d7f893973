"""Milestones of a contract: planned and reported by the seller, accepted or not by the buyer."""

from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.actions import require_signed
from marketplace.contracts.performance import rules
from marketplace.contracts.performance.models import ContractMilestone
from marketplace.contracts.performance.refusals import (
    AccountMissing,
    AnswerMissing,
    ContractTerminated,
    DayAfterEnd,
    DayOutside,
    DayTooEarly,
    DayTooLate,
    PaperMissing,
    PlannedAlready,
)
from marketplace.core import clock, files, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User


def require_running(contract: TechnologyContract) -> None:
    """Refuse what belongs to a contract that goes on, once the day has come on which it ended."""
    if contract.is_terminated:
        raise ContractTerminated()


@transaction.atomic
def plan_milestone(
    contract: TechnologyContract,
    *,
    by: User,
    organisation: Organisation | None = None,
    title: str,
    due_on: date,
    is_another: bool = False,
) -> ContractMilestone:
    """Put one thing to be done into the plan, before or after the signing; its day lies within the contract.

    The same by the same day is planned once, unless who plans it says that it `is_another`.
    Raises ContractTerminated, DayAfterEnd, DayOutside, DayTooEarly, DayTooLate, PlannedAlready.
    """
    contract.lock()
    now = clock.now()
    require(rules.plan_milestone, by, contract, organisation=organisation)
    require_running(contract)
    _require_within(contract, due_on)
    if not is_another and contract.milestones.standing().filter(title__iexact=title.strip(), due_on=due_on).exists():
        raise PlannedAlready()
    milestone = ContractMilestone.objects.create(
        contract=contract, title=title.strip(), due_on=due_on, planned_by=by, planned_at=now
    )
    _record(Kind.CONTRACT_MILESTONE_PLANNED, milestone, by=by, party=contract.seller, due_on=due_on.isoformat())
    return milestone


def _require_within(contract: TechnologyContract, day: date) -> None:
    """Refuse a day before the contract is signed or begins, or after its end, as far as those are written."""
    if contract.terminated_on is not None and contract.terminated_on < day:
        raise DayAfterEnd(day=contract.terminated_on)
    first = max((each for each in (contract.signed_on, contract.begins_on) if each), default=None)
    last = contract.ends_on
    if (first is None or first <= day) and (last is None or day <= last):
        return
    if first is not None and last is not None:
        raise DayOutside(first=first.isoformat(), last=last.isoformat())
    raise DayTooEarly(first=first.isoformat()) if first is not None else DayTooLate(last=last)


@transaction.atomic
def drop_milestone(milestone: ContractMilestone, *, by: User, organisation: Organisation | None = None) -> None:
    """Strike what was not done or not accepted. Raises ContractTerminated, WrongState."""
    _hold(milestone)
    require(rules.drop_milestone, by, milestone, organisation=organisation)
    require_running(milestone.contract)
    milestone.move_to(milestone.State.DROPPED)
    milestone.save(update_fields=["state"])
    _record(Kind.CONTRACT_MILESTONE_DROPPED, milestone, by=by, party=milestone.contract.seller)


@transaction.atomic
def report_milestone(
    milestone: ContractMilestone,
    *,
    by: User,
    organisation: Organisation | None = None,
    account: str,
    upload: UploadedFile,
) -> None:
    """Say what was done, with its evidence; the buyer is asked. Raises AccountMissing, NotSignedYet, WrongState."""
    _hold(milestone)
    now = clock.now()
    require(rules.report_milestone, by, milestone, organisation=organisation)
    require_running(milestone.contract)
    require_signed(milestone.contract)
    milestone.move_to(milestone.State.DONE)
    if not account.strip():
        raise AccountMissing()
    milestone.account, milestone.done_by, milestone.done_at = account.strip(), by, now
    milestone.answer, milestone.answered_by, milestone.answered_at = "", None, None
    milestone.evidence = files.keep(upload, subject=milestone, by=by, purpose="milestone", confidential=True)
    milestone.save()
    sha256 = milestone.evidence.sha256
    _record(Kind.CONTRACT_MILESTONE_DONE, milestone, by=by, party=milestone.contract.seller, sha256=sha256)


@transaction.atomic
def accept_milestone(
    milestone: ContractMilestone,
    *,
    by: User,
    organisation: Organisation | None = None,
    answer: str = "",
    upload: UploadedFile | None = None,
) -> None:
    """Accept what was done. Raises PaperMissing where the buyer is not on the platform, WrongState."""
    _hold(milestone)
    now = clock.now()
    require(rules.accept_milestone, by, milestone, organisation=organisation)
    milestone.move_to(milestone.State.ACCEPTED)
    _answer(milestone, by=by, at=now, answer=answer, upload=upload)
    _record(Kind.CONTRACT_MILESTONE_ACCEPTED, milestone, by=by, party=milestone.contract.buyer)


@transaction.atomic
def refuse_milestone(
    milestone: ContractMilestone,
    *,
    by: User,
    organisation: Organisation | None = None,
    answer: str,
    upload: UploadedFile | None = None,
) -> None:
    """Do not accept it, with the reasons; the seller does it again. Raises AnswerMissing, PaperMissing, WrongState."""
    _hold(milestone)
    now = clock.now()
    require(rules.refuse_milestone, by, milestone, organisation=organisation)
    milestone.move_to(milestone.State.REFUSED)
    if not answer.strip():
        raise AnswerMissing()
    _answer(milestone, by=by, at=now, answer=answer, upload=upload)
    _record(Kind.CONTRACT_MILESTONE_REFUSED, milestone, by=by, party=milestone.contract.buyer)


def _answer(milestone: ContractMilestone, *, by: User, at: datetime, answer: str, upload: UploadedFile | None) -> None:
    require_running(milestone.contract)
    if milestone.contract.buyer_id is None and upload is None:
        raise PaperMissing()
    if upload is not None:
        files.keep(upload, subject=milestone, by=by, purpose="acceptance", confidential=True)
    milestone.answer, milestone.answered_by, milestone.answered_at = answer.strip(), by, at
    milestone.save()


def _hold(milestone: ContractMilestone) -> None:
    milestone.contract.lock()
    milestone.lock()


def _record(kind: Kind, milestone: ContractMilestone, *, by: User, party: Organisation | None, **data: object) -> None:
    journal.record(kind, milestone, by=by, on_behalf_of=party, **data)
