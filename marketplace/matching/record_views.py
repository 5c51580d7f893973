"""Pages of the matches of one need or outcome, and what people add or pin by hand."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.core.carrying_out import carry_out
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.matching import rules
from marketplace.matching.by_hand import add_match, pin_match, take_back_match, unpin_match
from marketplace.matching.forms import AddForm, PinForm, ask_for_no_names
from marketplace.matching.models import Match
from marketplace.matching.showing import shown
from marketplace.matching.sides import Side
from marketplace.matching.views import found_for, match_page
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome


def _needs(request: Any) -> Any:
    return TechnologyNeed.objects.visible_to(request.user).select_related("organisation")


def _outcomes(request: Any) -> Any:
    return ResearchOutcome.objects.visible_to(request.user).select_related("owner")


def _half(*, need: TechnologyNeed | None = None, outcome: ResearchOutcome | None = None) -> Match:
    """Return a pair whose other half is still open, to ask who may add one."""
    return Match(need=need or TechnologyNeed(), outcome=outcome or ResearchOutcome())


def _require_may_add(request: Any, half: Match) -> None:
    require(rules.add_match, request.user, half, organisation=request.organisation)


def _need_page(request: Any, need: TechnologyNeed, form: AddForm | None = None) -> HttpResponse:
    require(rules.see_matches_of_need, request.user, need)
    matches = found_for(request).standing().filter(need=need)
    add_url = reverse("need-match-add", args=[need.code])
    return _page(request, need, matches, half=_half(need=need), form=form, add_url=add_url)


def _outcome_page(request: Any, outcome: ResearchOutcome, form: AddForm | None = None) -> HttpResponse:
    require(rules.see_matches_of_outcome, request.user, outcome)
    matches = found_for(request).standing().filter(outcome=outcome)
    add_url = reverse("outcome-match-add", args=[outcome.number])
    return _page(request, outcome, matches, half=_half(outcome=outcome), form=form, add_url=add_url)


def _page(request: Any, record: Any, matches: Any, *, half: Match, form: AddForm | None, add_url: str) -> HttpResponse:
    """List the matches of a record, with a form where the reader may add one."""
    form = form or AddForm()
    if getattr(record, "is_anonymous", False):
        ask_for_no_names(form.fields["reason"])
    context = {
        "record": record,
        "of": Side.NEED if isinstance(record, TechnologyNeed) else Side.OUTCOME,
        "rows": shown(matches.best_first(), request.user, request.organisation),
        "form": form,
        "add_url": add_url,
        "add_follows": _after_adding(),
        "obstacle": why_not(rules.add_match, request.user, half, organisation=request.organisation),
    }
    return render(request, "marketplace/matching/record_matches.html", context)


def _after_adding() -> list[str]:
    """Return in sentences what adding a match by hand leads to."""
    return [
        _("For a counterpart you know that is not proposed. Strength and reasons are computed once it is added."),
        _("Both sides are told at once, by mail too; they read your reason, and as whom you added it."),
        _("You can take it back while neither side has answered; both are told."),
    ]


@login_required
def need_matches(request: Any, code: str) -> HttpResponse:
    """Outcomes proposed for one need, for its enterprise."""
    return _need_page(request, get_object_or_404(_needs(request), code=code))


@login_required
def outcome_matches(request: Any, number: str) -> HttpResponse:
    """Needs proposed for one outcome, for its owner."""
    return _outcome_page(request, get_object_or_404(_outcomes(request), number=number))


@require_POST
@login_required
def need_match_add(request: Any, code: str) -> HttpResponse:
    """Add an outcome to the matches of a need."""
    need = get_object_or_404(_needs(request), code=code)
    _require_may_add(request, _half(need=need))
    form = AddForm(request.POST)
    outcome = _counterpart(form, _outcomes(request), "number")
    match = _added(request, form, need, outcome) if outcome else None
    return redirect(match) if match else _need_page(request, need, form)


@require_POST
@login_required
def outcome_match_add(request: Any, number: str) -> HttpResponse:
    """Add a need to the matches of an outcome."""
    outcome = get_object_or_404(_outcomes(request), number=number)
    _require_may_add(request, _half(outcome=outcome))
    form = AddForm(request.POST)
    need = _counterpart(form, _needs(request), "code")
    match = _added(request, form, need, outcome) if need else None
    return redirect(match) if match else _outcome_page(request, outcome, form)


def _counterpart(form: AddForm, found: Any, key: str) -> Any:
    """Return the record the form names, or None after saying so beside the field."""
    if not form.is_valid():
        return None
    record = found.filter(**{f"{key}__iexact": form.cleaned_data["counterpart"]}).first()
    if record is None:
        form.add_error("counterpart", _("There is nothing public with this number."))
    return record


def _added(request: Any, form: AddForm, need: TechnologyNeed, outcome: ResearchOutcome) -> Match | None:
    details = {"organisation": request.organisation, "reason": form.cleaned_data["reason"]}
    try:
        match = add_match(need, outcome, by=request.user, **details)
    except Refused as refusal:
        put_beside(form, refusal)
        return None
    messages.success(request, _("Added. Both sides are told and see your reason."))
    return match


@require_POST
@login_required
def match_pin(request: Any, code: str) -> HttpResponse:
    """Keep a match on top, with a reason."""
    match = get_object_or_404(found_for(request), code=code)
    require(rules.pin_match, request.user, match, organisation=request.organisation)
    form = PinForm(request.POST)
    if form.is_valid():
        try:
            pin_match(match, by=request.user, organisation=request.organisation, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("Pinned: it stays on top of the lists of both sides."))
            return redirect(match)
    return match_page(request, match, pin_form=form)


@require_POST
@login_required
def match_unpin(request: Any, code: str) -> HttpResponse:
    """Take a pin away."""
    match = get_object_or_404(found_for(request), code=code)
    carry_out(request, unpin_match, match, organisation=request.organisation, done=_("The pin is taken away."))
    return redirect(match)


@require_POST
@login_required
def match_take_back(request: Any, code: str) -> HttpResponse:
    """Take back a match that was added by hand."""
    match = get_object_or_404(found_for(request), code=code)
    done = _("Taken back. Those who were told of it are told.")
    carry_out(request, take_back_match, match, organisation=request.organisation, done=done)
    return redirect(match)
