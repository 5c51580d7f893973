"""The decisions on a plan, and what the end of its publicity leads to."""

from datetime import datetime

from django.db import transaction

from marketplace.contracts.sharing import rules
from marketplace.contracts.sharing.actions import hold_plan
from marketplace.contracts.sharing.completeness import below_floor, judged
from marketplace.contracts.sharing.decisions import PlanDecision
from marketplace.contracts.sharing.floors import publicity_days
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.refusals import DecidedByThem, NoPublicityTerm, ReasonsForReturn
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import User
from marketplace.publicity.actions import begin_publicity
from marketplace.publicity.models import Publicity

Stage = PlanDecision.Stage


@transaction.atomic
def approve_for_department(plan: DistributionPlan, *, by: User) -> None:
    """The department's yes: the institute decides next. Raises DecidedByThem, BelowTheLaw, WrongState."""
    hold_plan(plan)
    now = clock.now()
    require(rules.approve_for_department, by, plan)
    plan.move_to(plan.State.AT_INSTITUTE)
    _require_lawful(plan)
    _decide(plan, by=by, at=now, stage=Stage.DEPARTMENT)
    plan.save(update_fields=["state"])
    _record(Kind.PLAN_APPROVED, plan, by=by, stage=Stage.DEPARTMENT)


@transaction.atomic
def approve_for_institute(plan: DistributionPlan, *, by: User) -> Publicity:
    """The institute's yes: the plan is published at once.

    Raises DecidedByThem, BelowTheLaw, NoPublicityTerm, WrongState.
    """
    hold_plan(plan)
    now = clock.now()
    require(rules.approve_for_institute, by, plan)
    plan.move_to(plan.State.IN_PUBLICITY)
    _require_lawful(plan)
    days = publicity_days(plan.contract.seller, on=clock.today())
    if days is None:
        raise NoPublicityTerm()
    _decide(plan, by=by, at=now, stage=Stage.INSTITUTE)
    plan.save(update_fields=["state"])
    _record(Kind.PLAN_APPROVED, plan, by=by, stage=Stage.INSTITUTE)
    return begin_publicity(plan, matter=Publicity.Matter.DISTRIBUTION, working_days=days, by=by)


@transaction.atomic
def return_plan(plan: DistributionPlan, *, by: User, reasons: str) -> None:
    """Send a plan back with reasons; both decisions are asked again when it returns."""
    hold_plan(plan)
    now = clock.now()
    require(rules.return_plan, by, plan)
    stage = Stage.DEPARTMENT if plan.state == plan.State.AT_DEPARTMENT else Stage.INSTITUTE
    plan.move_to(plan.State.RETURNED)
    if not reasons.strip():
        raise ReasonsForReturn()
    _decide(plan, by=by, at=now, stage=stage, reasons=reasons.strip())
    plan.save(update_fields=["state"])
    _record(Kind.PLAN_RETURNED, plan, by=by, stage=stage)


def _require_lawful(plan: DistributionPlan) -> None:
    """Raise BelowTheLaw for a plan that was sent before agreements below the law were refused, or by another rule."""
    refusal = below_floor(judged(plan)[1], has_agreement=True)
    if refusal is not None:
        raise refusal


def _decide(plan: DistributionPlan, *, by: User, at: datetime, stage: str, reasons: str = "") -> None:
    """Note a decision; in one round of a plan nobody decides twice."""
    if plan.decisions.filter(round=plan.round, decided_by=by).exists():
        raise DecidedByThem()
    PlanDecision.objects.create(
        plan=plan,
        round=plan.round,
        stage=stage,
        is_approved=not reasons,
        reasons=reasons,
        decided_by=by,
        decided_at=at,
    )


@transaction.atomic
def enact_plan(plan: DistributionPlan) -> bool:
    """Let a plan that stood its publicity take effect, in the place of the one before; tell whether this call did.

    A repeat changes nothing. What came in before this day keeps the version that held then.
    """
    hold_plan(plan)
    today = clock.today()
    if plan.state != plan.State.IN_PUBLICITY or Publicity.objects.of(plan).running().exists():
        return False
    for earlier in DistributionPlan.objects.filter(contract=plan.contract_id).current().select_for_update(of=("self",)):
        earlier.move_to(earlier.State.SUPERSEDED)
        earlier.superseded_on = today
        earlier.save(update_fields=["state", "superseded_on"])
    plan.move_to(plan.State.EFFECTIVE)
    plan.effective_on = today
    plan.save(update_fields=["state", "effective_on"])
    journal.record(Kind.PLAN_ENACTED, plan, by=None, version=plan.version)
    return True


@transaction.atomic
def drop_objected_plan(plan: DistributionPlan, *, by: User | None) -> bool:
    """Follow an upheld objection: this version falls, another has to be written. A repeat changes nothing."""
    hold_plan(plan)
    try:
        plan.move_to(plan.State.OBJECTED)
    except WrongState:
        return False
    plan.save(update_fields=["state"])
    journal.record(Kind.PLAN_OBJECTED, plan, by=by, version=plan.version)
    return True


def _record(kind: Kind, plan: DistributionPlan, *, by: User, **data: object) -> None:
    journal.record(kind, plan, by=by, on_behalf_of=plan.contract.seller, version=plan.version, **data)
