"""Wagtail's own background jobs, handed to Celery, so that there is one queue."""

from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id, normalize_json


class CeleryBackend(BaseTaskBackend):
    """A django-tasks backend that sends each job to Celery once the transaction has committed."""

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        self.validate_task(task)
        path, arguments = task.module_path, normalize_json([list(args), dict(kwargs)])
        transaction.on_commit(lambda: run_wagtail_job.delay(path, *arguments))
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
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


@shared_task
def run_wagtail_job(path: str, args: list, kwargs: dict) -> None:
    """Run one of Wagtail's jobs, named by its import path."""
    job = import_string(path)
    job.call(*args, **kwargs)
