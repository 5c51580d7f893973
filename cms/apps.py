from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.admin.apps import WagtailAdminAppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class CmsConfig(AppConfig):
    """The portal's pages and looks, staff screens, and the composition of the house."""

    name = "cms"
    verbose_name = _("Portal")


class AccountsConfig(WagtailUsersAppConfig):
    """Wagtail's accounts with the house's forms."""

    user_viewset = "cms.staff.accounts.AccountViewSet"


class AdminConfig(WagtailAdminAppConfig):
    """Wagtail's admin without its own mails about reviews.

    Our notices tell of them, from the journal and with links their readers may open; its mails left inside the
    transaction of the review, and led authors to an admin they cannot enter.
    """

    def ready(self) -> None:
        from wagtail.admin.signal_handlers import TaskState, WorkflowState
        from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

        super().ready()
        mailed = {
            "group_approval_task_submitted": (task_submitted, TaskState),
            "workflow_state_submitted": (workflow_submitted, WorkflowState),
            "workflow_state_rejected": (workflow_rejected, WorkflowState),
            "workflow_state_approved": (workflow_approved, WorkflowState),
        }
        for name, (signal, sender) in mailed.items():
            if not signal.disconnect(sender=sender, dispatch_uid=f"{name}_email_notification"):
                raise RuntimeError(f"Wagtail's mailer {name} is called otherwise by now; find it, or it mails again.")
