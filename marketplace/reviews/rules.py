"""Who may send to review, decide, publish and take offline, and why not."""

from typing import TYPE_CHECKING, Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from wagtail.models import Revision, TaskState, WorkflowState

from marketplace.organisations.models import Organisation, User
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.standing import why_not_act, why_not_trade, why_not_verified
from marketplace.reviews.deciders import deciders
from marketplace.reviews.models import Stage

if TYPE_CHECKING:
    from marketplace.reviews.revised import Revised

NAMED_AT_MOST = 3  # people whom a sentence tells to ask


def save_draft(user: User, record: "Revised") -> str | None:
    return why_not_act(user, record.owning_organisation, MemberRole.PUBLISHER) or record.why_not_public()


def delete_draft(user: User, record: "Revised") -> str | None:
    """Only what was never sent in may be deleted."""
    reason = why_not_act(user, record.owning_organisation, MemberRole.PUBLISHER)
    if reason is None and record.was_sent_in:
        return _("This draft was sent to review once and stays.")
    return reason


def submit_for_review(user: User, record: "Revised") -> str | None:
    """Publishers of a verified organisation send their own drafts."""
    return why_not_trade(user, record.owning_organisation, MemberRole.PUBLISHER) or record.why_not_public()


def recall_review(user: User, record: "Revised") -> str | None:
    return why_not_act(user, record.owning_organisation, MemberRole.PUBLISHER)


def approve_review(user: User, task_state: TaskState) -> str | None:
    """The step decides who: a manager of the owner, a liaison, or an officer of the district.

    Four eyes: in no step does anybody decide on what they sent in themselves, unless nobody else holds its role
    (else an institute with one clerk could never publish; the district looks at it and reads that both are one).
    """
    owner = task_state.workflow_state.content_object.owning_organisation
    stage = getattr(task_state.task.specific, "stage", None)
    if stage is None:  # staff put one of Wagtail's own steps into the review
        return _("This step is decided in the administration.")
    return _why_no_decider(user, owner, stage) or _why_not_own(user, owner, stage, task_state.workflow_state)


def return_review(user: User, task_state: TaskState) -> str | None:
    return approve_review(user, task_state)


def _why_no_decider(user: User, owner: Organisation, stage: str) -> str | None:
    if stage == Stage.OWNER:
        return why_not_act(user, owner, MemberRole.MANAGER)
    if stage == Stage.LIAISON and not user.has_role(Role.LIAISON):
        return _("Only liaisons decide in this step.")
    if stage == Stage.DISTRICT and not user.has_role(Role.OFFICER):
        return _("Only officers decide in this step.")
    if user.acts_for(owner):
        return _("Reviewers do not decide about their own organisation.")
    return None


def _why_not_own(user: User, owner: Organisation, stage: str, review: WorkflowState) -> str | None:
    if user.pk != review.requested_by_id:
        return None
    others = list(deciders(stage, owner).exclude(pk=user.pk).order_by("pk")[:NAMED_AT_MOST])
    if not others:
        return None
    named = get_text_list([str(other) for other in others], _("or"))
    return _("You sent this in yourself, so somebody else checks it: ask %(people)s.") % {"people": named}


def see_draft(user: User, record: "Revised") -> str | None:
    """A draft is read by its organisation, officers, auditors, its judge, and once it was sent in by DRAFT_READERS."""
    if user.reads_everything or user.acts_for(record.owning_organisation):
        return None
    if any(user.has_role(role) for role in record.DRAFT_READERS) and record.was_sent_in:
        return None
    pending = record.pending_review
    if pending is not None and approve_review(user, pending) is None:
        return None
    return _("A draft is seen by its organisation, by its reviewers, and by officers and auditors of the district.")


def publish_reviewed(user: Any, record: "Revised", revision: Revision) -> str | None:
    """Only a version that passed every step becomes public; `user` is None where the platform itself acts."""
    obstacle = why_not_verified(record.owning_organisation) or record.why_not_public()
    if obstacle is not None:
        return obstacle
    passed = passed_review(record, revision)
    if passed is None:
        return _("This version has not passed review.")
    lacking: str | None = revision.as_object().why_not_consented()
    if lacking is not None:
        return lacking
    if user is None or user.has_role(Role.OFFICER) or passed.task_states.filter(finished_by=user).exists():
        return None
    return why_not_act(user, record.owning_organisation, MemberRole.PUBLISHER)


def passed_review(record: "Revised", revision: Revision) -> WorkflowState | None:
    """Return the review all of whose steps approved exactly this version, or None."""
    approved = TaskState.STATUS_APPROVED
    states = record.workflow_states.filter(
        status=WorkflowState.STATUS_APPROVED, task_states__revision=revision, task_states__status=approved
    )
    otherwise = TaskState.objects.filter(status=approved).exclude(revision=revision).values("workflow_state")
    return states.exclude(pk__in=otherwise).order_by("-pk").first()


def take_offline(user: User, record: "Revised") -> str | None:
    """The district takes offline what should not be public; owners withdraw instead."""
    if not user.has_role(Role.OFFICER):
        return _("Only officers take a page offline.")
    if user.acts_for(record.owning_organisation):
        return _("Officers do not decide about their own organisation.")
    return None
