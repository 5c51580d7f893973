"""What waits for a reviewer, and the page on which they compare and decide. For every noun that is reviewed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowTask

from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.core.journal import Entry
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.core.working_days import add_working_days, declared_days, working_days_between
from marketplace.organisations.acting import listed_house
from marketplace.reviews import rules
from marketplace.reviews.actions import note_confidential_read
from marketplace.reviews.comparing import Change, changes
from marketplace.reviews.forms import DecisionForm
from marketplace.reviews.history import (
    is_checked_by_submitter,
    mark_of_step,
    remarks_of,
    returned_before,
    step_words,
    steps_of,
    timeline,
)
from marketplace.reviews.offline import offline_among, offline_of
from marketplace.reviews.queue import in_review, reviewable_by
from marketplace.reviews.refusals import NotInReview
from marketplace.reviews.revised import Revised, revised_models

DUE_AFTER = 2  # working days a reviewer has, as the author was told
AT_MOST = 200


@login_required
def review_queue(request: HttpRequest, noun: str = "") -> HttpResponse:
    """Everything that waits for this person's decision, the oldest first; an auditor reads what waits for anybody."""
    only_reads = request.user.changes_nothing
    states = in_review() if only_reads else reviewable_by(request.user)
    rows = [row for row in _rows(states) if noun in ("", row["record"].NOUN)]
    if house := listed_house(request):
        rows = [row for row in rows if row["record"].owning_organisation == house]
    return render(request, "marketplace/reviews/queue.html", {"rows": rows, "noun": noun, "only_reads": only_reads})


def _rows(states: Any) -> list[dict[str, Any]]:
    """Return the waiting steps with their records, fetched model by model."""
    waiting = list(
        states.select_related("workflow_state__base_content_type", "workflow_state__requested_by", "task").order_by(
            "started_at"
        )[:AT_MOST]
    )
    found: dict[tuple[int, str], Revised] = {}
    offline: dict[tuple[int, str], Entry] = {}
    for model in revised_models():
        kind = model.get_base_content_type()
        keys = [state.workflow_state.object_id for state in waiting if state.workflow_state.base_content_type == kind]
        manager: Any = model._base_manager
        records = manager.filter(pk__in=keys).select_related(model.OWNER, "latest_revision")
        read = list(records.defer("latest_revision__content")) if keys else []
        found |= {(kind.pk, str(row.pk)): row for row in read}
        offline |= {(kind.pk, str(key)): entry for key, entry in offline_among(read).items()}
    since = {timezone.localdate(state.started_at) for state in waiting}
    declared = declared_days(day__gt=min(since)) if since else {}
    due = {day: add_working_days(day, DUE_AFTER, declared=declared) for day in since}
    rows = []
    for state in waiting:
        place = (state.workflow_state.base_content_type_id, state.workflow_state.object_id)
        record = found.get(place)
        if record is not None:
            title, due_on = record.heading_of(record.latest_revision), due[timezone.localdate(state.started_at)]
            left = working_days_between(clock.today(), due_on, declared=declared)
            step = step_words(state.task)
            rows.append(
                {"record": record, "state": state, "title": title, "due_on": due_on, "left": left, "step": step}
                | {"offline": offline.get(place)}
            )
    return rows


def record_of(noun: str, key: str) -> Revised:
    model = next((each for each in revised_models() if noun == each.NOUN), None)
    if model is None:
        raise Http404
    return get_object_or_404(model._base_manager.select_related(model.OWNER), **{model.PUBLIC_ID: key})


@login_required
def review_page(request: HttpRequest, noun: str, key: str) -> HttpResponse:
    """The newest version beside the returned or the public one; who may decide in this step, decides here."""
    record = record_of(noun, key)
    if why_not(rules.see_draft, request.user, record):
        raise Http404
    pending, version, before = record.pending_review, record.newest_version, returned_before(record)
    earlier = before if request.GET.get("beside") != "public" or not record.was_public else None
    found = changes(record, version, earlier=earlier.revision.as_object() if earlier else None)
    form = DecisionForm(request.POST or None, changes=found)
    if request.method == "POST" and _decide(request, _step_shown(request, record, pending), form):
        return redirect("review-queue")
    _note_reading(request, record, found)
    obstacle = why_not(rules.approve_review, request.user, pending) if pending else _("This draft is not in review.")
    returned = record.returned_review or before
    context = {
        "record": record,
        "version": version,
        "rows": _with_remarks(found, form, returned),
        "form": form,
        "pending": pending,
        **_told_of_step(pending, request.user),
        "returned": returned,
        "is_sent_in_again": before is not None and record.returned_review is None,
        "earlier": earlier,
        "is_compared": earlier is not None or record.was_public,
        "offline": offline_of(record),
        "is_changed": any(change.is_changed for change in found),
        "obstacle": obstacle,
        "recall_url": _recall_url(request, record) if pending else "",
        "files": version.files_for_reviewer(request.user),
        "notes": version.notes_for_reviewer(request.user),
        "unpublishable": _why_unpublishable(pending, version) if not obstacle else None,
        "history": timeline(record),
    }
    return render(request, "marketplace/reviews/review.html", context)


def _why_unpublishable(step: TaskState | None, version: Revised) -> str | None:
    """Return why approving would be refused: the step is the last, and the version lacks somebody's consent."""
    lacking = version.why_not_consented() if step is not None else None
    return lacking if lacking is not None and step is not None and _is_last(step) else None


def _is_last(step: TaskState) -> bool:
    """Tell whether approving a step publishes: none comes after it."""
    steps = WorkflowTask.objects.filter(workflow=step.workflow_state.workflow_id, task__active=True)
    return steps.order_by("sort_order").values_list("task", flat=True).last() == step.task_id


def _recall_url(request: HttpRequest, record: Revised) -> str:
    """Return where the draft is taken back from review; "" for who may not."""
    if why_not(rules.recall_review, request.user, record):
        return ""
    return reverse(f"{record.NOUN}-act", args=[record.public_id, "recall"])


def _told_of_step(step: TaskState | None, user: Any) -> dict[str, Any]:
    """Return what the page says of the step that waits."""
    if step is None:
        return {"step": "", "step_mark": ""}
    return {
        "step": step_words(step.task),
        "step_mark": mark_of_step(step),
        "is_own": step.workflow_state.requested_by_id == user.pk,
        "is_of_one_person": is_checked_by_submitter(step.workflow_state),
    }


def _step_shown(request: HttpRequest, record: Revised, pending: TaskState | None) -> TaskState | None:
    """Return the step the page showed when it was opened: it may wait no longer, and the action then says why."""
    mark = request.POST.get("step", "")
    if not mark or (pending is not None and mark == mark_of_step(pending)):
        return pending
    steps = steps_of(record).select_related("workflow_state", "task", "finished_by")
    return next((step for step in steps if mark_of_step(step) == mark), pending)


def _decide(request: HttpRequest, step: TaskState | None, form: DecisionForm) -> bool:
    """Carry the decision out through the step, as the admin does; tell whether it stands."""
    if step is None:
        form.add_error(None, str(NotInReview()))
        return False
    require(rules.approve_review, request.user, step)
    if not form.is_valid():
        return False
    verdict = "approve" if request.POST.get("decision") == "approve" else "reject"
    try:
        step.task.specific.on_action(
            step, request.user, verdict, comment=form.cleaned_data["comment"], remarks=form.remarks
        )
    except Refused as refusal:
        put_beside(form, refusal)
        return False
    messages.success(request, _("Approved.") if verdict == "approve" else _("Returned to the author."))
    return True


def _with_remarks(found: list[Change], form: DecisionForm, step: TaskState | None) -> list[dict[str, Any]]:
    said = remarks_of(step)
    return [
        {"change": change, "field": form[f"remark-{change.field}"], "said": said.get(change.field, "")}
        for change in found
    ]


def _note_reading(request: HttpRequest, record: Revised, found: list[Change]) -> None:
    if any(change.is_confidential for change in found):
        note_confidential_read(record, by=request.user, organisation=getattr(request, "organisation", None))
