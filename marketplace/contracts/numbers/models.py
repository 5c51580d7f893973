"""A sheet of returned numbers, its rows, and what became of each."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.contracts.models import TechnologyContract
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Role, User


class NumberImportQuerySet(models.QuerySet["NumberImport"]):
    def visible_to(self, user: Any) -> "NumberImportQuerySet":
        """Return the sheets for those who decide for the register, and those who read everything."""
        sees = user.is_authenticated and (user.reads_everything or user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER))
        return self.all() if sees else self.none()


class NumberImport(Stateful):
    """One returned sheet: compared with the register each time it is looked at, until it is taken over in one piece."""

    class State(models.TextChoices):
        COMPARED = "compared", _("compared, not yet taken over")
        TAKEN_OVER = "taken_over", _("taken over")

    NEXT: ClassVar[dict[str, set[str]]] = {State.COMPARED: {State.TAKEN_OVER}}

    code = CodeField()
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.COMPARED, editable=False)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"))
    taken_over_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_over_at = models.DateTimeField(_("taken over"), null=True)

    objects = NumberImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("sheet of returned numbers")
        verbose_name_plural = _("sheets of returned numbers")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="numberimport_taken_over_by_somebody",
                condition=models.Q(state="compared", taken_over_by=None, taken_over_at=None)
                | models.Q(state="taken_over", taken_over_by__isnull=False, taken_over_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("numbers-detail", args=[self.code])


class Verdict(models.TextChoices):
    """What a row comes to; only the first is taken over."""

    GOOD = "good", _("matched")
    TAKEN = "taken", _("taken over")
    DIFFERS = "differs", _("amount differs")
    UNKNOWN = "unknown", pgettext_lazy("contract", "unknown")
    OTHER = "other", _("registered under another number")
    KNOWN = "known", _("registered under this number")
    OWN = "own", _("of your own")
    SECOND = "second", _("waits for its second review")
    STATE = "state", _("not under review")
    NUMBER = "number", _("number cannot be entered")
    TWICE = "twice", _("twice in the sheet")
    UNREADABLE = "unreadable", _("cannot be read")


class NumberRow(models.Model):
    """One row: what the sheet says; and, once it was taken over, the verdict of that moment with what it rests on."""

    batch = models.ForeignKey(NumberImport, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField(_("row"))
    said = models.JSONField()
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    rests_on = models.JSONField(default=dict)
    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("row of returned numbers")
        verbose_name_plural = _("rows of returned numbers")
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="numberrow_line_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line}"
