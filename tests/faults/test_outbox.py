"""Nothing that follows from a committed fact is lost, whichever part dies."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
from django.db import connection
from django.utils import timezone
from kombu import pools

from cms.bare.place import Place
from cms.bare.valkey import start_valkey, stop_valkey
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.organisations.models import User
from tasks import delivery
from tasks.app import app
from tasks.models import Delivery
from tests.cores import all_cores

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]


def until(ready, seconds=30):
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def broker(tmp_path):
    """A Valkey of this test's own, which it may kill and flush."""
    place = Place(tmp_path / "servers", durable=False)
    place.data.mkdir()
    place.sockets.mkdir(mode=0o700)
    start_valkey(place)
    url = place.redis_url.replace("unix://", "redis+socket://")
    former = app.conf.broker_url
    _send_to(url)
    yield place
    _send_to(former)
    stop_valkey(place)
    place.sockets.joinpath("valkey.sock").unlink(missing_ok=True)
    place.sockets.rmdir()


def _send_to(url: str) -> None:
    """Point Celery's sending side to another broker, without its open connections."""
    app.conf.broker_url = app.conf.broker_write_url = app.conf.broker_read_url = url
    pools.reset()
    app._pool = app.amqp._producer_pool = None


@pytest.fixture
def workers(tmp_path, broker):
    """Start real workers on the test's database; kill what is left of them."""
    started = []

    def start() -> subprocess.Popen:
        base = os.environ["DATABASE_URL"]
        url = base.replace("/marketplace?", f"/{connection.settings_dict['NAME']}?")
        environment = {**os.environ, "DATABASE_URL": url, "REDIS_URL": broker.redis_url, "FAULTS_DIR": str(tmp_path)}
        environment.pop("PYTEST_XDIST_WORKER", None)
        words = [
            "-A",
            "tests.faults.worker",
            "worker",
            "-Q",
            "default",
            "-c",
            "1",
            "--without-gossip",
            "--without-mingle",
        ]
        with (tmp_path / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "celery", *words],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started.append(worker)
        return worker

    with all_cores():
        yield start
    for worker in started:
        kill(worker)


def kill(worker: subprocess.Popen) -> None:
    """End a worker and its children as a power cut would."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(10)


@pytest.fixture
def sign_up(monkeypatch):
    """Record a fact with one consequence, as an action does."""
    from tests.faults.consequences import lengthen_phone

    monkeypatch.setattr(delivery, "CONSEQUENCES", {Kind.USER_SIGNED_UP: [lengthen_phone]})

    def record() -> User:
        user = User.objects.create_user("wang", "wang@example.com")
        journal.record(Kind.USER_SIGNED_UP, user, by=user)
        return user

    return record


def sweep_later() -> None:
    """Do what beat does, when every pause has passed."""
    Delivery.objects.filter(done_at=None).update(due_at=timezone.now())
    delivery.deliver_pending()


def phone_of(user: User) -> str:
    return User.objects.values_list("phone", flat=True).get(pk=user.pk)


def test_a_worker_killed_in_the_middle(sign_up, workers, tmp_path):
    (tmp_path / "hold").touch()
    worker = workers()
    user = sign_up()
    until((tmp_path / "inside").exists)
    kill(worker)
    until(lambda: not _locked())
    assert phone_of(user) == ""

    (tmp_path / "hold").unlink()
    workers()
    sweep_later()

    until(lambda: phone_of(user) != "")
    until(lambda: Delivery.objects.filter(done_at=None).count() == 0)
    assert phone_of(user) == "1"
    assert Delivery.objects.get().attempts == 2


def _locked() -> bool:
    """Tell whether the killed worker's transaction still holds the delivery."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE relation = 'tasks_delivery'::regclass")
        return cursor.fetchone()[0] > 0


def test_the_broker_dead_at_the_moment_of_the_fact(sign_up, workers, broker):
    stop_valkey(broker)
    begun = time.monotonic()
    user = sign_up()
    assert time.monotonic() - begun < 15
    assert Delivery.objects.count() == 0

    start_valkey(broker)
    workers()
    sweep_later()

    until(lambda: phone_of(user) == "1")
    assert Delivery.objects.filter(consequence__endswith="lengthen_phone").count() == 1


def test_redis_flushed_with_the_message_inside(sign_up, workers, broker):
    user = sign_up()
    with redis.from_url(broker.redis_url) as client:
        assert client.llen("default") == 1
        client.flushall()
    assert phone_of(user) == ""

    workers()
    sweep_later()

    until(lambda: phone_of(user) == "1")
    assert Delivery.objects.get().attempts == 1


def test_a_whole_process_group_told_to_end_finishes_its_task(sign_up, workers, tmp_path):
    (tmp_path / "hold").touch()
    worker = workers()
    user = sign_up()
    until((tmp_path / "inside").exists)

    os.killpg(worker.pid, signal.SIGTERM)
    time.sleep(0.5)
    (tmp_path / "hold").unlink()

    assert worker.wait(30) == 0
    assert phone_of(user) == "1"
    assert Delivery.objects.get().attempts == 1
