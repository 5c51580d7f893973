"""The data room (资料室) of a lot: documents bidders read on the days of viewing, and who accepted its words."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.auctions.lots import Lot
from marketplace.core.codes import CodeField
from marketplace.core.files import File
from marketplace.core.journal import Entry, Kind
from marketplace.core.stateful import Locked
from marketplace.organisations.models import Organisation, Role, User

TERMS = "2026-1"  # version of the words in marketplace/auctions/_room_terms.html
PURPOSE = "data_room"
LOGGED = (Kind.ROOM_LISTED, Kind.ROOM_FILE_READ)


class RoomDocumentQuerySet(models.QuerySet["RoomDocument"]):
    def standing(self) -> "RoomDocumentQuerySet":
        """Return the documents that were not withdrawn."""
        return self.filter(withdrawn_at=None)


class RoomDocument(Locked):
    """One document of a lot's data room. Withdrawn it is not opened any more, and stays."""

    code = CodeField()
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="room_documents")
    title = models.CharField(pgettext_lazy("document", "title"), max_length=120)
    file = models.OneToOneField(File, on_delete=models.PROTECT, related_name="room_document")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added"))
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    objects = RoomDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of a data room")
        verbose_name_plural = _("documents of data rooms")
        ordering = ["lot", "id"]
        constraints = [
            models.CheckConstraint(
                name="roomdocument_withdrawn_with_reason",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("room-file", args=[self.lot.number, self.code])


class RoomAcceptance(models.Model):
    """That an organisation accepted the confidentiality words of a lot's data room: which version, by whom, when."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="room_acceptances")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="room_acceptances")
    version = models.CharField(_("version"), max_length=20)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(_("accepted at"))

    class Meta:
        verbose_name = _("acceptance of a data room’s terms")
        verbose_name_plural = _("acceptances of data rooms’ terms")
        ordering = ["lot", "id"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "organisation", "version"], name="roomacceptance_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.organisation_id} {self.version}"


def has_accepted(lot: Lot, organisation: Organisation | None) -> bool:
    """Tell whether an organisation accepted the words that are in force now."""
    return organisation is not None and lot.room_acceptances.filter(organisation=organisation, version=TERMS).exists()


def viewing_days(lot: Lot) -> tuple[date, date] | None:
    """Return the first and the last day on which the room of a lot is open, or None where none are laid down."""
    first, last = lot.session.viewing_from, lot.session.viewing_until
    return (first, last) if first is not None and last is not None else None


def reads_room_anyway(user: Any, lot: Lot) -> bool:
    """Tell whether a person reads a room on any day: people of its seller, organisers, officers and auditors."""
    return bool(user.acts_for(lot.outcome.owner_id) or user.reads_everything or user.has_role(Role.ORGANISER))


def takes_documents(lot: Lot, at: datetime) -> bool:
    """Tell whether documents may be put into, or taken out of, the room at `at`: until bidding on the lot begins."""
    is_waiting = lot.state in (lot.State.ANNOUNCED, lot.State.POSTPONED)
    return lot.state in lot.PREPARED or (is_waiting and (at < lot.starts_at or lot.state == lot.State.POSTPONED))


def why_closed(lot: Lot, at: datetime) -> str:
    """Return why nobody from outside may enter the room at `at`, in a sentence with the days; "" while it is open."""
    days = viewing_days(lot)
    if lot.announced_at is None:
        return str(_("The data room opens after the announcement."))
    if lot.state not in lot.SECRET:
        return str(_("The sale of this lot is over, so its data room is closed."))
    if days is None:
        return str(_("No days of viewing are announced for this lot."))
    today, words = timezone.localdate(at), {"first": days[0].isoformat(), "last": days[1].isoformat()}
    if today < days[0]:
        return str(_("The data room opens on %(first)s. It can be read until the end of %(last)s.") % words)
    if today > days[1]:
        return str(_("The data room closed at the end of %(last)s.") % words)
    return ""


def veiled_entries() -> models.QuerySet[Entry]:
    """Return the journal's entries about readers of rooms whose lot has no result yet: they tell who may be bidding."""
    kinds = [*LOGGED, Kind.ROOM_ACCEPTED]
    secret = Lot.objects.filter(state__in=Lot.SECRET).values("pk")
    return Entry.objects.filter(
        kind__in=kinds,
        subject_type__app_label=Lot._meta.app_label,
        subject_type__model=Lot._meta.model_name,
        subject_id__in=secret,
    )
