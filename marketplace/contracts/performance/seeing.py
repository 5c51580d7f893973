"""Who sees how a contract is carried out."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from marketplace.contracts.models import TechnologyContract


def see_performance(user: Any, contract: "TechnologyContract") -> str | None:
    """Say why not: the two parties see it, and who supervises; neither the broker nor the registrars do."""
    if not user.is_authenticated:
        return _("Sign in first.")
    if user.reads_everything or user.acts_for(contract.seller_id) or user.acts_for(contract.buyer_id):
        return None
    return _("How a contract is carried out is seen by the two parties.")
