"""Who read what in a lot's data room, from the journal: counts while bidders are secret, names after the result."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from marketplace.auctions.data_room import LOGGED
from marketplace.auctions.models import Lot, RoomDocument
from marketplace.core.journal import Entry, EntryQuerySet, Kind

SORTS = {
    "time": ["recorded_at", "pk"],
    "-time": ["-recorded_at", "-pk"],
    "organisation": ["on_behalf_of__name", "-pk"],
    "-organisation": ["-on_behalf_of__name", "-pk"],
    "person": ["actor__name", "-pk"],
    "-person": ["-actor__name", "-pk"],
    "document": ["title", "-pk"],
    "-document": ["-title", "-pk"],
}
USUAL = "-time"


@dataclass(frozen=True)
class Read:
    """One line of the log."""

    at: datetime
    organisation: Any
    person: Any
    title: str  # of the document that was opened; "" where somebody came in and saw the list


@dataclass(frozen=True)
class Opened:
    """How often a document was opened, and by how many organisations."""

    title: str
    is_withdrawn: bool
    times: int
    organisations: int


def entries_of(lot: Lot) -> EntryQuerySet:
    """Return the journal's entries that are the log of a room."""
    return Entry.objects.about(lot).filter(kind__in=LOGGED)


def names_are_secret(lot: Lot) -> bool:
    """Tell whether the log is still without names: who reads may be bidding, and nobody knows bidders then."""
    return lot.state in lot.SECRET


def counts_are_secret(lot: Lot) -> bool:
    """Tell whether not even counts are shown: of sealed bids nobody learns before the close how many compete."""
    return lot.is_veiled


def lines(lot: Lot, sort: str) -> EntryQuerySet:
    """Return the log's entries with their people, in one of SORTS (anything else: the newest first)."""
    named = RoomDocument.objects.filter(code=OuterRef("document")).values("title")[:1]
    entries = entries_of(lot).annotate(document=KT("data__document")).annotate(title=Subquery(named))
    return entries.select_related("actor", "on_behalf_of").order_by(*SORTS.get(sort, SORTS[USUAL]))


def read_of(entry: Any) -> Read:
    """Return one entry of `lines` for the page; whoever reads for no organisation reads for the platform."""
    organisation = entry.on_behalf_of.called if entry.on_behalf_of is not None else _("the platform")
    return Read(entry.recorded_at, organisation, entry.actor, entry.title or "")


def opened(lot: Lot) -> list[Opened]:
    """Return how often each document was opened and by how many organisations from outside, without any name."""
    read = entries_of(lot).filter(kind=Kind.ROOM_FILE_READ).exclude(on_behalf_of=lot.outcome.owner_id)
    outside = read.exclude(on_behalf_of=None).order_by()
    per_code = outside.values(code=KT("data__document")).annotate(
        times=Count("pk"), organisations=Count("on_behalf_of", distinct=True)
    )
    counts = {row["code"]: (row["times"], row["organisations"]) for row in per_code}
    return [
        Opened(one.title, one.withdrawn_at is not None, *counts.get(one.code, (0, 0)))
        for one in lot.room_documents.all()
    ]
