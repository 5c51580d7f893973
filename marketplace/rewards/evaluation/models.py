"""One broker's evaluation of one year."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.brokers.models import TechBroker
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import User
from marketplace.rewards.evaluation.dated import EvaluationRule


class EvaluationQuerySet(models.QuerySet["YearlyEvaluation"]):
    def visible_to(self, user: Any) -> "EvaluationQuerySet":
        """Return what `user` may open: the broker theirs; officers and auditors all."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.reads_everything else self.filter(broker__user=user.pk)


class YearlyEvaluation(Stateful):
    """What the records came to, the result by the dated rule, the broker's comment and the answer to it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("open to comment")
        FINAL = "final", _("final")

    class Result(models.TextChoices):
        EXCELLENT = "excellent", _("excellent")
        QUALIFIED = "qualified", pgettext_lazy("evaluation", "qualified")
        UNQUALIFIED = "unqualified", _("unqualified")

    NEXT: ClassVar[dict[str, set[str]]] = {State.PROPOSED: {State.FINAL}}

    code = CodeField()
    broker = models.ForeignKey(TechBroker, on_delete=models.PROTECT, related_name="evaluations")
    year = models.PositiveSmallIntegerField(_("year"))
    rule = models.ForeignKey(EvaluationRule, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField(default=dict)
    score = models.PositiveIntegerField(_("hundredths of points"), default=0)
    result = models.CharField(_("result"), max_length=12, choices=Result.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED, editable=False)
    computed_at = models.DateTimeField()
    comment_until = models.DateField(_("comments until"))
    comment = models.TextField(_("comment of the broker"), max_length=2000, blank=True)
    commented_at = models.DateTimeField(null=True)
    answer = models.TextField(_("answer to the comment"), max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("yearly evaluation")
        verbose_name_plural = _("yearly evaluations")
        ordering = ["-year", "-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["broker", "year"], name="yearlyevaluation_once_a_year"),
            models.CheckConstraint(
                name="yearlyevaluation_comment_answered_when_final",
                condition=Q(state="proposed", decided_at=None)
                | (Q(state="final", decided_at__isnull=False) & (Q(comment="") | ~Q(answer=""))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.broker} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation-detail", args=[self.code])

    def takes_comment(self, today: date) -> bool:
        """Tell whether the broker may still comment on `today`."""
        return self.state == self.State.PROPOSED and not self.comment and today <= self.comment_until
