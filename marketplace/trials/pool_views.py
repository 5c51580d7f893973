"""Pages of the pool for institutes and the district; everybody finds its outcomes in the list of outcomes."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.regions import present_code
from marketplace.core.rules import require, why_not
from marketplace.organisations.acting import listed_house
from marketplace.outcomes.models import ResearchOutcome
from marketplace.trials import pooling, rules
from marketplace.trials.fitting import contradictions
from marketplace.trials.forms import EmptyForm, ReasonForm
from marketplace.trials.models import Trial
from marketplace.trials.pool import PoolEntry, PoolTerms
from marketplace.trials.pool_forms import TermsForm
from marketplace.trials.refusals import InPool
from marketplace.trials.showing import POOL_TONES, TONES
from marketplace.trials.telling import history

PAGE = 25
KEPT = tuple(TermsForm.base_fields)
# verb → (rule, action, form, whether an officer does it, words when done, title, button)
VERBS: dict[str, tuple[Any, ...]] = {
    "pass": (
        rules.pass_pool_entry, pooling.pass_pool_entry, EmptyForm, True, gettext_lazy("Passed into the pool."),
        gettext_lazy("Pass into the pool"), ("checking",),
    ),
    "return": (
        rules.return_pool_entry, pooling.return_pool_entry, ReasonForm, True, gettext_lazy("Returned."),
        gettext_lazy("Return with a reason"), ("checking",),
    ),
    "pause": (
        rules.pause_pool_entry, pooling.pause_pool_entry, ReasonForm, False,
        gettext_lazy("Paused. Running trials go on."), gettext_lazy("Pause"), ("in_pool",),
    ),
    "resume": (
        rules.resume_pool_entry, pooling.resume_pool_entry, EmptyForm, False, gettext_lazy("In the pool again."),
        gettext_lazy("Resume"), ("paused",),
    ),
    "leave": (
        rules.leave_pool, pooling.leave_pool, ReasonForm, False,
        gettext_lazy("Taken out of the pool. Running trials go on."), gettext_lazy("Take out of the pool"),
        ("checking", "returned", "in_pool", "paused"),
    ),
}  # fmt: skip
LEAVES = gettext_lazy(
    "Nobody can ask for a new trial. Running trials go on. To come back, its terms are written anew; where the "
    "district checks terms, it checks them then."
)
LEAVING = {"sure": gettext_lazy("Take the outcome out of the pool?"), "note": LEAVES, "follows": [LEAVES]}


@login_required
@require_safe
def pool_list(request: Any) -> HttpResponse:
    """Entries of the own organisation; all for those who supervise."""
    found = PoolEntry.objects.visible_to(request.user).select_related("outcome__owner")
    if house := listed_house(request):
        found = found.filter(outcome__owner=house)
    page = Paginator(found.prefetch_related("versions"), PAGE).get_page(request.GET.get("page"))
    places = Trial.objects.holding().filter(entry__in=[one.pk for one in page]).values_list("entry", flat=True)
    taken = list(places)
    rows = [(one, one.versions.all()[0], taken.count(one.pk), POOL_TONES[one.state]) for one in page]
    may_have_some = bool(request.user.member_roles) or request.user.reads_everything
    return render(
        request, "marketplace/trials/pool_list.html", {"rows": rows, "page_obj": page, "may_have_some": may_have_some}
    )


@login_required
def pool_enter(request: Any, number: str) -> HttpResponse:
    """Put an outcome into the pool."""
    found = ResearchOutcome.objects.visible_to(request.user).select_related("owner")
    outcome = get_object_or_404(found, number=number)
    require(rules.enter_pool, request.user, outcome, organisation=request.organisation)
    if request.method != "POST" and (standing := outcome.standing_pool_entry):
        messages.info(request, str(InPool.message))
        return redirect(standing)
    form = TermsForm(request.POST or None, outcome=outcome)
    if form.is_valid():
        try:
            entry = pooling.enter_pool(outcome, by=request.user, organisation=request.organisation, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _written(entry))
            return redirect(entry)
    return render(request, "marketplace/trials/pool_terms.html", {"outcome": outcome, "form": form})


def _written(entry: PoolEntry) -> str:
    """Return what follows from terms that were just written: who reads them, and what binds."""
    if entry.state != PoolEntry.State.IN_POOL:
        return _("The terms are written down. They are public, and a trial can be asked for, once the entry is open.")
    if entry.current.is_preset:
        return _("These terms are public now. The price binds you for every trial asked for from now on.")
    return _("These terms are public now and hold for every trial asked for from now on.")


def _found(request: Any, code: str) -> PoolEntry:
    return get_object_or_404(PoolEntry.objects.visible_to(request.user).select_related("outcome__owner"), code=code)


def _values(terms: PoolTerms) -> dict[str, Any]:
    """Return the terms as a form begins with them; regions by the codes they have today."""
    return {name: getattr(terms, name) for name in KEPT} | {"regions": [*map(present_code, terms.regions)]}


@login_required
def pool_terms(request: Any, code: str) -> HttpResponse:
    """Write the next version of the terms."""
    entry = _found(request, code)
    require(rules.change_pool_terms, request.user, entry, organisation=request.organisation)
    form = TermsForm(request.POST or None, initial=_values(entry.current), outcome=entry.outcome)
    if form.is_valid():
        try:
            pooling.change_pool_terms(entry, by=request.user, organisation=request.organisation, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _written(entry))
            return redirect(entry)
    return render(
        request, "marketplace/trials/pool_terms.html", {"outcome": entry.outcome, "entry": entry, "form": form}
    )


def _page(request: Any, entry: PoolEntry, wrong: dict[str, Any] | None = None) -> HttpResponse:
    wrong = wrong or {}
    trials = list(entry.trials.visible_to(request.user).with_parties())
    context = {
        "entry": entry,
        "tone": POOL_TONES[entry.state],
        "terms": entry.current,
        "contradictions": contradictions(entry.outcome, entry.current),
        "versions": entry.versions.select_related("written_by"),
        "trials": [(one, TONES[Trial.State(one.state)]) for one in trials],
        "taken": sum(one.state in Trial.HOLDING for one in trials),
        "may_change": entry.state != PoolEntry.State.LEFT
        and why_not(rules.change_pool_terms, request.user, entry, organisation=request.organisation) is None,
        "cards": [_card(name, entry, wrong) for name in VERBS if name in wrong or _offered(request, name, entry)],
        "history": history(entry, is_over=entry.state == PoolEntry.State.LEFT),
    }
    return render(request, "marketplace/trials/pool_detail.html", context)


def _given(request: Any, name: str) -> dict[str, Any]:
    return {} if VERBS[name][3] else {"organisation": request.organisation}


def _offered(request: Any, name: str, entry: PoolEntry) -> bool:
    rule, states = VERBS[name][0], VERBS[name][6]
    return entry.state in states and why_not(rule, request.user, entry, **_given(request, name)) is None


def _card(name: str, entry: PoolEntry, wrong: dict[str, Any]) -> dict[str, Any]:
    form = wrong.get(name) or VERBS[name][2](auto_id=f"id_{name}_%s")
    kind = {"pass": "primary", "resume": "primary", "leave": "danger"}.get(name, "")
    step = {"title": VERBS[name][5], "button": VERBS[name][5], "kind": kind}
    asked = LEAVING if name == "leave" else {}
    return {"name": name, "step": step | asked, "form": form, "is_wrong": name in wrong}


@login_required
@require_safe
def pool_detail(request: Any, code: str) -> HttpResponse:
    """One entry: its terms in versions, its trials, what may be done."""
    return _page(request, _found(request, code))


@login_required
@require_POST
def pool_act(request: Any, code: str, verb: str) -> HttpResponse:
    """Check, pause, resume or end an entry."""
    if verb not in VERBS:
        raise Http404
    entry, (rule, act, kind, _officer, done, _title, _states) = _found(request, code), VERBS[verb]
    require(rule, request.user, entry, **_given(request, verb))
    form = kind(request.POST, auto_id=f"id_{verb}_%s")
    if form.is_valid():
        try:
            act(entry, by=request.user, **_given(request, verb), **form.cleaned_data)
        except Refused as refusal:
            entry = _found(request, code)
            if not form.fields:
                messages.error(request, str(refusal))
                return redirect(entry)
            put_beside(form, refusal)
        else:
            messages.success(request, str(done))
            return redirect(entry)
    return _page(request, entry, {verb: form})
