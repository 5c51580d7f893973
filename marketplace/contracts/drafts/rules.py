"""Who puts drafts together, who reads them, and who keeps the texts of clauses.

The platform's own order: no source of domain.md says who assembles a draft; what a draft says, its clauses name.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.contracts import rules
from marketplace.organisations.models import Role

if TYPE_CHECKING:
    from marketplace.contracts.models import TechnologyContract


def assemble_draft(user: Any, contract: "TechnologyContract") -> str | None:
    return rules.change_contract(user, contract)


def see_drafts(user: Any, contract: "TechnologyContract") -> str | None:
    if contract.confidential_to(user):
        return None
    return _("Drafts are read by the parties and the register.")


def read_deal_drafts(user: Any, contract: "TechnologyContract") -> str | None:
    """Both sides of the deal and its broker, from the first version on; the register reads them on the contract."""
    if contract.is_in_room_of(user):
        return None
    return _("Drafts are read in the deal room by both sides and the broker of the deal.")


def keep_clause_text(user: Any) -> str | None:
    if user.is_superuser or user.has_role(Role.OFFICER):
        return None
    return _("Only officers keep the texts of clauses.")
