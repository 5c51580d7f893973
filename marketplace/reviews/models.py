"""The steps a review may have, and what a reviewer remarked about single fields."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import TaskState

from marketplace.core.journal import Entry


class Stage(models.TextChoices):
    """Who decides in one step of a review."""

    OWNER = "owner", _("own organisation")
    LIAISON = "liaison", _("liaison")
    DISTRICT = "district", _("district")


class Ended(models.TextChoices):
    """Why a review ended before anybody decided."""

    OFFLINE = "offline", _("the district has taken the page offline")
    WITHDRAWN = "withdrawn", _("the offer is withdrawn")
    CONVERTED = "converted", _("the outcome is converted")
    SOLVED = "solved", _("the need is solved")
    CLOSED = "closed", _("the need is closed")


class ReviewRemark(models.Model):
    """What a reviewer said about one field when returning a draft; the general comment stands in the task state."""

    task_state = models.ForeignKey(TaskState, on_delete=models.PROTECT, related_name="remarks")
    field = models.CharField(_("field"), max_length=40)
    text = models.CharField(_("remark"), max_length=500)

    class Meta:
        verbose_name = _("review remark")
        verbose_name_plural = _("review remarks")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["task_state", "field"], name="review_remark_once_per_field")]

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"


LONGEST_REASON = 300  # characters of why something is taken offline


class TakenOffline(models.Model):
    """Why the district took a record offline: beside its entry in the journal, which holds no free text."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="taken_offline")
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)

    class Meta:
        verbose_name = _("reason for taking offline")
        verbose_name_plural = _("reasons for taking offline")
        constraints = [models.CheckConstraint(name="taken_offline_with_reason", condition=~models.Q(reason=""))]

    def __str__(self) -> str:
        return self.reason
