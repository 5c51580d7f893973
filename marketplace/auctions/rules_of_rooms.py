"""Who may read a data room, put documents into it, and see who read; and why not."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.auctions.data_room import reads_room_anyway
from marketplace.organisations.models import Organisation, Role
from marketplace.organisations.roles import MemberRole
from marketplace.organisations.standing import why_not_act, why_not_verified

if TYPE_CHECKING:
    from marketplace.auctions.models import Lot, RoomDocument


def see_room(user: Any, lot: "Lot", organisation: Organisation | None = None) -> str | None:
    """Who may read in a data room; the days and the words of confidentiality are asked besides."""
    if reads_room_anyway(user, lot):
        return None
    if user.has_role(Role.AUCTIONEER, Role.FINANCE):
        return _("Staff of the session do not read its data rooms.")
    return why_not_act(user, organisation) or (why_not_verified(organisation) if organisation is not None else None)


def accept_room_terms(user: Any, lot: "Lot", organisation: Organisation | None = None) -> str | None:
    """The words bind the organisation, so whoever may bid for it accepts them."""
    if reads_room_anyway(user, lot):
        return _("You read this data room without accepting its words.")
    return see_room(user, lot, organisation) or why_not_act(user, organisation, MemberRole.BIDDER)


def add_room_document(user: Any, lot: "Lot") -> str | None:
    owner = lot.outcome.owner
    if user.has_role(Role.ORGANISER) or why_not_act(user, owner, MemberRole.PUBLISHER) is None:
        return None
    return _("Only organisers and the publishers of the seller put documents into the data room.")


def withdraw_room_document(user: Any, document: "RoomDocument") -> str | None:
    return add_room_document(user, document.lot)


def see_room_log(user: Any, lot: "Lot") -> str | None:
    if reads_room_anyway(user, lot):
        return None
    return _("Only organisers and the seller see who read the data room.")
