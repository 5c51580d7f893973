"""The Celery application. Workers: `celery -A tasks.app worker -Q default` and `-Q index --pool=solo`."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from celery import Celery, Task
from celery.signals import task_postrun, task_prerun, worker_process_init
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")

from tasks.schedule import SCHEDULE  # it reads the settings

app = Celery("marketplace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize  # it would end the connection with each task; see keep_what_can_be_used
app.set_default()

# every module of this package may hold tasks: delivery, wagtail_jobs, one per noun
NO_TASKS = {"app", "apps", "models", "schedule", "wagtail_hooks", "__init__"}
app.conf.imports = sorted(
    f"tasks.{path.stem}" for path in Path(__file__).parent.glob("*.py") if path.stem not in NO_TASKS
)


@task_prerun.connect
@task_postrun.connect
def keep_what_can_be_used(sender: Task, **_: Any) -> None:
    """Treat a task as Django treats a request: keep the connection to the database unless it broke or is old.

    A new one for each task began with nothing in its caches, and took as long as a short task.
    """
    if not sender.request.is_eager:  # that one runs inside somebody's transaction
        close_old_connections()


@worker_process_init.connect
def leave_the_end_to_the_parent(**_: Any) -> None:
    """Let a worker's children finish their task when a whole process group is told to end, as systemd and honcho do.

    Their parent hears it too and ends them between two tasks; by default the signal tears the task apart.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
