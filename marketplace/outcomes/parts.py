"""What belongs to an outcome: co-owners, inventors and rights (in its versions), disclosures (facts)."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey

from marketplace.core.choices import IPKind
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


class CoOwner(models.Model):
    """One holder of rights in an outcome and their share; the shares of all holders sum to 100 %."""

    outcome = ParentalKey(ResearchOutcome, on_delete=models.CASCADE, related_name="co_owners")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=120)
    share = models.DecimalField(
        _("share in per cent"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(100)],
    )
    has_consented = models.BooleanField(_("written consent is on file"), default=False)

    class Meta:
        verbose_name = _("co-owner")
        verbose_name_plural = _("co-owners")

    def __str__(self) -> str:
        return self.name


class Inventor(models.Model):
    """A person who made the outcome (完成人)."""

    outcome = ParentalKey(ResearchOutcome, on_delete=models.CASCADE, related_name="inventors")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("inventor")
        verbose_name_plural = _("inventors")

    def __str__(self) -> str:
        return self.name


class IPRight(models.Model):
    """One intellectual-property right the outcome rests on, with its number where the kind has one."""

    outcome = ParentalKey(ResearchOutcome, on_delete=models.CASCADE, related_name="ip_rights")
    kind = models.CharField(_("kind"), max_length=20, choices=IPKind.choices)
    number = models.CharField(_("number"), max_length=40, blank=True)
    title = models.CharField(pgettext_lazy("record", "title"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("intellectual property right")
        verbose_name_plural = _("intellectual property rights")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()


class Disclosure(models.Model):
    """That an organisation may read the confidential part of an outcome, since when and why."""

    class Stage(models.TextChoices):
        NDA = "nda", _("confidentiality agreement")
        DEAL = "deal", _("deal")

    outcome = models.ForeignKey(ResearchOutcome, on_delete=models.PROTECT, related_name="disclosures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        constraints = [models.UniqueConstraint(fields=["outcome", "organisation"], name="outcome_disclosure_once")]

    def __str__(self) -> str:
        return f"{self.outcome_id} → {self.organisation_id}"
