"""Whom a reward concerns, and who may decide on it because it does not concern them."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.organisations.models import Role

if TYPE_CHECKING:
    from marketplace.rewards.models import RewardClaim


def is_concerned(user: Any, claim: "RewardClaim") -> bool:
    """Tell whether the person or their organisation gains by the claim or is a party of the contract."""
    parties = (claim.broker.firm_id, claim.contract.seller_id, claim.contract.buyer_id)
    return claim.broker.user_id == user.pk or any(user.acts_for(key) for key in parties if key)


def why_not_decide(user: Any, claim: "RewardClaim") -> str | None:
    if not user.is_authenticated or not user.has_role(Role.OFFICER):
        return _("Only officers of the district decide on rewards.")
    if is_concerned(user, claim):
        return _("Nobody decides on a reward that concerns them or their own organisation.")
    return None
