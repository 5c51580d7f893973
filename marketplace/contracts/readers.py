"""Who of a contract's parties reads a decision: a buyer who is not on the platform is told nothing by it."""

from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract


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
