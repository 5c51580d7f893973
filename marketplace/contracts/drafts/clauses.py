"""Texts of clauses, kept by staff in versions: a new text is a new row, the old ones stay as contracts used them."""

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.contracts.choices import ContractType, SubType
from marketplace.core.languages import worded

PLACES = ("project", "outcome", "rights", "field", "total", "technical", "begins", "ends")
PLACE = re.compile(r"\{([^{}]*)\}")


class Clause(models.TextChoices):
    """The clauses of a draft, in their order; the Chinese heading stands in the contract."""

    SUBJECT = "subject", pgettext_lazy("contract", "subject")
    PRICE = "price", _("price and payment")
    PERFORMANCE = "performance", pgettext_lazy("contract", "performance")
    ACCEPTANCE = "acceptance", _("handing over and acceptance")
    SECRECY = "secrecy", _("secrecy")
    RESULTS = "results", _("whose the results are")
    IMPROVEMENTS = "improvements", _("later improvements")
    WARRANTY = "warranty", _("risk and infringement")
    BREACH = "breach", _("breach of contract")
    DISPUTES = "disputes", _("disputes")
    FINAL = "final", _("final provisions")


CONCERNS = [("", _("every contract")), *ContractType.choices, *SubType.choices]


class ClauseTextQuerySet(models.QuerySet["ClauseText"]):
    def for_kind(self, sub_type: str, *, on: date) -> "dict[str, ClauseText]":
        """Return {clause: text} that holds for a kind on a day: the narrowest concern wins, then the newest.

        What is written for consulting in general holds for its kinds (民法典 Art. 878), where they have no own text.
        """
        general = [SubType.CONSULTING] if sub_type.startswith(ContractType.CONSULTING) else []
        found = self.filter(concerns__in=["", sub_type[:2], *general, sub_type], holds_from__lte=on)
        # a narrower concern begins with the wider one, and "consulting" comes before the names of its kinds
        return {each.clause: each for each in found.order_by("concerns", "holds_from", "version")}


class ClauseText(models.Model):
    """One version of the text of a clause, for all contracts, a type or a kind within it."""

    clause = models.CharField(_("clause"), max_length=20, choices=Clause.choices)
    concerns = models.CharField(_("concerns"), max_length=20, choices=CONCERNS, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), editable=False)
    holds_from = models.DateField(_("holds from"))
    text = models.TextField(
        _("text in Chinese"),
        max_length=4000,
        help_text=_(
            "Filled in from the contract: {project} {outcome} {rights} {field} {total} {technical} {begins} {ends}."
        ),
    )
    source = models.CharField(_("source"), max_length=200)
    source_en = models.CharField(_("source, in English"), max_length=200, blank=True)
    is_checked = models.BooleanField(_("checked against the text"), default=False)

    objects = ClauseTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a clause")
        verbose_name_plural = _("texts of clauses")
        ordering = ["clause", "concerns", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "concerns", "version"], name="clausetext_version_once"),
            models.CheckConstraint(name="clausetext_says_something", condition=~models.Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_clause_display()} {self.concerns} v{self.version}".replace("  ", " ")

    def clean(self) -> None:
        """Say which place nobody fills in."""
        unknown = [name for name in PLACE.findall(self.text) if name not in PLACES]
        if unknown or set("{}") & set(PLACE.sub("", self.text)):
            names = ", ".join(f"{{{name}}}" for name in unknown) or "{ }"
            raise ValidationError({"text": _("Nothing is filled in for %(names)s.") % {"names": names}})

    @property
    def called(self) -> str:
        """Return the source in the reader's language."""
        return worded(self, "source")

    def filled(self, values: dict[str, Any]) -> list[str]:
        """Return the paragraphs, with what the contract says in each place."""
        said = PLACE.sub(lambda found: str(values[found[1]]), self.text)
        return [line.strip() for line in said.splitlines() if line.strip()]
