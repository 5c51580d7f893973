"""The Celery application. Workers: `celery -A tasks.app worker -Q default` and `-Q index --pool=solo`."""

import os
import signal
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")

from tasks.schedule import SCHEDULE  # it reads the settings

app = Celery("marketplace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.set_default()

# every module of this package may hold tasks: delivery, wagtail_jobs, one per noun
NO_TASKS = {"app", "apps", "models", "schedule", "wagtail_hooks", "__init__"}
app.conf.imports = sorted(
    f"tasks.{path.stem}" for path in Path(__file__).parent.glob("*.py") if path.stem not in NO_TASKS
)


@worker_process_init.connect
def leave_the_end_to_the_parent(**_: Any) -> None:
    """Let a worker's children finish their task when a whole process group is told to end, as systemd and honcho do.

    Their parent hears it too and ends them between two tasks; by default the signal tears the task apart.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
