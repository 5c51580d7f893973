"""What waits for a reviewer's decision."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Count, Exists, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from wagtail.models import Task, TaskState

from marketplace.organisations.models import Membership, User
from marketplace.organisations.roles import MemberRole
from marketplace.reviews.deciders import STAFF, changing, deciders
from marketplace.reviews.models import Stage
from marketplace.reviews.revised import revised_models


def in_review() -> QuerySet[TaskState]:
    """Return the steps of reviews that wait for a decision, whoever may make it."""
    return TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)


def in_review_at(organisations: Iterable[int]) -> QuerySet[TaskState]:
    """Return those about records of these organisations that are not decided by staff."""
    return in_review().filter(_owned_by(organisations)).exclude(task__reviewtask__stage__in=STAFF)


def reviewable_by(user: Any) -> QuerySet[TaskState]:
    """Return the steps on which `user` may decide: as Wagtail's manager does, which asks for the kind of each task."""
    found = TaskState.objects.none()
    for task in Task.objects.filter(active=True).select_related("reviewtask"):
        step = getattr(task, "reviewtask", None) or task.specific
        found |= step.get_task_states_user_can_moderate(user=user)
    return found


def waiting_for(user: User, stage: str, states: QuerySet[TaskState]) -> QuerySet[TaskState]:
    """Return those of `states` (all of one stage) on which `user` may decide: the set form of approve_review."""
    states = states.filter(status=TaskState.STATUS_IN_PROGRESS)
    if not user.is_authenticated:
        return states.none()
    if stage == Stage.OWNER:
        managed = {key for key, roles in user.member_roles.items() if MemberRole.MANAGER in roles}
        return states.filter(_of_own_organisation(user, managed)) if managed else states.none()
    if not user.has_role(STAFF[Stage(stage)]):
        return states.none()
    own = set(user.member_roles)
    others = states.exclude(_owned_by(own)) if own else states
    sent_in = others.filter(workflow_state__requested_by=user)
    return others.exclude(_left_to_colleagues(user, stage)) if sent_in.exists() else others


def reviewers_of(task_state: TaskState) -> QuerySet[User]:
    """Return the people who may decide on a waiting step: approve_review, asked for everybody at once."""
    owner = task_state.workflow_state.content_object.owning_organisation
    stage = getattr(task_state.task.specific, "stage", None)
    if stage is None:
        return User.objects.none()
    holding = deciders(stage, owner)
    others = holding.exclude(pk=task_state.workflow_state.requested_by_id)
    return others if others.exists() else holding


def _left_to_colleagues(user: User, stage: str) -> Q:
    """What the user sent in (before leaving its owner, say) and somebody else of the same platform role decides."""
    colleagues = changing(User.objects.holding(STAFF[Stage(stage)])).exclude(pk=user.pk).order_by()
    together = Membership.objects.active().filter(user__in=colleagues.values("pk")).order_by().values("organisation")
    every = colleagues.annotate(one=Value(1)).values("one").annotate(people=Count("pk", distinct=True)).values("people")
    alone = together.annotate(people=Count("user", distinct=True)).filter(people=Subquery(every)).values("organisation")
    return Q(Exists(colleagues), workflow_state__requested_by=user) & ~_owned_by(alone)


def _of_own_organisation(user: User, managed: set[int]) -> Q:
    """Records of organisations the user manages; own submissions only where nobody else manages it."""
    counts = (
        Membership.objects.managed()
        .filter(organisation__in=managed, user__in=changing(User.objects.filter(is_active=True)))
        .values("organisation")
        .annotate(managers=Count("pk"))
    )
    alone = {row["organisation"] for row in counts if row["managers"] == 1}
    several = managed - alone
    of_several = _owned_by(several) & ~Q(workflow_state__requested_by=user) if several else Q(pk=None)
    return of_several | _owned_by(alone) if alone else of_several


def _owned_by(organisations: Iterable[Any]) -> Q:
    """States of reviews of records these organisations own, of whatever model."""
    found = Q(pk=None)
    for model in revised_models():
        keys = (
            model._base_manager.filter(**{f"{model.OWNER}__in": organisations})
            .annotate(key=Cast("pk", CharField()))
            .values("key")
        )
        found |= Q(workflow_state__base_content_type=model.get_base_content_type(), workflow_state__object_id__in=keys)
    return found
