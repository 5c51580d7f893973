"""Certificate schemes: what each certificate is called, its level, its term and its continuing hours.

No national rule of hours, exam and validity was found (domain.md §4.7), so a scheme is a row that staff keep, not code.
"""

from collections.abc import Callable
from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.code_lists import CodeList, ListedField
from marketplace.core.languages import worded


class BrokerSchemeQuerySet(models.QuerySet["BrokerScheme"]):
    def on_offer(self, on: date) -> "BrokerSchemeQuerySet":
        """Return the schemes whose certificates can be filed on that day."""
        return self.filter(is_open=True, holds_from__lte=on)


class BrokerScheme(models.Model):
    """One kind of certificate, with the day its row holds from and where it is written."""

    name = models.CharField(_("scheme"), max_length=120)
    name_en = models.CharField(_("scheme, in English"), max_length=120, blank=True)
    level = ListedField(_("level"), code_list=CodeList.BROKER_LEVEL)
    get_level_display: Callable[[], str]
    issuer = models.CharField(_("issuer"), max_length=120)
    holds_from = models.DateField(_("holds from"))
    months_valid = models.PositiveSmallIntegerField(
        _("months of validity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("Empty where the scheme sets no end."),
    )
    hours_per_year = models.PositiveSmallIntegerField(_("continuing hours a year"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    source_en = models.CharField(_("source, in English"), max_length=200, blank=True)
    is_checked = models.BooleanField(_("checked against the text"), default=False)
    is_open = models.BooleanField(_("can be applied for"), default=True)

    objects = BrokerSchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate scheme")
        verbose_name_plural = _("certificate schemes")
        ordering = ["name", "-holds_from", "id"]

    def __str__(self) -> str:
        return worded(self, "name")
