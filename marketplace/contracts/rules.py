"""Who writes a contract (the seller) and who decides on it (a registrar who belongs to neither party)."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.organisations.models import MemberRole, Organisation, Role

if TYPE_CHECKING:
    from marketplace.contracts.models import TechnologyContract
    from marketplace.deals.models import Deal

WRITERS = (MemberRole.MANAGER, MemberRole.FINANCE, MemberRole.PUBLISHER)
SUBMITTERS = (MemberRole.MANAGER, MemberRole.FINANCE)


def draft_contract(user: Any, organisation: Organisation | None) -> str | None:
    if organisation is None:
        return _("Choose the organisation you act for.")
    if not user.acts_for(organisation, *WRITERS):
        return _("Contracts are written by managers, finance and publishers of the seller.")
    if not organisation.is_verified:
        return _("Only verified organisations register contracts.")
    return None


def draft_contract_from_deal(user: Any, deal: "Deal", *, organisation: Organisation | None) -> str | None:
    if organisation is None or organisation.pk != deal.seller_id:
        return _("The seller of the deal writes its contract.")
    return draft_contract(user, organisation)


def change_contract(user: Any, contract: "TechnologyContract") -> str | None:
    return draft_contract(user, contract.seller)


def attach_signed_file(user: Any, contract: "TechnologyContract") -> str | None:
    return draft_contract(user, contract.seller)


def submit_contract(user: Any, contract: "TechnologyContract") -> str | None:
    if not user.acts_for(contract.seller, *SUBMITTERS):
        return _("Contracts are submitted by the seller's manager or finance.")
    if not contract.seller.is_verified:
        return _("Only verified organisations register contracts.")
    return None


def _review(user: Any, contract: "TechnologyContract") -> str | None:
    if not user.has_role(Role.REGISTRAR):
        return _("Only registrars register contracts.")
    if user.acts_for(contract.seller) or user.acts_for(contract.buyer):
        return _("Registrars do not register contracts of their own organisation.")
    if contract.broker is not None and contract.broker.user_id == user.pk:
        return _("Registrars do not register contracts they brokered.")
    return None


def accept_contract(user: Any, contract: "TechnologyContract") -> str | None:
    return _review(user, contract)


def return_contract(user: Any, contract: "TechnologyContract") -> str | None:
    return _review(user, contract)


def register_contract(user: Any, contract: "TechnologyContract") -> str | None:
    return _review(user, contract)


def refuse_contract(user: Any, contract: "TechnologyContract") -> str | None:
    return _review(user, contract)


def correct_contract_number(user: Any, contract: "TechnologyContract") -> str | None:
    return _review(user, contract)
