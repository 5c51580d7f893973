"""Pages of a contract's end before its time: proposed, declared, answered, taken back, decided elsewhere."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from marketplace.contracts.asking import ask_beside
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.performance import disputing, rules, terminating
from marketplace.contracts.performance import forms as asked
from marketplace.contracts.performance.following import after_declaring, after_the_end
from marketplace.contracts.performance.models import ContractTermination
from marketplace.contracts.performance.refusals import AnswerTooLate, EndSettled
from marketplace.contracts.rules import SUBMITTERS
from marketplace.contracts.views import find_contract
from marketplace.core import clock
from marketplace.core.carrying_out import carry_out
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require, why_not

State = ContractTermination.State
SEND = gettext_lazy("Send this answer?")
TONES = {
    State.PROPOSED: "wait",
    State.AGREED: "stop",
    State.DECLARED: "stop",
    State.ACCEPTED: "stop",
    State.DISPUTED: "wait",
    State.CONFIRMED: "stop",
}


def ending_row(termination: ContractTermination, request: Any) -> dict[str, Any]:
    """Return an end with the steps that are left; `kept_off` tells why a colleague has to answer."""
    user, acting = request.user, {"organisation": request.organisation}
    waits = termination.is_answerable(clock.today())
    unsettled = termination.state in termination.IN_QUESTION and termination.settled_at is None
    obstacle = why_not(rules.answer_termination, user, termination, **acting) if waits else None
    withdraws = termination.state == State.PROPOSED or unsettled
    return {
        "termination": termination,
        "tone": TONES.get(State(termination.state), "idle"),
        "answers": waits and obstacle is None,
        "kept_off": obstacle if user.acts_for(termination.answering_id, *SUBMITTERS) else None,
        "withdraws": withdraws and why_not(rules.withdraw_termination, user, termination, **acting) is None,
        "decides": unsettled and why_not(rules.decide_declaration, user, termination) is None,
    }


def _ask(
    request: Any,
    contract: TechnologyContract,
    form: forms.Form,
    act: Callable[..., Any],
    words: dict[str, Any],
    **shown: Any,
) -> HttpResponse:
    words = {"is_harsh": True, **words}
    here = reverse("performance-detail", args=[contract.code])
    return ask_beside(request, form, act, contract=contract, words=words, back=here, **shown)


def _said(contract: TechnologyContract) -> Any:
    """Return, once it is done, that the contract has ended or on which day it will, or that the other side is asked."""

    def words() -> str:
        if contract.terminated_on is None:
            return _("Entered. The other side is asked.")
        day = {"day": contract.terminated_on}
        if contract.is_terminated:
            return _("The contract has ended on %(day)s.") % day
        return _("The contract ends on %(day)s; until then it runs, and what is due by then is owed.") % day

    return lazy(words, str)()


@login_required
def termination_propose(request: Any, code: str) -> HttpResponse:
    """Ask the other side to end the contract; of a buyer elsewhere its signature on the paper is its answer."""
    contract = find_contract(request, code)
    require(rules.propose_termination, request.user, contract, organisation=request.organisation)
    act = partial(terminating.propose_termination, contract, by=request.user, organisation=request.organisation)
    elsewhere = contract.buyer_id is None
    submit = _("Enter the end agreed by both") if elsewhere else _("Propose it")
    words = {"title": _("End the contract by agreement"), "submit": submit, "done": _said(contract)}
    form = asked.ProposalForm(request.POST or None, request.FILES or None, needs_paper=elsewhere)
    sure = _("End this contract by agreement?") if elsewhere else _("Propose to end this contract?")
    return _ask(request, contract, form, act, words, follows=after_the_end(contract), sure=sure)


@login_required
def termination_declare(request: Any, code: str) -> HttpResponse:
    """End the contract for a breach; the other side answers."""
    contract = find_contract(request, code)
    require(rules.declare_termination, request.user, contract, organisation=request.organisation)
    act = partial(terminating.declare_termination, contract, by=request.user, organisation=request.organisation)
    done = _("Declared; the other side is told, and accepts or disputes it.")
    words = {"title": _("End the contract for a breach"), "submit": _("Declare the end"), "done": done}
    form = asked.BreachForm(request.POST or None, request.FILES or None)
    sure = _("End this contract for a breach?")
    return _ask(request, contract, form, act, words, follows=after_declaring(contract), sure=sure)


def _termination(request: Any, code: str) -> ContractTermination:
    mine = TechnologyContract.objects.visible_to(request.user)
    parts = ("contract__seller", "contract__buyer", "contract__deal", "contract__broker", "begun_by", "answered_by")
    found = ContractTermination.objects.select_related(*parts)
    return get_object_or_404(found.filter(contract__in=mine), code=code)


def _not_any_more(request: Any, termination: ContractTermination, refusal: Refused) -> HttpResponse:
    messages.error(request, str(refusal))
    return redirect(termination)


@login_required
def termination_answer(request: Any, code: str) -> HttpResponse:
    """The other side's answer, with what was proposed or declared, by whom, for which day and why."""
    termination = _termination(request, code)
    require(rules.answer_termination, request.user, termination, organisation=request.organisation)
    if not termination.is_answerable(clock.today()) and request.method != "POST":
        is_late = termination.state == State.DECLARED
        late = AnswerTooLate(day=termination.answer_by)
        refusal = late if is_late else WrongState(state=termination.get_state_display())
        return _not_any_more(request, termination, refusal)
    if termination.state != State.PROPOSED:
        return _answer_declaration(request, termination)
    contract = termination.contract
    act = partial(terminating.answer_termination, termination, by=request.user, organisation=request.organisation)
    title, submit = _("Answer the proposal to end the contract"), _("Answer")
    words = {"title": title, "submit": submit, "done": _answered(contract), "is_harsh": False}
    form = asked.AnswerForm(request.POST or None)
    follows = [_("If you agree:"), *after_the_end(contract, day=termination.ends_on)]
    return _ask(request, contract, form, act, words, termination=termination, follows=follows, sure=SEND)


def _answered(contract: TechnologyContract) -> Any:
    """Return, once it is answered, what becomes of the contract."""
    said = _said(contract)
    declined = _("Answered. The contract goes on; the other side has your reasons.")
    return lazy(lambda: str(said) if contract.terminated_on is not None else declined, str)()


def _answer_declaration(request: Any, termination: ContractTermination) -> HttpResponse:
    """Accept an end for a breach, or dispute it."""
    act = partial(disputing.answer_declaration, termination, by=request.user, organisation=request.organisation)
    words = {
        "title": _("Answer the end declared for a breach"),
        "submit": _("Answer"),
        "done": _("Answered; the other side is told."),
        "is_harsh": False,
    }
    is_disputed = termination.state == State.DISPUTED
    form = asked.BreachAnswerForm(request.POST or None, request.FILES or None, is_disputed=is_disputed)
    follows = [
        _("Accepted, the end is settled: the deal of the contract ends with it."),
        _("Disputed, it reads so to both sides and the register, until you agree or a court or arbitration decides."),
    ]
    shown = {"termination": termination, "follows": follows, "sure": SEND}
    return _ask(request, termination.contract, form, act, words, **shown)


@login_required
@require_POST
def termination_withdraw(request: Any, code: str) -> HttpResponse:
    """Take a proposal back, or a declaration that is not settled."""
    termination = _termination(request, code)
    if termination.state == State.PROPOSED:
        done = _("The proposal is withdrawn.")
        carry_out(request, terminating.withdraw_termination, termination, done=done, organisation=request.organisation)
    else:
        done = _("The declaration is taken back; the contract goes on.")
        carry_out(request, disputing.retract_declaration, termination, done=done, organisation=request.organisation)
    return redirect(termination)


@login_required
def termination_decide(request: Any, code: str) -> HttpResponse:
    """An officer notes what court or arbitration decided on an end for a breach."""
    termination = _termination(request, code)
    require(rules.decide_declaration, request.user, termination)
    in_question = termination.state in termination.IN_QUESTION
    if request.method != "POST" and (not in_question or termination.settled_at is not None):
        refusal = EndSettled() if in_question else WrongState(state=termination.get_state_display())
        return _not_any_more(request, termination, refusal)
    act = partial(disputing.decide_declaration, termination, by=request.user)
    words = {
        "title": _("Note the decision of court or arbitration"),
        "submit": _("Note the decision"),
        "done": _("The decision is noted; both sides are told."),
        "is_harsh": False,
    }
    form = asked.DecisionForm(request.POST or None, request.FILES or None)
    follows = [
        _("Where the end stands, it is settled: the deal of the contract ends with it."),
        _("Where it is void, the contract runs as before."),
    ]
    shown = {"termination": termination, "follows": follows, "sure": _("Note this decision?")}
    return _ask(request, termination.contract, form, act, words, **shown)
