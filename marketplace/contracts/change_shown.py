"""What the page of a contract shows of its changes: whose turn it is, and why one cannot be granted now."""

from typing import Any

from marketplace.contracts import rules
from marketplace.contracts.changes import ContractChange
from marketplace.contracts.changing import why_not_granted
from marketplace.contracts.models import TechnologyContract
from marketplace.core.rules import why_not


def changes_shown(contract: TechnologyContract, user: Any) -> dict[str, Any]:
    """Return the changes, and of one that is open what `user` may do about it, or why nobody can now."""
    changes = list(contract.changes.select_related("answered_by", "agreement"))
    states = ContractChange.State
    waits = any(each.state == states.AWAITING for each in changes)
    asked = any(each.state == states.REQUESTED for each in changes)
    takes_back = waits or (asked and contract.state == contract.State.CHANGE_REQUESTED)
    may_come = contract.stands and contract.refusal_to_move(contract.State.CHANGE_REQUESTED) is None
    grants = asked and why_not(rules.grant_contract_change, user, contract) is None
    return {
        "changes": changes,
        "awaits_buyer": waits,
        "takes_back": takes_back and why_not(rules.withdraw_contract_change, user, contract) is None,
        "answers_change": waits and may_come and why_not(rules.answer_contract_change, user, contract) is None,
        "not_granted": why_not_granted(contract) if grants else None,
    }
