"""What the pages about a data room show to one reader: its days, how many documents, and how one gets in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from marketplace.auctions import rules_of_rooms
from marketplace.auctions.data_room import has_accepted, reads_room_anyway, viewing_days, why_closed
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import Lot
from marketplace.core.rules import why_not


@dataclass(frozen=True)
class RoomState:
    """Where a data room stands for one reader."""

    documents: int
    days: tuple[date, date] | None
    place: str
    closed: str  # why nobody from outside may enter now; "" while it is open
    obstacle: str  # what this reader lacks; "" if it may come in now
    may_accept: bool
    is_open: bool
    is_shut: bool  # for good, and for this reader

    @property
    def tone(self) -> str:
        return "go" if self.is_open else "idle"


def room_state(request: Any, lot: Lot) -> RoomState:
    """Return the state of a lot's room for the reader, and the organisation it acts for."""
    user, organisation = request.user, request.organisation
    closed = why_closed(lot, lot_now())
    anyway = user.is_authenticated and reads_room_anyway(user, lot)
    lacks = why_not(rules_of_rooms.see_room, user, lot, organisation) or ""
    accepted = anyway or (not lacks and has_accepted(lot, organisation))
    may_accept = not accepted and why_not(rules_of_rooms.accept_room_terms, user, lot, organisation) is None
    if not lacks and not accepted:
        lacks = _("Accept the words of confidentiality for your organisation first.")
    is_over = lot.announced_at is not None and lot.state not in lot.SECRET
    is_shut = is_over and not anyway
    return RoomState(
        documents=lot.room_documents.standing().count(),
        days=viewing_days(lot),
        place=lot.session.viewing_place,
        closed=closed,
        obstacle=closed if is_shut else lacks or ("" if anyway else closed),
        may_accept=may_accept and lot.announced_at is not None and not is_over,
        is_open=not closed,
        is_shut=is_shut,
    )
