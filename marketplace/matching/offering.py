"""Offering an outcome to a need: its side proposes the pair and accepts it at once; only the enterprise answers."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.matching import choosing, rules
from marketplace.matching.actions import NoLongerPossible, accept_match, answered_already, is_said_again
from marketplace.matching.by_hand import CannotMeet, HandReasonMissing, MatchedAlready, add_match, refused_before
from marketplace.matching.holding import hold_match, hold_pair
from marketplace.matching.models import LONGEST_REASON, Answer, Match
from marketplace.matching.sides import Capacity, Side
from marketplace.matching.withdrawing import put_back
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


class AddedByHand(Refused):
    message = _("These two are matched already, added by %(who)s with a reason of its own: answer that match.")


class OfferAnswered(Refused):
    message = _("The enterprise has answered this offer: its reason stays as it was read.")
    field = "reason"


@transaction.atomic
def offer_to_need(
    need: TechnologyNeed, outcome: ResearchOutcome, *, by: User, organisation: Organisation | None, reason: str
) -> Match:
    """Offer an outcome of `organisation` to a need, with a reason both sides read; return the match.

    A pair that search proposed is accepted for the side of the outcome; so is one this side had taken back, and what
    the enterprise had answered stands. The same offer of the same person once more changes nothing. Raises CannotMeet,
    HandReasonMissing, or what `why_not_again` says.
    """
    need, outcome = hold_pair(need.pk, outcome.pk)
    require(rules.offer_to_need, by, need, organisation=organisation)
    match = Match.objects.select_for_update().filter(need=need, outcome=outcome).first()
    texts = choosing.fingerprint(need, outcome)
    if match is not None and _is_sent_again(match, organisation, by, reason):
        return match
    refusal = why_not_again(match, texts)
    if refusal is not None:
        raise refusal
    if match is not None and match.is_refused(texts):
        put_back(match, Side.OUTCOME)
    if match is None or match.state != Match.State.PROPOSED:
        match = add_match(need, outcome, by=by, organisation=organisation, reason=reason)
    else:
        _give_reason(match, by=by, reason=reason)
    try:
        accept_match(match, by=by, organisation=organisation)
    except NoLongerPossible as refused:
        raise CannotMeet(why=choosing.why_apart(need, outcome)) from refused
    return match


def _is_sent_again(match: Match, organisation: Organisation | None, by: User, reason: str) -> bool:
    is_mine = match.side_of(organisation) == match.added_as == Side.OUTCOME
    return is_mine and match.added_reason == reason.strip() and is_said_again(match, organisation, Answer.ACCEPTED, by)


@transaction.atomic
def correct_offer(match: Match, *, by: User, organisation: Organisation | None, reason: str) -> None:
    """Write another reason into an offer the enterprise has not answered; the journal notes that it was changed.

    Raises WrongState, OfferAnswered, HandReasonMissing.
    """
    hold_match(match)
    require(rules.correct_offer, by, match, organisation=organisation)
    if match.need_answer != Answer.WAITING:
        raise OfferAnswered()
    if match.state != Match.State.PROPOSED:
        raise WrongState(state=match.get_state_display())
    if reason.strip() == match.added_reason:
        return
    _give_reason(match, by=by, reason=reason)
    journal.record(Kind.MATCH_REASON_CORRECTED, match, by=by, on_behalf_of=organisation)


def _give_reason(match: Match, *, by: User, reason: str) -> None:
    """Write the reason of an offer into a proposal."""
    if not reason.strip():
        raise HandReasonMissing()
    match.added_by, match.added_as, match.added_reason = by, Capacity.OUTCOME, reason.strip()[:LONGEST_REASON]
    match.save(update_fields=["added_by", "added_as", "added_reason"])


def why_not_again(match: Match | None, texts: str) -> Refused | None:
    """Return why a pair with this match, and these `texts` today, is not offered; None where it may be."""
    if match is None:
        return None
    refusal = refused_before(match, texts)
    if refusal is not None:
        return None if match.taken_back_by == Side.OUTCOME else refusal
    if match.state == Match.State.AGREED:
        return MatchedAlready(state=match.get_state_display())
    if match.state != Match.State.PROPOSED:
        return None
    if match.outcome_answered_at is None and match.added_as not in ("", Capacity.OUTCOME):
        return AddedByHand(who=match.get_added_as_display())
    return answered_already(match, Side.OUTCOME)
