"""The Celery application. Workers: `celery -A tasks.app worker -Q default` and `-Q index --pool=solo`."""

import os
from pathlib import Path

from celery import Celery

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
