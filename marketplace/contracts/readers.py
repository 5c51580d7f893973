"""Who reads what of a contract: its parties on the platform the decisions, the register what is unchecked."""

from typing import Any

from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.organisations.models import Role


def who_reads(contract: TechnologyContract) -> str:
    """Say beside a field who reads what is written there."""
    if contract.buyer_id is None:
        return _("The seller reads this; the buyer is not on this platform.")
    return _("Both parties read this.")


def who_is_told(contract: TechnologyContract) -> str:
    """Say who has been told of a decision, and reads its reasons."""
    if contract.buyer_id is None:
        return _("The seller is told, and reads your reasons; the buyer is not on this platform.")
    return _("Both parties are told, and read your reasons.")


def reads_unchecked(user: Any) -> bool:
    """Tell whether somebody reads of a rule that nobody has compared it with its text: supervisors, the register."""
    return bool(user.reads_everything or user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER))
