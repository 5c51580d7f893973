"""What became of a sale after its record was closed: from the journal, read beside the record, outside its chain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.auctions.grounds import DefaultGround
from marketplace.auctions.models import Lot
from marketplace.core.journal import Entry, Kind

WORDS = {
    Kind.LOT_CONFIRMED: _("The organiser confirmed the sale."),
    Kind.LOT_CONTRACTED: _("The contract was signed."),
    Kind.LOT_DEFAULTED: _("The organiser declared the buyer’s default."),
    Kind.DEFAULT_APPEAL_DECIDED: _("The buyer’s appeal was granted: the declaration of its default does not stand."),
    Kind.LOT_RESCINDED: _("The sale was rescinded."),
    Kind.LOT_BUYER_CLEARED: _("The organiser decided that the sale failed without a fault of the buyer."),
}

UNDOING = (Kind.LOT_DEFAULTED, Kind.LOT_RESCINDED, Kind.DEFAULT_APPEAL_DECIDED, Kind.LOT_BUYER_CLEARED)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that became of a sale, in words, as `components/timeline.html` shows it."""

    kind: Kind
    at: datetime
    title: Any
    detail: Any = ""


def aftermath_of(lot: Lot) -> list[Step]:
    """Return what became of a lot since its close, newest first; of appeals only one that undoes a public default."""
    if lot.state in lot.SECRET:
        return []
    entries = Entry.objects.about(lot).filter(kind__in=WORDS).order_by("-recorded_at", "-pk")
    return [
        Step(kind=Kind(entry.kind), at=entry.recorded_at, title=WORDS[Kind(entry.kind)], detail=_ground(entry))
        for entry in entries
        if entry.kind != Kind.DEFAULT_APPEAL_DECIDED or entry.data.get("granted")
    ]


def _ground(entry: Entry) -> Any:
    ground = entry.data.get("ground")
    return DefaultGround(ground).label if ground in DefaultGround.values else ""
