"""What is only for the own side of a deal: whose private notes somebody reads, and who belongs to both parties.

Reading follows the person, as answering does (organisations/one_side.py): who spoke for one side reads nothing that
the other wrote for itself alone. Who belongs to both and spoke for neither reads what the party they act for now
wrote; that they could act for the other tomorrow, both houses' managers are told.

A broker at work for one side belongs to it: the two write for each other alone from the acceptance on. A broker of both
reads no side's own notes.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from marketplace.brokers.working import why_not_work
from marketplace.deals.answered import answered_for
from marketplace.deals.models import Deal, Side
from marketplace.deals.withheld import is_buyer_withheld
from marketplace.organisations.models import Organisation, User
from marketplace.organisations.roles import MemberRole

if TYPE_CHECKING:
    from marketplace.deals.parts import DealNoteQuerySet


def parties_read(deal: Deal, user: Any, organisation: Organisation | None) -> set[int]:
    """Return the parties, by key, whose private notes and papers the reader may read."""
    mine = {key for key in (deal.seller_id, deal.buyer_id) if user.acts_for(key)}
    told = set(answered_for(user, deal)) if mine else set()
    open_to_them = {key for key in mine if told <= {key}}
    if len(open_to_them) < 2:
        return open_to_them
    return open_to_them & {organisation.pk} if organisation is not None else set()


def notes_for(deal: Deal, user: Any, organisation: Organisation | None) -> "DealNoteQuerySet":
    """Return the notes of a deal somebody may read, who has found it through Deal.visible_to."""
    notes: DealNoteQuerySet = deal.notes.all()
    if user.reads_everything:
        return notes
    parties = parties_read(deal, user, organisation)
    return notes.readable(user, parties, _of_sides(deal, user, parties))


def _of_sides(deal: Deal, user: Any, parties: set[int]) -> Q:
    """Select what a broker wrote for a side that is read, and what the own side wrote for its broker."""
    found = Q(own_side__in=[side for side in Side if deal.party(side).pk in parties])
    if deal.client is not None and is_at_work(deal, user):
        found |= Q(own_side=deal.client, with_broker=deal.broker)
    return found


def why_not_as_broker(deal: Deal) -> str | None:
    """Return why the broker of a deal reads and does nothing in it: stopped by the district, or not accepted yet."""
    if deal.broker is None:
        return _("The deal has no broker.")
    if (reason := why_not_work(deal.broker)) is not None:
        return reason
    if deal.broker_accepted_at is None:
        return _("You are named as the broker of this deal. Accept the engagement and its confidentiality terms first.")
    return None


def is_at_work(deal: Deal, user: Any) -> bool:
    """Tell whether somebody is the broker of a deal who accepted and whom nothing stops."""
    return deal.is_broker(user) and why_not_as_broker(deal) is None


def side_of_writer(deal: Deal, user: Any, organisation: Organisation | None) -> Side | None:
    """Return the side for which somebody writes for its own eyes; None of a broker of both, who writes for nobody."""
    return deal.side_of(organisation) or (deal.client if deal.is_broker(user) else None)


def broker_of_side(deal: Deal, side: Side | None) -> Any:
    """Return the broker who reads what a side writes for itself now: engaged for it alone, and at work."""
    if side is None or deal.client != side or why_not_as_broker(deal) is not None:
        return None
    return deal.broker


def own_side_words(deal: Deal, user: Any, organisation: Organisation | None) -> str:
    """Return who reads what the reader writes for their own side only, for the box that says so."""
    side = side_of_writer(deal, user, organisation)
    if side is None:
        return _("Only for myself to read")
    house, broker = deal.party(side).called, broker_of_side(deal, side)
    if broker is None:
        return _("Only for our own side: %(house)s reads it, nobody else") % {"house": house}
    told = {"house": house, "broker": broker.name}
    return _("Only for our own side: %(house)s and its broker %(broker)s read it, nobody else") % told


@dataclass(frozen=True)
class InBoth:
    """Somebody who belongs to both parties of a deal; `other` is the one that is not the reader's."""

    person: User
    other: Organisation


def members_of_both(deal: Deal) -> list[User]:
    """Return the people who belong to both parties of a deal."""
    buyers = User.objects.active_in(deal.buyer_id)
    return list(User.objects.active_in(deal.seller_id).filter(pk__in=buyers.values("pk")).distinct().order_by("pk"))


def told_sides(deal: Deal) -> list[Side]:
    """Return the sides whose managers may know that somebody belongs to both: the seller's once the buyer is named."""
    return [Side.BUYER] if is_buyer_withheld(deal) else list(Side)


def in_both(deal: Deal, user: Any, organisation: Organisation | None) -> list[InBoth]:
    """Return who belongs to both parties, for a manager of one of them; of both, for the one they act for."""
    managed = [side for side in told_sides(deal) if user.acts_for(deal.party(side), MemberRole.MANAGER)]
    if not managed or deal.state in Deal.ENDED:
        return []
    acting = deal.side_of(organisation)
    own = acting if acting in managed else managed[0]
    return [InBoth(person, deal.party(own.other)) for person in members_of_both(deal)]
