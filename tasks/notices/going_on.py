"""Who has the next step when an unsold lot goes on: the organiser, the highest bidder, or the seller again."""

from django.urls import reverse

from marketplace.auctions.models import Lot, Negotiation
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User
from marketplace.organisations.roles import Role
from tasks.notices import Tell
from tasks.notices.auctions import agents_of, in_earnest, lot_of, publishers_of


def organisers_to_relist(entry: Entry) -> list[Tell]:
    """The seller wants the lot offered again: the organisers put it into a session."""
    if entry.data["path"] != "relist":
        return []
    lot = lot_of(entry)
    return [
        Tell(User.objects.holding(Role.ORGANISER), "lot.to_relist", reverse("session-manage-list"), lot, _number(lot))
    ]


def _number(lot: Lot) -> dict[str, str]:
    return {"lot": lot.number}


def bidder_to_answer(entry: Entry) -> list[Tell]:
    """The seller wants to negotiate: the highest bidder is asked."""
    negotiation = _negotiation(entry)
    lot = negotiation.lot
    return [Tell(agents_of(negotiation.registration), "negotiation.asked", lot.get_absolute_url(), lot, _number(lot))]


def seller_to_choose_again(entry: Entry) -> list[Tell]:
    """The highest bidder will not negotiate: the seller chooses again. Of a yes the deal's own notice tells."""
    lot = _negotiation(entry).lot
    if entry.data["agreed"]:
        return []
    return [Tell(publishers_of(lot), "negotiation.declined", lot.get_absolute_url(), lot, _number(lot))]


def _negotiation(entry: Entry) -> Negotiation:
    parts = ("lot__outcome__owner", "registration__agent")
    return Negotiation.objects.select_related(*parts).get(pk=entry.subject_id)


TELLS = {
    Kind.LOT_GOES_ON: in_earnest(organisers_to_relist),
    Kind.NEGOTIATION_ASKED: bidder_to_answer,
    Kind.NEGOTIATION_ANSWERED: seller_to_choose_again,
}
