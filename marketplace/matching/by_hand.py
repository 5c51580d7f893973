"""What people do beside the search: add a match it did not find, and pin one so that it stays on top."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.matching import choosing, rules
from marketplace.matching.capacity import capacity_of, hold_broker
from marketplace.matching.holding import hold_match, hold_pair
from marketplace.matching.letting_go import take_back
from marketplace.matching.models import LONGEST_REASON, Match
from marketplace.matching.sides import Capacity
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


class CannotMeet(Refused):
    message = _("These two cannot be matched. %(why)s")
    field = "counterpart"


class MatchedAlready(Refused):
    message = _("These two are matched already: %(state)s.")
    field = "counterpart"


class DeclinedBefore(Refused):
    message = _(
        "This pair was declined (%(reason)s). It comes back when that side thinks again, or when a text changes."
    )
    field = "counterpart"


class TakenBackBefore(Refused):
    message = _("%(why)s The pair comes back when that side thinks again, or when a text changes.")
    field = "counterpart"


class HandReasonMissing(Refused):
    message = _("Say in a few words why: both sides read it.")
    field = "reason"


@transaction.atomic
def add_match(
    need: TechnologyNeed, outcome: ResearchOutcome, *, by: User, organisation: Organisation | None, reason: str
) -> Match:
    """Propose a pair that search did not find (or gave up); return the match. Its features are computed at once after.

    Raises CannotMeet, MatchedAlready, DeclinedBefore, TakenBackBefore, HandReasonMissing.
    """
    need, outcome = hold_pair(need.pk, outcome.pk)
    match = Match.objects.select_for_update().filter(need=need, outcome=outcome).first()
    hold_broker(by)
    now = clock.now()
    match = match or Match(need=need, outcome=outcome, computed_at=now, score=0, strength=Match.Strength.WEAK)
    match.need, match.outcome = need, outcome
    require(rules.add_match, by, match, organisation=organisation)
    texts, capacity = choosing.fingerprint(need, outcome), capacity_of(by, match, organisation)
    _require_free(match, texts, capacity)
    if not reason.strip():
        raise HandReasonMissing()
    if match.pk is not None:
        match.propose_again()
    match.texts, match.proposed_at = texts, now
    match.added_by, match.added_reason = by, reason.strip()[:LONGEST_REASON]
    match.added_as = capacity or ""
    match.save()
    journal.record(Kind.MATCH_ADDED, match, by=by, on_behalf_of=organisation, capacity=match.added_as)
    return match


def _require_free(match: Match, texts: str, capacity: Capacity | None) -> None:
    """Refuse a pair that may not meet, that stands already, or that a side declined in these words."""
    apart = choosing.why_apart(match.need, match.outcome)
    if apart is not None:
        raise CannotMeet(why=apart)
    if match.pk is None:
        return
    if match.state in (Match.State.PROPOSED, Match.State.AGREED):
        raise MatchedAlready(state=match.get_state_display())
    refusal = refused_before(match, texts)
    if refusal is not None and match.taken_back_by != capacity:
        raise refusal


def refused_before(match: Match, texts: str) -> Refused | None:
    """Return how a side ended the pair in these words, as a refusal to put it forward; None where none did."""
    if not match.is_refused(texts):
        return None
    if match.taken_back_by is not None:
        return TakenBackBefore(why=match.get_withdrawn_why_display())
    return DeclinedBefore(reason=match.get_decline_reason_display())


class AnsweredMeanwhile(Refused):
    message = _("A side has answered this match: it is theirs now, and not taken back.")


@transaction.atomic
def take_back_match(match: Match, *, by: User, organisation: Organisation | None) -> None:
    """Take back what was added by hand, while nobody answered. Raises WrongState, AnsweredMeanwhile.

    Search may still propose the pair by itself; nobody wants it any more, so that it is not kept (`is_held`).
    """
    hold_match(match)
    hold_broker(by)
    require(rules.take_back_match, by, match, organisation=organisation)
    if match.state != Match.State.PROPOSED:
        raise WrongState(state=match.get_state_display())
    if match.has_acceptance:
        raise AnsweredMeanwhile()
    match.added_by, match.added_as, match.added_reason = None, "", ""
    match.save(update_fields=["added_by", "added_as", "added_reason"])
    take_back(match, Match.Why.TAKEN_BACK, by=by, organisation=organisation)


@transaction.atomic
def pin_match(match: Match, *, by: User, organisation: Organisation | None, reason: str) -> None:
    """Keep a proposal on top of the lists, whatever search finds. Raises HandReasonMissing, WrongState."""
    hold_match(match)
    hold_broker(by)
    now = clock.now()
    require(rules.pin_match, by, match, organisation=organisation)
    if match.state != Match.State.PROPOSED or match.pinned_by_id is not None:
        raise WrongState(state=_("pinned") if match.pinned_by_id else match.get_state_display())
    if not reason.strip():
        raise HandReasonMissing()
    match.pinned_by, match.pinned_at, match.pin_reason = by, now, reason.strip()[:300]
    match.pinned_as = capacity_of(by, match, organisation) or ""
    match.save(update_fields=["pinned_by", "pinned_at", "pin_reason", "pinned_as"])
    journal.record(Kind.MATCH_PINNED, match, by=by, on_behalf_of=organisation, capacity=match.pinned_as)


@transaction.atomic
def unpin_match(match: Match, *, by: User, organisation: Organisation | None) -> None:
    """Take the pin away; search judges the match again. Raises WrongState where there is none."""
    hold_match(match)
    require(rules.unpin_match, by, match, organisation=organisation)
    if match.pinned_by_id is None:
        raise WrongState(state=_("not pinned"))
    match.pinned_by = match.pinned_at = None
    match.pin_reason = match.pinned_as = ""
    match.save(update_fields=["pinned_by", "pinned_at", "pin_reason", "pinned_as"])
    journal.record(Kind.MATCH_UNPINNED, match, by=by, on_behalf_of=organisation)
