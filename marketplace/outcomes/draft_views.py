"""Writing a draft: begin, edit, save by itself, add files, send to review."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.core.forms import put_beside, unsaved
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.outcomes import actions, rules
from marketplace.outcomes.co_owners import standings_of
from marketplace.outcomes.editing import Editing
from marketplace.outcomes.forms import FileForm, TitleForm
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.papers import attach_outcome_file, withdraw_outcome_file
from marketplace.outcomes.rights_elsewhere import notes_for_author
from marketplace.outcomes.views import outcome_of
from marketplace.outcomes.wording import files_shown, purpose_words
from marketplace.reviews import rules as review_rules
from marketplace.reviews.actions import problems_of_draft
from marketplace.reviews.comparing import changes
from marketplace.reviews.drafts import mark_of, page_of, save_draft
from marketplace.reviews.history import phase_of, put_remarks_beside, remarks_of, reviews_of, timeline
from marketplace.reviews.offline import offline_of
from marketplace.reviews.refusals import Incomplete


@login_required
def outcome_new(request: HttpRequest) -> HttpResponse:
    """Begin a draft with its title."""
    organisation = request.organisation  # type: ignore[attr-defined]
    form = TitleForm(request.POST or None)
    if form.is_valid():
        try:
            outcome = actions.draft_outcome(
                organisation=organisation, by=request.user, title=form.cleaned_data["title"]
            )
        except (Refused, PermissionDenied) as refusal:
            put_beside(form, refusal)
        else:
            return redirect("outcome-edit", outcome.number)
    obstacle = why_not(rules.draft_outcome, request.user, organisation)
    return render(request, "marketplace/outcomes/new.html", {"form": form, "obstacle": obstacle})


@login_required
def outcome_edit(request: HttpRequest, number: str) -> HttpResponse:
    """The edit form: keeps what is typed; sends to review when asked."""
    outcome = outcome_of(request, number)
    require(review_rules.save_draft, request.user, outcome)
    if request.method != "POST" and outcome.pending_review is not None:
        return redirect(outcome.review_url)
    data, picked = (request.POST, "") if request.method == "POST" else (None, request.GET.get("field", ""))
    editing = Editing(outcome.newest_version, data, field=picked)
    refusal: Refused | None = None
    if request.method == "POST":
        refusal = _save(request, outcome, editing)
        if refusal is None and _go_on(request, outcome, editing):
            return redirect(_next_address(request, outcome))
        if request.POST.get("action") == "submit" and _is_sent(outcome_of(request, number), editing, by=request.user):
            messages.success(request, _("It is in review: you sent it just now."))
            return redirect(outcome)
    elif "check" in request.GET:
        _show_missing(request, editing)
    return render(request, "marketplace/outcomes/edit.html", _edit_context(request, outcome, editing, refusal))


def _save(request: HttpRequest, outcome: ResearchOutcome, editing: Editing) -> Refused | None:
    """Keep what was typed; return why not, if not."""
    try:
        version = editing.write()
        based_on, is_sure = request.POST.get("based_on", ""), "overwrite" in request.POST
        save_draft(version, by=request.user, based_on=based_on, is_sure=is_sure)
    except Refused as refusal:
        return refusal
    return None


def _is_sent(outcome: ResearchOutcome, editing: Editing, *, by: Any) -> bool:
    """Tell whether this person has sent in just what the page holds: the button was pressed twice."""
    step = outcome.pending_review
    sent = step is not None and step.workflow_state.requested_by_id == by.pk
    return sent and editing.is_valid and editing.version.told() == outcome.newest_version.told()


def _go_on(request: HttpRequest, outcome: ResearchOutcome, editing: Editing) -> bool:
    """After saving: send to review if that was asked; tell whether the person goes on to another page."""
    if request.POST.get("action") != "submit":
        if editing.is_valid:
            messages.success(request, _("The draft is saved."))
        return editing.is_valid
    if not editing.is_valid:
        _show_missing(request, editing)
        return False
    try:
        actions.submit_outcome(outcome, by=request.user, declared="declared" in request.POST)
    except (Incomplete, actions.DeclarationMissing):
        _show_missing(request, editing)
        return False
    except (Refused, PermissionDenied) as refusal:
        editing.text.add_error(None, str(refusal))
        return False
    messages.success(request, _("Sent to review. Usually 2 working days a step; you will be told here and by mail."))
    return True


def _show_missing(request: HttpRequest, editing: Editing) -> None:
    """Say all that sending would be refused for, the declaration too: the count is the same before and after."""
    editing.show(problems_of_draft(editing.version))
    if "declared" not in request.POST:
        editing.ask_to_declare(str(actions.DeclarationMissing()))


def _next_address(request: HttpRequest, outcome: ResearchOutcome) -> str:
    if request.POST.get("action") == "submit":
        return outcome.get_absolute_url()
    return request.path


def _edit_context(
    request: HttpRequest, outcome: ResearchOutcome, editing: Editing, refusal: Refused | None
) -> dict[str, Any]:
    version = outcome_of(request, outcome.number).newest_version
    returned = outcome.returned_review
    remarks = remarks_of(returned)
    put_remarks_beside(editing.text, remarks, editing.tables)
    lacking = sum(len(sentences) for sentences in problems_of_draft(version).values())
    return {
        "outcome": outcome,
        "editing": editing,
        "refusal": refusal,
        "is_complete": not lacking,
        "missing_count": lacking + ("declared" not in request.POST),
        "declared": "declared" in request.POST,
        "files": [(file, purpose_words(file)) for file in files_shown(version)],
        "file_form": FileForm(),
        "standings": standings_of(version),
        "rights_elsewhere": notes_for_author(version),
        "returned": returned,
        "remarks": remarks,
        "changed": [change for change in changes(outcome, version) if change.is_changed],
        "history": timeline(outcome, most=10),
        "phase": phase_of(outcome, reviews_of([outcome]).get(outcome.pk)),
        "obstacle": why_not(rules.submit_outcome, request.user, outcome),
        "offline": offline_of(outcome),
        "may_delete": why_not(review_rules.delete_draft, request.user, outcome) is None,
    }


@login_required
@require_POST
def outcome_autosave(request: HttpRequest, number: str) -> JsonResponse:
    """Keep what is typed so far. 200 with the version; 422 where something could not be kept as typed."""
    outcome = outcome_of(request, number)
    require(review_rules.save_draft, request.user, outcome)
    editing = Editing(outcome.newest_version, request.POST)
    refusal = _save(request, outcome, editing)
    if refusal is not None:
        return JsonResponse({"error": str(refusal)}, status=409)
    page = page_of(request.POST.get("based_on", ""))
    mark = mark_of(outcome_of(request, number).latest_revision, page=page)
    told = {} if editing.is_valid else unsaved(editing.text, *editing.tables.values())
    return JsonResponse({"based_on": mark, **told}, status=200 if editing.is_valid else 422)


@login_required
@require_POST
def outcome_file_add(request: HttpRequest, number: str) -> HttpResponse:
    """Add one file to the draft; a refusal stands beside the field."""
    outcome = outcome_of(request, number)
    require(rules.attach_outcome_file, request.user, outcome)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            attach_outcome_file(
                outcome,
                by=request.user,
                upload=form.cleaned_data["file"],
                purpose=form.cleaned_data["purpose"],
                confidential=form.cleaned_data["confidential"],
            )
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The file is added to the draft."))
            return redirect(f"{request.path.removesuffix('files/')}edit/#files")
    outcome = outcome_of(request, number)
    editing = Editing(outcome.newest_version)
    context = _edit_context(request, outcome, editing, None) | {"file_form": form}
    return render(request, "marketplace/outcomes/edit.html", context)


@login_required
@require_POST
def outcome_file_remove(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Take one file out of the draft."""
    outcome = outcome_of(request, number)
    try:
        withdraw_outcome_file(outcome, by=request.user, code=code)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("outcome-edit", number)
