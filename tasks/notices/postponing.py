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


def _sides(session: AuctionSession) -> tuple[People, People]:
    """Return whose applications wait, and who else is concerned; nobody stands on both sides."""
    lots = list(session.lots.exclude(state=Lot.State.WITHDRAWN).select_related("outcome__owner"))
    bidders = _by_key(user for each in taking_part().filter(lot__in=lots) for user in agents_of(each))
    others = _by_key(user for lot in lots for user in publishers_of(lot))
    for holder in PriorityHolder.objects.standing().filter(lot__in=lots):
        found = Organisation.objects.filter(Q(pk=holder.organisation_id) | Q(uscc=holder.uscc)).exclude(uscc="")
        others |= _by_key(user for organisation in found for user in bidders_for(organisation))
    others |= _by_key(user for lot in lots for user in readers_of(lot))
    return bidders, {pk: user for pk, user in others.items() if pk not in bidders}


def everybody_about_a_postponement(entry: Entry) -> list[Tell]:
    """A session is postponed: bidders hear what becomes of their deposits, all others that it is."""
    session = AuctionSession.objects.get(pk=entry.subject_id)
    bidders, others = _sides(session)
    path = f"{session.announcement_url}#amendment-{entry.data['amendment']}"
    return [
        Tell(bidders.values(), "session.postponed_bidder", session.get_absolute_url()),
        Tell(others.values(), "session.postponed", path),
    ]


def everybody_about_new_times(entry: Entry) -> list[Tell]:
    """A postponed session has new times: everybody concerned; bidders may still withdraw, who did may apply again."""
    session = AuctionSession.objects.get(pk=entry.subject_id)
    bidders, others = _sides(session)
    withdrawn = BidderRegistration.objects.filter(lot__session=session, withdrawn_at__isnull=False)
    others |= _by_key(user for each in withdrawn.select_related("agent") for user in agents_of(each))
    others = {pk: user for pk, user in others.items() if pk not in bidders}
    data = {name: entry.data[name] for name in ("starts_at", "registration_closes_at")}
    path = f"{session.announcement_url}#amendment-{entry.data['amendment']}"
    powerless = _powerless(session, data)
    named = {user.pk for tell in powerless for user in tell.users}
    going_on = [user for pk, user in bidders.items() if pk not in named]
    return [
        *powerless,
        Tell(going_on, "session.reannounced_bidder", session.get_absolute_url(), data=data),
        Tell(others.values(), "session.reannounced", path, data=data),
    ]


def _powerless(session: AuctionSession, data: dict[str, str]) -> list[Tell]:
    """Return what agents hear who cannot bid at the new times by the powers of attorney they handed in."""
    found = short_of_powers(taking_part().filter(lot__session=session)).select_related("lot")
    return [
        Tell(
            agents_of(one),
            "session.reannounced_powerless",
            f"{one.get_absolute_url()}#powers",
            data=data | {"lot": one.lot.number},
        )
        for one in found.order_by("lot__position", "pk")
    ]


TELLS = {
    Kind.SESSION_POSTPONED: in_earnest(everybody_about_a_postponement),
    Kind.SESSION_REANNOUNCED: in_earnest(everybody_about_new_times),
}
