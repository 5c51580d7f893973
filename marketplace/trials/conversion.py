"""The pages before a conversion and before its price is accepted: at which price, and what follows."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.core import clock
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.deals.after_trial import refusal_to_take_over
from marketplace.trials import rules
from marketplace.trials.actions import require_in_time
from marketplace.trials.models import Trial
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.refusals import TermOver
from marketplace.trials.stepping import STEPS, form_of
from marketplace.trials.views import find_trial


@never_cache
@login_required
@require_safe
def trial_convert(request: Any, code: str) -> HttpResponse:
    """Ask the enterprise whether it takes the outcome over, before it is bound."""
    trial = find_trial(request, code)
    require(rules.convert_trial, request.user, trial, organisation=request.organisation)
    if trial.state != Trial.State.EVALUATION:
        return redirect(trial)
    days = TrialPolicy.at(clock.now()).publicity_working_days
    obstacle = refusal_to_take_over(trial.outcome) if trial.terms.is_preset else None
    context = {"trial": trial, "terms": trial.terms, "days": days, "obstacle": obstacle}
    return render(request, "marketplace/trials/trial_convert.html", context)


@never_cache
@login_required
@require_safe
def trial_accept(request: Any, code: str) -> HttpResponse:
    """Ask whoever did not propose the price whether it is to bind, before it is published."""
    trial, step = find_trial(request, code), STEPS["accept"]
    require(step.rule, request.user, trial, organisation=request.organisation)
    if not step.is_offered(trial, request.user, request.organisation):
        return redirect(trial)
    obstacle: Refused | None = refusal_to_take_over(trial.outcome)
    try:
        require_in_time(trial, clock.now())
    except TermOver as refusal:
        obstacle = refusal
    context = {
        "trial": trial,
        "terms": trial.terms,
        "days": TrialPolicy.at(clock.now()).publicity_working_days,
        "form": form_of("accept", trial),
        "obstacle": obstacle,
    }
    return render(request, "marketplace/trials/trial_accept.html", context)
