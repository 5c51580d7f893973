"""What belongs to a trial: criteria, milestones, hours of support, insurance, extensions, breaches."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.files import File
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import User
from marketplace.trials.models import Trial
from marketplace.trials.party import Party
from marketplace.trials.standing import TakenBack, taken_back_with_reason

DAYS_TO_ANSWER = 7  # before an officer decides about a breach without the other side


class Criterion(models.Model):
    """One thing the enterprise judges by, named before the trial and answered after it."""

    class Verdict(models.TextChoices):
        MET = "met", _("met")
        NOT_MET = "not_met", _("not met")

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("criterion"), max_length=300)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices, blank=True)
    measured = models.CharField(_("measured value"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("criterion of a trial")
        verbose_name_plural = _("criteria of a trial")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["trial", "position"], name="criterion_position_once")]

    def __str__(self) -> str:
        return self.text


class OfTrial(models.Model):
    """A part of a trial whose files are read by whoever may open the trial."""

    trial: Any

    class Meta:
        abstract = True

    def file_visible_to(self, user: Any, file: File) -> bool:
        return bool(self.trial.file_visible_to(user, file))


class Milestone(OfTrial, TakenBack):
    """A step of a trial with its day, and what proves that it was reached."""

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(_("milestone"), max_length=200)
    due_on = models.DateField(_("due on"))
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    party = models.CharField(_("added by"), max_length=10, choices=Party.choices, blank=True)  # "": of before
    reached_at = models.DateTimeField(_("reached"), null=True)
    reached_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("what was done"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="milestone_reached_by_somebody",
                condition=Q(reached_at=None, reached_by=None, note="")
                | Q(reached_at__isnull=False, reached_by__isnull=False),
            ),
            models.CheckConstraint(
                name="milestone_reached_or_taken_out", condition=Q(reached_at=None) | Q(taken_back_at=None)
            ),
            taken_back_with_reason("milestone"),
        ]

    def __str__(self) -> str:
        return self.title


class Support(TakenBack):
    """Hours of help the institute gave."""

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="support")
    given_on = models.DateField(_("day"))
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1)
    text = models.CharField(_("what for"), max_length=300)
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("support")
        ordering = ["given_on", "id"]
        constraints = [
            models.CheckConstraint(name="support_hours_positive", condition=Q(hours__gt=0, hours__lte=24)),
            taken_back_with_reason("support"),
        ]

    def __str__(self) -> str:
        return self.text


class Insurance(OfTrial):
    """The policy that covers a trial; optional unless its terms require it."""

    trial = models.OneToOneField(Trial, on_delete=models.PROTECT, related_name="insurance")
    insurer = models.CharField(_("insurer"), max_length=120)
    policy_number = models.CharField(_("policy number"), max_length=60)
    premium = models.BigIntegerField(_("premium"))
    subsidy = models.BigIntegerField(_("subsidy"), default=0)
    insured_sum = models.BigIntegerField(_("insured sum"))
    begins_on = models.DateField(pgettext_lazy("insurance", "from"))
    ends_on = models.DateField(pgettext_lazy("insurance", "until"))
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("insurance of a trial")
        verbose_name_plural = _("insurance of trials")
        constraints = [
            models.CheckConstraint(
                name="insurance_amounts", condition=Q(premium__gt=0, insured_sum__gt=0, subsidy__gte=0)
            ),
            models.CheckConstraint(name="insurance_subsidy_within_premium", condition=Q(subsidy__lte=F("premium"))),
            models.CheckConstraint(name="insurance_period", condition=Q(ends_on__gt=F("begins_on"))),
        ]

    def __str__(self) -> str:
        return self.policy_number


class Extension(Stateful):
    """More time the enterprise asks for, and the institute's answer."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")

    NEXT: ClassVar[dict[str, set[str]]] = {State.ASKED: {State.GRANTED, State.REFUSED}}

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="extensions")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED, editable=False)
    days = models.PositiveSmallIntegerField(_("days"))
    reason = models.CharField(_("reason"), max_length=500)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("extension of a trial")
        verbose_name_plural = _("extensions of trials")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["trial"], condition=Q(state="asked"), name="extension_one_asked"),
            models.CheckConstraint(name="extension_days_positive", condition=Q(days__gt=0)),
            models.CheckConstraint(name="extension_refused_with_reason", condition=~Q(state="refused") | ~Q(answer="")),
        ]

    def __str__(self) -> str:
        return f"{self.days}"


class Breach(OfTrial):
    """That one party says the other broke the terms, and how the dispute was resolved."""

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="breaches")
    came_from = models.CharField(max_length=24, choices=Trial.State.choices)  # where the trial goes on
    party = models.CharField(_("reported by"), max_length=10, choices=Party.choices)
    text = models.TextField(_("what was broken"), max_length=4000)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    answer = models.TextField(_("answer of the other side"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    goes_on = models.BooleanField(_("the trial goes on"), null=True)
    resolution = models.TextField(_("resolution"), max_length=4000, blank=True)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("breach in a trial")
        verbose_name_plural = _("breaches in trials")
        ordering = ["reported_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["trial"], condition=Q(resolved_at=None), name="breach_one_open"),
            models.CheckConstraint(
                name="breach_answered_with_words",
                condition=Q(answered_at=None, answer="", answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="breach_resolved_with_words",
                condition=Q(resolved_at=None, resolution="", goes_on=None, resolved_by=None)
                | Q(resolved_at__isnull=False, goes_on__isnull=False, resolved_by__isnull=False) & ~Q(resolution=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_party_display()} {self.reported_at:%Y-%m-%d}"

    @property
    def to_be_answered_by(self) -> date:
        """Return the last day on which an officer waits for the answer of the other side."""
        return timezone.localdate(self.reported_at) + timedelta(days=DAYS_TO_ANSWER)

    def awaits_answer(self, today: date) -> bool:
        """Tell whether the other side is still to be heard."""
        return self.answered_at is None and self.resolved_at is None and today <= self.to_be_answered_by
