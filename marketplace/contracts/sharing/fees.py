"""What a broker of the register is paid of contracts as a cost: the own lines, nothing of how the rest is shared."""

from typing import Any

from django.db.models import QuerySet

from marketplace.brokers.models import TechBroker
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.payouts import PayoutLine


def brokers_of(contract: TechnologyContract) -> list[TechBroker]:
    """Return whom a plan may name from the register: the broker of the contract, and that of its deal."""
    found = [contract.broker, contract.deal.broker if contract.deal is not None else None]
    return list(dict.fromkeys(one for one in found if one is not None))


def fees_of(user: Any) -> "QuerySet[PayoutLine]":
    """Return the lines that pay a broker as a cost, the newest first."""
    mine = PayoutLine.objects.filter(share=None, distribution__plan__broker__user=user.pk)
    parts = ("distribution__plan__contract", "distribution__receipt", "distribution__profit")
    return mine.select_related(*parts).order_by("-pk")
