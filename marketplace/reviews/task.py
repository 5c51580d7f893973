"""The step of a Wagtail workflow that asks our rules and carries out our actions."""

from typing import Any

from django import forms
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import Task, TaskState

from marketplace.core.rules import why_not
from marketplace.reviews import rules
from marketplace.reviews.actions import approve_review, return_review
from marketplace.reviews.models import Stage
from marketplace.reviews.queue import waiting_for


class ReturnForm(TaskStateCommentForm):
    """Sending back needs a reason."""

    comment = forms.CharField(label=_("Comment"), widget=forms.Textarea({"rows": 4}))


class ReviewTask(Task):
    """One step of a review; its stage says who decides. Portal and admin decide through `on_action`.

    Wagtail's GroupApprovalTask is not used: its groups know no organisation, so a reviewer of another institute
    could approve.
    """

    stage = models.CharField(_("who decides"), max_length=20, choices=Stage.choices)

    admin_form_fields = [*Task.admin_form_fields, "stage"]
    admin_form_readonly_on_edit_fields = [*Task.admin_form_readonly_on_edit_fields, "stage"]

    class Meta:
        verbose_name = _("review step")
        verbose_name_plural = _("review steps")

    @classmethod
    def get_description(cls) -> Any:
        return _("The owner's organisation, a liaison or the district approves or returns with comments")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Return what the user may do in this step: (name, label, does it ask for a comment)."""
        pending = obj.pending_review
        if pending is None or pending.task_id != self.pk or why_not(rules.approve_review, user, pending):
            return []
        return [
            ("reject", _("Return with comments"), True),
            ("approve", _("Approve"), False),
            ("approve", _("Approve with comment"), True),
        ]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        return ReturnForm if action == "reject" else TaskStateCommentForm

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Let reviewers open the draft in the admin, though nobody has Wagtail's permission to change it."""
        return bool(self.get_actions(obj, user))

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Keep everybody from changing what is in review: what a reviewer saw is what becomes public."""
        return True

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet[TaskState]:
        return waiting_for(user, self.stage, TaskState.objects.filter(task=self.task_ptr))

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Decide; the record is that of `task_state`, whatever address the caller came by."""
        decide = {"approve": approve_review, "reject": return_review}.get(action_name)
        if decide is not None:
            decide(task_state, by=user, comment=kwargs.get("comment", ""), remarks=kwargs.get("remarks"))
