"""Changing what is registered: the seller asks with new amounts or dates, a registrar grants or refuses (变更)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from marketplace.contracts import rules
from marketplace.contracts.amounts import Item, sums
from marketplace.contracts.assessments import is_above
from marketplace.contracts.changes import ContractChange
from marketplace.contracts.correcting import counted_items
from marketplace.contracts.counting import RegisterRow, count_event
from marketplace.contracts.dated import review_days
from marketplace.contracts.decisions import decide, require_reasons
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import LineItem, ReviewDecision
from marketplace.contracts.payments.lowering import require_covering, why_not_lowered
from marketplace.contracts.refusals import (
    AgreementMissing,
    ChangeAwaits,
    DatesOutOfOrder,
    NoItems,
    NothingChanged,
    NothingTechnical,
)
from marketplace.core import clock, files, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState, refuse
from marketplace.core.rules import require
from marketplace.organisations.models import User


@transaction.atomic
def request_contract_change(
    contract: TechnologyContract,
    *,
    by: User,
    items: Sequence[Item],
    begins_on: date,
    ends_on: date,
    reasons: str,
    upload: UploadedFile | None,
) -> ContractChange:
    """Ask for other amounts or another validity of a registered contract, and return the request.

    `upload` is the supplementary agreement. A buyer on the platform is asked first (amending.py), the register then.
    The contract stays as it is until the request is granted.
    Raises AgreementMissing, BelowReceived, ChangeAwaits, DatesOutOfOrder, NoItems, NothingChanged, NothingTechnical,
    ReasonsMissing, WrongState.
    """
    contract.lock()
    now = clock.now()
    require(rules.request_contract_change, by, contract)
    require_standing(contract)
    refuse(contract.refusal_to_move(contract.State.CHANGE_REQUESTED))
    if awaiting_change(contract) is not None:
        raise ChangeAwaits()
    reasons = require_reasons(reasons)
    change = ContractChange(contract=contract, reasons=reasons, requested_by=by, requested_at=now, **_before(contract))
    _ask_for(change, items, begins_on=begins_on, ends_on=ends_on)
    require_covering(contract, before=change.total_before, after=change.total_after)
    if upload is None:
        raise AgreementMissing()
    change.agreement = files.keep(upload, subject=contract, by=by, purpose="change", confidential=True)
    if contract.buyer_id is None:
        lay_before_register(change, on=timezone.localdate(now))
    else:
        change.state = ContractChange.State.AWAITING
    change.save()
    asked = Kind.CONTRACT_CHANGE_REQUESTED if contract.buyer_id is None else Kind.CONTRACT_CHANGE_PROPOSED
    amounts = {"total": change.total_after, "technical": change.technical_after}
    journal.record(asked, contract, by=by, on_behalf_of=contract.seller, change=change.code, **amounts)
    return change


def lay_before_register(change: ContractChange, *, on: date) -> None:
    """Let the registrars decide on a change both sides agree to, within the working days of a review that begins `on`.

    The caller holds both rows and saves the change.
    """
    contract = change.contract
    change.review_days = review_days(on, needs_second_review=change.is_large)
    contract.move_to(contract.State.CHANGE_REQUESTED)
    contract.save(update_fields=["state"])


def require_standing(contract: TechnologyContract) -> None:
    """Refuse what only a contract in the register can go through: a refusal upheld after an objection is none."""
    if not contract.stands:
        raise WrongState(state=contract.get_state_display())


def _before(contract: TechnologyContract) -> dict[str, Any]:
    return {
        "total_before": contract.total_amount,
        "technical_before": contract.technical_amount,
        "begins_before": contract.begins_on,
        "ends_before": contract.ends_on,
        "items_before": [vars(item) for item in counted_items(contract)],
    }


def _ask_for(change: ContractChange, items: Sequence[Item], *, begins_on: date, ends_on: date) -> None:
    """Put into the request what is asked for, if a contract may look like this and it differs from what stands."""
    if not items or any(item.amount <= 0 for item in items):
        raise NoItems()
    amounts = sums(items)
    if not amounts.technical:
        raise NothingTechnical()
    if ends_on < begins_on:
        raise DatesOutOfOrder()
    change.total_after, change.technical_after = amounts.total, amounts.technical
    change.begins_after, change.ends_after = begins_on, ends_on
    change.items_after = [vars(item) for item in items]
    before = (change.begins_before, change.ends_before, change.items_before)
    if before == (change.begins_after, change.ends_after, change.items_after):
        raise NothingChanged()


def open_change(contract: TechnologyContract) -> ContractChange | None:
    """Return the request that waits for a decision."""
    return contract.changes.filter(state=ContractChange.State.REQUESTED).first()


def awaiting_change(contract: TechnologyContract) -> ContractChange | None:
    """Return the request that waits for the consent of the buyer."""
    return contract.changes.filter(state=ContractChange.State.AWAITING).first()


def drop_awaiting(contract: TechnologyContract, *, by: User | None, at: datetime, state: str) -> ContractChange | None:
    """Close and return the request the buyer did not answer yet; the caller holds the contract."""
    change = awaiting_change(contract)
    if change is not None:
        change.move_to(state)
        change.decided_by, change.decided_at = by, at
        change.save(update_fields=["state", "decided_by", "decided_at"])
    return change


def _close(contract: TechnologyContract, *, by: User, state: str) -> ContractChange:
    """Decide the open request; the caller holds the lock of the contract. Raises WrongState."""
    change = open_change(contract)
    if contract.state != contract.State.CHANGE_REQUESTED or change is None:
        raise WrongState(state=contract.get_state_display())
    change.move_to(state)
    change.decided_by, change.decided_at = by, clock.now()
    change.save(update_fields=["state", "decided_by", "decided_at"])
    return change


def why_not_granted(contract: TechnologyContract) -> Refused | None:
    """Return why the change that is asked for cannot be granted as things stand."""
    change = open_change(contract)
    if change is None:
        return contract.refusal_to_move(contract.State.CHANGED)
    refusal = why_not_lowered(contract, before=contract.total_amount, after=change.total_after)
    return contract.refusal_to_move(contract.State.CHANGED) or refusal


@transaction.atomic
def grant_contract_change(contract: TechnologyContract, *, by: User, reasons: str = "") -> None:
    """Enter a change in the register; its difference counts today. Raises WrongState, BelowReceived."""
    contract.lock()
    now = clock.now()
    require(rules.grant_contract_change, by, contract)
    change = _close(contract, by=by, state=ContractChange.State.GRANTED)
    require_covering(contract, before=contract.total_amount, after=change.total_after)
    contract.move_to(contract.State.CHANGED)
    facts: dict[str, Any] = {"before": [change.total_before, change.technical_before]}
    if corrections := _corrections(contract):
        facts["corrections"] = corrections
    _apply(contract, change)
    if contract.is_over(timezone.localdate(now)):
        contract.end_noted_at = now  # the register says what was carried out
        contract.save(update_fields=["end_noted_at"])
    count_event(contract, RegisterRow.Kind.CHANGED, on=timezone.localdate(now), at=now)
    decide(contract, by=by, at=now, kind=ReviewDecision.Kind.CHANGED, reasons=reasons.strip())
    journal.record(
        Kind.CONTRACT_CHANGE_GRANTED,
        contract,
        by=by,
        change=change.code,
        total=contract.total_amount,
        technical=contract.technical_amount,
        **facts,
    )


def _corrections(contract: TechnologyContract) -> list[dict[str, Any]]:
    """Return what registrars corrected in the items that a change replaces: the journal keeps it."""
    corrected = contract.items.exclude(corrected_technical=None).select_related("corrected_by")
    return [
        {
            "item": item.label,
            "seller": item.technical_by_seller,
            "corrected": item.corrected_technical,
            "reasons": item.correction,
            "by": item.corrected_by.username if item.corrected_by else "",
        }
        for item in corrected
    ]


def _apply(contract: TechnologyContract, change: ContractChange) -> None:
    contract.total_amount, contract.technical_amount = change.total_after, change.technical_after
    contract.begins_on, contract.ends_on = change.begins_after, change.ends_after
    contract.save(update_fields=["state", "total_amount", "technical_amount", "begins_on", "ends_on"])
    contract.items.all().delete()
    LineItem.objects.bulk_create(
        LineItem(contract=contract, position=place, **item) for place, item in enumerate(change.items_after, start=1)
    )
    contract.is_above_assessment = is_above(contract)
    contract.save(update_fields=["is_above_assessment"])


@transaction.atomic
def refuse_contract_change(contract: TechnologyContract, *, by: User, reasons: str) -> None:
    """Leave a contract as it stands in the register. Raises ReasonsMissing, WrongState."""
    contract.lock()
    now = clock.now()
    require(rules.refuse_contract_change, by, contract)
    change = _close(contract, by=by, state=ContractChange.State.REFUSED)
    stay(contract)
    decide(contract, by=by, at=now, kind=ReviewDecision.Kind.UNCHANGED, reasons=require_reasons(reasons))
    contract.save(update_fields=["state"])
    journal.record(Kind.CONTRACT_CHANGE_REFUSED, contract, by=by, change=change.code)


def stay(contract: TechnologyContract) -> None:
    """Lead a contract back to where it stood in the register before a change was asked for."""
    was_changed = contract.changes.filter(state=ContractChange.State.GRANTED).exists()
    contract.move_to(contract.State.CHANGED if was_changed else contract.State.REGISTERED)


@transaction.atomic
def withdraw_contract_change(contract: TechnologyContract, *, by: User) -> None:
    """Take back a request for a change before it is decided; the contract stays as it stands. Raises WrongState."""
    contract.lock()
    now = clock.now()
    require(rules.withdraw_contract_change, by, contract)
    withdrawn = ContractChange.State.WITHDRAWN
    waited = drop_awaiting(contract, by=by, at=now, state=withdrawn)
    change = waited or _close(contract, by=by, state=withdrawn)
    if waited is None:
        stay(contract)
        contract.save(update_fields=["state"])
    facts: dict[str, Any] = {"change": change.code, "before_register": waited is not None}
    journal.record(Kind.CONTRACT_CHANGE_WITHDRAWN, contract, by=by, on_behalf_of=contract.seller, **facts)
