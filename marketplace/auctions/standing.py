"""Sentences with which rules of 瓯来拍 begin."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.organisations.models import Role

if TYPE_CHECKING:
    from marketplace.auctions.models import Lot


def why_not_organise(user: Any) -> str | None:
    if not user.has_role(Role.ORGANISER):
        return _("Only auction organisers of the platform do this.")
    return None


def why_not_organise_for(user: Any, lot: "Lot") -> str | None:
    if user.acts_for(lot.outcome.owner_id):
        return _("Organisers do not decide on lots of their own organisation.")
    return why_not_organise(user)
