"""Who plans, reports and accepts milestones (seller, seller, buyer), and who ends a contract before its time.

The platform's own order: no source of domain.md says who reports and accepts milestones, or who ends a contract.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.contracts.party import Side
from marketplace.contracts.performance.answered import answered_under
from marketplace.contracts.rules import SUBMITTERS, WRITERS
from marketplace.organisations.models import Organisation, Role
from marketplace.organisations.one_side import why_not_both
from marketplace.organisations.standing import why_for_nobody, why_not_now

if TYPE_CHECKING:
    from marketplace.contracts.models import TechnologyContract
    from marketplace.contracts.performance.models import ContractMilestone, ContractTermination


def _both(user: Any, contract: "TechnologyContract", organisation: Organisation | None) -> str | None:
    """Return why somebody does not answer for this side: in the contract or its deal they answered for the other."""
    return why_not_both(organisation, answered_under(user, [contract])[contract.pk])


def plan_milestone(user: Any, contract: "TechnologyContract", *, organisation: Organisation | None) -> str | None:
    if not user.acts_for(contract.seller_id, *WRITERS):
        return _("Milestones are planned and reported by the seller.")
    return why_not_now(user, organisation, contract.seller)


def drop_milestone(user: Any, milestone: "ContractMilestone", *, organisation: Organisation | None) -> str | None:
    return plan_milestone(user, milestone.contract, organisation=organisation)


def report_milestone(user: Any, milestone: "ContractMilestone", *, organisation: Organisation | None) -> str | None:
    """What is reported is said to the buyer: nobody does it who answered for the buyer."""
    contract = milestone.contract
    reason = plan_milestone(user, contract, organisation=organisation)
    return reason or _both(user, contract, contract.seller)


def accept_milestone(user: Any, milestone: "ContractMilestone", *, organisation: Organisation | None) -> str | None:
    """The buyer answers; where it is not on the platform the seller's managers and finance enter its paper."""
    contract = milestone.contract
    if contract.buyer is None:
        if user.acts_for(contract.seller_id, *SUBMITTERS):
            return why_not_now(user, organisation, contract.seller)
        return _("The buyer is not on the platform: the seller's managers and finance enter its answer.")
    if not user.acts_for(contract.buyer_id, *WRITERS):
        return _("The buyer accepts what was done.")
    return _both(user, contract, contract.buyer) or why_not_now(user, organisation, contract.buyer)


def refuse_milestone(user: Any, milestone: "ContractMilestone", *, organisation: Organisation | None) -> str | None:
    return accept_milestone(user, milestone, organisation=organisation)


def ends(user: Any, contract: "TechnologyContract") -> bool:
    """Tell whether the person is a manager or of the finance of a party, whichever they act for now."""
    return user.acts_for(contract.seller_id, *SUBMITTERS) or user.acts_for(contract.buyer_id, *SUBMITTERS)


def side_of(contract: "TechnologyContract", organisation: Organisation | None) -> Side | None:
    """Return the side an organisation is of."""
    sides = {contract.seller_id: Side.SELLER, contract.buyer_id: Side.BUYER}
    return sides.get(organisation.pk) if organisation is not None else None


def propose_termination(user: Any, contract: "TechnologyContract", *, organisation: Organisation | None) -> str | None:
    """For the party somebody acts for now: who belongs to both has to choose, and answers for one of them only."""
    if not ends(user, contract):
        return _("Managers and finance of the parties end a contract.")
    if organisation is None:
        return why_for_nobody(user)
    if side_of(contract, organisation) is None:
        return _("Only the parties of the contract do this. You act for %(organisation)s.") % {
            "organisation": organisation
        }
    if not user.acts_for(organisation, *SUBMITTERS):
        return _("Managers and finance of the parties end a contract.")
    return _both(user, contract, organisation)


def declare_termination(user: Any, contract: "TechnologyContract", *, organisation: Organisation | None) -> str | None:
    return propose_termination(user, contract, organisation=organisation)


def answer_termination(
    user: Any, termination: "ContractTermination", *, organisation: Organisation | None
) -> str | None:
    """The other side answers, never the one that asked, also where one person belongs to both."""
    contract, house = termination.contract, termination.answering
    if house is None or not user.acts_for(house, *SUBMITTERS):
        return _("The other side answers the proposal.")
    return _both(user, contract, house) or why_not_now(user, organisation, house)


def answer_declaration(
    user: Any, termination: "ContractTermination", *, organisation: Organisation | None
) -> str | None:
    """The side that is said to have broken the contract accepts that or disputes it (民法典 Art. 565)."""
    return answer_termination(user, termination, organisation=organisation)


def retract_declaration(
    user: Any, termination: "ContractTermination", *, organisation: Organisation | None
) -> str | None:
    return withdraw_termination(user, termination, organisation=organisation)


def decide_declaration(user: Any, termination: "ContractTermination") -> str | None:
    """An officer notes what court or arbitration decided (民法典 Art. 565); nobody in a matter of their own."""
    if not user.has_role(Role.OFFICER):
        return _("Officers note what court or arbitration decided.")
    contract = termination.contract
    codes = contract.joint_sellers.values("uscc")
    joint = Organisation.objects.filter(uscc__in=codes, pk__in=user.member_roles)
    own_broker = contract.broker is not None and contract.broker.user_id == user.pk
    if own_broker or user.acts_for(contract.seller_id) or user.acts_for(contract.buyer_id) or joint.exists():
        return _("Nobody notes a decision in a matter of their own organisation, or of a contract they brokered.")
    return None


def withdraw_termination(
    user: Any, termination: "ContractTermination", *, organisation: Organisation | None
) -> str | None:
    house = termination.asking
    if house is None or not user.acts_for(house, *SUBMITTERS):
        return _("The side that proposed it withdraws the proposal.")
    return why_not_now(user, organisation, house)
