"""Who learns the buyer of a deal about an anonymous need: its name waits until both sides accepted confidentiality.

Before that the other side and its broker read “the owner of the need” wherever the buyer would stand, and no name of
its people either. A sale at an auction names its buyer in public, so nothing is withheld there.
"""

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from marketplace.deals.models import BrokerSide, Deal, Side
from marketplace.needs.models import NeedDisclosure

if TYPE_CHECKING:
    from marketplace.core.journal import Entry
    from marketplace.deals.interest import Interest

BUYERS_BROKER = (BrokerSide.BUYER, BrokerSide.BOTH)


def owner_of_need() -> str:
    """Return what stands where the buyer is not named yet."""
    return _("the owner of the need")


def is_buyer_withheld(deal: Deal) -> bool:
    """Tell whether the seller's side does not know yet who the buyer is."""
    return deal.need is not None and not deal.lot_number and not deal.need.is_named_to(deal.seller_id)


def withholds_buyer(deal: Deal, user: Any) -> bool:
    """Tell whether this reader must not learn the buyer; the buyer's side, officers and auditors always may."""
    if not is_buyer_withheld(deal) or user.reads_everything or user.acts_for(deal.buyer_id):
        return False
    return not (deal.is_broker(user) and deal.broker_side in BUYERS_BROKER)


def named_to(user: Any) -> Q:
    """Select the deals whose buyer this reader may know: the same as `withholds_buyer`, in the database."""
    if user.reads_everything:
        return Q()
    told = NeedDisclosure.objects.filter(need=OuterRef("need"), organisation=OuterRef("seller"))
    own = Q(buyer__in=list(user.member_roles)) | Q(broker__user=user.pk, broker_side__in=BUYERS_BROKER)
    return Q(need=None) | Q(need__is_anonymous=False) | ~Q(lot_number="") | Q(Exists(told)) | own


def party_for(deal: Deal, side: Side | str, user: Any) -> str:
    """Return the name of a side as this reader may know it."""
    if side == Side.BUYER and withholds_buyer(deal, user):
        return owner_of_need()
    return deal.party(side).name


def buyer_for(deal: Deal, user: Any) -> str:
    """Return the buyer as this reader may know it."""
    return party_for(deal, Side.BUYER, user)


def called_for(deal: Deal, user: Any) -> str:
    """Return the buyer in short, in the reader's language, as this reader may know it."""
    return owner_of_need() if withholds_buyer(deal, user) else deal.buyer.called


def actor_for(deal: Deal, entry: "Entry", user: Any) -> tuple[str, str]:
    """Return who acted and for whom in an entry about a deal, each "" where there is nobody to name."""
    if withholds_buyer(deal, user) and not _is_open(deal, entry):
        return "", owner_of_need()
    return str(entry.actor or ""), str(entry.on_behalf_of or "")


def _is_open(deal: Deal, entry: "Entry") -> bool:
    """Tell whether an entry tells nothing of the buyer: the seller, the broker, staff or the platform acted."""
    if entry.data.get("role") == "broker":
        return True
    if entry.on_behalf_of_id is not None:
        return entry.on_behalf_of_id == deal.seller_id
    actor = entry.actor
    return actor is None or deal.is_broker(actor) or actor.is_platform_staff or actor.acts_for(deal.seller_id)


def withholds_asker(interest: "Interest", user: Any) -> bool:
    """Tell whether this reader must not learn who shows interest: it named an anonymous need of its own."""
    need = interest.need
    if need is None or need.is_named_to(interest.outcome.owner_id):
        return False
    return not (user.reads_everything or user.acts_for(interest.organisation_id))


def asker_for(interest: "Interest", user: Any) -> str:
    """Return who shows interest as this reader may know it."""
    return owner_of_need() if withholds_asker(interest, user) else interest.organisation.name
