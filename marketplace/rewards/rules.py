"""Who claims a reward, who reviews and approves (two officers), who pays.

Source: filed leads only, a rate of the technical amount, capped for each project (宁波市镇海区技术经纪人奖励实施细则
2022 [CK], domain.md §4.7); two officers and the payer are the platform's own order.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.deals.rules import ROLES
from marketplace.organisations.models import Role
from marketplace.organisations.standing import why_not_act
from marketplace.rewards.concern import is_concerned, why_not_decide

if TYPE_CHECKING:
    from marketplace.brokers.leads.models import Lead
    from marketplace.deals.models import Deal
    from marketplace.organisations.models import Organisation
    from marketplace.rewards.models import RewardClaim


def claim_reward(user: Any, lead: "Lead") -> str | None:
    """Only for a lead filed before the signing (镇海区实施细则 2022 [CK])."""
    if lead.broker.user_id != user.pk:
        return _("Only the broker who filed a lead claims its reward.")
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
    if is_concerned(user, claim):
        return _("Nobody decides on a reward that concerns them or their own organisation.")
    return None


def rate_broker(user: Any, deal: "Deal", *, organisation: "Organisation | None") -> str | None:
    """Each party of a finished deal marks the broker; nobody marks themselves."""
    side = deal.side_of(organisation)
    if side is None or organisation is None:
        return _("Only the parties of the deal mark its broker.")
    if deal.broker is None or deal.state != deal.State.DONE:
        return _("A broker is marked once the deal they accompanied is completed.")
    if deal.is_broker(user) or deal.broker.firm_id == organisation.pk:
        return _("Nobody marks themselves or a broker of their own organisation.")
    return why_not_act(user, organisation, *ROLES[side])
