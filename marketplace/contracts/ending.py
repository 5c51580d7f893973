"""How a registration ends: cancelled by the seller (注销) or revoked by the authority (撤销).

A contract that was ended before its time stays registered until then; the register notes the end.
Either takes the contract off the figures on its day. The number stays with the contract and is not given again.
"""

from django.db import transaction
from django.utils import timezone

from marketplace.contracts import rules
from marketplace.contracts.changes import ContractChange
from marketplace.contracts.changing import drop_awaiting, open_change, require_standing
from marketplace.contracts.counting import RegisterRow, count_event
from marketplace.contracts.decisions import decide, require_reasons
from marketplace.contracts.freeing import free_assigned_outcome, is_end_settled
from marketplace.contracts.lists.falling import void_lists_of
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import ReviewDecision
from marketplace.contracts.refusals import NoEndToNote
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState, refuse
from marketplace.core.rules import require
from marketplace.organisations.models import User


@transaction.atomic
def cancel_contract(contract: TechnologyContract, *, by: User, reasons: str, benefits_enjoyed: bool) -> None:
    """Take a contract off the register for its seller, who says whether tax relief or rewards were drawn on it.

    Where the contract has ended too, beyond question, the outcome it assigned is available again.
    Raises ReasonsMissing, WrongState.
    """
    contract.lock()
    now = clock.now()
    require(rules.cancel_contract, by, contract)
    require_standing(contract)
    contract.move_to(contract.State.CANCELLED)
    drop_awaiting(contract, by=by, at=now, state=ContractChange.State.WITHDRAWN)
    decide(contract, by=by, at=now, kind=ReviewDecision.Kind.CANCELLED, reasons=require_reasons(reasons))
    contract.save(update_fields=["state"])
    if is_end_settled(contract):
        free_assigned_outcome(contract, by=by)
    count_event(contract, RegisterRow.Kind.CANCELLED, on=timezone.localdate(now), at=now)
    journal.record(
        Kind.CONTRACT_CANCELLED, contract, by=by, on_behalf_of=contract.seller, benefits_enjoyed=benefits_enjoyed
    )


@transaction.atomic
def note_contract_end(contract: TechnologyContract, *, by: User, reasons: str) -> None:
    """Note that a registered contract was ended and what of it stays in the register, for whoever reads that later.

    Raises NoEndToNote, ReasonsMissing, WrongState.
    """
    contract.lock()
    now = clock.now()
    require(rules.note_contract_end, by, contract)
    refuse(why_no_end_to_note(contract))
    decide(contract, by=by, at=now, kind=ReviewDecision.Kind.END_NOTED, reasons=require_reasons(reasons))
    contract.end_noted_at = now
    contract.save(update_fields=["end_noted_at"])
    journal.record(Kind.CONTRACT_END_NOTED, contract, by=by)


def why_no_end_to_note(contract: TechnologyContract) -> Refused | None:
    """Return why there is no end of a contract for the register to note; None where there is one."""
    if not contract.stands:
        return WrongState(state=contract.get_state_display())
    if not contract.is_terminated or contract.end_noted_at is not None:
        return NoEndToNote()
    return None


@transaction.atomic
def revoke_contract(contract: TechnologyContract, *, by: User, reasons: str) -> None:
    """Strike a contract from the register; a change that was asked for falls with it.

    Raises ReasonsMissing, WrongState.
    """
    contract.lock()
    now = clock.now()
    require(rules.revoke_contract, by, contract)
    require_standing(contract)
    contract.move_to(contract.State.REVOKED)
    drop_awaiting(contract, by=by, at=now, state=ContractChange.State.REFUSED)
    decide(contract, by=by, at=now, kind=ReviewDecision.Kind.REVOKED, reasons=require_reasons(reasons))
    contract.save(update_fields=["state"])
    change = open_change(contract)
    if change is not None:
        change.move_to(ContractChange.State.REFUSED)
        change.decided_by, change.decided_at = by, now
        change.save(update_fields=["state", "decided_by", "decided_at"])
    count_event(contract, RegisterRow.Kind.REVOKED, on=timezone.localdate(now), at=now)
    void_lists_of(contract, by=by, at=now)
    free_assigned_outcome(contract, by=by)
    journal.record(Kind.CONTRACT_REVOKED, contract, by=by)
