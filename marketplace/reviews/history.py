"""The way of a draft so far, and where its review stands: for timelines and lists."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.forms import BaseForm
from django.utils.crypto import salted_hmac
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Task, TaskState, WorkflowState

from marketplace.core.journal import Entry, Kind
from marketplace.reviews.ending import why_ended, words_of
from marketplace.reviews.models import Stage
from marketplace.reviews.offline import reasons_of

if TYPE_CHECKING:
    from marketplace.reviews.revised import Revised

UNDER_WAY = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)


@cache
def _first_names() -> dict[str, Stage]:
    """Return the names `ensure_workflows` gives the steps, in every language of the site."""
    found: dict[str, Stage] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found |= {str(stage.label): stage for stage in Stage}
    return found


def step_words(task: Task) -> str:
    """Return the name of a step: in the reader's language, unless staff gave it a name of their own."""
    stage = _first_names().get(task.name)
    return str(stage.label) if stage else task.name


def timeline(record: "Revised", *, most: int = 30) -> list[dict[str, Any]]:
    """Return what happened to the record, newest first, for components/timeline.html; readings are left out.

    With a decision stands what was said with it, and what was remarked to single fields: the next reviewer asks for it.
    With taking offline stands why.
    """
    entries = list(
        Entry.objects.about(record)
        .exclude(kind__in=[Kind.CONFIDENTIAL_READ, Kind.FILE_READ])
        .select_related("actor", "on_behalf_of")[:most]
    )
    said = _said_about(record) if any("stage" in entry.data for entry in entries) else {}
    reasons = reasons_of(entries)
    shown = [
        {
            "title": _title(entry),
            "at": entry.recorded_at,
            "detail": _whoever(entry),
            "said": reasons.get(entry.pk) or said.get((entry.data.get("revision"), entry.data.get("stage")), ""),
            "phase": "",
        }
        for entry in entries
    ]
    if len(entries) < most and not any(entry.kind == record.kind_of("drafted") for entry in entries):
        shown.append(_beginning(record))
    pending = record.pending_review
    if pending is not None:
        shown.insert(
            0, {"title": step_words(pending.task), "at": None, "when": _("waits for a decision"), "phase": "now"}
        )
    return shown


def _whoever(entry: Entry) -> str:
    """Return who did it; of a co-owner's answer for whom as well."""
    who = str(entry.actor) if entry.actor else _("platform")
    if entry.on_behalf_of is None or entry.data.get("co_owner") != entry.on_behalf_of_id:
        return who
    return _("%(name)s (%(remark)s)") % {"name": who, "remark": entry.on_behalf_of}


def _beginning(record: Any) -> dict[str, Any]:
    """Return how a draft began that an import made: the journal tells of the import only."""
    by = str(record.drafted_by) if record.drafted_by else _("platform")
    return {"title": record.kind_of("drafted").label, "at": record.drafted_at, "detail": by, "said": "", "phase": ""}


def _title(entry: Entry) -> Any:
    """Return what happened; of a step of a review which one, and that it was passed; of its end, why it ended."""
    stage = entry.data.get("stage")
    if entry.kind.endswith(".reviewed") and stage in Stage.values:
        return _("passed: %(step)s") % {"step": Stage(stage).label}
    if words_of(entry):
        return _("out of review: %(why)s") % {"why": words_of(entry)}
    return Kind(entry.kind).label


def _said_about(record: "Revised") -> dict[tuple[int, str], str]:
    """Return what reviewers wrote, by version and stage; not what pages say of a returned draft by itself."""
    steps = (
        steps_of(record)
        .exclude(status=TaskState.STATUS_REJECTED, workflow_state__status=WorkflowState.STATUS_NEEDS_CHANGES)
        .annotate(stage=F("task__reviewtask__stage"), sent_in_by=F("workflow_state__requested_by"))
        .prefetch_related("remarks")
        .order_by("pk")
    )
    return {
        (step.revision_id, step.stage): "\n".join(
            filter(None, [_of_one_person(step), step.comment, *remarks_of(step).values()])
        )
        for step in steps
    }


def _of_one_person(step: Any) -> str:
    """Return what history says of a step that was passed by whoever sent the draft in, else ""."""
    if step.status != TaskState.STATUS_APPROVED or step.finished_by_id is None:
        return ""
    if step.finished_by_id != step.sent_in_by:
        return ""
    if step.stage == Stage.OWNER:
        return _("Submitter and reviewer of the own organisation are the same person.")
    return _("Submitter and reviewer are the same person.")


def is_checked_by_submitter(review: WorkflowState) -> bool:
    """Tell whether whoever sent the draft in passed the step of the own organisation too."""
    passed = review.task_states.filter(status=TaskState.STATUS_APPROVED, task__reviewtask__stage=Stage.OWNER)
    return passed.filter(finished_by=F("workflow_state__requested_by")).exists()


def steps_of(record: "Revised") -> QuerySet[TaskState]:
    """Return every step of every review of a record."""
    return TaskState.objects.filter(
        workflow_state__base_content_type=record.get_base_content_type(), workflow_state__object_id=str(record.pk)
    )


def mark_of_step(step: TaskState) -> str:
    """Return what a page of a decision sends back to say which step, and so which version, it showed."""
    return salted_hmac("marketplace.reviews.step", str(step.pk)).hexdigest()[:16]


def became_of(step: TaskState) -> str:
    """Say what became of a step that waits no longer: by whom, and when."""
    told = {"person": step.finished_by or _("the platform"), "at": ""}
    if step.finished_at is not None:
        told["at"] = f"{localtime(step.finished_at):%Y-%m-%d %H:%M}"
    if step.status == TaskState.STATUS_APPROVED:
        return _("This step was passed by %(person)s, %(at)s. Nothing was decided now.") % told
    if step.status == TaskState.STATUS_REJECTED:
        return _("This draft was returned by %(person)s, %(at)s. Nothing was decided now.") % told
    why = why_ended(step)
    if why:
        return _("The review of this draft ended %(at)s: %(why)s. Nothing was decided now.") % (told | {"why": why})
    return _("This draft was taken back from review by %(person)s, %(at)s. Nothing was decided now.") % told


def returned_before(record: "Revised") -> TaskState | None:
    """Return the step that sent back what is in review again now, or None: since it was last passed."""
    review = record.review
    if review is None:
        return None
    passed = record.workflow_states.filter(status=WorkflowState.STATUS_APPROVED).order_by("-pk").first()
    returned = steps_of(record).filter(
        status=TaskState.STATUS_REJECTED, workflow_state__lt=review.pk, workflow_state__gt=passed.pk if passed else 0
    )
    return returned.select_related("revision", "finished_by").prefetch_related("remarks").order_by("-pk").first()


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
        words = _("public; its change is returned for completion") if record.live else _("returned for completion")
        return "returned", words, "wait"
    if review is not None and review.current_task_state is not None:
        words = _("public; its change is in review: %(step)s") if record.live else _("in review: %(step)s")
        return "review", words % {"step": step_words(review.current_task_state.task)}, "way"
    if record.live and record.has_unpublished_changes:
        return "draft", _("public, with a new draft"), "go"
    if record.live:
        return "public", _("public"), "go"
    if record.expired:
        return "expired", _("expired"), "stop"
    if record.first_published_at is not None:
        return "offline", _("taken offline"), "stop"
    return "draft", _("draft"), "idle"


def remarks_of(step: TaskState | None) -> dict[str, str]:
    """Return what the reviewer remarked, by field."""
    return {remark.field: remark.text for remark in step.remarks.all()} if step else {}


def put_remarks_beside(form: BaseForm, remarks: Mapping[str, str], tables: Mapping[str, Any] | None = None) -> None:
    """Give each field (and each table, a formset) the remark about it, for components/field.html to show."""
    for name, text in remarks.items():
        if name in form.fields:
            form.fields[name].remark = text  # type: ignore[attr-defined]
        elif tables and name in tables:
            tables[name].remark = text
