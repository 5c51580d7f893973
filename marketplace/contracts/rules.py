"""Who writes a contract (the seller) and who decides on it (a registrar who belongs to neither party).

Sources: the 技术合同认定登记管理办法 in its draft of 2024-12 (办法) and the 工作指引 国科火字〔2022〕159号, both by
domain.md §4.2; what no source is named for is the platform's own order.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.contracts.performance.answered import answered_under
from marketplace.deals.answered import answered_for
from marketplace.deals.withheld import is_buyer_withheld
from marketplace.organisations.models import MemberRole, Organisation, Role
from marketplace.organisations.one_side import why_not_both
from marketplace.organisations.standing import why_for_nobody

if TYPE_CHECKING:
    from marketplace.contracts.models import TechnologyContract
    from marketplace.deals.models import Deal

WRITERS = (MemberRole.MANAGER, MemberRole.FINANCE, MemberRole.PUBLISHER)
SUBMITTERS = (MemberRole.MANAGER, MemberRole.FINANCE)


def draft_contract(user: Any, organisation: Organisation | None) -> str | None:
    if organisation is None:
        return why_for_nobody(user)
    if not user.acts_for(organisation, *WRITERS):
        return _("Contracts are written by managers, finance and publishers of the seller.")
    if not organisation.is_verified:
        return _("Only verified organisations register contracts.")
    return None


def draft_contract_from_deal(user: Any, deal: "Deal", *, organisation: Organisation | None) -> str | None:
    if organisation is None or organisation.pk != deal.seller_id:
        return _("The seller of the deal writes its contract.")
    if is_buyer_withheld(deal):
        return _("The buyer is not named yet: first both sides accept the confidentiality terms.")
    return draft_contract(user, organisation) or why_not_both(organisation, answered_for(user, deal))


def _writes(user: Any, contract: "TechnologyContract") -> str | None:
    """The seller writes and applies; nobody does it for them who answered for the buyer in the deal."""
    reason = draft_contract(user, contract.seller)
    if reason is not None or contract.deal is None:
        return reason
    return why_not_both(contract.seller, answered_for(user, contract.deal))


def _both(user: Any, contract: "TechnologyContract", organisation: Organisation | None) -> str | None:
    """Return why somebody does not answer for this side: in the contract or its deal they answered for the other."""
    return why_not_both(organisation, answered_under(user, [contract])[contract.pk])


def see_queue(user: Any) -> str | None:
    if user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER):
        return None
    return _("Only registrars register contracts.")


def change_contract(user: Any, contract: "TechnologyContract") -> str | None:
    return _writes(user, contract)


def discard_contract(user: Any, contract: "TechnologyContract") -> str | None:
    reason = draft_contract(user, contract.seller)
    if reason is None and contract.drafted_by_id != user.pk and not user.acts_for(contract.seller, MemberRole.MANAGER):
        return _("A draft is deleted by whoever began it, or by a manager of the seller.")
    return reason


def attach_signed_file(user: Any, contract: "TechnologyContract") -> str | None:
    """Oral contracts are not registered: the signed text is on file (domain.md §4.2, guide of 2014)."""
    return _writes(user, contract)


def keep_party_data(user: Any, contract: "TechnologyContract") -> str | None:
    """The parties' data of the national form (its notes; domain.md §4.2)."""
    return _writes(user, contract)


def submit_contract(user: Any, contract: "TechnologyContract") -> str | None:
    """The seller applies, once, at the seller's place (办法)."""
    if not user.acts_for(contract.seller, *SUBMITTERS):
        return _("Contracts are submitted by the seller's manager or finance.")
    return _writes(user, contract)


def _own(user: Any, contract: "TechnologyContract") -> str | None:
    """Say why somebody who decides for the register keeps off a contract; nobody is judge of their own case."""
    joint = Organisation.objects.filter(uscc__in=contract.joint_sellers.values("uscc"), pk__in=user.member_roles)
    if user.acts_for(contract.seller) or user.acts_for(contract.buyer) or joint.exists():
        return _("Registrars do not register contracts of their own organisation.")
    if contract.broker is not None and contract.broker.user_id == user.pk:
        return _("Registrars do not register contracts they brokered.")
    return None


def _second(user: Any, contract: "TechnologyContract") -> str | None:
    if not user.has_role(Role.SECOND_REVIEWER):
        return _("A second reviewer decides on large or disputed contracts and on objections.")
    if contract.first_reviewed_by_id == user.pk:
        return _("Two reviews are made by two people; you made the first.")
    return _own(user, contract)


def _review(user: Any, contract: "TechnologyContract") -> str | None:
    if contract.state == contract.State.SECOND_REVIEW:
        return _second(user, contract)
    # once it is decided a second reviewer who comes too late hears of the state, not of a role
    roles = (Role.REGISTRAR,) if contract.is_under_review else (Role.REGISTRAR, Role.SECOND_REVIEWER)
    if contract.is_under_review and not user.has_role(*roles) and user.has_role(Role.SECOND_REVIEWER):
        return _("It is the registrars' turn. A second reviewer decides once the first review has passed it on.")
    if not user.has_role(*roles):
        return _("Only registrars register contracts.")
    return _own(user, contract)


def begin_first_review(user: Any, contract: "TechnologyContract") -> str | None:
    """The first of two reviews, 15 working days in all, 30 for large or disputed contracts (办法)."""
    return _review(user, contract)


def pass_to_second_review(user: Any, contract: "TechnologyContract") -> str | None:
    """Of 5,000,000 yuan technical amount and more, or in dispute: a second review (办法)."""
    return _review(user, contract)


def correct_line_item(user: Any, contract: "TechnologyContract") -> str | None:
    """The registrar reviews how much of the amount is technical (技术合同认定规则 Art. 50–51)."""
    return _review(user, contract)


def request_contract_change(user: Any, contract: "TechnologyContract") -> str | None:
    """Changes go to the body that registered (办法)."""
    return submit_contract(user, contract) or _both(user, contract, contract.seller)


def answer_contract_change(user: Any, contract: "TechnologyContract") -> str | None:
    """A contract is changed by its parties together (民法典 Art. 543); nobody answers for both."""
    if not user.acts_for(contract.buyer_id, *SUBMITTERS):
        return _("The buyer's managers and finance agree to a change, or decline it.")
    return _both(user, contract, contract.buyer)


def withdraw_contract_change(user: Any, contract: "TechnologyContract") -> str | None:
    return submit_contract(user, contract)


def _decide_change(user: Any, contract: "TechnologyContract") -> str | None:
    """A change to a large contract, or of one, is decided by a second reviewer as its registration was."""
    change = contract.changes.filter(state="requested").first()
    if change is None or not change.is_large:
        return _review(user, contract)
    if not user.has_role(Role.SECOND_REVIEWER):
        return _("A second reviewer decides on this change: before it or after it the contract is large.")
    return _second(user, contract)


def grant_contract_change(user: Any, contract: "TechnologyContract") -> str | None:
    return _decide_change(user, contract)


def refuse_contract_change(user: Any, contract: "TechnologyContract") -> str | None:
    return _decide_change(user, contract)


def cancel_contract(user: Any, contract: "TechnologyContract") -> str | None:
    """A party cancels (注销) at the body that registered, and says whether benefits were enjoyed (办法)."""
    return submit_contract(user, contract)


def note_contract_end(user: Any, contract: "TechnologyContract") -> str | None:
    """The body that registered knows of the end (办法: changes and cancellations go to it)."""
    return see_queue(user) or _own(user, contract)


def revoke_contract(user: Any, contract: "TechnologyContract") -> str | None:
    """The authority revokes (撤销), which voids the lists the contract stands on (江苏 登记清单操作说明)."""
    if not user.has_role(Role.OFFICER, Role.SECOND_REVIEWER):
        return _("Officers and second reviewers revoke registrations.")
    return _own(user, contract)


def object_to_decision(user: Any, contract: "TechnologyContract") -> str | None:
    """A party may object to a decision, which is examined again (a state of domain.md §4.2's model)."""
    if not (user.acts_for(contract.seller, *SUBMITTERS) or user.acts_for(contract.buyer, *SUBMITTERS)):
        return _("Managers and finance of the parties object to a decision.")
    return None


def re_examine_contract(user: Any, contract: "TechnologyContract") -> str | None:
    """Whoever had a hand in an earlier decision does not decide on the objection to it."""
    reason = _second(user, contract)
    if reason is None and contract.decisions.filter(decided_by=user.pk).exists():
        return _("You decided on this contract before; somebody else re-examines it.")
    return reason


def keep_registration_rule(user: Any) -> str | None:
    if user.is_superuser or user.has_role(Role.OFFICER):
        return None
    return _("Only officers keep the rules of the registration.")


def accept_contract(user: Any, contract: "TechnologyContract") -> str | None:
    """Acceptance (受理) begins the working days; of a supplemented contract on the day it was supplemented (办法)."""
    return _review(user, contract)


def return_contract(user: Any, contract: "TechnologyContract") -> str | None:
    """A supplement is asked for, and the clock begins anew with it (办法)."""
    return _review(user, contract)


def register_contract(user: Any, contract: "TechnologyContract") -> str | None:
    """Both amounts are certified (办法); the number is entered as it was given."""
    return _review(user, contract)


def refuse_contract(user: Any, contract: "TechnologyContract") -> str | None:
    """What is no technology contract is not registered and handed back (不予登记; guide of 2014, domain.md §4.2).

    Of a large or disputed contract the no is said in the second review, as the yes is (办法).
    """
    reason = _review(user, contract)
    is_first = contract.is_under_review and contract.state != contract.State.SECOND_REVIEW
    if reason is None and is_first and contract.needs_second_review:
        return _(
            "Not to register a large or disputed contract is decided in its second review. The first review returns "
            "it for supplement, or passes it on and proposes to refuse it."
        )
    return reason


def correct_contract_number(user: Any, contract: "TechnologyContract") -> str | None:
    if not user.has_role(Role.REGISTRAR):
        return _("Only registrars register contracts.")
    return _own(user, contract)
