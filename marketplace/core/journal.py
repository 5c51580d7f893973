"""The journal: audit trail and outbox in one append-only table, and the only door to the outside.

Data of an entry holds ids, codes, amounts and states; never names, phones, mails or confidential text,
because what stands here cannot be changed.
"""

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.kinds import Kind

if TYPE_CHECKING:
    from marketplace.organisations.models import Organisation, User

__all__ = ["Entry", "EntryQuerySet", "Kind", "committed", "record"]

committed = Signal()  # sent with entry_id and kind, after the transaction that recorded it


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, subject: models.Model) -> "EntryQuerySet":
        """Return the entries whose subject is this record, newest first."""
        kind = ContentType.objects.get_for_model(subject, for_concrete_model=True)
        return self.filter(subject_type=kind, subject_id=subject.pk)


class Entry(models.Model):
    """One thing that happened: who did what to which record, on whose behalf, when."""

    kind = models.CharField(_("what happened"), max_length=60)
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    actor = models.ForeignKey(
        "marketplace.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    on_behalf_of = models.ForeignKey(
        "marketplace.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    data = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(_("at"))

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="entry_by_subject"),
            models.Index(fields=["kind", "recorded_at"], name="entry_by_kind"),
            models.Index(fields=["actor", "recorded_at"], name="entry_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {timezone.localtime(self.recorded_at):%Y-%m-%d %H:%M}"

    @property
    def label(self) -> str:
        """Return what happened in words."""
        return str(Kind(self.kind).label)


def record(
    kind: str,
    subject: models.Model,
    *,
    by: "User | None",
    on_behalf_of: "Organisation | None" = None,
    **data: Any,
) -> Entry:
    """Write down what happened, in the caller's transaction; announce it once that commits.

    `kind` is noun.past_participle, listed in `Kind`; `by` is None where the platform itself acts
    (a sweep, a deadline). `data` must be JSON and free of personal data.
    """
    entry = Entry.objects.create(
        kind=Kind(kind), subject=subject, actor=by, on_behalf_of=on_behalf_of, data=data, recorded_at=clock.now()
    )
    transaction.on_commit(lambda: committed.send(Entry, entry_id=entry.pk, kind=entry.kind), robust=True)
    return entry
