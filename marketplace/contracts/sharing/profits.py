"""The operating profit of one year, reported by the institute that implements the outcome (Art. 45)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.contracts.sharing.evidenced import Evidenced


class ProfitReport(Evidenced):
    """What one year yielded, in fen, with its proof; a year stands once for each contract."""

    year = models.PositiveSmallIntegerField(gettext_lazy("year"))
    profit = models.BigIntegerField(gettext_lazy("operating profit"))

    class Meta:
        verbose_name = gettext_lazy("reported profit of a year")
        verbose_name_plural = gettext_lazy("reported profits of years")
        ordering = ["contract", "year", "id"]
        constraints = [
            *Evidenced.Meta.constraints,
            models.CheckConstraint(name="profitreport_profit_positive", condition=Q(profit__gt=0)),
            models.UniqueConstraint(
                fields=["contract", "year"], condition=Q(reversed_at=None), name="profitreport_year_once"
            ),
        ]

    def __str__(self) -> str:
        return _("profit of %(year)s") % {"year": self.year}

    def get_absolute_url(self) -> str:
        return reverse("profit-distribute", args=[self.code])
