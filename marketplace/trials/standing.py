"""What a party noted in a trial and may take back: it stays, with the reason, and counts no more."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.organisations.models import User


class StandingQuerySet(models.QuerySet[Any]):
    def standing(self) -> "StandingQuerySet":
        """Return what was not taken back."""
        return self.filter(taken_back_at=None)


class TakenBack(models.Model):
    """A note of one party that may be taken back with a reason the other reads."""

    taken_back_at = models.DateTimeField(_("taken back"), null=True, editable=False)
    taken_back_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    taken_back_reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)

    objects = StandingQuerySet.as_manager()

    class Meta:
        abstract = True

    def take_back(self, *, by: User, at: datetime, reason: str) -> None:
        """Note that it counts no more; the caller holds the trial and has asked the rule."""
        self.taken_back_at, self.taken_back_by, self.taken_back_reason = at, by, reason.strip()
        self.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason"])


def taken_back_with_reason(table: str) -> models.CheckConstraint:
    """Return that what was taken back says when, by whom and why."""
    return models.CheckConstraint(
        name=f"{table}_taken_back_with_reason",
        condition=Q(taken_back_at=None, taken_back_by=None, taken_back_reason="")
        | Q(taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(taken_back_reason=""),
    )
