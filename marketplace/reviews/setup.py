"""The reviews a platform starts with. Staff may change their steps in the admin afterwards."""

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import override
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask

from marketplace.organisations.roles import Role
from marketplace.reviews.models import Stage
from marketplace.reviews.revised import Revised, revised_models
from marketplace.reviews.task import ReviewTask

CONFIGURE = ("add_workflow", "change_workflow", "add_task", "change_task")


@transaction.atomic
def ensure_workflows() -> None:
    """Give every reviewed model its review, unless staff bound one already, and let officers configure it."""
    with override(settings.LANGUAGE_CODE):
        for model in revised_models():
            _ensure_workflow(model)
    officers, _is_new = Group.objects.get_or_create(name=Role.OFFICER.value)
    rights = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=CONFIGURE)
    views = Permission.objects.filter(
        content_type__in=ContentType.objects.get_for_models(*revised_models(), for_concrete_models=False).values(),
        codename__startswith="view_",
    )
    officers.permissions.add(*rights, *views)


def _ensure_workflow(model: type[Revised]) -> None:
    kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
    if WorkflowContentType.objects.filter(content_type=kind).exists():
        return
    workflow = Workflow.objects.create(name=str(model.REVIEW_NAME))
    for order, stage in enumerate(model.REVIEW_STAGES):
        WorkflowTask.objects.create(workflow=workflow, task=_task(stage), sort_order=order)
    WorkflowContentType.objects.create(content_type=kind, workflow=workflow)


def _task(stage: Stage) -> ReviewTask:
    found = ReviewTask.objects.filter(stage=stage, active=True).first()
    return found or ReviewTask.objects.create(name=str(stage.label), stage=stage)
