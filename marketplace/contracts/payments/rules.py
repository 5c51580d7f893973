"""Who keeps the payments of a contract (the seller's finance), and who reads them (both parties and supervision).

The platform's own order: no source of domain.md says who keeps a contract's payments.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.organisations.models import MemberRole, Organisation
from marketplace.organisations.standing import why_not_now

if TYPE_CHECKING:
    from marketplace.contracts.models import TechnologyContract
    from marketplace.contracts.payments.models import Instalment


def _keep(user: Any, contract: "TechnologyContract", organisation: Organisation | None) -> str | None:
    """The seller's books, kept by who acts for it now: who belongs to the buyer too has to choose."""
    if not user.acts_for(contract.seller_id, MemberRole.FINANCE):
        return _("Payments are kept by the seller's finance and its managers.")
    return why_not_now(user, organisation, contract.seller)


def plan_instalment(user: Any, contract: "TechnologyContract", *, organisation: Organisation | None) -> str | None:
    return _keep(user, contract, organisation)


def drop_instalment(user: Any, instalment: "Instalment", *, organisation: Organisation | None) -> str | None:
    return _keep(user, instalment.contract, organisation)


def note_invoice(user: Any, instalment: "Instalment", *, organisation: Organisation | None) -> str | None:
    return _keep(user, instalment.contract, organisation)


def enter_receipt(user: Any, contract: "TechnologyContract", *, organisation: Organisation | None) -> str | None:
    return _keep(user, contract, organisation)


def reverse_receipt(user: Any, contract: "TechnologyContract", *, organisation: Organisation | None) -> str | None:
    return _keep(user, contract, organisation)


def remark_on_receipt(user: Any, contract: "TechnologyContract", *, organisation: Organisation | None) -> str | None:
    if contract.buyer is None or not user.acts_for(contract.buyer_id, MemberRole.FINANCE):
        return _("What the buyer paid, the buyer's finance and its managers say.")
    return why_not_now(user, organisation, contract.buyer)


def answer_remark(user: Any, contract: "TechnologyContract", *, organisation: Organisation | None) -> str | None:
    return _keep(user, contract, organisation)


def see_payments(user: Any, contract: "TechnologyContract") -> str | None:
    """Both parties and who supervises see what was paid; the broker does not, nor do registrars."""
    if user.reads_everything or user.acts_for(contract.seller_id) or user.acts_for(contract.buyer_id):
        return None
    return _("Payments are seen by the two parties.")
