"""What every decision on a contract leaves behind: its row with reasons, and the deal that follows."""

from datetime import datetime

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import ReviewDecision
from marketplace.contracts.refusals import ReasonsMissing
from marketplace.deals.actions import follow_contract
from marketplace.deals.models import Deal
from marketplace.organisations.models import Organisation, User


def decide(contract: TechnologyContract, *, by: User, at: datetime, kind: str, reasons: str = "") -> None:
    """Keep a decision. Called by actions, within their transaction."""
    ReviewDecision.objects.create(contract=contract, kind=kind, reasons=reasons, decided_by=by, decided_at=at)


def require_reasons(reasons: str) -> str:
    """Return the reasons without blanks around them. Raises ReasonsMissing."""
    if not reasons.strip():
        raise ReasonsMissing()
    return reasons.strip()


def lead_deal(contract: TechnologyContract, *, to: str, by: User, organisation: Organisation | None = None) -> None:
    """Let the deal the contract comes from follow it, in the same transaction; one that a party ended stays ended."""
    handed_back = to == Deal.State.CONTRACT
    if contract.deal is not None and not (handed_back and contract.deal.state in Deal.ENDED):
        follow_contract(contract.deal, to=to, by=by, organisation=organisation)
