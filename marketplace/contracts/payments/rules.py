"""Who keeps the payments of a contract (the seller's finance), and who reads them (both parties and supervision).

The platform's own order: no source of domain.md says who keeps a contract's payments.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.organisations.models import MemberRole

if TYPE_CHECKING:
    from marketplace.contracts.models import TechnologyContract
    from marketplace.contracts.payments.models import Instalment


def _keep(user: Any, contract: "TechnologyContract") -> str | None:
    if not user.acts_for(contract.seller_id, MemberRole.FINANCE):
        return _("Payments are kept by the seller's finance and its managers.")
    return None


def plan_instalment(user: Any, contract: "TechnologyContract") -> str | None:
    return _keep(user, contract)


def drop_instalment(user: Any, instalment: "Instalment") -> str | None:
    return _keep(user, instalment.contract)


def note_invoice(user: Any, instalment: "Instalment") -> str | None:
    return _keep(user, instalment.contract)


def enter_receipt(user: Any, contract: "TechnologyContract") -> str | None:
    return _keep(user, contract)


def reverse_receipt(user: Any, contract: "TechnologyContract") -> str | None:
    return _keep(user, contract)


def remark_on_receipt(user: Any, contract: "TechnologyContract") -> str | None:
    if not user.acts_for(contract.buyer_id, MemberRole.FINANCE):
        return _("What the buyer paid, the buyer's finance and its managers say.")
    return None


def answer_remark(user: Any, contract: "TechnologyContract") -> str | None:
    return _keep(user, contract)


def see_payments(user: Any, contract: "TechnologyContract") -> str | None:
    """Both parties and who supervises see what was paid; the broker does not, nor do registrars."""
    if user.reads_everything or user.acts_for(contract.seller_id) or user.acts_for(contract.buyer_id):
        return None
    return _("Payments are seen by the two parties.")
