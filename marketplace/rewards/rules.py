"""Who claims a reward, who reviews and approves (two officers), who pays."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.organisations.models import Role

if TYPE_CHECKING:
    from marketplace.brokers.leads.models import Lead
    from marketplace.rewards.models import RewardClaim


def claim_reward(user: Any, lead: "Lead") -> str | None:
    if lead.broker.user_id != user.pk:
        return _("Only the broker who filed a lead claims its reward.")
    return None


def _is_concerned(user: Any, claim: "RewardClaim") -> bool:
    """Tell whether the person or their organisation gains by the claim or is a party of the contract."""
    parties = (claim.broker.firm_id, claim.contract.seller_id, claim.contract.buyer_id)
    return claim.broker.user_id == user.pk or any(user.acts_for(key) for key in parties if key)


def why_not_decide(user: Any, claim: "RewardClaim") -> str | None:
    if not user.is_authenticated or not user.has_role(Role.OFFICER):
        return _("Only officers of the district decide on rewards.")
    if _is_concerned(user, claim):
        return _("Nobody decides on a reward that concerns them or their own organisation.")
    return None


def review_claim(user: Any, claim: "RewardClaim") -> str | None:
    return why_not_decide(user, claim)


def refuse_claim(user: Any, claim: "RewardClaim") -> str | None:
    return why_not_decide(user, claim)


def approve_claim(user: Any, claim: "RewardClaim") -> str | None:
    if claim.reviewed_by_id == user.pk:
        return _("Who reviewed a claim does not approve it: a second officer does.")
    return why_not_decide(user, claim)


def pay_claim(user: Any, claim: "RewardClaim") -> str | None:
    if not user.has_role(Role.FINANCE):
        return _("Only the platform's finance staff record payments.")
    if _is_concerned(user, claim):
        return _("Nobody decides on a reward that concerns them or their own organisation.")
    return None
