"""A broker points a proposal out to the side they serve; the journal holds it, so it waits for the broker no more."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.matching import rules
from marketplace.matching.capacity import hold_broker, serves
from marketplace.matching.finding import MatchQuerySet
from marketplace.matching.models import Match
from marketplace.matching.sides import Side, served_by
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import User
from marketplace.outcomes.models import ResearchOutcome


class PassedOnAlready(Refused):
    message = _("You have pointed this out to your side already.")


@transaction.atomic
def pass_match_on(match: Match, *, by: User) -> None:
    """Tell the side one serves of a proposal, once. Raises WrongState, PassedOnAlready."""
    match.lock()
    hold_broker(by)
    require(rules.pass_match_on, by, match)
    if match.state != Match.State.PROPOSED:
        raise WrongState(thing=match, state=match.get_state_display())
    if has_passed_on(match, by):
        raise PassedOnAlready()
    served = {Side.NEED: serves(by, match.need, "buyer"), Side.OUTCOME: serves(by, match.outcome, "seller")}
    sides = [side.value for side, is_served in served.items() if is_served]
    journal.record(Kind.MATCH_PASSED_ON, match, by=by, sides=sides)


def has_passed_on(match: Match, user: User) -> bool:
    return Entry.objects.about(match).filter(kind=Kind.MATCH_PASSED_ON, actor=user).exists()


def to_pass_on(user: User) -> MatchQuerySet:
    """Return the proposals about records a broker serves that they have not pointed out; not those of own houses.

    Of who is no working broker, none: asked in the database, without a question of its own.
    """
    mine, kind = list(user.member_roles), ContentType.objects.get_for_model(Match)
    passed_on = Entry.objects.filter(subject_type=kind, kind=Kind.MATCH_PASSED_ON, actor=user).values("subject_id")
    needs = TechnologyNeed.objects.filter(served_by(user, "buyer", "both")).values("pk")
    outcomes = ResearchOutcome.objects.filter(served_by(user, "seller", "both")).values("pk")
    offered = Q(outcome__live=True) & ~Q(outcome__state=ResearchOutcome.State.WITHDRAWN)
    shown = Q(need__in=needs) & offered | Q(outcome__in=outcomes, need__live=True)  # as `visible_to` of a broker
    found = Match.objects.filter(shown).proposed()
    found = found.exclude(strength=Match.Strength.WEAK).exclude(pk__in=passed_on)
    return found.exclude(need__organisation__in=mine).exclude(outcome__owner__in=mine)
