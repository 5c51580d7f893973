"""The share of output of a trial that was converted by a formula: base and share, capped in all."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.payments.models import Instalment
from marketplace.core.money import part_of
from marketplace.organisations.models import User
from marketplace.trials.models import Trial
from marketplace.trials.standing import TakenBack, taken_back_with_reason


class OutputReport(TakenBack):
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
            taken_back_with_reason("outputreport"),
        ]

    def __str__(self) -> str:
        return f"{self.begins_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"

    @property
    def full_share(self) -> int:
        """Return the per cent of the output before the cap, in fen."""
        return part_of(self.output, self.trial.terms.output_rate or Decimal(0), rounding=ROUND_HALF_UP)

    @property
    def is_cut(self) -> bool:
        """Tell whether the cap left less than the per cent of the output."""
        return self.due < self.full_share


@dataclass(frozen=True)
class Share:
    """What an output makes due: the per cent of it, in fen, and what the cap leaves."""

    full: int
    left: int

    @classmethod
    def of(cls, output: int, *, rate: Decimal, base: int, cap: int, so_far: int) -> "Share":
        """Return the share of an output; `base` was the price of the contract, `so_far` what earlier ones made due."""
        return cls(full=part_of(output, rate, rounding=ROUND_HALF_UP), left=cap - base - so_far)

    @property
    def due(self) -> int:
        return max(0, min(self.full, self.left))

    @property
    def is_cut(self) -> bool:
        return self.due < self.full


def counted(trial: Trial) -> models.QuerySet[OutputReport]:
    """Return the reports that count: neither taken back, nor struck by the seller with their instalment."""
    return OutputReport.objects.standing().filter(trial=trial).exclude(instalment__dropped_at__isnull=False)


def share_of(trial: Trial, output: int) -> Share:
    """Return what an output would make due now, by the terms of a formula and what earlier reports made due."""
    terms = trial.terms
    assert terms.output_rate is not None and terms.price is not None and terms.price_cap is not None  # noqa: S101, PT018
    so_far = counted(trial).aggregate(total=Sum("due"))["total"] or 0
    return Share.of(output, rate=terms.output_rate, base=terms.price, cap=terms.price_cap, so_far=so_far)
