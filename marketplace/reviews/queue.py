"""What waits for a reviewer's decision."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Count, Exists, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from wagtail.models import TaskState

from marketplace.organisations.models import Membership, User
from marketplace.organisations.roles import MemberRole
from marketplace.reviews.deciders import STAFF, changing, deciders
from marketplace.reviews.models import Stage
from marketplace.reviews.revised import revised_models


def in_review() -> QuerySet[TaskState]:
    """Return the steps of reviews that wait for a decision, whoever may make it."""
    return TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)


def in_review_of(organisations: Iterable[int]) -> QuerySet[TaskState]:
    """Return those that are about records of these organisations."""
    return in_review().filter(_owned_by(organisations))


def waiting_for(user: User, stage: str, states: QuerySet[TaskState]) -> QuerySet[TaskState]:
    """Return those of `states` (all of one stage) on which `user` may decide: the set form of approve_review."""
    states = states.filter(status=TaskState.STATUS_IN_PROGRESS)
    if not user.is_authenticated:
        return states.none()
    if stage == Stage.OWNER:
        return states.filter(_of_own_organisation(user))
    if not user.has_role(STAFF[Stage(stage)]):
        return states.none()
    own = set(user.member_roles)
    return (states.exclude(_owned_by(own)) if own else states).exclude(_left_to_colleagues(user, stage))


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


def _of_own_organisation(user: User) -> Q:
    """Records of organisations the user manages; own submissions only where nobody else manages it."""
    managed = {key for key, roles in user.member_roles.items() if MemberRole.MANAGER in roles}
    if not managed:
        return Q(pk=None)
    counts = (
        Membership.objects.managed()
        .filter(organisation__in=managed, user__in=changing(User.objects.filter(is_active=True)))
        .values("organisation")
        .annotate(managers=Count("pk"))
    )
    alone = {row["organisation"] for row in counts if row["managers"] == 1}
    several = _owned_by(managed - alone) & ~Q(workflow_state__requested_by=user)
    return several | _owned_by(alone)


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
