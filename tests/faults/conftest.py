"""A broker that may be killed, and workers that are ended with the test."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kombu import pools

from cms.bare.place import Place
from cms.bare.valkey import start_valkey, stop_valkey
from tasks.app import app
from tests.cores import all_cores
from tests.faults.workers import kill, start_worker


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Place]:
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
def workers(tmp_path: Path, broker: Place) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start real workers with one slow consequence of ours; kill what is left of them."""
    started = []

    def start() -> subprocess.Popen[bytes]:
        started.append(start_worker("tests.faults.worker", ["-Q", "default", "-c", "1"], tmp_path, broker.redis_url))
        return started[-1]

    with all_cores():
        yield start
    for worker in started:
        kill(worker)
