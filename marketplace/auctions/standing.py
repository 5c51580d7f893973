"""Sentences with which rules of 瓯来拍 begin."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.organisations.models import Organisation, Role
from marketplace.organisations.roles import MemberRole

if TYPE_CHECKING:
    from marketplace.auctions.models import Lot


def why_not_bid(user: Any, organisation: Organisation | None = None) -> str | None:
    """Return why somebody bids on no lot at all for an organisation; what stands between it and one lot is its own."""
    if user.has_role(Role.ORGANISER, Role.AUCTIONEER, Role.FINANCE):
        return _("Staff of the session do not bid in it.")
    if organisation is None:
        return None if user.member_roles else _("Bidding is done for an organisation. Join or register yours first.")
    if not user.acts_for(organisation, MemberRole.BIDDER):
        return _("Only a bidder's agent of the organisation applies for it. Its manager gives this role.")
    if not organisation.is_verified:
        return _("Your organisation is not verified yet. Only verified organisations bid.")
    return None


def why_not_organise(user: Any) -> str | None:
    if not user.has_role(Role.ORGANISER):
        return _("Only auction organisers of the platform do this.")
    return None


def why_not_organise_for(user: Any, lot: "Lot") -> str | None:
    if user.acts_for(lot.outcome.owner_id):
        return _("Organisers do not decide on lots of their own organisation.")
    return why_not_organise(user)
