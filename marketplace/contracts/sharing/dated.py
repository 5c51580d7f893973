"""Dated rules of benefit sharing, kept by staff: least shares, what net income is, tax notes, days of publicity.

A rule holds from a day until a newer one of the same scope. What the law says is a row with its source; what could not
be checked against the text of the law is marked so (`is_checked`), and staff put it right in the admin.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.choices import ContractType
from marketplace.contracts.sharing.net_income import Basis, Formula
from marketplace.core.languages import worded
from marketplace.core.regions import known_as
from marketplace.organisations.models import Organisation

TRANSFERS = (ContractType.ASSIGNMENT, ContractType.LICENCE)


class SharingRuleQuerySet(models.QuerySet["SharingRule"]):
    def holding(self, kind: str, on: date) -> "SharingRuleQuerySet":
        """Return the rules of a kind that began by `on`, the newest first."""
        return self.filter(kind=kind, holds_from__lte=on).order_by("-holds_from", "-pk")

    def for_seller(self, seller: Organisation | None, *, region: str, on: date) -> list["SharingRule"]:
        """Return those that bind this seller: its own, those of the region it was in on a day, the national ones.

        Nobody stands for any public institute of the region.
        """
        key = seller.pk if seller is not None else None
        own = self.filter(Q(organisation=None) | Q(organisation=key))
        return [rule for rule in own if rule.organisation_id or rule.binds(seller, region=region, on=on)]


class SharingRule(models.Model):
    """One rule with the day it holds from and where it is written."""

    class Kind(models.TextChoices):
        FLOOR = "floor", _("least share of the inventors")
        FORMULA = "formula", _("what net income is")
        TAX = "tax", _("part of a cash reward that is taxed")
        TERM = "term", _("days of publicity")

    class Concerns(models.TextChoices):
        ANY = "any", _("every contract")
        TRANSFERS = "transfers", _("assignment and licence")
        SHARES = "shares", _("technology contributed for shares")
        PROFIT = "profit", _("implemented by oneself or with others")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    holds_from = models.DateField(_("holds from"))
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sharing_rules",
        verbose_name=_("own rule of"),
        help_text=_("Empty: holds for all public institutes."),
    )
    region = models.CharField(
        _("region"), max_length=6, blank=True, help_text=_("First digits of the region code, 33 for Zhejiang.")
    )
    concerns = models.CharField(_("concerns"), max_length=10, choices=Concerns.choices, default=Concerns.ANY)
    percent = models.DecimalField(
        _("per cent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    years = models.PositiveSmallIntegerField(
        _("years at least"), null=True, blank=True, help_text=_("Only of a floor on the operating profit.")
    )
    years_most = models.PositiveSmallIntegerField(_("years at most"), null=True, blank=True)
    formula = models.CharField(_("formula"), max_length=20, choices=Formula.choices, blank=True)
    gives_way = models.BooleanField(
        _("gives way to an agreement"),
        default=False,
        help_text=_("Only of a floor: a lawful agreement of the unit may go below it. Not so the floor of the law."),
    )
    note = models.TextField(_("what it says"), max_length=1000)
    note_en = models.TextField(_("what it says, in English"), max_length=1000, blank=True)
    source = models.CharField(_("source"), max_length=200)
    source_en = models.CharField(_("source, in English"), max_length=200, blank=True)
    is_checked = models.BooleanField(_("checked against the text"), default=False)

    objects = SharingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of benefit sharing")
        verbose_name_plural = _("rules of benefit sharing")
        ordering = ["kind", "-holds_from", "-id"]
        constraints = [
            models.CheckConstraint(
                name="sharingrule_says_what_its_kind_needs",
                condition=Q(kind__in=["floor", "tax"], percent__isnull=False, days=None, formula="")
                | Q(kind="term", percent=None, days__isnull=False, formula="")
                | (Q(kind="formula", percent=None, days=None) & ~Q(formula="")),
            ),
            models.CheckConstraint(
                name="sharingrule_no_floor_of_the_law_gives_way",
                condition=Q(gives_way=False) | Q(kind="floor") & (~Q(region="") | Q(organisation__isnull=False)),
            ),
            models.CheckConstraint(
                name="sharingrule_years_of_a_floor_on_profit",
                condition=Q(kind="floor", concerns="profit", years__isnull=False, years__gt=0)
                & Q(years_most__isnull=False, years_most__gte=models.F("years"))
                | (~Q(kind="floor", concerns="profit") & Q(years=None, years_most=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value} {self.holds_from}"

    def clean(self) -> None:
        """Say beside the field what this kind of rule lacks; what it has no use for is emptied."""
        fields: dict[str, str] = {self.Kind.TERM: "days", self.Kind.FORMULA: "formula"}
        needs = fields.get(self.kind, "percent")
        if getattr(self, needs) in (None, ""):
            raise ValidationError({needs: _("A rule of this kind needs it.")})
        self.percent = self.percent if needs == "percent" else None
        self.days = self.days if needs == "days" else None
        self.formula = self.formula if needs == "formula" else ""
        self.gives_way = self.gives_way and self.kind == self.Kind.FLOOR
        if self.gives_way and not self.region and self.organisation_id is None:
            raise ValidationError({"gives_way": _("A floor that holds for the whole country is that of the law.")})
        self._clean_years()

    def _clean_years(self) -> None:
        """A floor on the profit of years says of how many; nothing else does."""
        if self.kind != self.Kind.FLOOR or self.concerns != self.Concerns.PROFIT:
            self.years = self.years_most = None
        elif not self.years or not self.years_most:
            raise ValidationError({"years" if not self.years else "years_most": _("A rule of this kind needs it.")})
        elif self.years_most < self.years:
            raise ValidationError({"years_most": _("The most is not less than the least.")})

    @property
    def value(self) -> str:
        """Return what the rule sets, in words."""
        if self.kind == self.Kind.FORMULA:
            return str(self.get_formula_display())
        if self.kind == self.Kind.TERM:
            return str(_("%(days)s working days") % {"days": self.days})
        if self.years:
            said = {"percent": f"{self.percent:.2f}", "least": self.years, "most": self.years_most}
            return str(_("%(percent)s%% for %(least)s to %(most)s years") % said)
        return "—" if self.percent is None else f"{self.percent:.2f}%"

    @property
    def called(self) -> str:
        """Return the source in the reader's language."""
        return worded(self, "source")

    @property
    def says(self) -> str:
        return worded(self, "note")

    @property
    def scope(self) -> tuple[Any, ...]:
        """Return what a newer rule must share to stand in the place of this one."""
        return (self.organisation_id, self.region, self.concerns, self.formula)

    def binds(self, seller: Organisation | None, *, region: str, on: date) -> bool:
        """Tell whether a general rule binds this seller on a day: the law binds public institutes of its region."""
        is_public = seller is None or seller.kind == Organisation.Kind.INSTITUTE
        return is_public and any(code.startswith(self.region) for code in known_as(region, on=on))

    def is_about(self, contract_type: str, basis: str = Basis.INCOME) -> bool:
        """Tell whether the rule is about what is shared; a rule about every contract is about its net income."""
        if basis != Basis.INCOME:
            return self.concerns == basis
        if self.concerns in (Basis.SHARES, Basis.PROFIT):
            return False
        return self.concerns == self.Concerns.ANY or contract_type in TRANSFERS


def newest(rules: Iterable[SharingRule]) -> list[SharingRule]:
    """Return of each scope the newest rule; `rules` come newest first."""
    kept: dict[tuple[Any, ...], SharingRule] = {}
    for rule in rules:
        kept.setdefault(rule.scope, rule)
    return list(kept.values())
