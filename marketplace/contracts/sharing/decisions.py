"""The decisions on a plan: one of the department, one of the institute, never both of one person."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.organisations.models import User


class PlanDecision(models.Model):
    """What the department or the institute decided on a plan, by whom; in one round nobody decides twice."""

    class Stage(models.TextChoices):
        DEPARTMENT = "department", _("department")
        INSTITUTE = "institute", _("institute")

    plan = models.ForeignKey(DistributionPlan, on_delete=models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField()
    stage = models.CharField(_("step"), max_length=12, choices=Stage.choices)
    is_approved = models.BooleanField(_("approved"))
    reasons = models.TextField(_("reasons"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision on a plan")
        verbose_name_plural = _("decisions on plans")
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "round", "decided_by"], name="plandecision_person_once"),
            models.UniqueConstraint(fields=["plan", "round", "stage"], name="plandecision_step_once"),
            models.CheckConstraint(name="plandecision_no_with_reasons", condition=Q(is_approved=True) | ~Q(reasons="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.decided_at:%Y-%m-%d}"
