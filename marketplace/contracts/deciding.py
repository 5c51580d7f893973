"""Pages of the registrars' decisions: accept, two reviews, return, register, refuse; and of correcting a number."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.contracts import actions, reviewing, rules
from marketplace.contracts.aftermath import after_refusing, after_registering
from marketplace.contracts.agreed import what_was_agreed
from marketplace.contracts.assessments import beside, standing
from marketplace.contracts.changes import ContractChange
from marketplace.contracts.decision_forms import CorrectionForm, OpinionForm, RefusalForm, RegisterForm, ReturnForm
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.observations import observations
from marketplace.contracts.payments.models import received_of
from marketplace.contracts.progress import clock_of
from marketplace.contracts.readers import who_is_told
from marketplace.contracts.refusals import NumberDeviates
from marketplace.contracts.views import find_contract
from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.core.languages import paragraph
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require

Words = dict[str, Any]
State = TechnologyContract.State


def decision_page(
    request: Any,
    code: str,
    *,
    to: str = "",
    form_type: Callable[..., forms.Form],
    verb: Callable[..., None],
    words: Words,
    follows: Callable[[TechnologyContract], list[str]] | None = None,
    why_not: Callable[[TechnologyContract], Refused | None] | None = None,
) -> HttpResponse:
    """Ask for what the decision needs, take it, and say so.

    A contract that cannot go `to` the state the decision leads to, or of which `why_not` tells more, says so at once:
    nobody fills in a form for it.
    Where it `tells` (in the words) the parties, they are named once it is taken.
    `follows` names, in sentences, what follows from a decision that is asked about once more (`sure` in the words).
    """
    contract = find_contract(request, code)
    require(getattr(rules, verb.__name__), request.user, contract)

    def find_obstacle() -> Refused | None:
        return why_not(contract) if why_not else contract.refusal_to_move(to) if to else None

    obstacle = find_obstacle()
    if obstacle is not None and request.method != "POST":
        messages.error(request, str(obstacle))
        return redirect(contract)
    form, doubtful = form_type(request.POST or None, contract=contract), ""
    if form.is_valid():
        try:
            verb(contract, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
            contract.refresh_from_db()  # the verb may have begun to change it
            obstacle = find_obstacle()
            doubtful = refusal.details["number"] if isinstance(refusal, NumberDeviates) else ""
        else:
            told = [who_is_told(contract)] if words.get("tells") else []
            messages.success(request, paragraph([words["done"], *told]))
            return redirect(contract)
    context = {"form": form, "doubtful": doubtful, **words, **_shown_of(contract, request.user)}
    context["follows"] = follows(contract) if follows and obstacle is None else []
    return render(request, "marketplace/contracts/contract_decision.html", context)


def _shown_of(contract: TechnologyContract, user: Any) -> dict[str, Any]:
    """Return what whoever decides reads of a contract: its clock, an open change, assessments, what was agreed."""
    change = contract.changes.filter(state=ContractChange.State.REQUESTED).first()
    return {
        "contract": contract,
        "clock": clock_of(contract, today=clock.today()),
        "change": change,
        "lines": beside(contract.items.all(), standing(contract)) if contract.is_above_assessment else [],
        "proposes_refusal": reviewing.proposes_refusal(contract),
        "observations": observations(contract, user) if contract.is_under_review else [],
        "received": received_of(contract) if change is not None else None,
        **what_was_agreed(contract, user, change=change),
    }


@login_required
def contract_register(request: Any, code: str) -> HttpResponse:
    """The registrar's yes, with the number of the national system."""
    words = {
        "title": _("Register the contract"),
        "submit": _("Register the contract"),
        "done": _("The contract is registered."),
        "kind": "primary",
        "sure": _("Enter this contract in the register?"),
    }
    form_type, verb, follows = RegisterForm, actions.register_contract, after_registering
    why_not = actions.why_not_registered
    return decision_page(request, code, form_type=form_type, verb=verb, words=words, follows=follows, why_not=why_not)


@login_required
def contract_return(request: Any, code: str) -> HttpResponse:
    """The registrar's request for supplement."""
    words = {
        "title": _("Return the contract for supplement"),
        "submit": _("Return"),
        "done": _("Returned; the seller is told until when. The clock starts again when it is submitted."),
        "kind": "primary",
    }
    return decision_page(
        request, code, to=State.RETURNED, form_type=ReturnForm, verb=actions.return_contract, words=words
    )


@login_required
def contract_refuse(request: Any, code: str) -> HttpResponse:
    """The registrar's no."""
    words = {
        "title": _("Decide not to register"),
        "submit": _("Do not register"),
        "done": _("The contract is not registered; the seller has the reasons."),
        "kind": "danger",
        "sure": _("Decide not to register this contract?"),
    }
    form_type, verb, follows = RefusalForm, actions.refuse_contract, after_refusing
    return decision_page(
        request, code, to=State.NOT_REGISTERED, form_type=form_type, verb=verb, words=words, follows=follows
    )


@login_required
def contract_correct_number(request: Any, code: str) -> HttpResponse:
    """Another number for a contract in the register whose number was entered wrongly; else why there is none."""
    contract = find_contract(request, code)
    require(rules.correct_contract_number, request.user, contract)
    if request.method != "POST" and not contract.is_renumberable:
        messages.error(request, str(WrongState(state=contract.get_state_display())))
        return redirect(contract)
    words = {
        "title": _("Correct the registration number"),
        "submit": _("Correct the number"),
        "done": _("The number is corrected."),
        "tells": True,
        "kind": "primary",
    }
    return decision_page(request, code, form_type=CorrectionForm, verb=actions.correct_contract_number, words=words)


@login_required
def contract_pass_on(request: Any, code: str) -> HttpResponse:
    """The first reviewer's opinion, with which a second person goes on."""
    words = {
        "title": _("Pass to the second review"),
        "submit": _("Pass on"),
        "done": _("Passed on. Another person decides."),
        "kind": "primary",
    }
    return decision_page(
        request, code, to=State.SECOND_REVIEW, form_type=OpinionForm, verb=reviewing.pass_to_second_review, words=words
    )


def take_step(request: Any, code: str, verb: Callable[..., None], done: str) -> HttpResponse:
    """Take a step that asks for nothing, and say so on the page of the contract; else why not."""
    contract = find_contract(request, code)
    try:
        verb(contract, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(contract)


@login_required
@require_POST
def contract_accept(request: Any, code: str) -> HttpResponse:
    """Take a submitted contract into review."""
    return take_step(request, code, actions.accept_contract, _("Accepted for review."))


@login_required
@require_POST
def contract_first_review(request: Any, code: str) -> HttpResponse:
    """Take an accepted contract into the first review."""
    return take_step(request, code, reviewing.begin_first_review, _("The first review is begun; it bears your name."))
