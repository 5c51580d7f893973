"""The way of a contract to the register: the seller sends it; registrars accept, return, register or refuse it."""

import re
import unicodedata
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.contracts import rules
from marketplace.contracts.choices import ContractType
from marketplace.contracts.completeness import missing
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import ReviewDecision
from marketplace.contracts.refusals import BadNumber, Incomplete, NumberTaken, ReasonsMissing
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.deals.actions import follow_contract
from marketplace.deals.models import Deal
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.availability import convert_outcome


@transaction.atomic
def submit_contract(contract: TechnologyContract, *, by: User) -> None:
    """Send a complete contract to the registrars; their clock starts today (again). Raises Incomplete, WrongState."""
    contract.lock()
    now = clock.now()
    today = timezone.localdate(now)
    require(rules.submit_contract, by, contract)
    contract.move_to(contract.State.SUBMITTED)
    lacking = missing(contract, today=today)
    if lacking:
        raise Incomplete(missing=" ".join(lacking))
    contract.submitted_at, contract.complete_on = now, today
    contract.save(update_fields=["state", "submitted_at", "complete_on"])
    _lead_deal(contract, to=Deal.State.REGISTRATION, by=by, organisation=contract.seller)
    journal.record(
        Kind.CONTRACT_SUBMITTED,
        contract,
        by=by,
        on_behalf_of=contract.seller,
        total=contract.total_amount,
        technical=contract.technical_amount,
    )


@transaction.atomic
def accept_contract(contract: TechnologyContract, *, by: User) -> None:
    """Take a submitted contract into review (受理); the clock keeps the day the material was complete."""
    contract.lock()
    require(rules.accept_contract, by, contract)
    contract.move_to(contract.State.ACCEPTED)
    contract.save(update_fields=["state"])
    journal.record(Kind.CONTRACT_ACCEPTED, contract, by=by)


def _lead_deal(contract: TechnologyContract, *, to: str, by: User, organisation: Organisation | None = None) -> None:
    """Let the deal the contract comes from follow it, in the same transaction; one that a party ended stays ended."""
    handed_back = to == Deal.State.CONTRACT
    if contract.deal is not None and not (handed_back and contract.deal.state in Deal.ENDED):
        follow_contract(contract.deal, to=to, by=by, organisation=organisation)


def _convert(contract: TechnologyContract, *, by: User) -> None:
    """Note that an assigned outcome found its taker; a licensed one may still be licensed to others."""
    outcome = contract.outcome
    if outcome is None or contract.contract_type != ContractType.ASSIGNMENT:
        return
    outcome.lock()
    if outcome.State.CONVERTED in outcome.NEXT.get(outcome.state, ()):
        convert_outcome(outcome, by=by, organisation=contract.seller)


def _decide(contract: TechnologyContract, *, by: User, at: datetime, kind: str, reasons: str = "") -> None:
    ReviewDecision.objects.create(contract=contract, kind=kind, reasons=reasons, decided_by=by, decided_at=at)


def _require_reasons(reasons: str) -> str:
    if not reasons.strip():
        raise ReasonsMissing()
    return reasons.strip()


@transaction.atomic
def return_contract(contract: TechnologyContract, *, by: User, reasons: str) -> None:
    """Hand a contract back for supplement; its clock stands still until it comes again. Raises ReasonsMissing."""
    contract.lock()
    now = clock.now()
    require(rules.return_contract, by, contract)
    contract.move_to(contract.State.RETURNED)
    _decide(contract, by=by, at=now, kind=ReviewDecision.Kind.RETURNED, reasons=_require_reasons(reasons))
    contract.save(update_fields=["state"])
    _lead_deal(contract, to=Deal.State.CONTRACT, by=by)
    journal.record(Kind.CONTRACT_RETURNED, contract, by=by)


@transaction.atomic
def refuse_contract(contract: TechnologyContract, *, by: User, reasons: str) -> None:
    """Decide not to register (不予登记). Raises ReasonsMissing."""
    contract.lock()
    now = clock.now()
    require(rules.refuse_contract, by, contract)
    contract.move_to(contract.State.NOT_REGISTERED)
    _decide(contract, by=by, at=now, kind=ReviewDecision.Kind.REFUSED, reasons=_require_reasons(reasons))
    contract.save(update_fields=["state"])
    _lead_deal(contract, to=Deal.State.CONTRACT, by=by)
    journal.record(Kind.CONTRACT_REFUSED, contract, by=by)


@transaction.atomic
def register_contract(contract: TechnologyContract, *, by: User, number: str) -> None:
    """Enter a contract in the register under its national number. Raises BadNumber, NumberTaken, WrongState."""
    contract.lock()
    now = clock.now()
    require(rules.register_contract, by, contract)
    contract.move_to(contract.State.REGISTERED)
    contract.number = _checked_number(number)
    contract.registered_at, contract.registered_on = now, timezone.localdate(now)
    try:
        with transaction.atomic():
            contract.save(update_fields=["state", "number", "registered_at", "registered_on"])
    except IntegrityError as error:
        raise NumberTaken(number=contract.number) from error
    _decide(contract, by=by, at=now, kind=ReviewDecision.Kind.REGISTERED)
    _lead_deal(contract, to=Deal.State.PERFORMANCE, by=by)
    _convert(contract, by=by)
    journal.record(
        Kind.CONTRACT_REGISTERED,
        contract,
        by=by,
        number=contract.number,
        total=contract.total_amount,
        technical=contract.technical_amount,
    )


def _checked_number(number: str) -> str:
    """Return the number in half width without spaces, if it has the configured form."""
    plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", number)).upper()
    if not re.fullmatch(settings.CONTRACT_NUMBER_PATTERN, plain):
        raise BadNumber(number=number)
    return plain
