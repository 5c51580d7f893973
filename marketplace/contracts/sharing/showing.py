"""A plan and its money for one reader: what stands where, and what this person may do next."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.contracts.sharing import rules
from marketplace.contracts.sharing.approvers import lacks_approver
from marketplace.contracts.sharing.carrying import carried_out
from marketplace.contracts.sharing.completeness import judged, why_below
from marketplace.contracts.sharing.fitting import doubt_about
from marketplace.contracts.sharing.floors import FloorCheck, floor_check
from marketplace.contracts.sharing.inventors import apart_from_outcome
from marketplace.contracts.sharing.models import DistributionPlan, PlanShare
from marketplace.contracts.sharing.net_income import Income
from marketplace.core.money import format_exact
from marketplace.core.rules import why_not
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.publicity.models import Publicity

State = DistributionPlan.State
TONES = {
    State.DRAFT: "idle",
    State.AT_DEPARTMENT: "way",
    State.AT_INSTITUTE: "way",
    State.RETURNED: "wait",
    State.IN_PUBLICITY: "wait",
    State.EFFECTIVE: "go",
    State.SUPERSEDED: "done",
    State.OBJECTED: "stop",
    State.WITHDRAWN: "idle",
}
LINE_TONES = {"payable": "wait", "paid": "go", "cancelled": "idle", "to_reclaim": "stop", "reclaimed": "done"}
LINE_TONES |= {"corrected": "stop", "reversing": "idle"}


def tone(plan: DistributionPlan) -> str:
    return TONES[State(plan.state)]


def may(user: Any, plan: DistributionPlan) -> dict[str, bool]:
    """Return what the person may do to the plan as it stands."""

    def allowed(rule: Any, *states: str) -> bool:
        return plan.state in states and why_not(rule, user, plan) is None

    return {
        "change": allowed(rules.change_plan, *plan.UNSENT),
        "submit": allowed(rules.submit_plan, *plan.UNSENT),
        "agree": allowed(rules.file_agreement, *plan.UNSENT),
        "approve_department": allowed(rules.approve_for_department, State.AT_DEPARTMENT),
        "approve_institute": allowed(rules.approve_for_institute, State.AT_INSTITUTE),
        "send_back": allowed(rules.return_plan, State.AT_DEPARTMENT, State.AT_INSTITUTE),
        "withdraw": allowed(rules.withdraw_plan, *plan.OPEN),
        "replace": allowed(rules.change_plan, State.EFFECTIVE, State.OBJECTED, State.WITHDRAWN),
    }


def _kept_from(user: Any, plan: DistributionPlan) -> str:
    """Return why a manager does not approve a plan that waits for the managers; "" where it is not so."""
    is_asked = plan.state == State.AT_INSTITUTE and user.acts_for(plan.contract.seller_id, MemberRole.MANAGER)
    return str(why_not(rules.approve_for_institute, user, plan) or "") if is_asked else ""


def withdrawal_follows(plan: DistributionPlan) -> list[str]:
    """Return what follows when this version is withdrawn as it stands."""
    found = [_("It cannot be taken up again. Only a new version can take its place.")]
    if plan.state == State.IN_PUBLICITY:
        found += [
            _("Its publicity stops at once, and names and shares are not public any more; that there was one, and "
              "your reason, stays public."),
            _("Both approvals lapse. Objections without an answer fall with this version."),
        ]  # fmt: skip
    elif plan.state == State.AT_INSTITUTE:
        found.append(_("The approval of the department lapses."))
    if plan.was_sent:
        found.append(_("Whom it pays, who was asked to approve it and who objected to it are told."))
    return found


def shown_floor(plan: DistributionPlan, shares: Iterable[PlanShare]) -> FloorCheck:
    """Return how the plan stands with the floor: with the rule it was judged by, once it was sent."""
    check = floor_check(plan.contract, shares, basis=plan.basis)
    return FloorCheck(check.share, plan.floor_rule) if plan.submitted_at is not None else check


def plan_context(user: Any, plan: DistributionPlan, organisation: Organisation | None) -> dict[str, Any]:
    """Return what the page of a plan shows."""
    shares = list(plan.shares.select_related("user"))
    missing, check = judged(plan) if plan.is_unsent else ([], shown_floor(plan, shares))
    return {
        "plan": plan,
        "contract": plan.contract,
        "tone": tone(plan),
        "shares": [{"share": one, "opens": one.statement_visible_to(user)} for one in shares],
        "missing": missing,
        "below": why_below(check, has_agreement=plan.has_agreement) if plan.is_unsent else None,
        "check": check,
        "decisions": plan.decisions.select_related("decided_by"),
        "publicity": Publicity.objects.of(plan).first(),
        "may": may(user, plan),
        "kept_from": _kept_from(user, plan),
        "on_its_way": plan.contract.plans.open().exclude(pk=plan.pk).first(),
        "apart": apart_from_outcome(plan.contract, [] if plan.state == State.WITHDRAWN else shares),
        "doubt": doubt_about(plan.contract, plan.basis) if plan.is_open else "",
        "lacks_approver": lacks_approver(plan),
        "manages": user.acts_for(plan.contract.seller_id, MemberRole.MANAGER),
        "follows": withdrawal_follows(plan),
        "steps": steps(plan),
        "reads_file": plan.agreement_file is not None and plan.file_visible_to(user, plan.agreement_file),
        **carried_out(user, plan, organisation),
        "sees_contract": why_not(rules.see_sharing, user, plan.contract) is None,
    }


def steps(plan: DistributionPlan) -> list[dict[str, str]]:
    """Return the way of a version to its effect, with where it stands."""
    way = [
        (_("Written"), (State.DRAFT, State.RETURNED)),
        (_("Department"), (State.AT_DEPARTMENT,)),
        (_("Institute"), (State.AT_INSTITUTE,)),
        (_("Publicity"), (State.IN_PUBLICITY,)),
        (_("In effect"), (State.EFFECTIVE, State.SUPERSEDED)),
    ]
    place = next((index for index, (_label, states) in enumerate(way) if plan.state in states), 0)
    place = len(way) if plan.state in (State.EFFECTIVE, State.SUPERSEDED) else place
    return [
        {"label": label, "note": "", "state": "done" if index < place else "current" if index == place else ""}
        for index, (label, _states) in enumerate(way)
    ]


def what_is_shared(what: str, income: Income, amounts: dict[PlanShare, int]) -> list[str]:
    """Return in sentences what sharing this income out gives to whom, and that it is final; `what` is its name."""
    money = partial(format_exact, language=get_language() or "zh-hans")
    inventors = sum(fen for share, fen in amounts.items() if share.kind == PlanShare.Kind.INVENTOR)
    sums = {
        "what": what,
        "net": money(income.net),
        "inventors": money(inventors),
        "rest": money(income.net - inventors),
    }
    said = [
        _("%(what)s %(net)s: the inventors get %(inventors)s together, all other payees %(rest)s.") % sums,
    ]
    if income.broker:
        said.append(_("The broker gets %(amount)s as a cost.") % {"amount": money(income.broker)})
    return [
        *said,
        _("Whoever is paid and has an account is told at once."),
        _("It is final: neither costs nor amounts can be changed; only taking back what came in takes it back whole."),
    ]


def income_rows(income: Income) -> list[tuple[Any, int]]:
    """Return how the net income came about, as (label, fen below zero where it goes off)."""
    rows = [(_("Payment received"), income.payment)]
    if income.deducted_cost:
        rows.append((_("Direct cost"), -income.deducted_cost))
    if income.deducted_tax:
        rows.append((_("Tax"), -income.deducted_tax))
    if income.broker:
        rows.append((_("Broker, as a cost"), -income.broker))
    return [*rows, (_("Net income"), income.net)]
