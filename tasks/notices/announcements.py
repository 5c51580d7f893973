"""Who is told when an announcement is amended: who has registered, and the sellers of the lots."""

from django.db.models import QuerySet

from marketplace.auctions.ladder import instant
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User
from tasks.notices import Tell
from tasks.notices.auctions import agents_of, in_earnest, publishers_of

# these have nothing to do with the session any more
ENDED = [
    BidderRegistration.State.REJECTED,
    BidderRegistration.State.LAPSED,
    BidderRegistration.State.REFUND_DUE,
    BidderRegistration.State.REFUNDED,
]


def taking_part() -> "QuerySet[BidderRegistration]":
    """Return the applications that wait for the bidding, each with its agent."""
    return BidderRegistration.objects.standing().exclude(state__in=ENDED).select_related("agent")


def everybody_about_an_amendment(entry: Entry) -> list[Tell]:
    """An announcement was amended: each person concerned hears once, with where to read it."""
    session = AuctionSession.objects.get(pk=entry.subject_id)
    number = entry.data["amendment"]
    lots = list(session.lots.exclude(state=Lot.State.WITHDRAWN).select_related("outcome__owner"))
    registrations = taking_part().filter(lot__in=lots)
    concerned: dict[int, User] = {user.pk: user for lot in lots for user in publishers_of(lot)}
    concerned |= {user.pk: user for registration in registrations for user in agents_of(registration)}
    path = f"{session.announcement_url}#amendment-{number}"
    return [Tell(concerned.values(), "session.amended", path, data={"number": number})]


def bidders_about_a_rehearsal(entry: Entry) -> list[Tell]:
    """A rehearsal stands: who has registered for the session it rehearses may take part; nobody else hears of it."""
    rehearsal = AuctionSession.objects.get(pk=entry.subject_id)
    registrations = taking_part().filter(lot__session=rehearsal.rehearsal_of_id)
    told = {user.pk: user for each in registrations for user in agents_of(each)}
    rehearsed = AuctionSession.objects.get(rehearsals=rehearsal)  # where it is joined; a copy may be wiped
    data = {"starts_at": instant(rehearsal.starts_at)}
    return [Tell(told.values(), "session.rehearsed", rehearsed.get_absolute_url(), data=data)]


TELLS = {
    Kind.SESSION_REHEARSED: bidders_about_a_rehearsal,
    Kind.SESSION_AMENDED: in_earnest(everybody_about_an_amendment),
}
