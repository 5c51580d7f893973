"""Real workers, and what tests do to them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection
from django.utils import timezone

from tasks import delivery
from tasks.models import Delivery

ROOT = Path(__file__).resolve().parents[2]


def until(ready: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something is so, and fail where it does not come to be."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def start_worker(app: str, words: list[str], folder: Path, redis_url: str, **variables: str) -> subprocess.Popen[bytes]:
    """Start a Celery worker on the test's database, in a process group of its own; its log is in the folder."""
    url = os.environ["DATABASE_URL"].replace("/marketplace?", f"/{connection.settings_dict['NAME']}?")
    environment = {**os.environ, "DATABASE_URL": url, "REDIS_URL": redis_url, "FAULTS_DIR": str(folder), **variables}
    environment.pop("PYTEST_XDIST_WORKER", None)
    command = [sys.executable, "-m", "celery", "-A", app, "worker", *words, "--without-gossip", "--without-mingle"]
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)


def kill(worker: subprocess.Popen[bytes]) -> None:
    """End a worker and its children as a power cut would."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(10)


def sweep_later() -> None:
    """Do what beat does, when every pause has passed."""
    Delivery.objects.filter(done_at=None).update(due_at=timezone.now())
    delivery.deliver_pending()
