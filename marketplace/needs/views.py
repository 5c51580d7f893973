"""Pages of a need: its public page, and its authors' forms."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from marketplace.core.carrying_out import carry_out
from marketplace.core.forms import put_beside, unsaved
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.needs import actions, rules
from marketplace.needs.ending import after_closing, after_solving, closed_by
from marketplace.needs.forms import CloseForm, NeedForm
from marketplace.needs.models import TechnologyNeed
from marketplace.reviews import rules as review_rules
from marketplace.reviews.actions import recall_review
from marketplace.reviews.drafts import delete_draft, mark_for_new_page, mark_of, page_of, save_draft
from marketplace.reviews.history import phase_of, put_remarks_beside, remarks_of, reviews_of, timeline
from marketplace.reviews.listing import rows_of
from marketplace.reviews.offline import offline_of
from marketplace.reviews.refusals import Incomplete

PER_PAGE = 30


def _visible(request: HttpRequest, code: str) -> TechnologyNeed:
    needs = TechnologyNeed.objects.visible_to(request.user).select_related("organisation", "field__parent", "industry")
    return get_object_or_404(needs, code=code)


def _own(request: HttpRequest, code: str) -> TechnologyNeed:
    """Return a need whose draft the reader may see, or 404."""
    need = _visible(request, code)
    if why_not(review_rules.see_draft, request.user, need) is not None:
        raise Http404
    return need


def need_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One need as the public sees or saw it last; its own people and its reviewers see the draft until it is public."""
    need = _visible(request, code)
    shown = need.shown_version
    is_author = request.user.is_authenticated and why_not(review_rules.see_draft, request.user, need) is None
    returned = need.returned_review if is_author else None
    context = {
        "need": need,
        "shown": shown,
        "phase": phase_of(need, reviews_of([need]).get(need.pk)) if is_author else None,
        "indicators": list(shown.indicators.all()),
        "names_enterprise": need.names_enterprise_to(request.user),
        "is_author": is_author,
        "returned": returned,
        "remarks": remarks_of(returned),
        "history": timeline(need, most=10) if is_author else [],
        "closed": closed_by(need) if is_author else None,
        "offline": offline_of(need) if is_author else None,
        "newer_draft": need.newer_draft if is_author else None,
    }
    return render(request, "marketplace/needs/need_detail.html", context)


@login_required
def need_mine(request: HttpRequest) -> HttpResponse:
    """The needs of the organisation one acts for, drafts and closed ones too."""
    organisation = request.organisation  # type: ignore[attr-defined]
    needs = TechnologyNeed.objects.filter(organisation=organisation).order_by("-pk")
    page = Paginator(needs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": rows_of(page.object_list, "problem", "problem_en"),
        "organisation": organisation,
        "obstacle": why_not(rules.draft_need, request.user, organisation),
    }
    return render(request, "marketplace/needs/need_mine.html", context)


@login_required
def need_new(request: HttpRequest) -> HttpResponse:
    """Begin a need; the first saving makes the draft."""
    organisation = request.organisation  # type: ignore[attr-defined]
    obstacle = why_not(rules.draft_need, request.user, organisation)
    form = NeedForm(request.POST or None, initial={"title": request.GET.get("title", "")[:120]})
    if obstacle is None and form.is_valid():
        need = actions.draft_need(organisation=organisation, by=request.user, title=form.cleaned_data["title"])
        return _keep(request, need)
    if "submit" in request.POST:
        form.show_what_sending_asks()
    context = {
        "form": form,
        "need": None,
        "obstacle": obstacle,
        "submit_obstacle": obstacle
        or why_not(rules.submit_need, request.user, TechnologyNeed(organisation=organisation)),
    }
    return render(request, "marketplace/needs/need_form.html", context)


@login_required
@require_POST
def need_begin(request: HttpRequest) -> HttpResponse:
    """Begin the draft of a need while it is written for the first time: as soon as it has a title."""
    organisation = request.organisation  # type: ignore[attr-defined]
    require(rules.draft_need, request.user, organisation)
    form = NeedForm(request.POST)
    form.is_valid()
    title = form.cleaned_data.get("title")
    if not title:
        return JsonResponse({"error": _("Nothing is saved yet: the need has no title.")}, status=409)
    need = actions.draft_need(organisation=organisation, by=request.user, title=title)
    begun = {"address": reverse("need-edit", args=[need.code]), "autosave": reverse("need-autosave", args=[need.code])}
    return _kept(request, need, begun=begun)


@login_required
def need_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Go on writing the newest draft; save it, or send it to review."""
    need = _own(request, code)
    require(review_rules.save_draft, request.user, need)
    if request.method == "POST":
        return _keep(request, need)
    if need.pending_review is not None:
        return redirect(need.review_url)
    return _form_page(request, need, NeedForm(instance=need.newest_version))


def _form_page(
    request: HttpRequest, need: TechnologyNeed, form: NeedForm, refusal: Refused | None = None
) -> HttpResponse:
    returned = need.returned_review
    remarks = remarks_of(returned)
    put_remarks_beside(form, remarks, form.formsets)
    context = {
        "form": form,
        "need": need,
        "refusal": refusal,
        "revision": request.POST.get("revision") or mark_for_new_page(form.instance.latest_revision),
        "returned": returned,
        "remarks": remarks,
        "offline": offline_of(need),
        "submit_obstacle": why_not(rules.submit_need, request.user, need),
    }
    return render(request, "marketplace/needs/need_form.html", context)


def _keep(request: HttpRequest, need: TechnologyNeed) -> HttpResponse:
    """Save what was typed; where asked, send it to review. What is wrong stands beside its field."""
    form = NeedForm(request.POST, instance=need.newest_version)
    if not form.is_valid():
        if "submit" in request.POST:
            form.show_what_sending_asks()
        return _form_page(request, need, form)
    try:
        save_draft(form.save(commit=False), by=request.user, **_page(request))
        need.refresh_from_db()
        if "submit" not in request.POST:
            messages.success(request, _("The draft is saved."))
            return redirect("need-edit", need.code)
        actions.submit_need(need, by=request.user)
    except Incomplete as refusal:
        form.show(refusal.problems)
    except PermissionDenied as refusal:  # such as an organisation that is not verified yet: the draft is kept
        put_beside(form, refusal)
    except Refused as refusal:
        put_beside(form, refusal)
        return _form_page(request, need, form, refusal)
    else:
        messages.success(request, _("Sent to review. Usually 2 working days; you will be told here and by mail."))
        return redirect(need)
    return _form_page(request, need, form)


def _page(request: HttpRequest) -> dict[str, Any]:
    """Return which text the page started from, and whether its author would write over a newer one."""
    return {"based_on": request.POST.get("revision", ""), "is_sure": "overwrite" in request.POST}


@login_required
@require_POST
def need_autosave(request: HttpRequest, code: str) -> HttpResponse:
    """Keep a draft while it is written. 422 where something typed cannot be read yet: the rest is kept."""
    need = _own(request, code)
    require(review_rules.save_draft, request.user, need)
    return _kept(request, need)


def _kept(request: HttpRequest, need: TechnologyNeed, **told: Any) -> HttpResponse:
    """Keep what can be read of what was typed, and tell autosave.js of it, with what else it is told."""
    form = NeedForm(request.POST, instance=need.newest_version)
    is_valid = form.is_valid()
    try:
        revision = save_draft(form.readable(), by=request.user, **_page(request))
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    if not is_valid:
        told |= unsaved(form, *form.formsets.values())
    mark = mark_of(revision, page=page_of(request.POST.get("revision", "")))
    return JsonResponse({"revision": mark, **told}, status=200 if is_valid else 422)


VERBS: dict[str, Any] = {
    "recall": (recall_review, gettext_lazy("The draft is yours again.")),
    "reopen": (actions.reopen_need, gettext_lazy("The need is open again.")),
}


@login_required
@require_POST
def need_act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Recall from review, open again."""
    need = _visible(request, code)
    action, done = VERBS[verb]
    carry_out(request, action, need, done=done)
    return redirect(need)


@login_required
def need_solve(request: HttpRequest, code: str) -> HttpResponse:
    """Ask, with what follows, and mark a need as solved."""
    need = _visible(request, code)
    require(rules.solve_need, request.user, need)
    if request.method == "POST":
        carry_out(request, actions.solve_need, need, done=_("Marked as solved."))
        return redirect(need)
    context = {"need": need, "follows": after_solving(need, request.user)}
    return render(request, "marketplace/needs/need_solve.html", context)


@login_required
def need_close(request: HttpRequest, code: str) -> HttpResponse:
    """Close a need without a solution, with the reason."""
    need = _visible(request, code)
    require(rules.close_need, request.user, need)
    form = CloseForm(request.POST or None)
    if form.is_valid():
        try:
            actions.close_need(need, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The need is closed."))
            return redirect(need)
    context = {
        "need": need,
        "form": form,
        "follows": after_closing(need, request.user),
        "obstacle": why_not(rules.close_need, request.user, need),
    }
    return render(request, "marketplace/needs/need_close.html", context)


@login_required
@require_POST
def need_delete(request: HttpRequest, code: str) -> HttpResponse:
    """Throw away a draft nobody else has seen."""
    need = _own(request, code)
    carry_out(request, delete_draft, need, done=_("The draft is deleted."))
    return redirect("need-mine")
