"""The shares formed by contributing the technology to a company, and who holds how many of them (Art. 45)."""

from decimal import Decimal
from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from marketplace.contracts.sharing.evidenced import Evidenced
from marketplace.contracts.sharing.models import PlanShare
from marketplace.core.money import format_yuan

INSIDE = (PlanShare.Kind.INSTITUTE, PlanShare.Kind.DEPARTMENT, PlanShare.Kind.OFFICE)


class ShareAllotment(Evidenced):
    """The shares agreed for the technology as the company register shows them after the change (工商变更)."""

    class Unit(models.TextChoices):
        SHARES = "shares", _("shares of a company limited by shares")
        CAPITAL = "capital", _("registered capital of a limited company, in yuan")

    company = models.CharField(_("company"), max_length=120)
    unit = models.CharField(_("counted in"), max_length=10, choices=Unit.choices)
    amount = models.BigIntegerField(_("formed by the technology"))  # shares, or fen of registered capital
    company_total = models.BigIntegerField(_("the whole company"))
    registered_on = models.DateField(_("change registered on"))

    class Meta:
        verbose_name = _("allotment of shares")
        verbose_name_plural = _("allotments of shares")
        ordering = ["contract", "-id"]
        constraints = [
            *Evidenced.Meta.constraints,
            models.CheckConstraint(
                name="shareallotment_part_of_the_company",
                condition=Q(amount__gt=0, company_total__gte=F("amount")),
            ),
            models.UniqueConstraint(fields=["contract"], condition=Q(reversed_at=None), name="shareallotment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.registered_on}"

    @property
    def kept(self) -> int:
        """Return what the institute keeps, its department and office among it."""
        return sum(line.amount for line in self.lines.all() if line.share.kind in INSIDE)

    def words(self, amount: int) -> str:
        """Return a number of units as people read it."""
        if self.unit == self.Unit.CAPITAL:
            return str(_("registered capital of %(yuan)s yuan") % {"yuan": format_yuan(amount)})
        return ngettext("%(number)s share", "%(number)s shares", amount) % {"number": f"{amount:,}"}

    def part(self, amount: int) -> str:
        """Return which part of the company it is: the exact fraction, and per cents to four decimals."""
        exact = Fraction(amount, self.company_total)
        percent = Decimal(amount) * 100 / self.company_total
        return f"{exact.numerator}/{exact.denominator} ({percent:.4f}%)"


class AllotmentLine(models.Model):
    """What of the shares one payee of the plan holds."""

    allotment = models.ForeignKey(ShareAllotment, on_delete=models.PROTECT, related_name="lines")
    share = models.ForeignKey(PlanShare, on_delete=models.PROTECT, related_name="allotment_lines")
    amount = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("allotted share")
        verbose_name_plural = _("allotted shares")
        ordering = ["allotment", "id"]
        constraints = [
            models.UniqueConstraint(fields=["allotment", "share"], name="allotmentline_payee_once"),
            models.CheckConstraint(name="allotmentline_amount_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.share} {self.words}"

    @property
    def words(self) -> str:
        return self.allotment.words(self.amount)

    @property
    def part(self) -> str:
        return self.allotment.part(self.amount)
