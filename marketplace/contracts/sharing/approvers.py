"""Who is left to approve a plan for the institute: a manager who did not write it, whom it does not pay, and who does
not approve it for the department. Where nobody is, the rule stays and another manager has to join."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q

from marketplace.contracts.sharing.models import DistributionPlan, PlanQuerySet, PlanShare
from marketplace.contracts.sharing.rules import WRITING
from marketplace.core.journal import Entry
from marketplace.organisations.models import Membership

State = DistributionPlan.State
NEEDING = (*DistributionPlan.UNSENT, State.AT_DEPARTMENT, State.AT_INSTITUTE)


def written_by(user: Any) -> Exists:
    """Return the condition that a person wrote the plan of the row, or wrote it anew."""
    return Exists(_writings().filter(subject_id=OuterRef("pk"), actor=user.pk))


def without_approver(plans: PlanQuerySet) -> PlanQuerySet:
    """Return those of the plans that wait for the institute's approval, now or later, and nobody may give it."""
    managers = Membership.objects.managed().filter(
        ~Q(user=OuterRef("department_head")), organisation=OuterRef("contract__seller"), user__is_active=True
    )
    paid = PlanShare.objects.filter(plan=OuterRef(OuterRef("pk")), user=OuterRef("user"))
    wrote = _writings().filter(subject_id=OuterRef(OuterRef("pk")), actor=OuterRef("user"))
    return plans.filter(~Exists(managers.filter(~Exists(paid), ~Exists(wrote))), state__in=NEEDING)


def lacks_approver(plan: DistributionPlan) -> bool:
    return without_approver(DistributionPlan.objects.filter(pk=plan.pk)).exists()


def _writings() -> Any:
    kind = ContentType.objects.get_for_model(DistributionPlan)
    return Entry.objects.filter(subject_type=kind, kind__in=WRITING)
