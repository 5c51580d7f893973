"""Dated rules of the registration, kept by staff: what a large contract is, days of review, form of numbers, tax notes.

A rule holds from a day until a newer one of the same kind and concern. Each bears its source; what could not be
compared with the text itself is marked (`is_checked`), and staff put it right in the admin.
"""

import re
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.languages import worded
from marketplace.core.money import FEN_PER_WAN, format_unrounded

IN_DAYS = ["usual", "long", "report", "answer", "supplement"]  # kinds of rules that set working days


class RegistrationRuleQuerySet(models.QuerySet["RegistrationRule"]):
    def holding(self, kind: str, on: date) -> "RegistrationRuleQuerySet":
        """Return the rules of a kind that began by `on`, the newest first."""
        return self.filter(kind=kind, holds_from__lte=on).order_by("-holds_from", "-pk")


class RegistrationRule(models.Model):
    """One rule with the day it holds from and where it is written."""

    class Kind(models.TextChoices):
        LARGE = "large", _("technical amount of a large contract")
        USUAL = "usual", _("working days of a review")
        LONG = "long", _("working days for a large or disputed contract")
        NUMBER = "number", _("form of the registration number")
        TAX = "tax", _("tax note")
        REPORT = "report", _("working days to have the register follow the end of a contract")
        ANSWER = "answer", _("working days to answer an end declared for a breach")
        SUPPLEMENT = "supplement", _("working days to supplement a returned contract")

    class Concerns(models.TextChoices):
        """Types of contract, and kinds within a type, by the codes of both."""

        ANY = "any", _("every contract")
        DEVELOPMENT_AND_TRANSFER = "KF ZR XK", _("development, assignment and licence")
        TRANSFER = "ZR XK", _("assignment and licence")
        OF_RIGHTS = (
            "ZR-patent ZR-other XK-exclusive XK-sole XK-ordinary",
            _("assignment and licence of patents and other rights"),
        )
        OF_LICENCES = "XK-exclusive XK-sole XK-ordinary", _("licences of patents")
        OF_SECRETS = "ZR-application ZR-secret XK-secret", _("patent applications and technical secrets")
        DEVELOPMENT = "KF", _("development")
        COMMISSIONED = "KF-commissioned", _("commissioned development")
        CONSULTING_AND_SERVICE = "ZX FW", _("consulting and service")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    holds_from = models.DateField(_("holds from"))
    concerns = models.CharField(_("concerns"), max_length=60, choices=Concerns.choices, default=Concerns.ANY)
    amount_wan = models.PositiveIntegerField(_("amount (10,000 yuan)"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    pattern = models.CharField(
        _("form as a regular expression"),
        max_length=500,
        blank=True,
        help_text=_(
            "The groups year and division, old_year and old_division for an older form, name digits to compare."
        ),
    )
    note = models.TextField(_("what it says"), max_length=1000)
    note_en = models.TextField(_("what it says, in English"), max_length=1000, blank=True)
    source = models.CharField(_("source"), max_length=200)
    source_en = models.CharField(_("source, in English"), max_length=200, blank=True)
    is_checked = models.BooleanField(_("checked against the text"), default=False)

    objects = RegistrationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of the registration")
        verbose_name_plural = _("rules of the registration")
        ordering = ["kind", "-holds_from", "-id"]
        constraints = [
            models.CheckConstraint(
                name="registrationrule_says_what_its_kind_needs",
                condition=Q(kind="large", amount_wan__isnull=False, amount_wan__gt=0, days=None, pattern="")
                | Q(
                    kind__in=IN_DAYS,
                    amount_wan=None,
                    days__isnull=False,
                    days__gt=0,
                    pattern="",
                )
                | (Q(kind="number", amount_wan=None, days=None) & ~Q(pattern=""))
                | Q(kind="tax", amount_wan=None, days=None, pattern=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value} {self.holds_from:%Y-%m-%d}"

    def clean(self) -> None:
        """Say beside the field what this kind of rule lacks; what it has no use for is emptied."""
        fields: dict[str, str] = {self.Kind.LARGE: "amount_wan", self.Kind.NUMBER: "pattern"}
        fields |= dict.fromkeys(IN_DAYS, "days")
        needs = fields.get(self.kind, "")
        if needs and not getattr(self, needs):
            raise ValidationError({needs: _("A rule of this kind needs it.")})
        self.amount_wan = self.amount_wan if needs == "amount_wan" else None
        self.days = self.days if needs == "days" else None
        self.pattern = self.pattern if needs == "pattern" else ""
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValidationError({"pattern": _("This is no regular expression: %(why)s.") % {"why": error}}) from None

    @property
    def value(self) -> str:
        """Return what the rule sets, in words."""
        if self.amount_wan is not None:
            return format_unrounded(self.amount_wan * FEN_PER_WAN, get_language() or "zh-hans")
        if self.days is not None:
            return str(_("%(days)s working days") % {"days": self.days})
        if self.pattern:
            return self._number_like_it()
        return str(self.get_concerns_display())

    def _number_like_it(self) -> str:
        """Return a number of the form the rule asks for, if one as registers give it fits."""
        year, division = f"{self.holds_from:%Y}", settings.REGION_CODE
        numbers = (f"{year}{division}000001", f"{year[2:]}{division[:4]}00000001")
        fitting = (number for number in numbers if re.fullmatch(self.pattern, number, re.ASCII))
        number = next(fitting, "")
        return str(_("such as %(number)s") % {"number": number} if number else _("a form of its own"))

    @property
    def called(self) -> str:
        """Return the source in the reader's language."""
        return worded(self, "source")

    @property
    def says(self) -> str:
        return worded(self, "note")

    def is_about(self, sub_type: str) -> bool:
        """Tell whether the rule concerns a kind of contract, by its own code or that of its type."""
        return self.concerns == self.Concerns.ANY or not {sub_type, sub_type[:2]}.isdisjoint(self.concerns.split())


# What holds where no row does: the values of domain.md §4.2. A register does not stand still for an emptied table.
FIRST = {RegistrationRule.Kind.LARGE: 500, RegistrationRule.Kind.USUAL: 15, RegistrationRule.Kind.LONG: 30}
# no text names these terms: the platform's own
FIRST |= {RegistrationRule.Kind.REPORT: 30, RegistrationRule.Kind.ANSWER: 15, RegistrationRule.Kind.SUPPLEMENT: 15}


# The national form: year (4) + division (6) + serial number (6); older registers: year (2) + province and city (4) +
# point and serial number (8) (domain.md §4.2 [CK])
FIRST_FORM = r"(?P<year>\d{4})(?P<division>\d{6})\d{6}|(?P<old_year>\d{2})(?P<old_division>\d{4})\d{8}"


def _value(kind: RegistrationRule.Kind, on: date) -> int:
    rule = RegistrationRule.objects.holding(kind, on).first()
    found: Any = rule and (rule.amount_wan or rule.days)
    return int(found or FIRST[kind])


def large_from(on: date) -> int:
    """Return the technical amount, in fen, from which a contract was large on a day (大额合同)."""
    return _value(RegistrationRule.Kind.LARGE, on) * FEN_PER_WAN


def review_days(on: date, *, needs_second_review: bool) -> int:
    """Return the working days a review that began on a day may take."""
    return _value(RegistrationRule.Kind.LONG if needs_second_review else RegistrationRule.Kind.USUAL, on)


def report_days(on: date) -> int:
    """Return within how many working days the register is to follow a contract that ended on a day."""
    return _value(RegistrationRule.Kind.REPORT, on)


def answer_days(on: date) -> int:
    """Return within how many working days an end declared for a breach on a day is answered."""
    return _value(RegistrationRule.Kind.ANSWER, on)


def supplement_days(on: date) -> int:
    """Return within how many working days a contract that is returned on a day is to be supplemented."""
    return _value(RegistrationRule.Kind.SUPPLEMENT, on)


def number_form(on: date) -> re.Pattern[str]:
    """Return the form that registration numbers given on a day have."""
    rule = RegistrationRule.objects.holding(RegistrationRule.Kind.NUMBER, on).first()
    return re.compile(rule.pattern if rule else FIRST_FORM, re.ASCII)


def tax_notes(sub_type: str, *, on: date) -> list[RegistrationRule]:
    """Return the tax notes about a kind of contract on a day: of each text source the newest."""
    found: dict[str, RegistrationRule] = {}
    for rule in RegistrationRule.objects.holding(RegistrationRule.Kind.TAX, on):
        if rule.is_about(sub_type):
            found.setdefault(f"{rule.concerns} {rule.source}", rule)
    return sorted(found.values(), key=lambda rule: (-len(rule.concerns), rule.pk))
