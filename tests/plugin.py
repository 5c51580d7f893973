"""Loaded by pytest before anything reads settings: gives the run its environment and its servers."""

import atexit
import os
import secrets
import sys
from pathlib import Path

import pytest
from _pytest import runner
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from cms.bare.place import Place
from cms.bare.servers import Servers
from cms.call_room import with_room
from cms.catalogues import compile_all
from tests import databases, looked_at

ROOT = Path(__file__).resolve().parent.parent

WALKS = "tests/walk/"  # share a world
OWN = "?db="  # the end of an address of ours; one given from outside is used as it stands


def _database_of(run: int, worker: int) -> int:
    """Return the number of the Redis database of one worker of one run: 1 to 31, of the 32 that the server has."""
    return (run * 4 + worker) % 31 + 1


def _part() -> None:
    """Give this worker a Redis database of its own: no worker takes the messages of another one's tests."""
    address, ours, _ = os.environ["REDIS_URL"].partition(OWN)
    if ours:
        number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
        os.environ["REDIS_URL"] = address + OWN + str(_database_of(os.getppid(), number))


def _settle() -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tests.settings",
        SECRET_KEY=secrets.token_urlsafe(60),
        DATA_DIR=str(ROOT / "var" / "test"),
        HTTPS="false",
        DEMO="false",
        ALLOWED_HOSTS="*",
        LOG_LEVEL="ERROR",
        DATABASE_POOL_SIZE="0",
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
    )
    if not os.environ.get("DATABASE_URL"):
        servers = Servers(Place(ROOT / "var" / "test", durable=False))
        os.environ["DATABASE_URL"] = servers.place.database_url
        os.environ["REDIS_URL"] = servers.place.redis_url + OWN + str(_database_of(os.getpid(), 0))
        atexit.register(servers.leave)
        if "--collect-only" not in sys.argv:
            databases.begin()
    compile_all()
    looked_at.forget()


_run_with_room = with_room(runner.pytest_runtest_protocol)


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """Run each test with room for deep calls."""
    return _run_with_room(item, nextitem)


class ByFile(LoadFileScheduling):
    """Hands out tests by file; all walks to one worker, so that their world is made once."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return WALKS if file.startswith(WALKS) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


if "PYTEST_XDIST_WORKER" in os.environ:
    _part()
else:
    _settle()
