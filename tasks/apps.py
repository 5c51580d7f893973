from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    """What happens later: Celery, its schedule, and the delivery of what follows from a fact."""

    name = "tasks"
    verbose_name = _("Background work")

    def ready(self) -> None:
        from marketplace.core.journal import committed
        from tasks.delivery import announce

        committed.connect(announce, dispatch_uid="tasks.delivery")
