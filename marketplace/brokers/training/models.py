"""One course of continuing training, with its hours and proof."""

from datetime import date
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.models import TechBroker
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import User


class TrainingQuerySet(models.QuerySet["TrainingRecord"]):
    def visible_to(self, user: Any) -> "TrainingQuerySet":
        """Return what `user` may open: the broker theirs; officers and auditors all."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.reads_everything else self.filter(broker__user=user.pk)

    def counted(self, year: int) -> "TrainingQuerySet":
        """Return the courses that count for a year: confirmed, held in it."""
        return self.filter(state=TrainingRecord.State.CONFIRMED, held_on__year=year)

    def hours(self) -> int:
        return self.aggregate(hours=Sum("hours"))["hours"] or 0


class TrainingRecord(Stateful):
    """A course a broker attended."""

    class State(models.TextChoices):
        ENTERED = "entered", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("not counted")

    NEXT: ClassVar[dict[str, set[str]]] = {State.ENTERED: {State.CONFIRMED, State.DECLINED}}

    code = CodeField()
    broker = models.ForeignKey(TechBroker, on_delete=models.PROTECT, related_name="training", editable=False)
    held_on = models.DateField(_("held on"))
    hours = models.PositiveSmallIntegerField(_("hours"), validators=[MinValueValidator(1), MaxValueValidator(200)])
    course = models.CharField(_("course"), max_length=200)
    provider = models.CharField(_("organiser of the course"), max_length=120)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.ENTERED, editable=False)
    reason = models.CharField(_("reason"), max_length=1000, blank=True, editable=False)
    entered_at = models.DateTimeField(editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("continuing training")
        verbose_name_plural = _("continuing training")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["broker", "held_on", "course"],
                condition=~Q(state="declined"),
                name="trainingrecord_course_once",
            ),
            models.CheckConstraint(
                name="trainingrecord_decided_iff_not_entered",
                condition=Q(state="entered", decided_at=None) | (~Q(state="entered") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="trainingrecord_declined_with_reason", condition=~Q(state="declined") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.course

    def get_absolute_url(self) -> str:
        return reverse("training-list", args=[self.broker.code])

    def file_visible_to(self, user: Any, file: Any) -> bool:
        """Show the proof to the broker and to those who confirm or supervise."""
        return bool(user.is_authenticated and (user.reads_everything or self.broker.user_id == user.pk))

    @property
    def year(self) -> int:
        day: date = self.held_on
        return day.year
