"""Dated settings of deals, kept by staff: how long an agreed price is in publicity, when a stage or an interest stalls.

A setting holds from a day until a newer one about the same. Where it comes from stands beside it; what could not be
checked against the text is marked so (`is_checked`), and staff put it right in the admin.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.languages import worded
from marketplace.deals.models import Deal


class DealRuleQuerySet(models.QuerySet["DealRule"]):
    def holding(self, kind: str, on: date) -> "DealRuleQuerySet":
        """Return the settings of a kind that began by `on`, the newest first."""
        return self.filter(kind=kind, holds_from__lte=on).order_by("-holds_from", "-pk")


class DealRule(models.Model):
    """One setting in days, with the day it holds from and where it is written."""

    class Kind(models.TextChoices):
        TERM = "term", _("working days an agreed price is in publicity")
        STAGE = "stage", _("days until a stage stalls")
        INTEREST = "interest", _("days until an interest without an answer stalls")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    stage = models.CharField(_("stage"), max_length=20, choices=Deal.State.choices, blank=True)
    holds_from = models.DateField(_("holds from"))
    days = models.PositiveSmallIntegerField(_("number of days"), validators=[MinValueValidator(1)])
    note = models.TextField(_("what it says"), max_length=1000, blank=True)
    note_en = models.TextField(_("what it says, in English"), max_length=1000, blank=True)
    source = models.CharField(_("source"), max_length=200)
    source_en = models.CharField(_("source, in English"), max_length=200, blank=True)
    is_checked = models.BooleanField(_("checked against the text"), default=False)

    objects = DealRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of deals")
        verbose_name_plural = _("rules of deals")
        ordering = ["kind", "stage", "-holds_from", "-id"]
        constraints = [
            models.CheckConstraint(name="dealrule_has_days", condition=Q(days__gte=1)),
            models.CheckConstraint(
                name="dealrule_stage_iff_about_one",
                condition=Q(kind__in=["term", "interest"], stage="") | (Q(kind="stage") & ~Q(stage="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_stage_display()} {self.days} {self.holds_from}"

    def clean(self) -> None:
        """Say beside the field what this kind of setting lacks; what it has no use for is emptied."""
        if self.kind == self.Kind.STAGE and not self.stage:
            raise ValidationError({"stage": _("A rule of this kind needs it.")})
        if self.kind != self.Kind.STAGE:
            self.stage = ""

    @property
    def called(self) -> str:
        """Return the source in the reader's language."""
        return worded(self, "source")


def term_of_publicity(on: date) -> DealRule | None:
    """Return how long a price agreed on that day is in publicity, or None where staff set nothing."""
    return DealRule.objects.holding(DealRule.Kind.TERM, on).first()


def days_until_stalled(on: date) -> dict[str, int]:
    """Return {stage: days it may take}, as staff set it; a stage without a setting never stalls."""
    found: dict[str, int] = {}
    for rule in DealRule.objects.holding(DealRule.Kind.STAGE, on):
        found.setdefault(rule.stage, rule.days)
    return found


def is_late(stage: str, days: int, limits: dict[str, int]) -> bool:
    """Tell whether a deal stands too long in its stage, by what `days_until_stalled` returned."""
    return stage in limits and days >= limits[stage]


def days_until_interest_stalls(on: date) -> int | None:
    """Return how long an interest may wait for its answer, or None where staff set nothing: then it never stalls."""
    rule = DealRule.objects.holding(DealRule.Kind.INTEREST, on).first()
    return None if rule is None else rule.days
