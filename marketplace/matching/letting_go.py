"""How a match ends without an answer: why, and the withdrawing itself. The caller holds need, outcome and match."""

from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.matching import choosing
from marketplace.matching.models import Match
from marketplace.matching.scored import ScoredPair
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


def why_let_go(match: Match, pair: ScoredPair | None, need: TechnologyNeed, outcome: ResearchOutcome) -> str:
    """Return why a proposal of two that may still meet goes."""
    if match.texts != choosing.fingerprint(need, outcome):
        return Match.Why.REWRITTEN
    return Match.Why.CROWDED if pair is not None and choosing.is_worth(pair) else Match.Why.NOT_NEAR


def why_over(need: TechnologyNeed) -> str:
    """Return why a pair may not meet any more: how its need ended, or in general."""
    ends = {need.State.SOLVED: Match.Why.SOLVED, need.State.CLOSED: Match.Why.CLOSED}
    return ends.get(need.State(need.state), Match.Why.NOT_OPEN)


def end_without_deal(match: Match, need: TechnologyNeed) -> None:
    """End what both sides accepted when the need ended; from a deal that is open it goes on."""
    if not hasattr(match, "deal"):
        take_back(match, why_over(need))


def take_back(match: Match, why: str, *, by: User | None = None, organisation: Organisation | None = None) -> None:
    """Withdraw a match the caller holds; the journal and those who were told learn why."""
    was_agreed = match.state == Match.State.AGREED
    match.move_to(Match.State.WITHDRAWN)
    match.withdrawn_why = why
    match.save(update_fields=["state", "withdrawn_why"])
    facts = {"why": str(why), "was_agreed": was_agreed}
    journal.record(Kind.MATCH_WITHDRAWN, match, by=by, on_behalf_of=organisation, **facts)
