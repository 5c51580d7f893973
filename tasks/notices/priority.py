"""Holders of priority rights hear of the announcement: whoever does not take part loses the right."""

from django.db.models import Q

from marketplace.auctions.models import AuctionSession, PriorityHolder
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import Organisation, User
from marketplace.organisations.roles import MemberRole
from tasks.notices import Tell
from tasks.notices.auctions import in_earnest


def bidders_for(organisation: Organisation) -> list[User]:
    """Return who may bid for an organisation."""
    members = User.objects.filter(memberships__organisation=organisation).distinct()
    return [user for user in members if user.acts_for(organisation, MemberRole.BIDDER)]


def holders_about_their_right(entry: Entry) -> list[Tell]:
    """A session is announced: every holder with an account is led to its lot, until registration ends."""
    session = AuctionSession.objects.get(pk=entry.subject_id)
    tells = []
    for holder in PriorityHolder.objects.standing().filter(lot__session=session).select_related("lot"):
        lot = holder.lot
        found = Organisation.objects.filter(Q(pk=holder.organisation_id) | Q(uscc=holder.uscc)).exclude(uscc="")
        users = [user for organisation in found for user in bidders_for(organisation)]
        data = {"lot": lot.number}
        path, due = lot.get_absolute_url(), session.registration_closes_at
        tells.append(Tell(users, "priority.announced", path, lot, data, due_at=due))
    return tells


TELLS = {Kind.SESSION_ANNOUNCED: in_earnest(holders_about_their_right)}
