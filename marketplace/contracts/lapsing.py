"""A change that was asked for falls with the contract it describes."""

from datetime import datetime
from typing import Any

from marketplace.contracts.changes import ContractChange
from marketplace.contracts.changing import drop_awaiting, open_change, stay
from marketplace.contracts.models import TechnologyContract
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.organisations.models import User


def lapse_change(contract: TechnologyContract, *, by: User | None, at: datetime) -> None:
    """Close what is asked for because the contract ended: it describes one that no longer runs.

    Called by performance when an end takes effect; the caller holds the contract.
    """
    lapsed = ContractChange.State.LAPSED
    waited, change = drop_awaiting(contract, by=by, at=at, state=lapsed), open_change(contract)
    if change is not None:
        change.move_to(lapsed)
        change.decided_by, change.decided_at = by, at
        change.save(update_fields=["state", "decided_by", "decided_at"])
        stay(contract)
        contract.save(update_fields=["state"])
    change = change or waited
    if change is None:
        return
    facts: dict[str, Any] = {"change": change.code, "before_register": waited is not None}
    journal.record(Kind.CONTRACT_CHANGE_LAPSED, contract, by=by, **facts)
