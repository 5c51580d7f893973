"""What is still to follow from a fact, and what has followed."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

MOST_ATTEMPTS = 10
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: 1, 2, 4 … minutes, at most 6 hours."""
    return min(FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 12), LONGEST_PAUSE)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, at: datetime) -> "DeliveryQuerySet":
        """Return what is not done, may be tried again and has waited long enough."""
        return self.filter(done_at=None, attempts__lt=MOST_ATTEMPTS, due_at__lte=at)

    def stuck(self) -> "DeliveryQuerySet":
        """Return what was tried too often; only staff may start it again."""
        return self.filter(done_at=None, attempts__gte=MOST_ATTEMPTS)


class Delivery(models.Model):
    """One consequence of one journal entry: due, tried, done."""

    entry = models.ForeignKey("marketplace.Entry", on_delete=models.PROTECT, related_name="+", verbose_name=_("entry"))
    consequence = models.CharField(_("consequence"), max_length=80)
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "consequence"], name="delivery_once_per_consequence"),
        ]
        indexes = [
            models.Index(F("due_at"), condition=models.Q(done_at=None), name="delivery_not_done"),
        ]

    def __str__(self) -> str:
        return f"{self.consequence} ← {self.entry_id}"
