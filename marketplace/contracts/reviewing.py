"""The two reviews: a registrar begins the first, and passes what is large or disputed to a second person."""

from typing import Any

from django.db import transaction

from marketplace.contracts import rules
from marketplace.contracts.dated import review_days
from marketplace.contracts.decisions import decide, require_reasons
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import ReviewDecision
from marketplace.core import clock, journal
from marketplace.core.journal import Entry, Kind
from marketplace.core.rules import require
from marketplace.organisations.models import User


@transaction.atomic
def begin_first_review(contract: TechnologyContract, *, by: User) -> None:
    """Take an accepted contract into the first review; who takes it is not its second reviewer. Raises WrongState."""
    contract.lock()
    require(rules.begin_first_review, by, contract)
    contract.move_to(contract.State.FIRST_REVIEW)
    contract.first_reviewed_by = by
    contract.save(update_fields=["state", "first_reviewed_by"])
    journal.record(Kind.CONTRACT_REVIEW_BEGUN, contract, by=by)


@transaction.atomic
def pass_to_second_review(
    contract: TechnologyContract, *, by: User, reasons: str = "", proposes_refusal: bool = False
) -> None:
    """Hand a contract to a second person; one that is not large becomes disputed, which needs reasons.

    To propose that it be refused needs reasons too; who reviews it second is not bound by that.
    A disputed contract has the working days of a large one from the day its material was complete.
    Raises ReasonsMissing, WrongState.
    """
    contract.lock()
    now = clock.now()
    require(rules.pass_to_second_review, by, contract)
    contract.move_to(contract.State.SECOND_REVIEW)
    contract.first_reviewed_by = by
    if proposes_refusal:
        reasons = require_reasons(reasons)
    if not contract.is_reviewed_as_large:
        reasons, contract.is_disputed = require_reasons(reasons), True
        assert contract.complete_on is not None  # noqa: S101  # the constraint contract_sent_complete holds it
        contract.review_days = review_days(contract.complete_on, needs_second_review=True)
    contract.save(update_fields=["state", "first_reviewed_by", "is_disputed", "review_days"])
    decide(contract, by=by, at=now, kind=ReviewDecision.Kind.PASSED_ON, reasons=reasons.strip())
    facts: dict[str, Any] = {"proposes": "refuse"} if proposes_refusal else {}
    journal.record(Kind.CONTRACT_PASSED_ON, contract, by=by, disputed=contract.is_disputed, **facts)


def proposes_refusal(contract: TechnologyContract) -> bool:
    """Tell whether the first review that led to the second one under way proposes to refuse the contract."""
    if contract.state != contract.State.SECOND_REVIEW:
        return False
    last = Entry.objects.about(contract).filter(kind=Kind.CONTRACT_PASSED_ON).order_by("-pk").first()
    return last is not None and last.data.get("proposes") == "refuse"
