"""Offering an outcome to a need: its side proposes the pair and accepts it at once; only the enterprise answers."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.matching import choosing, rules
from marketplace.matching.actions import NoLongerPossible, accept_match, answered_already, hold_pair
from marketplace.matching.by_hand import CannotMeet, DeclinedBefore, HandReasonMissing, MatchedAlready, add_match
from marketplace.matching.models import Match
from marketplace.matching.sides import Capacity, Side
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


class AddedByHand(Refused):
    message = _("These two are matched already, added by %(who)s with a reason of its own: answer that match.")


@transaction.atomic
def offer_to_need(
    need: TechnologyNeed, outcome: ResearchOutcome, *, by: User, organisation: Organisation | None, reason: str
) -> Match:
    """Offer an outcome of `organisation` to a need, with a reason both sides read; return the match.

    A pair that search proposed is accepted for the side of the outcome. Raises CannotMeet, HandReasonMissing, or what
    `why_not_again` says.
    """
    need, outcome = hold_pair(need.pk, outcome.pk)
    require(rules.offer_to_need, by, need, organisation=organisation)
    match = Match.objects.select_for_update().filter(need=need, outcome=outcome).first()
    refusal = why_not_again(match, choosing.fingerprint(need, outcome))
    if refusal is not None:
        raise refusal
    if match is None or match.state != Match.State.PROPOSED:
        match = add_match(need, outcome, by=by, organisation=organisation, reason=reason)
    else:
        _give_reason(match, by=by, reason=reason)
    try:
        accept_match(match, by=by, organisation=organisation)
    except NoLongerPossible as refused:
        raise CannotMeet(why=choosing.why_apart(need, outcome)) from refused
    return match


def _give_reason(match: Match, *, by: User, reason: str) -> None:
    """Write the reason of an offer into a proposal of search."""
    if not reason.strip():
        raise HandReasonMissing()
    match.added_by, match.added_as, match.added_reason = by, Capacity.OUTCOME, reason.strip()[:300]
    match.save(update_fields=["added_by", "added_as", "added_reason"])


def why_not_again(match: Match | None, texts: str) -> Refused | None:
    """Return why a pair with this match, and these `texts` today, is not offered; None where it may be."""
    if match is None or match.state == Match.State.WITHDRAWN:
        return None
    if match.state == Match.State.AGREED:
        return MatchedAlready(state=match.get_state_display())
    if match.state == Match.State.DECLINED:
        return DeclinedBefore(reason=match.get_decline_reason_display()) if match.texts == texts else None
    if match.added_by_id is not None and match.outcome_answered_at is None:
        return AddedByHand(who=match.get_added_as_display())
    return answered_already(match, Side.OUTCOME)
