"""Nothing that follows from a committed fact is lost, whichever part dies."""

import os
import signal
import time

import pytest
import redis
from django.db import connection

from cms.bare.valkey import start_valkey, stop_valkey
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.organisations.models import User
from tasks import delivery
from tasks.models import Delivery
from tests.faults.workers import kill, sweep_later, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sign_up(monkeypatch):
    """Record a fact with one consequence, as an action does."""
    from tests.faults.consequences import lengthen_phone

    monkeypatch.setattr(delivery, "CONSEQUENCES", {Kind.USER_SIGNED_UP: [lengthen_phone]})

    def record(name: str = "wang") -> User:
        user = User.objects.create_user(name, f"{name}@example.com")
        journal.record(Kind.USER_SIGNED_UP, user, by=user)
        return user

    return record


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
    """Tell whether the killed worker's transaction still holds the delivery, in the database of this test.

    Those of other test workers are copies of the same template, so their tables have the same numbers.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE relation = 'tasks_delivery'::regclass AND datname = current_database()"
        )
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


@pytest.mark.long
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


@pytest.mark.long
def test_a_worker_keeps_its_connection_and_replaces_one_that_broke(sign_up, workers, tmp_path):
    workers()
    served = []
    for name in ("wang", "li"):
        user = sign_up(name)
        until(lambda user=user: phone_of(user) == "1")
        served.append((tmp_path / "inside").read_text())
    assert served[0] == served[1]

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [int(served[0])])
    user = sign_up("zhao")

    until(lambda: phone_of(user) == "1")
    assert (tmp_path / "inside").read_text() != served[0]
    assert Delivery.objects.filter(attempts=1).count() == 3
