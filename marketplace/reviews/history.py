"""The way of a draft so far, and where its review stands: for timelines and lists."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from marketplace.core.journal import Entry, Kind

if TYPE_CHECKING:
    from marketplace.reviews.revised import Revised

UNDER_WAY = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)


def timeline(record: "Revised", *, most: int = 30) -> list[dict[str, Any]]:
    """Return what happened to the record, newest first, for components/timeline.html; readings are left out."""
    entries = (
        Entry.objects.about(record)
        .exclude(kind__in=[Kind.CONFIDENTIAL_READ, Kind.FILE_READ])
        .select_related("actor", "on_behalf_of")[:most]
    )
    shown = [
        {
            "title": Kind(entry.kind).label,
            "at": entry.recorded_at,
            "detail": str(entry.actor) if entry.actor else _("platform"),
            "phase": "",
        }
        for entry in entries
    ]
    pending = record.pending_review
    if pending is not None:
        shown.insert(0, {"title": pending.task.name, "at": None, "when": _("waits for a decision"), "phase": "now"})
    return shown


def reviews_of(records: Iterable["Revised"]) -> dict[int, WorkflowState]:
    """Return {primary key: the review under way or returned}, one query for all records of one model."""
    records = list(records)
    if not records:
        return {}
    states = WorkflowState.objects.filter(
        base_content_type=records[0].get_base_content_type(),
        object_id__in=[str(record.pk) for record in records],
        status__in=UNDER_WAY,
    ).select_related("current_task_state__task")
    return {int(state.object_id): state for state in states}


def phase_of(record: "Revised", review: WorkflowState | None) -> tuple[str, str, str]:
    """Return (key, words, tone) of where a record stands between draft and public."""
    if review is not None and review.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return "returned", _("returned for completion"), "wait"
    if review is not None and review.current_task_state is not None:
        return "review", _("in review: %(step)s") % {"step": review.current_task_state.task.name}, "way"
    if record.live and record.has_unpublished_changes:
        return "draft", _("public, with a new draft"), "go"
    if record.live:
        return "public", _("public"), "go"
    if record.expired:
        return "expired", _("expired"), "stop"
    if record.first_published_at is not None:
        return "offline", _("offline"), "stop"
    return "draft", _("draft"), "idle"


def remarks_of(step: TaskState | None) -> dict[str, str]:
    """Return what the reviewer remarked, by field."""
    return {remark.field: remark.text for remark in step.remarks.all()} if step else {}
