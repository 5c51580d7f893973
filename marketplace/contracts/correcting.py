"""The registrar's correction of an item: how much of it is technical, beside what the seller said (核定技术交易额)."""

from django.db import transaction

from marketplace.contracts import rules
from marketplace.contracts.amounts import Item
from marketplace.contracts.assessments import keep_assessment
from marketplace.contracts.dated import review_days
from marketplace.contracts.decisions import decide, require_reasons
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import LineItem, ReviewDecision
from marketplace.contracts.refusals import MoreThanTheItem, NothingTechnical
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import User


@transaction.atomic
def correct_line_item(contract: TechnologyContract, *, by: User, position: int, technical: int, reasons: str) -> None:
    """Count another part of an item as technical, in fen; both amounts and the working days of the review follow.

    What the seller declared and what is assessed stay on record. A second review stays due by the greater of the two.

    Raises MoreThanTheItem, NothingTechnical, ReasonsMissing, WrongState.
    """
    contract.lock()
    now = clock.now()
    require(rules.correct_line_item, by, contract)
    if not contract.is_under_review or contract.complete_on is None:
        raise WrongState(state=contract.get_state_display())
    item = contract.items.get(position=position)
    item.contract = contract
    if not 0 <= technical <= item.amount:
        raise MoreThanTheItem(item=item.label)
    before, reasons = contract.technical_amount, require_reasons(reasons)
    contract.technical_amount += technical - item.technical
    if not contract.technical_amount:
        raise NothingTechnical()
    item.corrected_technical, item.correction, item.corrected_by, item.corrected_at = technical, reasons, by, now
    item.save()
    keep_assessment(item, by=by, at=now)
    contract.review_days = review_days(contract.complete_on, needs_second_review=contract.needs_second_review)
    contract.save(update_fields=["technical_amount", "review_days", "is_above_assessment"])
    decide(contract, by=by, at=now, kind=ReviewDecision.Kind.RECLASSED, reasons=f"{item.label}: {reasons}")
    journal.record(
        Kind.CONTRACT_ITEM_CORRECTED,
        contract,
        by=by,
        position=position,
        before=before,
        technical=contract.technical_amount,
        assessed=technical,
    )


def counted_items(contract: TechnologyContract) -> list[Item]:
    """Return the items as the register counts them: one that is technical in part becomes two."""
    return [each for item in contract.items.all() for each in _split(item)]


def _split(item: LineItem) -> list[Item]:
    if item.technical in (0, item.amount):
        return [Item(item.label, item.amount, item.technical > 0)]
    rest = item.amount - item.technical
    return [Item(item.label, item.technical, True), Item(item.label, rest, False)]
