"""A plan on its way: written, sent, approved by department and institute, published, in effect.

Every verb holds the contract's row first, then the plan's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NotRequired, TypedDict, Unpack

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from marketplace.brokers.models import TechBroker
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing import rules
from marketplace.contracts.sharing.completeness import below_floor, judged
from marketplace.contracts.sharing.fees import brokers_of
from marketplace.contracts.sharing.fitting import why_unfit
from marketplace.contracts.sharing.floors import formulas_for
from marketplace.contracts.sharing.models import DistributionPlan, PlanShare
from marketplace.contracts.sharing.net_income import Basis, BrokerAs
from marketplace.contracts.sharing.refusals import (
    BasisUnfit,
    BrokerOfAnother,
    BrokerRateMissing,
    NoFormula,
    PayeeTwice,
    PlanIncomplete,
    PlanOnItsWay,
    ReasonOfAgreement,
    ReasonOfWithdrawal,
    YearsOfProfit,
)
from marketplace.core import clock, files, journal
from marketplace.core.journal import Kind
from marketplace.core.languages import paragraph
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import User
from marketplace.publicity.actions import stop_publicity

PAPERS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@dataclass(frozen=True)
class Part:
    """One payee as it is entered."""

    kind: str
    name: str
    percent: Decimal
    user: User | None = None
    is_leader: bool = False
    declaration: str = ""


class PlanFacts(TypedDict):
    """What the institute fills in; names as in the model. Without a basis the net income is shared."""

    basis: NotRequired[str]
    profit_years: NotRequired[int | None]
    profit_from: NotRequired[int | None]

    broker: NotRequired[TechBroker | None]
    inventors_reason: NotRequired[str]
    formula: str
    broker_as: str
    broker_name: str
    broker_rate: Decimal | None
    department: str
    department_head: User


@transaction.atomic
def draft_plan(
    contract: TechnologyContract, *, by: User, parts: Sequence[Part], **facts: Unpack[PlanFacts]
) -> DistributionPlan:
    """Begin a version of the contract's plan, the first or one that is to replace the one in effect.

    Raises PlanOnItsWay, NoFormula, PayeeTwice, BasisUnfit, YearsOfProfit, BrokerRateMissing, BrokerOfAnother.
    """
    contract.lock()
    now = clock.now()
    require(rules.draft_plan, by, contract)
    on_its_way = contract.plans.filter(state__in=DistributionPlan.OPEN).first()
    if on_its_way is not None:
        raise PlanOnItsWay(version=on_its_way.version)
    version = contract.plans.count() + 1  # versions are never deleted
    plan = DistributionPlan(contract=contract, version=version, drafted_by=by, drafted_at=now)
    _write(plan, facts, parts)
    _record(Kind.PLAN_DRAFTED, plan, by=by, version=version)
    return plan


@transaction.atomic
def change_plan(plan: DistributionPlan, *, by: User, parts: Sequence[Part], **facts: Unpack[PlanFacts]) -> None:
    """Write a plan anew that was not sent or was returned; an agreement on file covers no less than it was given for.

    Raises WrongState, NoFormula, PayeeTwice, BasisUnfit, YearsOfProfit,
    BrokerRateMissing, BrokerOfAnother.
    """
    hold_plan(plan)
    now = clock.now()
    require(rules.change_plan, by, plan)
    _require_unsent(plan)
    basis, agreed = plan.basis, judged(plan)[1].share
    _write(plan, facts, parts)
    covered = plan.basis == basis and judged(plan)[1].share >= agreed
    void = None if covered else _withdraw_agreement(plan, at=now)
    _record(Kind.PLAN_CHANGED, plan, by=by, version=plan.version, **({"agreement_void": void} if void else {}))


def _withdraw_agreement(plan: DistributionPlan, *, at: datetime) -> str | None:
    """Take the agreement from a plan it does not cover any more; the file stays, withdrawn. Return its code."""
    file = plan.agreement_file
    if file is None:
        return None
    file.withdrawn_at = at
    file.save(update_fields=["withdrawn_at"])
    plan.agreement_file, plan.agreement_reason, plan.agreement_by, plan.agreement_at = None, "", None, None
    plan.save(update_fields=["agreement_file", "agreement_reason", "agreement_by", "agreement_at"])
    return file.code


@transaction.atomic
def file_agreement(plan: DistributionPlan, *, by: User, upload: UploadedFile, reason: str) -> None:
    """Put the unit's lawful agreement to go below the floor on file; who did so and why stays with the plan.

    Raises ReasonOfAgreement, WrongState, UnwantedType, TooLarge, EmptyFile; BelowTheLaw where no agreement
    makes the plan lawful.
    """
    hold_plan(plan)
    now = clock.now()
    require(rules.file_agreement, by, plan)
    _require_unsent(plan)
    if not reason.strip():
        raise ReasonOfAgreement()
    useless = below_floor(judged(plan)[1], has_agreement=True)
    if useless is not None:
        raise useless
    earlier = plan.agreement_file
    plan.agreement_file = files.keep(
        upload, subject=plan, by=by, purpose="sharing_agreement", accepted=PAPERS, confidential=True
    )
    plan.agreement_reason, plan.agreement_by, plan.agreement_at = reason.strip(), by, now
    plan.save(update_fields=["agreement_file", "agreement_reason", "agreement_by", "agreement_at"])
    if earlier is not None:
        earlier.withdrawn_at = now
        earlier.save(update_fields=["withdrawn_at"])
    _record(Kind.PLAN_AGREEMENT_FILED, plan, by=by, file=plan.agreement_file.code)


@transaction.atomic
def submit_plan(plan: DistributionPlan, *, by: User) -> None:
    """Send a whole plan to the department.

    Raises PlanIncomplete; BelowFloor unless the agreement is on file; BelowTheLaw, which no agreement mends.
    """
    hold_plan(plan)
    now = clock.now()
    require(rules.submit_plan, by, plan)
    plan.move_to(plan.State.AT_DEPARTMENT)
    missing, check = judged(plan)
    if missing:
        raise PlanIncomplete(missing=paragraph(missing))
    refusal = below_floor(check, has_agreement=plan.has_agreement)
    if refusal is not None:
        raise refusal
    plan.submitted_at, plan.round = now, plan.round + 1
    plan.floor_rule, plan.floor_percent = check.rule, check.floor
    plan.save(update_fields=["state", "submitted_at", "round", "floor_rule", "floor_percent"])
    _record(Kind.PLAN_SUBMITTED, plan, by=by, to_inventors=str(check.share), floor=str(check.floor))


@transaction.atomic
def withdraw_plan(plan: DistributionPlan, *, by: User, reason: str = "") -> None:
    """Give a version up before it took effect, with a reason where it was sent once; its publicity stops with it.

    What was objected to it and not answered falls with it. Raises ReasonOfWithdrawal.
    """
    hold_plan(plan)
    now = clock.now()
    require(rules.withdraw_plan, by, plan)
    former = plan.state
    plan.move_to(plan.State.WITHDRAWN)
    if plan.was_sent and not reason.strip():
        raise ReasonOfWithdrawal()
    plan.withdrawal_reason, plan.withdrawn_by, plan.withdrawn_at = reason.strip()[:500], by, now
    plan.save(update_fields=["state", "withdrawal_reason", "withdrawn_by", "withdrawn_at"])
    stop_publicity(plan, by=by, reason=plan.withdrawal_reason)
    _record(Kind.PLAN_WITHDRAWN, plan, by=by, version=plan.version, former=former)


def hold_plan(plan: DistributionPlan) -> None:
    """Hold the contract's row, then the plan's."""
    plan.contract.lock()
    plan.lock()


def _require_unsent(plan: DistributionPlan) -> None:
    if not plan.is_unsent:
        raise WrongState(state=plan.get_state_display())


def _write(plan: DistributionPlan, facts: PlanFacts, parts: Sequence[Part]) -> None:
    """Put facts and payees into a plan that may still be written."""
    if facts["formula"] not in formulas_for(plan.contract.seller, on=clock.today()):
        raise NoFormula()
    if len({(part.kind, part.name.strip()) for part in parts}) < len(parts):
        raise PayeeTwice()
    for name, value in facts.items():
        setattr(plan, name, value)
    if why := why_unfit(plan.contract, plan.basis):
        raise BasisUnfit(why=why)
    years = (plan.profit_years, plan.profit_from)
    if not (all(years) if plan.basis == Basis.PROFIT else years == (None, None)):
        raise YearsOfProfit()
    if plan.broker_as != BrokerAs.COST:
        plan.broker_rate = None
    elif plan.broker_rate is None:
        raise BrokerRateMissing()
    if plan.broker_as == BrokerAs.NOBODY:
        plan.broker = None
    elif plan.broker is not None and plan.broker not in brokers_of(plan.contract):
        raise BrokerOfAnother()
    plan.save()
    plan.shares.all().delete()
    PlanShare.objects.bulk_create(
        PlanShare(
            plan=plan,
            position=place,
            kind=part.kind,
            name=part.name.strip(),
            user=_account_of(part, plan.broker),
            percent=part.percent,
            is_leader=part.is_leader,
            declaration=part.declaration.strip() if part.is_leader else "",
        )
        for place, part in enumerate(parts, start=1)
    )


def _account_of(part: Part, broker: TechBroker | None) -> User | None:
    """Return whose statement a payee's is: a broker's share is that of the broker named from the register."""
    return broker.user if part.kind == PlanShare.Kind.BROKER and broker is not None else part.user


def _record(kind: Kind, plan: DistributionPlan, *, by: User, **data: object) -> None:
    journal.record(kind, plan, by=by, on_behalf_of=plan.contract.seller, **data)
