"""What the register counts: one row per thing that changed a figure, on the day it counts (domain.md §7.1, end).

A registration counts on its day, a change as the difference on the day it was granted, a cancelled or revoked
registration is taken off on that day. Rows are never changed: a figure of a period that is over stays what it was.
What the period would say today (history restated) is asked of the contracts, not of the rows.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.contracts.joint import parts_of
from marketplace.contracts.models import TechnologyContract
from marketplace.core import clock
from marketplace.core.regions import district_codes

FIGURES = ("count", "total", "technical", "sold_here", "bought_here", "large_count", "large_technical")


class RegisterRowQuerySet(models.QuerySet["RegisterRow"]):
    def counted(self, first: date, last: date) -> "RegisterRowQuerySet":
        """Return the rows that count between two days, both included."""
        return self.filter(counted_on__range=(first, last))


class RegisterRow(models.Model):
    """By how much one event changed what the register counts, in contracts and fen."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("registered")
        CHANGED = "changed", pgettext_lazy("contract", "changed")
        CANCELLED = "cancelled", _("cancelled by a party")
        REVOKED = "revoked", _("revoked")

    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, related_name="register_rows")
    kind = models.CharField(_("event"), max_length=12, choices=Kind.choices)
    counted_on = models.DateField(_("counted on"), db_index=True)
    recorded_at = models.DateTimeField()
    count = models.SmallIntegerField(_("contracts"))
    total = models.BigIntegerField(_("total amount"))
    technical = models.BigIntegerField(_("technical amount"))
    sold_here = models.BigIntegerField(_("sold from the district"))
    bought_here = models.BigIntegerField(_("bought into the district"))
    large_count = models.SmallIntegerField(_("large contracts"))
    large_technical = models.BigIntegerField(_("technical amount of large contracts"))

    objects = RegisterRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of the register")
        verbose_name_plural = _("rows of the register")
        ordering = ["counted_on", "id"]

    def __str__(self) -> str:
        return f"{self.kind_label} {self.counted_on:%Y-%m-%d}"

    @property
    def kind_label(self) -> str:
        """Return what get_kind_display does, in a fifth of the time: lists say it in every row."""
        return str(self.Kind(self.kind).label)


def figures_of(contract: TechnologyContract) -> dict[str, int]:
    """Return what a contract that stands in the register adds to each figure.

    A seller outside the district is absorbed only: nothing of it is sold from here. A joint seller counts by its share.
    A contract with both parties in the district counts in each, in the total once. What the district is, is asked of
    the day the contract was registered.
    """
    here = district_codes(contract.registered_on or clock.today())
    return {
        "count": 1,
        "total": contract.total_amount,
        "technical": contract.technical_amount,
        "sold_here": sold_from(here, contract),
        "bought_here": contract.total_amount if contract.buyer_region in here else 0,
        "large_count": int(contract.is_large),
        "large_technical": contract.technical_amount if contract.is_large else 0,
    }


def sold_from(regions: Collection[str], contract: TechnologyContract) -> int:
    """Return what of the total, in fen, belongs to the sellers of some regions by their shares.

    The parts of all sellers add up to the total, so those of all regions do.
    """
    return sum(part.amount for part in parts_of(contract, contract.total_amount) if part.region in regions)


def struck_row(contract: TechnologyContract) -> RegisterRow | None:
    """Return the row by which a cancelled or revoked contract was taken off the register; None of any other."""
    if contract.state not in contract.STRUCK:
        return None
    return RegisterRow.objects.filter(contract=contract, kind__in=contract.STRUCK).last()


def count_event(contract: TechnologyContract, kind: str, *, on: date, at: datetime) -> RegisterRow:
    """Write down by how much an event changes the figures: what the contract adds now, less what it added so far.

    Called by the actions of the register, within their transaction and under their lock.
    """
    so_far = RegisterRow.objects.filter(contract=contract).aggregate(**{name: Sum(name) for name in FIGURES})
    now = figures_of(contract) if contract.stands else dict.fromkeys(FIGURES, 0)
    delta = {name: now[name] - (so_far[name] or 0) for name in FIGURES}
    return RegisterRow.objects.create(contract=contract, kind=kind, counted_on=on, recorded_at=at, **delta)
