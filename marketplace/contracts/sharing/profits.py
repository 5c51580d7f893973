"""The operating profit of one year, reported by the institute that implements the outcome (Art. 45)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.contracts.sharing.evidenced import Evidenced, EvidencedQuerySet


class ProfitQuerySet(EvidencedQuerySet):
    def to_share(self) -> "ProfitQuerySet":
        """Return the profits that stand and are not shared out yet; a year without one has nothing to share."""
        return self.filter(reversed_at=None, profit__gt=0, distribution=None)

    def without_profit(self) -> "ProfitQuerySet":
        """Return the years that stand and yielded nothing, or a loss."""
        return self.filter(reversed_at=None, profit__lte=0)


class ProfitReport(Evidenced):
    """What one year yielded, in fen, with its proof; a year stands once for each contract.

    A year without a profit (nothing, or a loss below zero) is reported as well: it is done, and nothing is shared out.
    """

    year = models.PositiveSmallIntegerField(gettext_lazy("year"))
    profit = models.BigIntegerField(gettext_lazy("operating profit"))

    objects: ClassVar[Any] = ProfitQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("reported profit of a year")
        verbose_name_plural = gettext_lazy("reported profits of years")
        ordering = ["contract", "year", "id"]
        constraints = [
            *Evidenced.Meta.constraints,
            models.UniqueConstraint(
                fields=["contract", "year"], condition=Q(reversed_at=None), name="profitreport_year_once"
            ),
        ]

    def __str__(self) -> str:
        return _("profit of %(year)s") % {"year": self.year}

    @property
    def has_profit(self) -> bool:
        """Tell whether there is something to share out."""
        return self.profit > 0

    def get_absolute_url(self) -> str:
        return reverse("profit-distribute", args=[self.code])
