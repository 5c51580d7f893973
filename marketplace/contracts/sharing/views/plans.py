"""Pages of plans: what a contract shares and how, a plan, its form, its way to effect."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from marketplace.contracts.asking import ask_beside
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing import actions, approving, rules
from marketplace.contracts.sharing.completeness import judged, why_below
from marketplace.contracts.sharing.forms import (
    AgreementForm,
    PlanForm,
    ReturnForm,
    ShareFormSet,
    WithdrawalForm,
    accounts_for,
)
from marketplace.contracts.sharing.models import DistributionPlan, PlanShare
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.contracts.sharing.refusals import PlanOnItsWay
from marketplace.contracts.sharing.showing import plan_context, tone, withdrawal_follows
from marketplace.contracts.views import find_contract
from marketplace.core.carrying_out import carry_out
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not

TERMS = (
    "basis", "profit_years", "profit_from", "formula", "broker_as", "broker_name", "broker_rate", "department",
    "inventors_reason",
)  # fmt: skip
MOVES: dict[str, tuple[Any, Any]] = {
    "submit": (actions.submit_plan, gettext_lazy("Sent to the department.")),
    "approve-department": (approving.approve_for_department, gettext_lazy("Approved; the institute decides next.")),
    "approve-institute": (approving.approve_for_institute, gettext_lazy("Approved; the plan is in publicity now.")),
}


def find_plan(request: Any, code: str) -> DistributionPlan:
    """Return the plan of that code, if this person may see it; else 404."""
    found = DistributionPlan.objects.visible_to(request.user).select_related(
        "contract__seller", "contract__outcome", "floor_rule", "agreement_file", "agreement_by", "department_head"
    )
    return get_object_or_404(found, code=code)


@login_required
@never_cache
def sharing_overview(request: Any, code: str) -> HttpResponse:
    """The plans of a contract and what was shared out by them."""
    contract = find_contract(request, code)
    require(rules.see_sharing, request.user, contract)
    plans = list(contract.plans.select_related("drafted_by"))
    shared = Distribution.objects.visible_to(request.user).filter(plan__contract=contract)
    context = {
        "contract": contract,
        "plans": [{"plan": plan, "tone": tone(plan)} for plan in plans],
        "distributions": shared.select_related("receipt", "profit", "plan"),
        "drafts": why_not(rules.draft_plan, request.user, contract) is None and not any(plan.is_open for plan in plans),
    }
    return render(request, "marketplace/contracts/sharing/overview.html", context)


@login_required
@never_cache
def plan_detail(request: Any, code: str) -> HttpResponse:
    """One version of a plan: payees, floor, decisions, publicity, and what this person may do next."""
    plan = find_plan(request, code)
    context = plan_context(request.user, plan, request.organisation) | {"withdrawal": WithdrawalForm(plan=plan)}
    return render(request, "marketplace/contracts/sharing/plan_detail.html", context)


def _initial_of(plan: DistributionPlan) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    facts = {name: getattr(plan, name) for name in (*TERMS, "broker")} | {"department_head": plan.department_head}
    names = ("kind", "name", "percent", "is_leader", "declaration")
    rows = [
        {name: getattr(share, name) for name in names} | {"user": share.user.username if share.user else ""}
        for share in plan.shares.select_related("user")
    ]
    return facts, rows


def _initial_for(contract: TechnologyContract) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what a new version begins with: the last one, else the inventors of the outcome."""
    last = contract.plans.first()
    if last is not None:
        return _initial_of(last)
    made = contract.outcome.inventors.select_related("user") if contract.outcome is not None else []
    rows = [
        {"kind": PlanShare.Kind.INVENTOR, "name": one.name, "user": one.user.username if one.user else ""}
        for one in made
    ]
    begun = {"broker": contract.broker, "broker_name": contract.broker.name if contract.broker is not None else ""}
    return begun, [*rows, {"kind": PlanShare.Kind.INSTITUTE, "name": contract.seller.name}]


def _write(request: Any, contract: TechnologyContract, plan: DistributionPlan | None) -> HttpResponse:
    facts, rows = _initial_for(contract) if plan is None else _initial_of(plan)
    form = PlanForm(request.POST or None, initial=facts, contract=contract)
    shared = {"accounts": accounts_for(contract)}
    payees = ShareFormSet(request.POST or None, prefix="payees", initial=rows, form_kwargs=shared)
    if form.is_bound and form.is_valid() & payees.is_valid():
        had_agreement = plan is not None and plan.has_agreement
        try:
            plan = _save(request, contract, plan, form, payees)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            _say_saved(request, plan, had_agreement=had_agreement)
            return redirect(plan)
    context = {"form": form, "payees": payees, "contract": contract, "plan": plan}
    return render(request, "marketplace/contracts/sharing/plan_form.html", context)


def _say_saved(request: Any, plan: DistributionPlan, *, had_agreement: bool) -> None:
    """Say that the plan is kept, what it lacks, and that an agreement for more does not cover it."""
    missing, check = judged(plan)
    is_whole = not missing and why_below(check, has_agreement=plan.has_agreement) is None
    said = _("Saved. The plan can be sent.") if is_whole else _("Saved. What is missing stands on this page.")
    messages.success(request, said)
    if had_agreement and not plan.has_agreement:
        gone = _("The agreement on file was given for a larger share of the inventors: it does not cover this plan.")
        messages.warning(request, gone)


def _save(
    request: Any, contract: TechnologyContract, plan: DistributionPlan | None, form: Any, payees: Any
) -> DistributionPlan:
    if plan is None:
        return actions.draft_plan(contract, by=request.user, parts=payees.parts(), **form.cleaned_data)
    actions.change_plan(plan, by=request.user, parts=payees.parts(), **form.cleaned_data)
    return plan


@login_required
def plan_new(request: Any, code: str) -> HttpResponse:
    """A first plan of a contract, or the next version."""
    contract = find_contract(request, code)
    require(rules.draft_plan, request.user, contract)
    on_its_way = contract.plans.open().first()
    if on_its_way is not None and request.method != "POST":
        why = str(PlanOnItsWay(version=on_its_way.version))
        context = {"contract": contract, "on_its_way": on_its_way, "why": why}
        return render(request, "marketplace/contracts/sharing/plan_form.html", context)
    return _write(request, contract, None)


@login_required
def plan_change(request: Any, code: str) -> HttpResponse:
    """Write a plan anew that was not sent, or was returned."""
    plan = find_plan(request, code)
    require(rules.change_plan, request.user, plan)
    if not plan.is_unsent:
        messages.error(request, _("The plan was sent; a change is a new version."))
        return redirect(plan)
    return _write(request, plan.contract, plan)


@login_required
@require_POST
def plan_move(request: Any, code: str, verb: str) -> HttpResponse:
    """One step of a plan on its way."""
    plan = find_plan(request, code)
    if verb not in MOVES:
        raise Http404
    act, done = MOVES[verb]
    carry_out(request, act, plan, done=done)
    return redirect(plan)


@login_required
def plan_return(request: Any, code: str) -> HttpResponse:
    """Send a plan back with reasons."""
    plan = find_plan(request, code)
    require(rules.return_plan, request.user, plan)
    words = {"title": _("Return the plan"), "submit": _("Return"), "done": _("Returned with your reasons.")}
    act = partial(approving.return_plan, plan, by=request.user)
    form, back = ReturnForm(request.POST or None), plan.get_absolute_url()
    return ask_beside(request, form, act, contract=plan.contract, words=words, back=back)


@login_required
def plan_withdraw(request: Any, code: str) -> HttpResponse:
    """Give a version up, with the reason those read who have seen it."""
    plan = find_plan(request, code)
    require(rules.withdraw_plan, request.user, plan)
    words = {
        "title": _("Withdraw this version of the plan?"),
        "submit": _("Withdraw this version"),
        "done": _("Withdrawn."),
        "is_harsh": True,
    }
    act = partial(actions.withdraw_plan, plan, by=request.user)
    form, follows = WithdrawalForm(request.POST or None, plan=plan), withdrawal_follows(plan)
    back = plan.get_absolute_url()
    stands = plan.refusal_to_move(plan.State.WITHDRAWN)
    page = {"contract": plan.contract, "words": words, "back": back, "follows": follows, "obstacle": stands}
    return ask_beside(request, form, act, **page)


@login_required
def plan_agreement(request: Any, code: str) -> HttpResponse:
    """The unit's lawful agreement to go below the floor."""
    plan = find_plan(request, code)
    require(rules.file_agreement, request.user, plan)
    words = {
        "title": _("Put the unit's agreement on file"),
        "submit": _("Put on file"),
        "done": _("The agreement is on file."),
    }
    act = partial(actions.file_agreement, plan, by=request.user)
    form = AgreementForm(request.POST or None, request.FILES or None)
    return ask_beside(request, form, act, contract=plan.contract, words=words, back=plan.get_absolute_url())
