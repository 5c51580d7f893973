"""Objections to a decision of the register, and their re-examination by somebody new to the case (异议复核)."""

from django.db import transaction
from django.utils import timezone

from marketplace.contracts import rules
from marketplace.contracts.actions import start_clock
from marketplace.contracts.counting import RegisterRow, count_event
from marketplace.contracts.decisions import decide, lead_deal, require_reasons
from marketplace.contracts.freeing import free_assigned_outcome
from marketplace.contracts.lists.falling import void_lists_of
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import ReviewDecision
from marketplace.contracts.refusals import ContractExists
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.deals.models import Deal
from marketplace.organisations.models import User


@transaction.atomic
def object_to_decision(contract: TechnologyContract, *, by: User, reasons: str) -> None:
    """Object, for a party, to a registration or a refusal; a registration stands until the objection is decided.

    Raises ContractExists where the deal has another contract by now, ReasonsMissing, WrongState.
    """
    contract.lock()
    if contract.deal is not None:
        contract.deal.lock()  # another contract of it is drafted under this lock
    now = clock.now()
    require(rules.object_to_decision, by, contract)
    contract.move_to(contract.State.OBJECTION)
    others = TechnologyContract.objects.filter(deal=contract.deal_id).exclude(pk=contract.pk)
    if contract.deal_id is not None and others.in_force_of_deal().exists():
        raise ContractExists()
    decide(contract, by=by, at=now, kind=ReviewDecision.Kind.OBJECTED, reasons=require_reasons(reasons))
    contract.save(update_fields=["state"])
    journal.record(Kind.CONTRACT_OBJECTED, contract, by=by)


@transaction.atomic
def re_examine_contract(contract: TechnologyContract, *, by: User, upheld: bool, reasons: str) -> None:
    """Decide on an objection: the decision stands, or falls.

    A registration that falls is revoked; a refusal that falls puts the contract back into review, with a new clock.
    Raises ReasonsMissing, WrongState.
    """
    contract.lock()
    now = clock.now()
    today = timezone.localdate(now)
    require(rules.re_examine_contract, by, contract)
    was_registered, states = contract.stands, contract.State
    contract.move_to(states.RE_EXAMINED if upheld else states.REVOKED if was_registered else states.ACCEPTED)
    kinds = ReviewDecision.Kind
    kind = kinds.UPHELD if upheld else kinds.REVOKED if was_registered else kinds.REOPENED
    decide(contract, by=by, at=now, kind=kind, reasons=require_reasons(reasons))
    if contract.state == states.ACCEPTED:
        contract.first_reviewed_by, contract.is_disputed = None, True
        start_clock(contract, on=today)
        lead_deal(contract, to=Deal.State.REGISTRATION, by=by)
    contract.save()
    if contract.state == states.REVOKED:
        count_event(contract, RegisterRow.Kind.REVOKED, on=today, at=now)
        void_lists_of(contract, by=by, at=now)
        free_assigned_outcome(contract, by=by)
    journal.record(Kind.CONTRACT_RE_EXAMINED, contract, by=by, upheld=upheld, state=str(contract.state))
