"""Who may send to review, decide, publish and take offline, and why not."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from wagtail.models import Revision, TaskState, WorkflowState

from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.standing import why_not_act, why_not_trade, why_not_verified
from marketplace.reviews.models import Stage

if TYPE_CHECKING:
    from marketplace.reviews.revised import Revised


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

    Four eyes: managers do not pass what they sent in themselves, unless the organisation has no other manager
    (else an institute with one clerk could never publish; the district still looks at it).
    """
    record = task_state.workflow_state.content_object
    stage = getattr(task_state.task.specific, "stage", None)
    if stage is None:  # staff put one of Wagtail's own steps into the review
        return _("This step is decided in the administration.")
    if stage == Stage.OWNER:
        return _why_not_own_reviewer(user, record, task_state.workflow_state.requested_by_id)
    if stage == Stage.LIAISON and not user.has_role(Role.LIAISON):
        return _("Only liaisons decide in this step.")
    if stage == Stage.DISTRICT and not user.has_role(Role.OFFICER):
        return _("Only officers decide in this step.")
    if user.acts_for(record.owning_organisation):
        return _("Reviewers do not decide about their own organisation.")
    return None


def return_review(user: User, task_state: TaskState) -> str | None:
    return approve_review(user, task_state)


def _why_not_own_reviewer(user: User, record: "Revised", submitter_id: int | None) -> str | None:
    owner = record.owning_organisation
    reason = why_not_act(user, owner, MemberRole.MANAGER)
    if reason is not None:
        return reason
    if user.pk == submitter_id and User.objects.managing(owner).exclude(pk=user.pk).exists():
        return _("Somebody else checks what you sent in: ask another manager of %(organisation)s.") % {
            "organisation": owner
        }
    return None


def see_draft(user: User, record: "Revised") -> str | None:
    """A draft is read by its organisation, officers, auditors, its judge, and once it was sent in by DRAFT_READERS."""
    if user.reads_everything or user.acts_for(record.owning_organisation):
        return None
    if any(user.has_role(role) for role in record.DRAFT_READERS) and record.was_sent_in:
        return None
    pending = record.pending_review
    if pending is not None and approve_review(user, pending) is None:
        return None
    return _("Drafts are shown to the organisation itself and to its reviewers.")


def publish_reviewed(user: Any, record: "Revised", revision: Revision) -> str | None:
    """Only a version that passed every step becomes public; `user` is None where the platform itself acts."""
    obstacle = why_not_verified(record.owning_organisation) or record.why_not_public()
    if obstacle is not None:
        return obstacle
    passed = passed_review(record, revision)
    if passed is None:
        return _("This version has not passed review.")
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
