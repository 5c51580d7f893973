"""An import: one sheet of one institute, its rows, and what became of them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar

from django.core.cache import cache
from django.db import models
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core import clock
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome

MAY_TAKE_BACK = timedelta(hours=24)


class ImportQuerySet(models.QuerySet["OutcomeImport"]):
    def visible_to(self, user: Any) -> "ImportQuerySet":
        """Return the imports of the user's organisations; all of them for officers and auditors."""
        if user.is_authenticated and user.reads_everything:
            return self
        return self.filter(organisation__in=list(user.member_roles)) if user.is_authenticated else self.none()


class OutcomeImport(Stateful):
    """One uploaded sheet on its way to drafts: nothing is taken over in part."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", pgettext_lazy("file", "being checked")
        CHECKED = "checked", _("checked")
        TAKING_OVER = "taking_over", _("being taken over")
        TAKEN_OVER = "taken_over", _("taken over")
        TAKEN_BACK = "taken_back", _("taken back")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.UPLOADED: {State.CHECKED},
        State.CHECKED: {State.UPLOADED, State.TAKING_OVER},
        State.TAKING_OVER: {State.TAKEN_OVER},
        State.TAKEN_OVER: {State.TAKEN_BACK},
    }

    code = CodeField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="outcome_imports")
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.UPLOADED)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"))
    taken_over_at = models.DateTimeField(_("taken over"), null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of outcomes")
        verbose_name_plural = _("imports of outcomes")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("import-detail", args=[self.code])

    @property
    def is_running(self) -> bool:
        """Tell whether a worker is (or will be) busy with it."""
        return self.state in (self.State.UPLOADED, self.State.TAKING_OVER)

    @property
    def may_be_taken_back_until(self) -> Any:
        return self.taken_over_at + MAY_TAKE_BACK if self.taken_over_at else None

    def may_still_be_taken_back(self, at: Any = None) -> bool:
        until = self.may_be_taken_back_until
        return self.state == self.State.TAKEN_OVER and until is not None and (at or clock.now()) < until

    def columns_not_read(self) -> list[int]:
        """Return where the columns stand that have a heading and are read as nothing."""
        return [index for index, key in enumerate(self.mapping) if self.headings[index] and not key]

    def counts(self) -> dict[str, int]:
        """Return {verdict: number of rows}, every verdict named."""
        found = dict(self.rows.values_list("verdict").annotate(Count("pk")))
        return {verdict: found.get(verdict, 0) for verdict in ImportRow.Verdict.values}

    def report_progress(self, done: int, total: int) -> None:
        """Tell whoever watches how far the work is (kept in the cache for an hour)."""
        cache.set(f"import-progress:{self.pk}", (done, total), 3600)

    def progress(self) -> tuple[int, int]:
        """Return (rows done, rows in all) of the work under way."""
        return cache.get(f"import-progress:{self.pk}") or (0, self.rows.count())


class ImportRow(models.Model):
    """One row of the sheet: what it said, what was corrected here, and the verdict on it."""

    class Verdict(models.TextChoices):
        UNCHECKED = "unchecked", _("not yet checked")
        GOOD = "good", _("can be taken over")
        WRONG = "wrong", _("wrong")
        MAYBE = "maybe", _("perhaps a duplicate")
        KNOWN = "known", _("already taken over")
        SKIPPED = "skipped", _("skipped")
        TAKEN = "taken", _("taken over")

    batch = models.ForeignKey(OutcomeImport, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField(_("row"))
    raw = models.JSONField(default=list)
    edits = models.JSONField(default=dict)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, default=Verdict.UNCHECKED)
    is_not_duplicate = models.BooleanField(default=False)
    fingerprint = models.CharField(max_length=64, blank=True)
    lacks = models.JSONField(null=True)  # keys of the columns a review will ask for; None: not looked at, or wrong
    outcome = models.ForeignKey(ResearchOutcome, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="import_row_line_once")]
        indexes = [models.Index(fields=["batch", "verdict"], name="import_row_by_verdict")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line}"

    def cells(self, mapping: list[str]) -> dict[str, str]:
        """Return {column key: text}, with corrections made here in place of what the sheet said."""
        read = {key: text for key, text in zip(mapping, self.raw, strict=False) if key}
        return read | self.edits

    def at(self, places: Iterable[int]) -> list[str]:
        """Return what the sheet said in the columns at these places."""
        return [self.raw[place] if place < len(self.raw) else "" for place in places]
