"""Who is told what of single bids, also of those for practice and in rehearsals: the notice begins by saying so."""

from marketplace.auctions.models import Lot
from marketplace.core.journal import Entry, Kind
from tasks.notices import Tell
from tasks.notices.auctions import agents_of, lot_of, registration_of


def named(lot: Lot) -> dict[str, str]:
    """Return what notices say of a lot: its number, and whether what happens on it counts."""
    if not lot.is_practice:
        return {"lot": lot.number}
    return {"lot": lot.number, "unreal": "rehearsal" if lot.session.rehearsal_of_id else "practice"}


def outbid_agent(entry: Entry) -> list[Tell]:
    """The bidder is not ahead any more."""
    registration = registration_of(entry)
    data = named(registration.lot) | {"price_fen": entry.data["price"]}
    path = registration.lot.get_absolute_url()
    return [Tell(agents_of(registration), "registration.outbid", path, registration.lot, data)]


def bidder_of_a_void(entry: Entry) -> list[Tell]:
    """A bid does not count any more: its bidder hears it, whoever it is."""
    lot = lot_of(entry)
    voided = lot.events.get(seq=entry.data["seq"])
    registration = lot.registrations.get(alias=voided.alias)
    data = named(lot) | {"price_fen": voided.amount}
    return [Tell(agents_of(registration), "registration.voided", lot.get_absolute_url(), lot, data)]


TELLS = {
    Kind.REGISTRATION_OUTBID: outbid_agent,
    Kind.BID_VOIDED: bidder_of_a_void,
}
