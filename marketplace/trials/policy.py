"""What the district lays down for trials, by date."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock


class TrialPolicy(models.Model):
    """What the district lays down for trials from a day on; the newest row whose day has come holds."""

    holds_from = models.DateField(_("holds from"), unique=True)
    max_extensions = models.PositiveSmallIntegerField(_("extensions of one trial at most"), default=2)
    longest_days = models.PositiveSmallIntegerField(
        _("longest trial in days, extensions included"), default=730, validators=[MinValueValidator(1)]
    )
    sign_within_days = models.PositiveSmallIntegerField(
        _("days from approval until the trial has begun"), default=30, validators=[MinValueValidator(1)]
    )
    remind_days = models.PositiveSmallIntegerField(
        _("days before an end in which the parties are reminded"), default=14, validators=[MinValueValidator(1)]
    )
    publicity_working_days = models.PositiveSmallIntegerField(
        _("publicity of an agreed price in working days"), default=15, validators=[MinValueValidator(1)]
    )
    district_checks = models.BooleanField(_("officers check the terms of institutes first"), default=False)
    note = models.CharField(_("basis"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("rules of trials")
        verbose_name_plural = _("rules of trials")
        ordering = ["-holds_from"]
        constraints = [
            models.CheckConstraint(
                name="trialpolicy_terms_positive",
                condition=Q(longest_days__gt=0, sign_within_days__gt=0, publicity_working_days__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holds_from:%Y-%m-%d}"

    def clean(self) -> None:
        """Refuse to rewrite what holds already: trials were judged by it. A later day gets a row of its own."""
        kept = TrialPolicy.objects.filter(pk=self.pk).first()
        today = clock.today()
        if kept is not None and kept.holds_from <= today:
            raise ValidationError(_("Rules that hold already are not rewritten. Add new ones from a later day."))
        if self.holds_from is not None and self.holds_from < today:
            raise ValidationError({"holds_from": _("Rules hold from today or a later day.")})

    @classmethod
    def at(cls, instant: datetime) -> "TrialPolicy":
        """Return what holds on the day of an instant; before the first row, what the platform starts with."""
        day = timezone.localdate(instant)
        return cls.objects.filter(holds_from__lte=day).first() or cls(holds_from=day)
