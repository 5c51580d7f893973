"""Settings of reviews in the admin: a workflow or a step of one is not disabled while something waits in it.

Wagtail would end those reviews, or skip the step, and no verb of ours would write it down.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from wagtail.admin.auth import require_admin_access
from wagtail.admin.forms.workflows import WorkflowContentTypeForm, WorkflowPageForm
from wagtail.admin.views import workflows
from wagtail.models import TaskState, WorkflowState

# Wagtail names these two after their fields, in English whatever the language
WorkflowContentTypeForm.base_fields["content_types"].label = pgettext_lazy("workflow", "Records")
WorkflowPageForm.base_fields["page"].label = gettext_lazy("Page")


class NotWhileUnderWay:
    """Mixin of the two pages: says how many reviews are to be decided first, and leads back."""

    def under_way(self) -> int:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._refused(request) or super().get(request, *args, **kwargs)  # type: ignore[misc]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._refused(request) or super().post(request, *args, **kwargs)  # type: ignore[misc]

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        waiting = self.under_way()
        if not waiting:
            return None
        told = ngettext(
            "%(waiting)s review is under way here. It is decided first, or taken back by its author.",
            "%(waiting)s reviews are under way here. They are decided first, or taken back by their authors.",
            waiting,
        )
        messages.error(request, told % {"waiting": waiting})
        return redirect(self.get_edit_url)  # type: ignore[attr-defined]


class Disable(NotWhileUnderWay, workflows.Disable):
    """Wagtail's page to disable a workflow."""

    def under_way(self) -> int:
        reviews = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
        return reviews.filter(workflow=self.kwargs["pk"]).count()


class DisableTask(NotWhileUnderWay, workflows.DisableTask):
    """Wagtail's page to disable a step."""

    def under_way(self) -> int:
        return TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task=self.kwargs["pk"]).count()


disable = require_admin_access(Disable.as_view())
disable_task = require_admin_access(DisableTask.as_view())
