"""The way of a contract to the register: the seller sends it; registrars accept, return, register or refuse it."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.contracts import rules
from marketplace.contracts.agreed import departures
from marketplace.contracts.assessments import declare
from marketplace.contracts.choices import ContractType
from marketplace.contracts.completeness import missing
from marketplace.contracts.counting import RegisterRow, count_event
from marketplace.contracts.dated import large_from, number_form, review_days
from marketplace.contracts.decisions import decide, lead_deal, require_reasons
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.naming import require_fit
from marketplace.contracts.numbering import deviations, number_to_enter
from marketplace.contracts.parts import ReviewDecision
from marketplace.contracts.refusals import (
    DealIsOver,
    HasEnded,
    Incomplete,
    NeedsSecondReview,
    NothingSupplemented,
    NumberDeviates,
    NumberTaken,
    SameNumber,
    StandsAboveAssessment,
)
from marketplace.contracts.supplement import content_of, is_as_returned, last_return
from marketplace.contracts.supplementing import require_day
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.languages import paragraph
from marketplace.core.refusals import Refused, WrongState, refuse
from marketplace.core.rules import require
from marketplace.deals.models import Deal
from marketplace.deals.obstacles import is_for_another
from marketplace.deals.refusals import OutcomeNotOpen
from marketplace.organisations.models import User
from marketplace.outcomes.availability import convert_outcome


@transaction.atomic
def submit_contract(contract: TechnologyContract, *, by: User, answer: str = "") -> None:
    """Send a complete contract to the registrars; their clock starts today (again).

    `answer` goes to the reasons of a return; without a change it must be there.
    Raises Incomplete, NothingSupplemented, WrongState; OutcomeNotOpen where it is kept for another lot or trial;
    without a deal what naming.require_fit does, of what changed since the draft.
    """
    contract.lock()
    if contract.outcome is not None:
        contract.outcome.lock()  # a co-owner that objects now is heard, or waits until this stands
    now = clock.now()
    today = timezone.localdate(now)
    require(rules.submit_contract, by, contract)
    if contract.deal is not None and is_for_another(contract.deal):
        raise OutcomeNotOpen(state=contract.deal.outcome.get_state_display())
    returned = last_return(contract) if contract.state == contract.State.RETURNED else None
    contract.move_to(contract.State.SUBMITTED)
    if contract.deal is None:
        require_fit(contract)
    lacking = missing(contract, today=today)
    if lacking:
        raise Incomplete(missing=paragraph(lacking))
    if returned is not None:
        _answer(returned, answer)
    contract.submitted_at, contract.first_reviewed_by, contract.supplement_by = now, None, None
    if contract.deal is not None:
        contract.broker = contract.deal.engaged_broker  # who was named or released after the draft counts
    declare(contract)
    start_clock(contract, on=today)
    contract.save()
    lead_deal(contract, to=Deal.State.REGISTRATION, by=by, organisation=contract.seller)
    journal.record(
        Kind.CONTRACT_SUBMITTED,
        contract,
        by=by,
        on_behalf_of=contract.seller,
        total=contract.total_amount,
        technical=contract.technical_amount,
        above=contract.is_above_assessment,
        departs=bool(departures(contract)),
    )


def _answer(returned: ReviewDecision, answer: str) -> None:
    """Keep the seller's answer with the return; where nothing was changed there must be one."""
    if not answer.strip() and is_as_returned(returned.contract):
        raise NothingSupplemented(reasons=returned.reasons)
    returned.answer = answer.strip()
    returned.save(update_fields=["answer"])


def start_clock(contract: TechnologyContract, *, on: date) -> None:
    """Let the working days of the review begin on a day, by the rules that hold on it. The caller saves."""
    contract.complete_on, contract.large_from = on, large_from(on)
    contract.review_days = review_days(on, needs_second_review=contract.needs_second_review)


@transaction.atomic
def accept_contract(contract: TechnologyContract, *, by: User) -> None:
    """Take a submitted contract into review (受理); the clock keeps the day the material was complete."""
    contract.lock()
    require(rules.accept_contract, by, contract)
    contract.move_to(contract.State.ACCEPTED)
    contract.save(update_fields=["state"])
    journal.record(Kind.CONTRACT_ACCEPTED, contract, by=by)


def _convert(contract: TechnologyContract, *, by: User) -> None:
    """Note that an assigned outcome found its taker; a licensed one may still be licensed to others."""
    outcome = contract.outcome
    if outcome is None or contract.contract_type != ContractType.ASSIGNMENT:
        return
    outcome.lock()
    if converts_outcome(contract):
        convert_outcome(outcome, by=by, organisation=contract.seller)


def converts_outcome(contract: TechnologyContract) -> bool:
    """Tell whether registering a contract converts its outcome, as that stands now.

    One that was entered by hand leaves an outcome alone that came to be kept for a deal or a lot.
    """
    outcome = contract.outcome
    if outcome is None or contract.contract_type != ContractType.ASSIGNMENT:
        return False
    if contract.deal_id is None and outcome.state == outcome.State.RESERVED:
        return False
    return outcome.State.CONVERTED in outcome.NEXT.get(outcome.state, ())


def why_not_registered(contract: TechnologyContract) -> Refused | None:
    """Return why a contract cannot be entered in the register, whatever its number; None where it can."""
    if not contract.is_under_review:  # a change that is refused goes back to the register by another verb
        return WrongState(thing=contract, state=contract.get_state_display())
    if contract.needs_second_review and contract.state != contract.State.SECOND_REVIEW:
        return NeedsSecondReview()
    if contract.is_terminated:
        return HasEnded(end=contract.end_label)
    if contract.deal is not None and contract.deal.refusal_to_move(Deal.State.PERFORMANCE):
        return DealIsOver(state=contract.deal.get_state_display())
    return None


@transaction.atomic
def return_contract(contract: TechnologyContract, *, by: User, reasons: str, supplement_by: date | None = None) -> None:
    """Hand a contract back for supplement by a day, without one that of the rules; its clock stands still until then.

    Raises ReasonsMissing, SupplementDayUnfit.
    """
    contract.lock()
    now = clock.now()
    require(rules.return_contract, by, contract)
    contract.move_to(contract.State.RETURNED)
    day = contract.supplement_by = require_day(supplement_by, today=timezone.localdate(now))
    decide(contract, by=by, at=now, kind=ReviewDecision.Kind.RETURNED, reasons=require_reasons(reasons))
    contract.save(update_fields=["state", "supplement_by"])
    lead_deal(contract, to=Deal.State.CONTRACT, by=by)
    journal.record(Kind.CONTRACT_RETURNED, contract, by=by, content=content_of(contract), due_on=day.isoformat())


@transaction.atomic
def refuse_contract(contract: TechnologyContract, *, by: User, reasons: str) -> None:
    """Decide not to register (不予登记). Raises ReasonsMissing."""
    contract.lock()
    now = clock.now()
    require(rules.refuse_contract, by, contract)
    contract.move_to(contract.State.NOT_REGISTERED)
    decide(contract, by=by, at=now, kind=ReviewDecision.Kind.REFUSED, reasons=require_reasons(reasons))
    contract.save(update_fields=["state"])
    lead_deal(contract, to=Deal.State.CONTRACT, by=by)
    journal.record(Kind.CONTRACT_REFUSED, contract, by=by)


@transaction.atomic
def register_contract(
    contract: TechnologyContract, *, by: User, number: str, confirmed_number: str = "", confirmed_above: bool = False
) -> None:
    """Enter a contract in the register under its national number.

    A number of another year or division than this registration's is entered only where the registrar has confirmed it
    (`confirmed_number`). A large or disputed contract is registered by a second person after its first review.
    One of which more stands as technical than was assessed is, only where the registrar says so (`confirmed_above`).
    Raises BadNumber, DealIsOver, NeedsSecondReview, NumberDeviates, NumberTaken, StandsAboveAssessment, WrongState.
    """
    contract.lock()
    now = clock.now()
    today = timezone.localdate(now)
    require(rules.register_contract, by, contract)
    refuse(why_not_registered(contract))
    if contract.is_above_assessment and not confirmed_above:
        raise StandsAboveAssessment()
    contract.first_reviewed_by = contract.first_reviewed_by or by
    contract.move_to(contract.State.REGISTERED)
    contract.number = _free_number(contract, number, registered_on=today, confirmed_number=confirmed_number)
    contract.registered_at, contract.registered_on = now, today
    _save_number(contract, "state", "registered_at", "registered_on", "first_reviewed_by")
    count_event(contract, RegisterRow.Kind.REGISTERED, on=today, at=now)
    decide(contract, by=by, at=now, kind=ReviewDecision.Kind.REGISTERED)
    _convert(contract, by=by)  # the outcome is held before the deal, as everywhere
    lead_deal(contract, to=Deal.State.PERFORMANCE, by=by)
    journal.record(
        Kind.CONTRACT_REGISTERED,
        contract,
        by=by,
        total=contract.total_amount,
        technical=contract.technical_amount,
        above=contract.is_above_assessment,
        **_entered(contract),
    )


@transaction.atomic
def correct_contract_number(
    contract: TechnologyContract, *, by: User, number: str, reasons: str, confirmed_number: str = ""
) -> None:
    """Put a wrong number of a registered or changed contract right; the day of registration stays as it is.

    Raises BadNumber, NumberDeviates, NumberTaken, SameNumber, ReasonsMissing, WrongState.
    """
    contract.lock()
    now = clock.now()
    require(rules.correct_contract_number, by, contract)
    if not contract.is_renumberable or contract.registered_on is None:
        raise WrongState(state=contract.get_state_display())
    reasons = require_reasons(reasons)
    registered_on, before = contract.registered_on, contract.number
    contract.number = _free_number(contract, number, registered_on=registered_on, confirmed_number=confirmed_number)
    if contract.number == before:
        raise SameNumber()
    _save_number(contract)
    decide(contract, by=by, at=now, kind=ReviewDecision.Kind.CORRECTED, reasons=reasons)
    journal.record(Kind.CONTRACT_RENUMBERED, contract, by=by, before=before, **_entered(contract))


def _free_number(contract: TechnologyContract, number: str, *, registered_on: date, confirmed_number: str) -> str:
    """Return number_to_enter; one that another contract has is refused before anybody is asked to confirm it."""
    try:
        return number_to_enter(number, registered_on=registered_on, confirmed_number=confirmed_number)
    except NumberDeviates as doubtful:
        entered = doubtful.details["number"]
        if TechnologyContract.objects.exclude(pk=contract.pk).filter(number=entered).exists():
            raise NumberTaken(number=entered) from None
        raise


def _save_number(contract: TechnologyContract, *others: str) -> None:
    """Save the number, which stands in the register once, with the other columns of the step."""
    try:
        with transaction.atomic():
            contract.save(update_fields=["number", *others])
    except IntegrityError as error:
        raise NumberTaken(number=contract.number) from error


def _entered(contract: TechnologyContract) -> dict[str, Any]:
    """Return what the journal keeps of a number: itself, and what of it was confirmed against the expectation."""
    if contract.number is None or contract.registered_on is None:
        return {}
    form = number_form(contract.registered_on)
    unlike = deviations(contract.number, form, registered_on=contract.registered_on)
    return {"number": contract.number} | ({"deviates": sorted(unlike)} if unlike else {})
