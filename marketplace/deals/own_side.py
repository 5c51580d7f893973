"""What is only for the own side of a deal: whose private notes somebody reads, and who belongs to both parties.

Reading follows the person, as answering does (organisations/one_side.py): who spoke for one side reads nothing that
the other wrote for itself alone. Who belongs to both and spoke for neither reads what the party they act for now
wrote; that they could act for the other tomorrow, both houses' managers are told.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    return notes if user.reads_everything else notes.readable(user, parties_read(deal, user, organisation))


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
