"""Which lots everybody may open, which are due, and what somebody sees."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from marketplace.organisations.models import Role

if TYPE_CHECKING:
    from marketplace.auctions.lots import Lot  # noqa: F401


class LotQuerySet(models.QuerySet["Lot"]):
    def public(self) -> "LotQuerySet":
        """Return the lots everybody may open: those of an announcement, unless their rehearsal was wiped."""
        return self.filter(announced_at__isnull=False, session__wiped_at=None)

    def listed(self) -> "LotQuerySet":
        """Return the public lots that stand in lists and searches: rehearsals are found by their participants only."""
        return self.public().filter(session__rehearsal_of=None)

    def in_earnest(self) -> "LotQuerySet":
        """Return the lots that sell something: what happens to practice lots has no consequences for their outcome."""
        return self.filter(is_practice=False)

    def in_sale(self) -> "LotQuerySet":
        """Return the announced lots of real sessions whose bidding is to come, under way or stopped for a while."""
        return self.listed().in_earnest().filter(state__in=self.model.FOLLOWED)

    def due_to_open(self, at: datetime) -> "LotQuerySet":
        """Return announced lots whose time has come at `at`."""
        return self.filter(state=self.model.State.ANNOUNCED, starts_at__lte=at)

    def due_to_close(self, at: datetime) -> "LotQuerySet":
        """Return lots whose end has passed at `at` and that nobody has closed yet."""
        return self.filter(state__in=[self.model.State.ANNOUNCED, self.model.State.OPEN], ends_at__lte=at)

    def in_bidding(self, at: datetime) -> "LotQuerySet":
        """Return the lots that take bids at `at`."""
        return self.filter(
            state__in=[self.model.State.ANNOUNCED, self.model.State.OPEN], starts_at__lte=at, ends_at__gt=at
        )

    def awaiting_a_day(self) -> "LotQuerySet":
        """Return the sold lots whose signature, or payment, has a last day that was announced.

        Whether the price is in the seller's books by now, `days_of_sale.py` asks.
        """
        signing = Q(state__in=self.model.UNSIGNED, session__signing_days__isnull=False)
        paying = Q(state=self.model.State.CONTRACTED, session__payment_days__isnull=False)
        milestones: Any = self.model._meta.get_field("milestones").related_model
        confirmed = milestones.objects.filter(lot=OuterRef("pk"), kind="paid", answer="confirmed")
        return self.in_earnest().filter(signing | paying & ~Q(Exists(confirmed)))

    def visible_to(self, user: Any) -> "LotQuerySet":
        """Return what `user` may open: announced lots, the seller's own, all for organisers and supervisors."""
        if user.is_authenticated and (user.reads_everything or user.has_role(Role.ORGANISER, Role.AUCTIONEER)):
            return self.filter(session__wiped_at=None)
        seen = Q(announced_at__isnull=False)
        if user.is_authenticated:
            seen |= Q(outcome__owner__in=list(user.member_roles))
        return self.filter(seen, session__wiped_at=None)
