"""A broker that may be killed, and workers that are ended with the test."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cms.bare.place import Place
from tests.cores import all_cores
from tests.faults.brokers import own_broker
from tests.faults.workers import kill, start_worker


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Place]:
    """A Valkey of this test's own, which it may kill and flush."""
    with own_broker(tmp_path / "servers") as place:
        yield place


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
