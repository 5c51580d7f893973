"""Money shared out by the plan that held for it, and each payee's line paid.

Every verb holds the contract's row first: a payment that is reversed at the same moment is either reversed before
anything of it is paid, or after.
"""

import hashlib
import json
from dataclasses import astuple
from datetime import date, datetime
from decimal import ROUND_HALF_UP

from django.db import transaction

from marketplace.contracts.payments.models import Receipt
from marketplace.contracts.payments.references import hold_reference
from marketplace.contracts.sharing import rules
from marketplace.contracts.sharing.floors import tax_rule
from marketplace.contracts.sharing.models import DistributionPlan, PlanShare
from marketplace.contracts.sharing.net_income import Basis, Income, broker_cost
from marketplace.contracts.sharing.payouts import Distribution, PayoutLine
from marketplace.contracts.sharing.profits import ProfitReport
from marketplace.contracts.sharing.refusals import (
    DayOfPayout,
    DayOfYearsPayout,
    DistributedAlready,
    FiguresNotShown,
    NoPlanInEffect,
    NothingToShare,
    PaymentTakenBack,
    ReferenceMissing,
    SharedOtherwise,
    VoucherUsed,
)
from marketplace.contracts.sharing.splitting import split
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.money import part_of
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User


def plan_for(receipt: Receipt) -> DistributionPlan | None:
    """Return the plan that held on the day the money came in; where none did yet, the first that took effect."""
    plans = DistributionPlan.objects.filter(contract=receipt.contract_id)
    held = plans.effective_on(receipt.received_on).first()
    if held is None:
        return plans.of_income().enacted().first()
    return held if held.basis == Basis.INCOME else None


def income_of(receipt: Receipt, plan: DistributionPlan, *, direct_cost: int, tax: int) -> Income:
    """Return how the net income of a receipt comes about by a plan."""
    cost = broker_cost(receipt.amount, plan.broker_rate)
    return Income(receipt.amount, direct_cost=direct_cost, tax=tax, broker=cost, formula=plan.formula)


def nothing_left(income: Income) -> NothingToShare:
    """Return why an income whose net is nothing, or less, is not shared out."""
    return NothingToShare(payment_fen=income.payment, deducted_fen=income.payment - income.net)


def mark_of_figures(plan: DistributionPlan, income: Income) -> str:
    """Return what the page of a payment sends back to say which figures it showed: the amounts follow from these."""
    facts = [plan.code, *astuple(income)]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


@transaction.atomic
def distribute_receipt(
    receipt: Receipt,
    *,
    by: User,
    organisation: Organisation | None = None,
    direct_cost: int = 0,
    tax: int = 0,
    seen: str | None = None,
) -> Distribution:
    """Share one payment out, once. Raises PaymentTakenBack, DistributedAlready, NoPlanInEffect, SharedOtherwise,
    NothingToShare.

    `seen` is the mark of the figures a page showed: FiguresNotShown is raised where others would be shared out.
    """
    receipt.contract.lock()
    receipt.lock()
    now = clock.now()
    require(rules.distribute_receipt, by, receipt.contract, organisation=organisation)
    if not receipt.stands:
        raise PaymentTakenBack()
    if Distribution.objects.filter(receipt=receipt).exists():
        raise DistributedAlready()
    plan = plan_for(receipt)
    if plan is None:
        other = DistributionPlan.objects.filter(contract=receipt.contract_id).current().first()
        raise SharedOtherwise(basis=other.get_basis_display()) if other is not None else NoPlanInEffect()
    income = income_of(receipt, plan, direct_cost=direct_cost, tax=tax)
    if income.net <= 0:
        raise nothing_left(income)
    if seen is not None and seen != mark_of_figures(plan, income):
        raise FiguresNotShown(net_fen=income.net)
    return share_out(plan, income, by=by, at=now, receipt=receipt, direct_cost=direct_cost, tax=tax)


def share_out(
    plan: DistributionPlan, income: Income, *, by: User, at: datetime, **source: Receipt | ProfitReport | int
) -> Distribution:
    """Write the distribution of an income with its lines; `source` is what it comes from, with its costs."""
    shares = {share.key: share for share in plan.shares.all()}
    amounts = split(income.net, {key: share.percent for key, share in shares.items()})
    distribution = Distribution.objects.create(
        plan=plan,
        broker_cost=income.broker,
        net=income.net,
        to_inventors=sum(amounts[key] for key, share in shares.items() if share.kind == PlanShare.Kind.INVENTOR),
        made_by=by,
        made_at=at,
        **{"direct_cost": 0, "tax": 0} | source,
    )
    _write_lines(distribution, shares, amounts)
    _record(Kind.DISTRIBUTION_MADE, distribution, by=by, net=income.net, to_inventors=distribution.to_inventors)
    return distribution


def _write_lines(distribution: Distribution, shares: dict[str, PlanShare], amounts: dict[str, int]) -> None:
    """Write a line for each payee who gets a fen or more, and the broker's where a broker is a cost.

    What is taxed of an inventor's line is rounded half up: half a fen is counted.
    """
    rule = None
    if distribution.plan.basis == Basis.INCOME:  # the tax note speaks of cash rewards out of the income of a contract
        rule = tax_rule(distribution.contract.contract_type, on=clock.today())
    lines = []
    for key, share in shares.items():
        is_taxed = rule is not None and rule.percent is not None and share.kind == PlanShare.Kind.INVENTOR
        counted = None
        if is_taxed and rule and rule.percent is not None:
            counted = part_of(amounts[key], rule.percent, rounding=ROUND_HALF_UP)
        lines.append(
            PayoutLine(
                distribution=distribution,
                share=share,
                amount=amounts[key],
                tax_rule=rule if is_taxed else None,
                tax_counted=counted,
            )
        )
    if distribution.broker_cost:
        lines.append(PayoutLine(distribution=distribution, amount=distribution.broker_cost))
    PayoutLine.objects.bulk_create(line for line in lines if line.amount)


@transaction.atomic
def pay_line(
    line: PayoutLine,
    *,
    by: User,
    organisation: Organisation | None = None,
    paid_on: date,
    reference: str,
    pays_several: bool = False,
) -> None:
    """Note that one payee was paid; who notes it states that the transfer `pays_several` payouts.

    Raises WrongState, DayOfPayout, ReferenceMissing, VoucherUsed.
    """
    hold_line(line)
    require(rules.pay_line, by, line, organisation=organisation)
    line.move_to(line.State.PAID)
    if not line.distribution.payable_from <= paid_on <= clock.today():
        profit = line.distribution.profit
        raise DayOfPayout() if profit is None else DayOfYearsPayout(year=profit.year)
    reference = _given(reference)
    hold_reference(line.distribution.contract.seller_id, reference)
    if not pays_several:
        _require_unused(line, reference)
    line.paid_on, line.reference, line.paid_by = paid_on, reference, by
    line.save(update_fields=["state", "paid_on", "reference", "paid_by"])
    _record(Kind.PAYOUT_PAID, line, by=by, amount=line.amount, **({"pays_several": True} if pays_several else {}))


def _require_unused(line: PayoutLine, reference: str) -> None:
    """Refuse a reference another payout of the institute was paid by; one that was corrected was not paid by it."""
    State = PayoutLine.State
    paid = PayoutLine.objects.filter(state__in=[State.PAID, State.TO_RECLAIM, State.RECLAIMED], reference=reference)
    found = paid.filter(distribution__plan__contract__seller=line.distribution.contract.seller_id)
    other = found.select_related("share", "distribution__plan__contract").order_by("pk").first()
    if other is not None:
        contract = other.distribution.contract
        raise VoucherUsed(reference=reference, payee=other.payee, contract=f"{contract} ({contract.code})")


@transaction.atomic
def reclaim_line(
    line: PayoutLine, *, by: User, organisation: Organisation | None = None, paid_on: date, reference: str
) -> None:
    """Note that a payee paid back what a reversed payment took the ground from. Raises what pay_line does."""
    hold_line(line)
    require(rules.reclaim_line, by, line, organisation=organisation)
    line.move_to(line.State.RECLAIMED)
    if line.paid_on is None or not line.paid_on <= paid_on <= clock.today():
        raise DayOfPayout()
    line.reclaimed_on, line.reclaim_reference = paid_on, _given(reference)
    line.save(update_fields=["state", "reclaimed_on", "reclaim_reference"])
    _record(Kind.PAYOUT_RECLAIMED, line, by=by, amount=line.amount)


def hold_line(line: PayoutLine) -> None:
    """Hold the contract's row, then the line's."""
    line.distribution.contract.lock()
    line.lock()


def _given(reference: str) -> str:
    if not reference.strip():
        raise ReferenceMissing()
    return reference.strip()


def _record(kind: Kind, record: Distribution | PayoutLine, *, by: User, **data: object) -> None:
    of = record if isinstance(record, Distribution) else record.distribution
    journal.record(kind, record, by=by, on_behalf_of=of.contract.seller, **data)
