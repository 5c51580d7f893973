"""Looking for matches when a need or an outcome appears. Search proposes, the marketplace disposes."""

from marketplace.auctions.lots import Lot
from marketplace.matching.models import Match
from marketplace.matching.proposing import propose_matches, propose_matches_for_outcome, propose_matches_of_organisation
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome
from search import rescoring, stop_phrases
from search.matching import candidates_for_need, candidates_for_outcome
from tasks.app import app
from tasks.models import Delivery


def match_need(delivery: Delivery) -> None:
    """Ask search for outcomes near a need; let the marketplace decide which to keep."""
    need = TechnologyNeed.objects.get(pk=delivery.entry.subject_id)
    propose_matches(need, candidates_for_need(need))


def match_outcome(delivery: Delivery) -> None:
    """Ask search for needs an outcome may answer; let the marketplace decide which to keep."""
    outcome = ResearchOutcome.objects.get(pk=delivery.entry.subject_id)
    propose_matches_for_outcome(outcome, candidates_for_outcome(outcome))


def match_again(delivery: Delivery) -> None:
    """A match was added by hand, or its pin taken away: search says what it knows of it."""
    need = Match.objects.select_related("need").get(pk=delivery.entry.subject_id).need
    propose_matches(need, candidates_for_need(need))


def match_what_was_not(delivery: Delivery) -> None:
    """An acceptance may put an offer back that was taken back before search had looked at it."""
    if not Match.objects.get(pk=delivery.entry.subject_id).is_computed:
        match_again(delivery)


def match_of_organisation(delivery: Delivery) -> None:
    """An organisation was suspended or may trade again: what it has in public is matched anew, all at once.

    In one call, so that rows are held in one order; while it may not trade, whatever is found is withdrawn.
    """
    organisation = Organisation.objects.get(pk=delivery.entry.subject_id)
    scored = []
    if organisation.is_verified:
        scored += [candidates_for_need(need) for need in organisation.needs.listed()]
        scored += [candidates_for_outcome(outcome) for outcome in organisation.outcomes.listed()]
    propose_matches_of_organisation(organisation, scored)


def match_unsold_lot(delivery: Delivery) -> None:
    """The seller of an unsold lot chose to send it to needs that fit: look for them."""
    if delivery.entry.data.get("path") == "match":
        outcome = Lot.objects.select_related("outcome").get(pk=delivery.entry.subject_id).outcome
        propose_matches_for_outcome(outcome, candidates_for_outcome(outcome))


@app.task
def rescore_matches(need_ids: list[int]) -> None:
    """Score the standing matches of some needs by the weights in force (`manage.py rematch --queue`)."""
    rescoring.rescore(need_ids)


@app.task
def learn_stop_phrases() -> None:
    """Learn anew which phrases every field uses; what is matched from now on does not count them."""
    stop_phrases.learn()
