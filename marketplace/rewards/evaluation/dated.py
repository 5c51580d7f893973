"""The dated rule of evaluation: what each figure weighs, from where it earns all its points, and the results."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.languages import worded
from marketplace.rewards.evaluation.figures import FIGURES, SATISFACTION

UP_TO_100 = [MaxValueValidator(100)]
MOST_FOR_SATISFACTION = 50  # what the records say weighs at least as much as what people think


def _weight(label: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, validators=UP_TO_100)


def _full(label: Any) -> models.PositiveBigIntegerField:
    return models.PositiveBigIntegerField(label, validators=[MinValueValidator(1)])


class EvaluationRuleQuerySet(models.QuerySet["EvaluationRule"]):
    def holding(self, on: date) -> "EvaluationRule | None":
        """Return the rule that holds on that day: the newest that had begun."""
        return self.filter(holds_from__lte=on).order_by("-holds_from", "-pk").first()


class EvaluationRule(models.Model):
    """Weights out of 100; a figure earns its whole weight from `full_…` on, below it in proportion."""

    # evaluations print the weights beside the points they gave: not rewritten once the rule holds
    LAYS_DOWN = (
        "holds_from",
        *(f"{part}_{name}" for name in FIGURES for part in ("weight", "full")),
        "excellent_at",
        "qualified_at",
        "comment_days",
    )

    holds_from = models.DateField(_("holds from"))
    weight_needs = _weight(_("weight of needs brought"))
    full_needs = _full(_("needs brought for all points"))
    weight_meetings = _weight(_("weight of meetings"))
    full_meetings = _full(_("meetings for all points"))
    weight_matches = _weight(_("weight of matches accepted"))
    full_matches = _full(_("matches accepted for all points"))
    weight_contracts = _weight(_("weight of contracts"))
    full_contracts = _full(_("contracts for all points"))
    weight_amount = _weight(_("weight of the technical amount"))
    full_amount = _full(_("technical amount for all points (fen)"))
    weight_hours = _weight(_("weight of continuing hours"))
    full_hours = _full(_("continuing hours for all points"))
    weight_satisfaction = models.PositiveSmallIntegerField(
        _("weight of satisfaction"), default=0, validators=[MaxValueValidator(MOST_FOR_SATISFACTION)]
    )
    full_satisfaction = models.PositiveSmallIntegerField(
        _("mean mark for all points (hundredths)"),
        default=450,
        validators=[MinValueValidator(100), MaxValueValidator(500)],
        help_text=_("450 stands for a mean mark of 4.5."),
    )
    excellent_at = models.PositiveSmallIntegerField(_("excellent from (points)"), validators=UP_TO_100)
    qualified_at = models.PositiveSmallIntegerField(_("qualified from (points)"), validators=UP_TO_100)
    comment_days = models.PositiveSmallIntegerField(
        _("working days to comment"), validators=[MinValueValidator(1), MaxValueValidator(250)]
    )
    source = models.CharField(_("source"), max_length=200)
    source_en = models.CharField(_("source, in English"), max_length=200, blank=True)
    is_checked = models.BooleanField(_("checked against the text"), default=False)

    objects = EvaluationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of evaluation")
        verbose_name_plural = _("rules of evaluation")
        ordering = ["-holds_from", "-id"]
        constraints = [
            models.CheckConstraint(
                name="evaluationrule_results_in_order",
                condition=models.Q(excellent_at__gt=models.F("qualified_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.called} {self.holds_from}"

    def names(self, figure: str) -> bool:
        """Tell whether a figure is part of the evaluation: satisfaction only where it has a weight."""
        return figure != SATISFACTION or self.weight_satisfaction > 0

    def clean(self) -> None:
        """Refuse weights that do not come to 100, and results out of order."""
        weights = [getattr(self, f"weight_{name}") for name in FIGURES]
        if None not in weights and sum(weights) != 100:
            raise ValidationError(
                {"weight_hours": _("The weights come to %(sum)s, not to 100.") % {"sum": sum(weights)}}
            )
        if None not in (self.excellent_at, self.qualified_at) and self.excellent_at <= self.qualified_at:
            raise ValidationError({"excellent_at": _("Excellent begins above qualified.")})

    @property
    def called(self) -> str:
        """Return the source in the reader's language."""
        return worded(self, "source")
