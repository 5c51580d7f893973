"""Whoever accepted the words of a data room hears when its documents change: it judged by what stood there before."""

from collections.abc import Callable

from django.urls import reverse

from marketplace.auctions.models import Lot, RoomAcceptance
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User
from tasks.notices import Tell
from tasks.notices.auctions import in_earnest, lot_of


def readers_of(lot: Lot) -> list[User]:
    """Return who accepted the words of a lot's data room and still belongs to the organisation it did so for."""
    accepted = RoomAcceptance.objects.filter(lot=lot).select_related("accepted_by")
    found = {one.accepted_by_id: one.accepted_by for one in accepted if one.accepted_by.acts_for(one.organisation_id)}
    return list(found.values())


def readers(kind: str) -> Callable[[Entry], list[Tell]]:
    """Return the function that tells a room's readers, but for whoever did it."""

    def tell(entry: Entry) -> list[Tell]:
        lot = lot_of(entry)
        users = [user for user in readers_of(lot) if user.pk != entry.actor_id]
        return [Tell(users, kind, reverse("lot-room", args=[lot.number]), data={"lot": lot.number})]

    return tell


TELLS = {
    Kind.ROOM_DOCUMENT_ADDED: in_earnest(readers("room.document_added")),
    Kind.ROOM_DOCUMENT_WITHDRAWN: in_earnest(readers("room.document_withdrawn")),
}
