"""Dated rules about brokers, kept by staff: the objection window of leads, rewards and their publicity, evaluation.

A rule holds from a day until a newer one of its kind. Rates and caps differ from district to district and year to year
(domain.md §4.7), so they are rows with their source; what could not be checked against the text is marked so.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.languages import worded
from marketplace.core.money import format_unrounded


class BrokerRuleQuerySet(models.QuerySet["BrokerRule"]):
    def holding(self, kind: str, on: date) -> "BrokerRule | None":
        """Return the rule of a kind that holds on that day: the newest that had begun."""
        return self.filter(kind=kind, holds_from__lte=on).order_by("-holds_from", "-pk").first()


class BrokerRule(models.Model):
    """One rule with the day it holds from and where it is written."""

    class Kind(models.TextChoices):
        OBJECTION = "objection", _("objection window of leads")
        REWARD = "reward", _("rate and caps of rewards")
        PUBLICITY = "publicity", _("publicity of rewards")

    class Basis(models.TextChoices):
        TECHNICAL = "technical", _("technical amount of the contract")
        PAID = "paid", _("amount paid")

    TERMS = (Kind.OBJECTION, Kind.PUBLICITY)
    # claims are reckoned by it as long as they are open: not rewritten once it holds
    LAYS_DOWN = ("kind", "holds_from", "days", "basis", "percent", "cap_project", "cap_year")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    holds_from = models.DateField(_("holds from"))
    days = models.PositiveSmallIntegerField(
        _("working days"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(250)]
    )
    basis = models.CharField(_("basis"), max_length=10, choices=Basis.choices, blank=True)
    percent = models.DecimalField(
        _("per cent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )
    cap_project = models.BigIntegerField(
        _("cap per project (fen)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    cap_year = models.BigIntegerField(
        _("cap per broker and year (fen)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    note = models.TextField(_("what it says"), max_length=1000)
    note_en = models.TextField(_("what it says, in English"), max_length=1000, blank=True)
    source = models.CharField(_("source"), max_length=200)
    source_en = models.CharField(_("source, in English"), max_length=200, blank=True)
    is_checked = models.BooleanField(_("checked against the text"), default=False)

    objects = BrokerRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule about brokers")
        verbose_name_plural = _("rules about brokers")
        ordering = ["kind", "-holds_from", "-id"]
        constraints = [
            models.CheckConstraint(
                name="brokerrule_says_what_its_kind_needs",
                condition=Q(
                    kind__in=["objection", "publicity"], days__isnull=False, percent=None, basis="",
                    cap_project=None, cap_year=None,
                )
                | (Q(kind="reward", days=None, percent__isnull=False) & ~Q(basis="")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value} {self.holds_from}"

    def clean(self) -> None:
        """Say beside the field what this kind of rule lacks; what it has no use for is emptied."""
        is_term = self.kind in self.TERMS
        needs = ("days",) if is_term else ("percent", "basis")
        lacking: dict[str, Any] = {
            name: _("A rule of this kind needs it.") for name in needs if getattr(self, name) in (None, "")
        }
        if lacking:
            raise ValidationError(lacking)
        if is_term:
            self.percent = self.cap_project = self.cap_year = None
            self.basis = ""
        else:
            self.days = None

    @property
    def value(self) -> str:
        """Return what the rule sets, in words."""
        if self.kind in self.TERMS:
            return str(_("%(days)s working days") % {"days": self.days})
        said = [f"{self.percent:.2f}%"]
        language = get_language() or "zh-hans"
        if self.cap_project is not None:
            cap = format_unrounded(self.cap_project, language)
            said.append(str(_("at most %(amount)s per project") % {"amount": cap}))
        if self.cap_year is not None:
            said.append(str(_("at most %(amount)s a year") % {"amount": format_unrounded(self.cap_year, language)}))
        return str(_(", ")).join(said)

    @property
    def called(self) -> str:
        """Return the source in the reader's language."""
        return worded(self, "source")

    @property
    def says(self) -> str:
        return worded(self, "note")
