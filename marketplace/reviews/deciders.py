"""Who holds the role that decides in a step: for the rule, the queue and the notices alike."""

from django.db.models import QuerySet

from marketplace.organisations.models import Organisation, User
from marketplace.organisations.roles import Role
from marketplace.reviews.models import Stage

STAFF = {Stage.LIAISON: Role.LIAISON, Stage.DISTRICT: Role.OFFICER}


def changing(people: QuerySet[User]) -> QuerySet[User]:
    """Leave out auditors, who only look."""
    return people.exclude(pk__in=User.objects.holding(Role.AUDITOR).values("pk"))


def deciders(stage: str, owner: Organisation) -> QuerySet[User]:
    """Return who may decide in a step about records of `owner`, whoever sent them in."""
    if stage == Stage.OWNER:
        return changing(User.objects.managing(owner))
    own = User.objects.active_in(owner).values("pk")
    return changing(User.objects.holding(STAFF[Stage(stage)])).exclude(pk__in=own)
