"""Who is told what about payments and benefit sharing. Amounts of a person stand in the statement, not in a mail."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import Instalment, Receipt
from marketplace.contracts.sharing.allotments import AllotmentLine
from marketplace.contracts.sharing.distributing import plan_for
from marketplace.contracts.sharing.models import DistributionPlan, PlanShare
from marketplace.contracts.sharing.net_income import BrokerAs
from marketplace.contracts.sharing.payouts import Distribution, PayoutLine
from marketplace.contracts.sharing.profits import ProfitReport
from marketplace.contracts.sharing.rules import approve_for_institute
from marketplace.core.journal import Entry, Kind
from marketplace.core.rules import why_not
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole
from tasks.notices import Tell


def _payments(contract: TechnologyContract) -> str:
    return reverse("payment-list", args=[contract.code])


def _finance(contract: TechnologyContract) -> Any:
    return User.objects.active_in(contract.seller_id, MemberRole.FINANCE).distinct()


def both_parties_about_late(entry: Entry) -> list[Tell]:
    """A payment is late: the seller's finance and the buyer's hear of it."""
    instalment = Instalment.objects.select_related("contract").get(pk=entry.subject_id)
    contract = instalment.contract
    data = {"amount_fen": instalment.amount, "due": instalment.due_on.isoformat()}
    people = [_finance(contract)]
    if contract.buyer_id is not None:
        people.append(User.objects.active_in(contract.buyer_id, MemberRole.FINANCE).distinct())
    return [Tell(each, "instalment.late", _payments(contract), contract, data=data) for each in people]


def finance_about_receipt(entry: Entry) -> list[Tell]:
    """Money came in and a plan says how it is shared: finance hears of it, but whoever entered it."""
    receipt = Receipt.objects.select_related("contract").get(pk=entry.subject_id)
    contract = receipt.contract
    if plan_for(receipt) is None:
        return []
    people = _finance(contract).exclude(pk=entry.actor_id)
    data = {"amount_fen": receipt.amount}
    return [Tell(people, "receipt.to_share", _payments(contract), contract, data=data)]


def _plan(entry: Entry) -> DistributionPlan:
    plans = DistributionPlan.objects.select_related("contract", "department_head", "drafted_by")
    return plans.get(pk=entry.subject_id)


def _still_there(user: User, plan: DistributionPlan) -> list[User]:
    """Return somebody the plan names while they belong to the institute: who left neither approves nor redrafts."""
    return [user] if user.acts_for(plan.contract.seller_id) else []


def department_about_plan(entry: Entry) -> list[Tell]:
    plan = _plan(entry)
    people = _still_there(plan.department_head, plan)
    return [Tell(people, "plan.for_department", plan.get_absolute_url(), plan)]


def managers_about_plan(entry: Entry) -> list[Tell]:
    """The department approved: the managers who may decide hear of it. The institute's own yes tells nobody."""
    plan = _plan(entry)
    if entry.data["stage"] != "department":
        return []
    managers = [
        user
        for user in User.objects.managing(plan.contract.seller_id)
        if user.pk != entry.actor_id and why_not(approve_for_institute, user, plan) is None
    ]
    return [Tell(managers, "plan.for_institute", plan.get_absolute_url(), plan)]


def writer_about_return(entry: Entry) -> list[Tell]:
    plan = _plan(entry)
    return [Tell(_still_there(plan.drafted_by, plan), "plan.returned", plan.get_absolute_url(), plan)]


def writer_about_objection(entry: Entry) -> list[Tell]:
    plan = _plan(entry)
    return [Tell([plan.drafted_by], "plan.objected", plan.get_absolute_url(), plan)]


def everybody_about_withdrawal(entry: Entry) -> list[Tell]:
    """A version that was sent is given up: whom it pays, who was asked to approve it and who drafted it hear of it."""
    plan = _plan(entry)
    if not plan.was_sent:
        return []
    people = {plan.drafted_by, plan.department_head, *_paid_inside(plan)}
    if entry.data.get("former") in (plan.State.AT_INSTITUTE, plan.State.IN_PUBLICITY):
        people |= set(User.objects.managing(plan.contract.seller_id))
    told = [user for user in people if user.is_active and user.pk != entry.actor_id]
    brokers = User.objects.filter(pk__in=plan.shares.filter(kind="broker").values("user"), is_active=True)
    return [
        Tell(told, "plan.withdrawn", plan.get_absolute_url(), plan),
        Tell(brokers, "plan.withdrawn", reverse("statement-list"), plan),  # who does not see the plan
        *(_broker_of(plan, "plan.withdrawn") if plan.broker_as == BrokerAs.COST else []),
    ]


def _paid_inside(plan: DistributionPlan) -> list[User]:
    """Return the payees who may open the plan: a broker may not."""
    paid = plan.shares.exclude(Q(user=None) | Q(kind=PlanShare.Kind.BROKER))
    return [share.user for share in paid.select_related("user") if share.user is not None]


def everybody_about_effect(entry: Entry) -> list[Tell]:
    """A plan took effect: whom it pays and who shares money out hear of it."""
    plan = _plan(entry)
    paid = [user.pk for user in _paid_inside(plan)]
    people = User.objects.filter(Q(pk__in=paid) | Q(pk__in=_finance(plan.contract).values("pk")), is_active=True)
    return [Tell(people, "plan.enacted", plan.get_absolute_url(), plan)]


def _payee(share: PlanShare, kind: str) -> Tell:
    contract = share.plan.contract
    people = [share.user] if share.user is not None and share.user.is_active else []
    return Tell(people, kind, reverse("statement-detail", args=[share.code]), contract)


def _payees(shares: Iterable[PlanShare | None], kind: str) -> list[Tell]:
    """Tell each payee with an account once: a corrected line stands beside the one in its place."""
    paid = {share.pk: share for share in shares if share is not None and share.user_id is not None}
    return [_payee(share, kind) for share in paid.values()]


def _shared(entry: Entry, kinds: dict[bool, str]) -> list[Tell]:
    """Tell the payees of a distribution; `kinds` are the words about a payment (True) and about a year's profit."""
    distribution = Distribution.objects.get(pk=entry.subject_id)
    lines = distribution.lines.select_related("share__user", "share__plan__contract")
    kind = kinds[distribution.receipt_id is not None]
    brokers = _broker_of(distribution.plan, kind) if distribution.broker_cost else []
    return [*_payees((line.share for line in lines), kind), *brokers]


def payees_about_distribution(entry: Entry) -> list[Tell]:
    return _shared(entry, {True: "distribution.made", False: "profit.shared"})


def payees_about_reversal(entry: Entry) -> list[Tell]:
    return _shared(entry, {True: "distribution.reversed", False: "profit.reversed"})


def _payee_of_line(entry: Entry, kind: str) -> list[Tell]:
    parts = ("share__user", "share__plan__contract", "distribution__plan__broker__user", "distribution__plan__contract")
    line = PayoutLine.objects.select_related(*parts).get(pk=entry.subject_id)
    return [_payee(line.share, kind)] if line.share is not None else _broker_of(line.distribution.plan, kind)


def _broker_of(plan: DistributionPlan, kind: str) -> list[Tell]:
    """Tell the broker of the register who is paid as a cost, where the plan names one."""
    broker = plan.broker
    people = [broker.user] if broker is not None and broker.user is not None and broker.user.is_active else []
    return [Tell(people, kind, reverse("fee-list"), plan.contract)]


def payee_about_payout(entry: Entry) -> list[Tell]:
    return _payee_of_line(entry, "payout.paid")


def payee_about_correction(entry: Entry) -> list[Tell]:
    return _payee_of_line(entry, "payout.corrected")


def finance_about_profit(entry: Entry) -> list[Tell]:
    """A profit was reported: finance hears that it is to be shared out, but whoever reported it."""
    report = ProfitReport.objects.select_related("contract").get(pk=entry.subject_id)
    if not report.has_profit:
        return []
    people = _finance(report.contract).exclude(pk=entry.actor_id)
    return [Tell(people, "profit.to_share", report.get_absolute_url(), report.contract, data={"year": report.year})]


def _holders(entry: Entry, kind: str) -> list[Tell]:
    lines = AllotmentLine.objects.filter(allotment=entry.subject_id)
    return _payees((line.share for line in lines.select_related("share__user", "share__plan__contract")), kind)


def holders_about_shares(entry: Entry) -> list[Tell]:
    return _holders(entry, "allotment.entered")


def holders_about_taking_back(entry: Entry) -> list[Tell]:
    return _holders(entry, "allotment.reversed")


TELLS = {
    Kind.INSTALMENT_REMINDED: both_parties_about_late,
    Kind.RECEIPT_ENTERED: finance_about_receipt,
    Kind.PLAN_SUBMITTED: department_about_plan,
    Kind.PLAN_APPROVED: managers_about_plan,
    Kind.PLAN_RETURNED: writer_about_return,
    Kind.PLAN_ENACTED: everybody_about_effect,
    Kind.PLAN_OBJECTED: writer_about_objection,
    Kind.PLAN_WITHDRAWN: everybody_about_withdrawal,
    Kind.DISTRIBUTION_MADE: payees_about_distribution,
    Kind.DISTRIBUTION_REVERSED: payees_about_reversal,
    Kind.PAYOUT_PAID: payee_about_payout,
    Kind.PAYOUT_CORRECTED: payee_about_correction,
    Kind.PROFIT_REPORTED: finance_about_profit,
    Kind.ALLOTMENT_ENTERED: holders_about_shares,
    Kind.ALLOTMENT_REVERSED: holders_about_taking_back,
}
