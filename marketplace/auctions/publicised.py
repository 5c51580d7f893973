"""What the publicity of a sale's result shows of a lot, and who answers objections to it."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from marketplace.core.money import format_unrounded
from marketplace.organisations.models import Role

if TYPE_CHECKING:
    from marketplace.auctions.models import Lot


class Publicised:
    """A lot in the words of `marketplace.publicity`. The buyer is a number unless the district names buyers."""

    PUBLICITY_NEEDS: ClassVar[tuple[str, ...]] = ("outcome",)

    @property
    def publicity_title(self) -> str:
        return cast("Lot", self).heading

    @property
    def public_buyer(self) -> str:
        """Return the buyer's name where the publicity of the result names it and the sale stands, else ""."""
        lot = cast("Lot", self)
        stands = lot.state in (lot.State.CONFIRMED, lot.State.PUBLICITY, lot.State.CONTRACTED, lot.State.SETTLED)
        named = settings.AUCTION_NAMES_BUYERS and stands and lot.leader is not None
        return lot.leader.organisation.name if named and lot.leader is not None else ""

    def publicity_facts(self) -> list[tuple[Any, str]]:
        """Return what is published, as (label, words)."""
        lot = cast("Lot", self)
        buyer = _("bidder %(alias)s") % {"alias": lot.leader_alias}
        if self.public_buyer:
            buyer = f"{self.public_buyer} ({buyer})"
        language = get_language() or "zh-hans"
        return [
            (gettext_lazy("Lot"), lot.number),
            (gettext_lazy("Session"), lot.session.heading),
            (gettext_lazy("Seller"), lot.outcome.owner.called),
            (gettext_lazy("What is sold"), f"{lot.get_mode_display()} · {lot.object_of_sale}"),
            (gettext_lazy("Start price"), format_unrounded(lot.start_price, language)),
            (gettext_lazy("Sold for"), format_unrounded(lot.price or 0, language)),
            (gettext_lazy("Buyer"), buyer),
        ]

    @property
    def publicity_afterword(self) -> str:
        """Return what became of the sale since, where it does not stand any more, else ""."""
        lot = cast("Lot", self)
        if lot.state == lot.State.RESCINDED:
            return _("The sale was rescinded: what stands here does not hold any more.")
        if lot.state == lot.State.DEFAULTED:
            return _("The buyer defaulted: the sale does not hold any more.")
        return ""

    def publicity_opens_for(self, user: Any) -> bool:
        """Tell whether the reader of the publicity may open the lot: it is public."""
        return True

    def publicity_concerns(self, user: Any) -> bool:
        """Tell whether the reader of the publicity belongs to the seller or to the buyer."""
        lot = cast("Lot", self)
        parties = [lot.outcome.owner_id, lot.leader.organisation_id if lot.leader is not None else 0]
        return any(user.acts_for(party) for party in parties if party)

    def why_not_answer_objection(self, user: Any) -> str | None:
        """Objections to a result are answered by organisers who belong neither to the seller nor to the buyer."""
        if not user.is_authenticated or not user.has_role(Role.ORGANISER):
            return _("Only auction organisers of the platform do this.")
        if self.publicity_concerns(user):
            return _("Organisers do not answer objections to a sale of, or to, their own organisation.")
        return None
