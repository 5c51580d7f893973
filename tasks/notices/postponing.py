"""Who is told when a session is postponed or set to new times: sellers, bidders, priority holders, readers of rooms."""

from collections.abc import Iterable

from django.db.models import Q

from marketplace.auctions.authorising import short_of_powers
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot, PriorityHolder
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import Organisation, User
from tasks.notices import Tell
from tasks.notices.announcements import taking_part
from tasks.notices.auctions import agents_of, in_earnest, publishers_of
from tasks.notices.priority import bidders_for
from tasks.notices.rooms import readers_of

People = dict[int, User]


def _by_key(users: Iterable[User]) -> People:
    return {user.pk: user for user in users}


def _all(agents: Iterable[list[User]]) -> People:
    return _by_key(user for each in agents for user in each)


def _sides(session: AuctionSession) -> tuple[dict[int, list[User]], People]:
    """Return who bids by each application that waits, and who else is concerned; nobody stands on both sides."""
    lots = list(session.lots.exclude(state=Lot.State.WITHDRAWN).select_related("outcome__owner"))
    agents = {each.pk: agents_of(each) for each in taking_part().filter(lot__in=lots)}
    others = _by_key(user for lot in lots for user in publishers_of(lot))
    for holder in PriorityHolder.objects.standing().filter(lot__in=lots):
        found = Organisation.objects.filter(Q(pk=holder.organisation_id) | Q(uscc=holder.uscc)).exclude(uscc="")
        others |= _by_key(user for organisation in found for user in bidders_for(organisation))
    others |= _by_key(user for lot in lots for user in readers_of(lot))
    bidders = _all(agents.values())
    return agents, {pk: user for pk, user in others.items() if pk not in bidders}


def everybody_about_a_postponement(entry: Entry) -> list[Tell]:
    """A session is postponed: bidders hear what becomes of their deposits, all others that it is."""
    session = AuctionSession.objects.get(pk=entry.subject_id)
    agents, others = _sides(session)
    path = f"{session.announcement_url}#amendment-{entry.data['amendment']}"
    return [
        Tell(_all(agents.values()).values(), "session.postponed_bidder", session.get_absolute_url()),
        Tell(others.values(), "session.postponed", path),
    ]


def everybody_about_new_times(entry: Entry) -> list[Tell]:
    """A postponed session has new times: everybody concerned; bidders may still withdraw, who did may apply again."""
    session = AuctionSession.objects.get(pk=entry.subject_id)
    agents, others = _sides(session)
    bidders = _all(agents.values())
    withdrawn = BidderRegistration.objects.filter(lot__session=session, withdrawn_at__isnull=False)
    others |= _by_key(user for each in withdrawn.select_related("agent") for user in agents_of(each))
    others = {pk: user for pk, user in others.items() if pk not in bidders}
    data = {name: entry.data[name] for name in ("starts_at", "registration_closes_at")}
    path = f"{session.announcement_url}#amendment-{entry.data['amendment']}"
    short = list(_short_of_powers(session, agents))
    going_on = _all(users for pk, users in agents.items() if pk not in {one.pk for one in short})
    return [
        *(_powerless(one, agents[one.pk], data) for one in short),
        Tell(going_on.values(), "session.reannounced_bidder", session.get_absolute_url(), data=data),
        Tell(others.values(), "session.reannounced", path, data=data),
    ]


def _short_of_powers(session: AuctionSession, agents: dict[int, list[User]]) -> Iterable[BidderRegistration]:
    """Return the applications by which nobody can bid at the new times, in the order of the lots."""
    found = short_of_powers(taking_part().filter(lot__session=session, pk__in=agents)).select_related("lot")
    return found.order_by("lot__position", "pk")


def _powerless(one: BidderRegistration, agents: list[User], data: dict[str, str]) -> Tell:
    """Return what agents hear who need another power of attorney than those handed in for a lot."""
    path = f"{one.get_absolute_url()}#powers"
    return Tell(agents, "session.reannounced_powerless", path, data=data | {"lot": one.lot.number})


TELLS = {
    Kind.SESSION_POSTPONED: in_earnest(everybody_about_a_postponement),
    Kind.SESSION_REANNOUNCED: in_earnest(everybody_about_new_times),
}
