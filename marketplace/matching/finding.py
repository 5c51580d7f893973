"""Which matches stand, wait for whom, and what somebody sees."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q

from marketplace.matching.sides import Answer, Capacity, served_by
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome

if TYPE_CHECKING:
    from marketplace.matching.models import Match  # noqa: F401


class MatchQuerySet(models.QuerySet["Match"]):
    def with_parties(self) -> "MatchQuerySet":
        """Load what lists and pages print about both sides, and about whoever added it."""
        sides = ("need__organisation", "need__field", "outcome__owner", "outcome__field")
        return self.select_related(*sides, "added_by__broker__firm")

    def proposed(self) -> "MatchQuerySet":
        """Return the proposals that still wait for an answer."""
        return self.filter(state=self.model.State.PROPOSED)

    def standing(self) -> "MatchQuerySet":
        """Return proposals and agreed matches: what is shown beside a need or an outcome."""
        return self.filter(state__in=[self.model.State.PROPOSED, self.model.State.AGREED])

    def accepted_by_both(self) -> "MatchQuerySet":
        """Return what both sides accepted and neither took back, also where the need ended before a deal."""
        return self.filter(need_answer=Answer.ACCEPTED, outcome_answer=Answer.ACCEPTED)

    def without_deal(self) -> "MatchQuerySet":
        """Return the agreed matches no deal was opened from."""
        return self.filter(state=self.model.State.AGREED, deal=None)

    def both_open(self) -> "MatchQuerySet":
        """Return the matches whose need and outcome are public and still to be had."""
        need, outcome = TechnologyNeed.State.OPEN, ResearchOutcome.State.AVAILABLE
        return self.filter(need__live=True, need__state=need, outcome__live=True, outcome__state=outcome)

    def held(self) -> "MatchQuerySet":
        """Return the matches people want: a side accepted, or somebody added or pinned them."""
        return self.filter(
            Q(need_answer=Answer.ACCEPTED)
            | Q(outcome_answer=Answer.ACCEPTED)
            | Q(added_by__isnull=False)
            | Q(pinned_by__isnull=False)
        )

    def best_first(self) -> "MatchQuerySet":
        """Order as lists show them: pinned ones, then by score."""
        return self.order_by(F("pinned_at").asc(nulls_last=True), "-score", "pk")

    def of(self, organisation: Organisation) -> "MatchQuerySet":
        """Return the matches in which the organisation is one of the sides."""
        return self.filter(Q(need__organisation=organisation) | Q(outcome__owner=organisation))

    def awaiting(self, organisation: Organisation) -> "MatchQuerySet":
        """Return the proposals that this organisation has not answered."""
        return self.proposed().filter(
            Q(need__organisation=organisation, need_answer=Answer.WAITING)
            | Q(outcome__owner=organisation, outcome_answer=Answer.WAITING)
        )

    def brought_by(self, user: Any) -> "MatchQuerySet":
        """Return the matches a person brought as a broker: their head and history stay readable as the proof of it."""
        return self.filter(added_by=user.pk, added_as=Capacity.BROKER) if user.is_authenticated else self.none()

    def visible_to(self, user: Any) -> "MatchQuerySet":
        """Return what `user` may open: matches of the own organisations, all for officers and auditors.

        The broker of an open deal sees the matches of the need or the outcome they serve. Of a partner that is taken
        offline a side sees nothing more, unless both had accepted.
        """
        if not user.is_authenticated:
            return self.none()
        if user.reads_everything:
            return self
        mine, agreed = list(user.member_roles), Q(state=self.model.State.AGREED)
        outcome_shown = Q(outcome__live=True) & ~Q(outcome__state=ResearchOutcome.State.WITHDRAWN)
        of_need = Q(need__organisation__in=mine)
        of_outcome = Q(outcome__owner__in=mine)
        if hasattr(user, "broker"):
            of_need |= Q(need__in=TechnologyNeed.objects.filter(served_by(user, "buyer", "both")))
            of_outcome |= Q(outcome__in=ResearchOutcome.objects.filter(served_by(user, "seller", "both")))
        return self.filter(of_need & (agreed | outcome_shown) | of_outcome & (agreed | Q(need__live=True)))
