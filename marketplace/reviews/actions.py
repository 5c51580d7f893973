"""The verbs of a review: send in, take back, approve, return. Publishing follows from the last approval."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from wagtail.models import TaskState, WorkflowState

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import refuse
from marketplace.core.rules import require
from marketplace.notices.actions import settle
from marketplace.notices.models import Notice
from marketplace.organisations.models import Organisation, User
from marketplace.reviews import rules
from marketplace.reviews.ending import TO_DECIDE
from marketplace.reviews.history import became_of
from marketplace.reviews.models import ReviewRemark, Stage
from marketplace.reviews.refusals import (
    AlreadyDecided,
    AlreadyInReview,
    CommentMissing,
    Incomplete,
    NoReviewSetUp,
    NothingToReview,
    NotInReview,
    NotOnline,
    RemarkStands,
)

if TYPE_CHECKING:
    from marketplace.reviews.revised import Revised


@transaction.atomic
def submit_for_review(record: "Revised", *, by: User) -> None:
    """Send the newest draft to the first step of its review.

    A draft that was returned starts from the first step again, so that every version passes every step.
    Raises Incomplete with the problems by field, AlreadyInReview, NothingToReview or NoReviewSetUp.
    """
    record.lock()
    now = clock.now()
    require(rules.submit_for_review, by, record)
    if record.pending_review is not None:
        raise AlreadyInReview()
    if record.latest_revision is None or not (record.has_unpublished_changes or not record.live):
        raise NothingToReview()
    problems = problems_of_draft(record.newest_version)
    if problems:
        raise Incomplete(problems)
    workflow = record.get_workflow()
    if workflow is None or not workflow.tasks.filter(active=True).exists():
        raise NoReviewSetUp()
    if record.review is not None:
        record.review.cancel(user=by)
    _note_times(workflow.start(record, by), now, started=True)
    owner = record.owning_organisation
    journal.record(record.kind_of("submitted"), record, by=by, on_behalf_of=owner, revision=record.latest_revision_id)


def problems_of_draft(draft: "Revised") -> dict[str, list[str]]:
    """Return what stands between a draft and its review: {field: sentences} ("__all__" for the whole).

    The constraints of the table are asked last: where the fields say what is wrong, theirs are not words for an author.
    """
    problems = _said_by(lambda: draft.full_clean(validate_constraints=False))
    for field, sentences in draft.missing_for_review().items():
        problems.setdefault(field or NON_FIELD_ERRORS, []).extend(str(sentence) for sentence in sentences)
    return problems or _said_by(draft.validate_constraints)


def _said_by(check: Callable[[], None]) -> dict[str, list[str]]:
    try:
        check()
    except ValidationError as error:
        return {field: list(sentences) for field, sentences in error.message_dict.items()}
    return {}


@transaction.atomic
def recall_review(record: "Revised", *, by: User) -> None:
    """Take a draft back from review, to change it."""
    record.lock()
    require(rules.recall_review, by, record)
    if record.pending_review is None or record.review is None:
        raise NotInReview()
    record.review.cancel(user=by)
    settle(Notice.objects.about(record, TO_DECIDE))
    journal.record(record.kind_of("recalled"), record, by=by, on_behalf_of=record.owning_organisation)


@transaction.atomic
def approve_review(
    task_state: TaskState, *, by: User, comment: str = "", remarks: Mapping[str, str] | None = None
) -> None:
    """Pass one step; the last step publishes.

    Raises AlreadyDecided where somebody was faster, RemarkStands where something was remarked to a field.
    """
    record = _hold(task_state)
    now = clock.now()
    require(rules.approve_review, by, task_state)
    _refuse_decided(task_state)
    refuse(*(RemarkStands(about) for about in _written(remarks)))
    _record(record, "reviewed", task_state, by=by)
    task_state.approve(user=by, comment=comment.strip())
    _note_times(task_state.workflow_state, now, decided=task_state)


@transaction.atomic
def return_review(task_state: TaskState, *, by: User, comment: str, remarks: Mapping[str, str] | None = None) -> None:
    """Send the draft back with a comment, and remarks {field: text} where single fields are meant."""
    record = _hold(task_state)
    now = clock.now()
    require(rules.return_review, by, task_state)
    _refuse_decided(task_state)
    kept = _written(remarks)
    if not comment.strip() and not kept:
        raise CommentMissing()
    _record(record, "returned", task_state, by=by)
    task_state.reject(user=by, comment=comment.strip())
    ReviewRemark.objects.bulk_create(
        [ReviewRemark(task_state_id=task_state.pk, field=field, text=text) for field, text in kept.items()]
    )
    _note_times(task_state.workflow_state, now, decided=task_state)


@transaction.atomic
def take_offline(record: "Revised", *, by: User, reason: str) -> None:
    """End the public page of a record for the district, with the reason its owner reads.

    Raises NotTakenOffline (who may not), NotOnline, OfflineReasonMissing.
    """
    record.lock()
    require(rules.take_offline, by, record)
    if not record.live:
        raise NotOnline()
    record.unpublish(user=by, reason=reason)


@transaction.atomic
def note_confidential_read(record: "Revised", *, by: User, organisation: Organisation | None = None) -> None:
    """Write down that somebody outside the owning organisation read the confidential part."""
    if not by.acts_for(record.owning_organisation):
        journal.record(Kind.CONFIDENTIAL_READ, record, by=by, on_behalf_of=organisation)


def _hold(task_state: TaskState) -> "Revised":
    """Lock the record under review, then read the step afresh: the second of two reviewers sees the first."""
    record = task_state.workflow_state.content_object
    record.lock()
    task_state.refresh_from_db(from_queryset=TaskState.objects.select_related("workflow_state", "task"))
    task_state.workflow_state.content_object = record
    return record


def _refuse_decided(task_state: TaskState) -> None:
    if task_state.status != TaskState.STATUS_IN_PROGRESS:
        raise AlreadyDecided(became=became_of(task_state))


def _written(remarks: Mapping[str, str] | None) -> dict[str, str]:
    return {field: text.strip() for field, text in (remarks or {}).items() if text.strip()}


def _record(record: "Revised", what: str, task_state: TaskState, *, by: User) -> None:
    """Write the decision down before it is carried out, so that it stands before the publication it causes."""
    stage = task_state.task.specific.stage
    on_behalf_of = record.owning_organisation if stage == Stage.OWNER else None
    settle(Notice.objects.about(record, TO_DECIDE))
    journal.record(
        record.kind_of(what), record, by=by, on_behalf_of=on_behalf_of, stage=stage, revision=task_state.revision_id
    )


def _note_times(
    review: WorkflowState, now: datetime, *, started: bool = False, decided: TaskState | None = None
) -> None:
    """Keep the times of the house's clock, not of Wagtail's, so that the demo's history is dated as it happened."""
    if started:
        WorkflowState.objects.filter(pk=review.pk).update(created_at=now)
    if decided is not None:
        TaskState.objects.filter(pk=decided.pk).update(finished_at=now)
    waiting = TaskState.objects.filter(workflow_state_id=review.pk, status=TaskState.STATUS_IN_PROGRESS)
    waiting.update(started_at=now)
