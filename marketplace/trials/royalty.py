"""The share of output of a trial that was converted by a formula: base and share, capped in all."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.payments.models import Instalment
from marketplace.core.money import part_of
from marketplace.organisations.models import User
from marketplace.trials.models import Trial


class OutputReport(models.Model):
    """What the enterprise made with the outcome in a time, and what of it is due by the formula of the terms."""

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="outputs")
    begins_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    output = models.BigIntegerField(_("output"))
    due = models.BigIntegerField(_("due of it"))
    instalment = models.OneToOneField(Instalment, on_delete=models.PROTECT, null=True, related_name="output_report")
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()

    class Meta:
        verbose_name = _("report of output")
        verbose_name_plural = _("reports of output")
        ordering = ["begins_on", "id"]
        constraints = [
            models.CheckConstraint(name="outputreport_days_in_order", condition=Q(begins_on__lte=F("ends_on"))),
            models.CheckConstraint(
                name="outputreport_due_within_output",
                condition=Q(output__gte=0, due__gte=0, due__lte=F("output")),
            ),
            models.CheckConstraint(
                name="outputreport_due_is_an_instalment",
                condition=Q(due=0, instalment=None) | Q(due__gt=0, instalment__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begins_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"


def counted(trial: Trial) -> models.QuerySet[OutputReport]:
    """Return the reports that count: one whose instalment the seller struck was wrong and is made again."""
    return OutputReport.objects.filter(trial=trial).exclude(instalment__dropped_at__isnull=False)


def share_due(output: int, *, rate: Decimal, base: int, cap: int, so_far: int) -> int:
    """Return what is due of an output, in fen: its per cent, rounded half up, and no more than the cap leaves.

    `base` was the price of the contract, `so_far` what earlier reports made due.
    """
    return max(0, min(part_of(output, rate, rounding=ROUND_HALF_UP), cap - base - so_far))
