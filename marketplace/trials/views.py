"""Pages of trials: asking for one, one trial with its steps, its contract as a paper."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from marketplace.core import clock
from marketplace.core.files import files_of
from marketplace.core.forms import put_beside
from marketplace.core.papers import Paper, paper_response
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.outcomes.models import ResearchOutcome
from marketplace.publicity.models import Publicity
from marketplace.trials import rules
from marketplace.trials.actions import request_trial
from marketplace.trials.insuring import uncovered_until
from marketplace.trials.kept_off import kept_off
from marketplace.trials.models import Trial
from marketplace.trials.parts import Insurance
from marketplace.trials.pool import PoolEntry
from marketplace.trials.pool_forms import RequestForm
from marketplace.trials.refusals import NotInPool, TermsMoved
from marketplace.trials.showing import TONES, days_left, parties, steps
from marketplace.trials.stepping import STEPS, cards, form_of
from marketplace.trials.telling import history
from marketplace.trials.trial_paper import trial_paper


@login_required
def trial_new(request: Any, number: str) -> HttpResponse:
    """Ask to try an outcome, on the terms of the pool that stand today."""
    found = ResearchOutcome.objects.visible_to(request.user).select_related("owner")
    outcome = get_object_or_404(found, number=number)
    if open_trial := outcome.open_trial_of(request.organisation):
        context = {"outcome": outcome, "terms": open_trial.terms, "open_trial": open_trial}
        return render(request, "marketplace/trials/trial_new.html", context)
    entry = PoolEntry.objects.open().filter(outcome=outcome).first()
    if entry is None and request.method != "POST":
        standing = outcome.standing_pool_entry
        messages.error(request, f"{NotInPool.message} {standing.why_closed if standing else ''}".strip())
        return redirect(outcome)
    terms = entry.current if entry is not None else None
    home = request.organisation.region if request.organisation is not None else ""
    data = request.POST or None
    has_moved = data is not None and terms is not None and data.get("version") != str(terms.version)
    if has_moved:  # this page shows the new ones, so that what is sent next was read
        data = QueryDict(mutable=True)
        data.update(request.POST)
        data["version"] = str(terms.version)
    form = RequestForm(data, terms=terms, home=home)
    obstacle = why_not(rules.request_trial, request.user, outcome, organisation=request.organisation)
    if has_moved:
        form.add_error(None, str(TermsMoved.message))
    elif form.is_valid():
        try:
            trial = request_trial(outcome, by=request.user, organisation=request.organisation, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The institute has been told. Its answer comes here and by mail."))
            return redirect(trial)
    if entry is None:  # it was closed while the form was filled in
        obstacle = obstacle or str(NotInPool.message)
    context = {"outcome": outcome, "terms": terms, "form": form, "obstacle": obstacle}
    context["is_full"] = entry is not None and entry.is_full
    return render(request, "marketplace/trials/trial_new.html", context)


def find_trial(request: Any, code: str) -> Trial:
    """Return the trial of that code, if this person may see it; else 404."""
    found = Trial.objects.visible_to(request.user).with_parties().select_related("enterprise", "requested_by")
    return get_object_or_404(found.prefetch_related("criteria", "extensions"), code=code)


def _why_not_bound(trial: Trial, user: Any, organisation: Any) -> str | None:
    """Return to people of the institute why they do not take the step that binds it and comes next."""
    binding = {Trial.State.REQUESTED: rules.approve_trial, Trial.State.APPROVED: rules.sign_trial_contract}
    rule = binding.get(Trial.State(trial.state))
    if (
        rule is None
        or trial.party_of(organisation) != "owner"
        or (rule is not rules.approve_trial and trial.has_signed("owner"))
    ):
        return None
    return why_not(rule, user, trial, organisation=organisation)


def trial_page(request: Any, trial: Trial, **wrong: forms.Form) -> HttpResponse:
    """Show a trial with all its parts; `wrong` is a form that was not accepted."""
    user = request.user
    milestones = list(trial.milestones.select_related("reached_by"))
    files = list(files_of(*milestones)) if milestones else []
    support = list(trial.support.all())
    others = kept_off(trial, user, request.organisation)
    bound = _why_not_bound(trial, user, request.organisation)
    insurance = Insurance.objects.filter(trial=trial).first()
    context = {
        "trial": trial,
        "terms": trial.terms,
        "tone": TONES[Trial.State(trial.state)],
        "left": days_left(trial, clock.today()),
        "steps": steps(trial),
        "parties": parties(trial, user, request.organisation),
        "kept_off": others,
        "needs_manager": None if others is not None and bound == others.reason else bound,
        "cards": cards(trial, user, request.organisation, wrong),
        "criteria": trial.criteria.all(),
        "milestones": [(one, [file for file in files if file.subject_id == one.pk]) for one in milestones],
        "today": clock.today(),
        "support": support,
        "hours": sum(one.hours for one in support if one.taken_back_at is None),
        "extensions": trial.extensions.all(),
        "insurance": insurance,
        "uncovered_until": uncovered_until(trial, insurance, today=clock.today()),
        "breaches": trial.breaches.all(),
        "outputs": trial.outputs.select_related("instalment__contract"),
        "publicity": Publicity.objects.of(trial).first(),
        "contracts": trial.deal.contracts.visible_to(user) if trial.deal else [],
        "may_draft": trial.deal is not None and trial.deal.awaits_contract and user.acts_for(trial.outcome.owner_id),
        "reads_contract": why_not(rules.read_trial_contract, user, trial) is None,
        "history": history(trial, is_over=trial.state in trial.ENDED),
    }
    return render(request, "marketplace/trials/trial_detail.html", context)


@never_cache
@login_required
@require_safe
def trial_detail(request: Any, code: str) -> HttpResponse:
    """One trial for its two parties and the district: whose turn, terms, parts, what happened."""
    return trial_page(request, find_trial(request, code))


@login_required
@require_POST
def trial_act(request: Any, code: str, verb: str) -> HttpResponse:
    """Take one step of a trial; what is wrong stands beside its field."""
    if verb not in STEPS:
        raise Http404
    trial, step = find_trial(request, code), STEPS[verb]
    given = {} if step.by_officer else {"organisation": request.organisation}
    require(step.rule, request.user, trial, **given)
    form: Any = form_of(verb, trial, request.POST, request.FILES)
    if form.is_valid() and form.asks:
        messages.warning(request, form.asks)
    elif form.is_valid():
        try:
            step.act(trial, by=request.user, **given, **form.cleaned_data)
        except Refused as refusal:
            trial = find_trial(request, code)
            if not form.visible_fields():
                messages.error(request, str(refusal))
                return redirect(trial)
            put_beside(form, refusal)
        else:
            messages.success(request, str(step.done))
            return redirect(trial)
    return trial_page(request, trial, **{verb: form})


def _paper(request: Any, code: str) -> tuple[Trial, Paper]:
    trial = find_trial(request, code)
    require(rules.read_trial_contract, request.user, trial)
    return trial, trial_paper(trial, address=request.build_absolute_uri(reverse("verify-code", args=[trial.code])))


@never_cache
@login_required
@require_safe
def trial_contract(request: Any, code: str) -> HttpResponse:
    """The trial contract, in the words its PDF has."""
    trial, paper = _paper(request, code)
    return render(request, "marketplace/trials/trial_contract.html", {"trial": trial, "paper": paper})


@never_cache
@login_required
@require_safe
def trial_contract_pdf(request: Any, code: str) -> HttpResponse:
    """The trial contract to keep and to seal."""
    trial, paper = _paper(request, code)
    return paper_response(paper, trial.number)
