"""Looking for matches when a need or an outcome appears. Search proposes, the marketplace disposes."""

from marketplace.auctions.lots import Lot
from marketplace.matching.actions import propose_matches, propose_matches_for_outcome
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome
from search.matching import candidates_for_need, candidates_for_outcome
from tasks.models import Delivery


def match_need(delivery: Delivery) -> None:
    """Ask search for outcomes near a need; let the marketplace decide which to keep."""
    need = TechnologyNeed.objects.get(pk=delivery.entry.subject_id)
    propose_matches(need, candidates_for_need(need))


def match_outcome(delivery: Delivery) -> None:
    """Ask search for needs an outcome may answer; let the marketplace decide which to keep."""
    outcome = ResearchOutcome.objects.get(pk=delivery.entry.subject_id)
    propose_matches_for_outcome(outcome, candidates_for_outcome(outcome))


def match_unsold_lot(delivery: Delivery) -> None:
    """The seller of an unsold lot chose to send it to needs that fit: look for them."""
    if delivery.entry.data.get("path") == "match":
        outcome = Lot.objects.select_related("outcome").get(pk=delivery.entry.subject_id).outcome
        propose_matches_for_outcome(outcome, candidates_for_outcome(outcome))
