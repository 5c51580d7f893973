"""Who answers for the seller whether a sale was paid, and who reads how far it is paid. The platform's own order."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.auctions.standing import why_not_organise
from marketplace.organisations.roles import MemberRole

if TYPE_CHECKING:
    from marketplace.auctions.models import Lot, SaleMilestone


def confirm_payment(user: Any, milestone: "SaleMilestone") -> str | None:
    return _answer(user, milestone)


def deny_payment(user: Any, milestone: "SaleMilestone") -> str | None:
    return _answer(user, milestone)


def _answer(user: Any, milestone: "SaleMilestone") -> str | None:
    """The seller's finance and managers; who said it for the buyer does not confirm it for the seller."""
    if not user.acts_for(milestone.lot.outcome.owner_id, MemberRole.FINANCE):
        return _("Whether a payment came in, the seller's finance and its managers say.")
    if milestone.said_by_id == user.pk:
        return _("Who said that it was paid does not confirm it. Somebody else of the seller's finance does.")
    return None


def see_sums_of_sale(user: Any, lot: "Lot") -> str | None:
    """Both parties, the organisers who follow the sale up, and who supervises see what of a price came in."""
    parties = [lot.outcome.owner_id, *([lot.leader.organisation_id] if lot.leader is not None else [])]
    if user.reads_everything or any(user.acts_for(party) for party in parties):
        return None
    return why_not_organise(user) and _("How far a sale is paid, its parties and the organisers see.")
