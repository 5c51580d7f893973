"""What the buyer says to a change of a registered contract, before the register is asked (补充协议)."""

from django.db import transaction
from django.utils import timezone

from marketplace.contracts import rules
from marketplace.contracts.changes import ContractChange
from marketplace.contracts.changing import awaiting_change, lay_before_register, require_standing
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.lowering import require_covering
from marketplace.contracts.refusals import ConsentReasonsMissing, NoChangeAwaits
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import User

State = ContractChange.State


@transaction.atomic
def answer_contract_change(contract: TechnologyContract, *, by: User, agrees: bool, answer: str = "") -> None:
    """Agree, and the registrars decide; or decline with the reasons, and the contract stays as it is.

    Raises BelowReceived, ConsentReasonsMissing, NoChangeAwaits, WrongState.
    """
    contract.lock()
    now = clock.now()
    require(rules.answer_contract_change, by, contract)
    change = awaiting_change(contract)
    if change is None:
        raise NoChangeAwaits()
    change.contract = contract
    if not agrees and not answer.strip():
        raise ConsentReasonsMissing()
    change.move_to(State.REQUESTED if agrees else State.DECLINED)
    change.answer, change.answered_by, change.answered_at = answer.strip(), by, now
    if agrees:
        require_standing(contract)
        require_covering(contract, before=contract.total_amount, after=change.total_after)
        lay_before_register(change, on=timezone.localdate(now))
    else:
        change.decided_by, change.decided_at = by, now
    change.save()
    kind = Kind.CONTRACT_CHANGE_AGREED if agrees else Kind.CONTRACT_CHANGE_DECLINED
    journal.record(kind, contract, by=by, on_behalf_of=contract.buyer, change=change.code)
