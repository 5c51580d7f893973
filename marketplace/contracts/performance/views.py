"""How a contract is carried out: its milestones with their steps, what is paid, and its end before its time."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from marketplace.contracts.asking import ask_beside
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import received_of
from marketplace.contracts.performance import actions, rules
from marketplace.contracts.performance import forms as asked
from marketplace.contracts.performance.end_views import ending_row
from marketplace.contracts.performance.models import ContractMilestone
from marketplace.contracts.performance.seeing import see_performance
from marketplace.contracts.rules import WRITERS
from marketplace.contracts.views import find_contract
from marketplace.core import clock
from marketplace.core.carrying_out import carry_out
from marketplace.core.files import files_of
from marketplace.core.rules import require, why_not

TONES = {"due": "idle", "done": "wait", "accepted": "go", "refused": "stop"}


def _address(contract: TechnologyContract) -> str:
    return reverse("performance-detail", args=[contract.code])


@login_required
@never_cache
def performance_detail(request: Any, code: str) -> HttpResponse:
    """Milestones with their evidence and answers, the sums of the payments, and a termination."""
    contract = find_contract(request, code)
    require(see_performance, request.user, contract)
    runs = not contract.is_terminated
    obstacle = why_not(rules.plan_milestone, request.user, contract, organisation=request.organisation)
    papers = ("evidence", "answer_paper", "decision_paper")
    terminations = list(contract.terminations.select_related("begun_by", "answered_by", "noted_by", *papers))
    context = {
        "contract": contract,
        "runs": runs,
        "rows": [_row(each, request, runs=runs) for each in _milestones(contract)],
        "plans": runs and obstacle is None,
        "kept_off": obstacle if runs and request.user.acts_for(contract.seller_id, *WRITERS) else None,
        "terminations": [ending_row(each, request) for each in terminations],
        "ends": contract.terminated_on is None
        and contract.signed_file_id is not None
        and not contract.is_under_review
        and rules.ends(request.user, contract),
        "ends_obstacle": why_not(rules.propose_termination, request.user, contract, organisation=request.organisation),
        "waits": any(each.state == each.State.PROPOSED for each in terminations),
        "is_ending": contract.terminated_on is not None,
        "received": received_of(contract),
        "planned": sum(each.amount for each in contract.instalments.standing().owed()),
    }
    return render(request, "marketplace/contracts/performance.html", context)


def _milestones(contract: TechnologyContract) -> list[ContractMilestone]:
    found = list(contract.milestones.standing().select_related("evidence", "planned_by", "done_by", "answered_by"))
    papers = {file.subject_id: file for file in files_of(*found, purposes=["acceptance"])} if found else {}
    for each in found:
        each.contract = contract
        each.paper = papers.get(each.pk)  # type: ignore[attr-defined]
    return found


def _row(milestone: ContractMilestone, request: Any, *, runs: bool) -> dict[str, Any]:
    """Return a milestone with the steps its state leads to and its rule allows.

    `kept_off` tells those of the buyer why they do not answer: they answered for the seller, or act for it now.
    """
    user, acting = request.user, {"organisation": request.organisation}
    states = ContractMilestone.State
    open_ones = milestone.state in (states.DUE, states.REFUSED)
    is_late = runs and milestone.is_late(clock.today())
    waits = runs and milestone.state == states.DONE
    obstacle = why_not(rules.accept_milestone, user, milestone, **acting) if waits else None
    return {
        "milestone": milestone,
        "tone": "stop" if is_late else TONES[milestone.state],
        "words": _("late") if is_late else milestone.get_state_display(),
        "reports": runs and open_ones and why_not(rules.report_milestone, user, milestone, **acting) is None,
        "answers": waits and obstacle is None,
        "kept_off": obstacle if user.acts_for(milestone.contract.buyer_id, *WRITERS) else None,
    }


def _ask(
    request: Any,
    contract: TechnologyContract,
    form: type[forms.Form],
    act: Callable[..., Any],
    *words: str,
    item: str = "",
    is_harsh: bool = False,
) -> HttpResponse:
    title, submit, done = words
    shown = {"title": title, "submit": submit, "done": done, "is_harsh": is_harsh}
    filled = form(request.POST or None, request.FILES or None)
    return ask_beside(request, filled, act, contract=contract, words=shown, back=_address(contract), item=item)


@login_required
def milestone_plan(request: Any, code: str) -> HttpResponse:
    """One more thing to be done."""
    contract = find_contract(request, code)
    require(rules.plan_milestone, request.user, contract, organisation=request.organisation)
    act = partial(actions.plan_milestone, contract, by=request.user, organisation=request.organisation)
    words = (_("Plan a milestone"), _("Plan the milestone"), _("The milestone is planned."))
    return _ask(request, contract, asked.MilestoneForm, act, *words)


def _milestone(request: Any, code: str) -> ContractMilestone:
    mine = TechnologyContract.objects.visible_to(request.user)
    found = ContractMilestone.objects.select_related("contract__seller", "contract__buyer").filter(contract__in=mine)
    return get_object_or_404(found, code=code)


@login_required
def milestone_report(request: Any, code: str) -> HttpResponse:
    """What was done, with its evidence."""
    milestone = _milestone(request, code)
    require(rules.report_milestone, request.user, milestone, organisation=request.organisation)
    act = partial(actions.report_milestone, milestone, by=request.user, organisation=request.organisation)
    words = (_("Report the milestone as done"), _("Report it"), _("Reported. The buyer accepts it, or says why not."))
    return _ask(request, milestone.contract, asked.ReportForm, act, *words, item=milestone.title)


@login_required
def milestone_accept(request: Any, code: str) -> HttpResponse:
    """The buyer's yes."""
    milestone = _milestone(request, code)
    require(rules.accept_milestone, request.user, milestone, organisation=request.organisation)
    act = partial(actions.accept_milestone, milestone, by=request.user, organisation=request.organisation)
    words = (_("Accept what was done"), _("Accept"), _("Accepted."))
    return _ask(request, milestone.contract, asked.AcceptForm, act, *words, item=milestone.title)


@login_required
def milestone_refuse(request: Any, code: str) -> HttpResponse:
    """The buyer's no, with the reasons."""
    milestone = _milestone(request, code)
    require(rules.refuse_milestone, request.user, milestone, organisation=request.organisation)
    act = partial(actions.refuse_milestone, milestone, by=request.user, organisation=request.organisation)
    words = (_("Do not accept what was done"), _("Do not accept it"), _("Not accepted; the seller has the reasons."))
    return _ask(request, milestone.contract, asked.RefuseForm, act, *words, item=milestone.title, is_harsh=True)


@login_required
@require_POST
def milestone_drop(request: Any, code: str) -> HttpResponse:
    """Strike what is not to be done any more."""
    milestone = _milestone(request, code)
    done = _("The milestone is struck.")
    carry_out(request, actions.drop_milestone, milestone, done=done, organisation=request.organisation)
    return redirect(_address(milestone.contract))
