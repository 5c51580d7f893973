"""What became of a sale after its contract: paid, put into production; the day, and who said so."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.lots import Lot
from marketplace.organisations.models import Organisation, User


class SaleMilestone(models.Model):
    """One step of a sold lot, by somebody's word. A later word takes its place; the journal keeps both.

    That a sale was paid counts once the seller's finance confirms it, or its books say so (`books.py`).
    """

    class Kind(models.TextChoices):
        PAID = "paid", _("paid")
        IN_PRODUCTION = "in_production", _("put into production")

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", _("the seller’s finance confirms it")
        NOT_RECEIVED = "not_received", _("the seller’s finance has not received it")

    AFTER: ClassVar[list[str]] = [Lot.State.CONTRACTED, Lot.State.SETTLED]

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="milestones")
    kind = models.CharField(_("step"), max_length=20, choices=Kind.choices)
    happened_on = models.DateField(_("day"))
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("said by"))
    said_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("for")
    )
    said_at = models.DateTimeField(_("said at"))
    answer = models.CharField(_("answer of the seller’s finance"), max_length=20, choices=Answer.choices, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("step after a sale")
        verbose_name_plural = _("steps after sales")
        ordering = ["lot", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "kind"], name="salemilestone_once"),
            models.CheckConstraint(
                name="salemilestone_answered_about_payment",
                condition=Q(answer="", answered_by=None, answered_at=None, answer_reason="")
                | Q(kind="paid", answer="confirmed", answered_by__isnull=False, answered_at__isnull=False)
                | Q(kind="paid", answer="not_received", answered_by__isnull=False, answered_at__isnull=False)
                & ~Q(answer_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.kind}"

    @property
    def word_of(self) -> str:
        """Return in which capacity it was said: people are not named in public."""
        if self.said_for_id is None:
            return gettext("the organiser")
        return gettext("the seller") if self.said_for_id == self.lot.outcome.owner_id else gettext("the buyer")

    @property
    def is_open(self) -> bool:
        """Tell whether this says that the price was paid, and the seller's finance has not answered."""
        return self.kind == self.Kind.PAID and not self.answer
