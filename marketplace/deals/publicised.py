"""What the publicity of an agreed price shows, and who answers objections to it."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from marketplace.core.money import format_unrounded
from marketplace.organisations.models import MemberRole, Role

if TYPE_CHECKING:
    from marketplace.deals.parts import PriceProposal


class Publicised:
    """An accepted price in the words of `marketplace.publicity`: name and intended price; the buyer stays unnamed."""

    PUBLICITY_NEEDS: ClassVar[tuple[str, ...]] = ("deal__outcome",)

    @property
    def publicity_title(self) -> str:
        outcome = cast("PriceProposal", self).deal.outcome
        return _("Agreed price of “%(outcome)s”") % {"outcome": outcome.heading}

    def publicity_facts(self) -> list[tuple[Any, str]]:
        """Return what Art. 18 wants published, as (label, words)."""
        proposal = cast("PriceProposal", self)
        outcome = proposal.deal.outcome
        return [
            (gettext_lazy("Outcome"), outcome.heading),
            (gettext_lazy("Outcome number"), outcome.number or ""),
            (gettext_lazy("Seller"), proposal.deal.seller.called),
            (gettext_lazy("Intended price"), format_unrounded(proposal.amount, get_language() or "zh-hans")),
        ]

    def publicity_opens_for(self, user: Any) -> bool:
        """Tell whether the reader of the publicity may open the deal itself."""
        deal = cast("PriceProposal", self).deal
        return type(deal).objects.visible_to(user).filter(pk=deal.pk).exists()

    def publicity_concerns(self, user: Any) -> bool:
        """Tell whether the reader of the publicity belongs to a side of the deal."""
        deal = cast("PriceProposal", self).deal
        return any(user.acts_for(side) for side in (deal.seller_id, deal.buyer_id))

    def publicity_agreed_by(self, user: Any) -> bool:
        """Tell whether an organisation of this person agreed to the price: both sides did."""
        return self.publicity_concerns(user)

    def why_not_answer_objection(self, user: Any) -> str | None:
        """Managers of the seller answer, or officers of neither side; never who agreed the price."""
        proposal = cast("PriceProposal", self)
        deal = proposal.deal
        manages = user.is_authenticated and user.acts_for(deal.seller_id, MemberRole.MANAGER)
        if not manages and not (user.is_authenticated and user.has_role(Role.OFFICER)):
            return _("Managers of the seller and officers of the platform answer objections to an agreed price.")
        if user.pk in (proposal.proposed_by_id, proposal.answered_by_id):
            return _("Who agreed the price does not answer objections to it.")
        if not manages and self.publicity_concerns(user):
            return _("Officers do not answer objections to a price of their own organisation.")
        return None
