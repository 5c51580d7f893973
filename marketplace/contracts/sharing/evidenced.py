"""What the institute enters once with a proof, and takes back whole with a reason; nothing of it is rewritten."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.core.codes import CodeField
from marketplace.core.files import File
from marketplace.core.stateful import Locked
from marketplace.organisations.models import User


class EvidencedQuerySet(models.QuerySet[Any]):
    def standing(self) -> "EvidencedQuerySet":
        """Return what was not taken back."""
        return self.filter(reversed_at=None)


class Evidenced(Locked):
    """A fact about a contract with its proof; the database refuses any change but that it is taken back, once."""

    code = CodeField()
    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, related_name="%(class)ss")
    plan = models.ForeignKey(DistributionPlan, on_delete=models.PROTECT, related_name="%(class)ss")
    evidence = models.OneToOneField(File, on_delete=models.PROTECT, related_name="+", verbose_name=_("evidence"))
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    reversed_at = models.DateTimeField(null=True)
    reversed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reversal_reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = EvidencedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_reversed_whole",
                condition=Q(reversed_at=None, reversed_by=None, reversal_reason="")
                | (Q(reversed_at__isnull=False, reversed_by__isnull=False) & ~Q(reversal_reason="")),
            ),
        ]

    def get_absolute_url(self) -> str:
        return self.plan.get_absolute_url()

    @property
    def stands(self) -> bool:
        return self.reversed_at is None
