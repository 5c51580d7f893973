"""Wagtail's own background jobs, handed to Celery, so that there is one queue.

What a page leads to is written down at once, in the transaction that saves the page: visitors open a document while a
published page leads to it (`cms/portal/documents.py`), so neither a late worker nor a stopped one may decide.
"""

from typing import Any

import structlog
from celery import shared_task
from django.apps import apps
from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id, normalize_json

log = structlog.get_logger(__name__)

REFERENCES = "wagtail.tasks.update_reference_index_task"  # by name: it is made while this module is read


class CeleryBackend(BaseTaskBackend):
    """A django-tasks backend that sends each job to Celery once the transaction has committed."""

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        self.validate_task(task)
        path, arguments = task.module_path, normalize_json([list(args), dict(kwargs)])
        is_done = is_about_a_page(path, *args) and run_now(task, *args)
        if not is_done:
            transaction.on_commit(lambda: run_wagtail_job.delay(path, *arguments))
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.SUCCESSFUL if is_done else TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def is_about_a_page(path: str, *args: Any) -> bool:
    """Tell whether a job writes down what a page leads to."""
    return path == REFERENCES and issubclass(apps.get_model(*args[:2]), apps.get_model("wagtailcore", "Page"))


def run_now(task: Task, *args: Any) -> bool:
    """Run a job inside the transaction; tell whether it went well. One that fails is logged, and left to the worker."""
    try:
        with transaction.atomic():
            task.call(*args)
    except Exception:
        log.exception("A job of Wagtail failed at once; the worker tries again.", job=task.module_path, about=args)
        return False
    return True


@shared_task
def run_wagtail_job(path: str, args: list, kwargs: dict) -> None:
    """Run one of Wagtail's jobs, named by its import path."""
    job = import_string(path)
    job.call(*args, **kwargs)
