"""Durable servers and a database for one run, apart from those of the tests; its servers may be killed and paused."""

import atexit
import os
import secrets
import signal
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from cms.bare.locks import alone
from cms.bare.place import Place, first_number
from cms.bare.servers import Servers
from cms.catalogues import compile_all

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "faults"


class House:
    """The servers of this run, and what its processes are told."""

    def __init__(self, place: Place, database: str) -> None:
        self.place, self.database, self.folder = place, database, place.data
        self.environment = {**os.environ, "DATABASE_URL": self._url(place.database_web_url), "DATABASE_POOL_SIZE": "8"}
        self.environment["DJANGO_SETTINGS_MODULE"] = "cms.settings"

    @property
    def database_url(self) -> str:
        """Return the owner's address: of whoever tampers, and of the judge; the processes have the web's role."""
        return self._url(self.place.database_url)

    def _url(self, address: str) -> str:
        return address.replace("/marketplace?", f"/{self.database}?")

    def kill_database(self) -> int:
        """Kill every process of PostgreSQL at once, as a power cut would; return how many there were."""
        found = self._database_processes()
        for pid in found:
            _send(pid, signal.SIGKILL)
        while any(Path(f"/proc/{pid}/cmdline").exists() and _is_alive(pid) for pid in found):
            time.sleep(0.01)
        return len(found)

    def start_database(self) -> None:
        """Start PostgreSQL again; it recovers by itself."""
        from cms.bare.postgres import start_postgres

        start_postgres(self.place)

    @contextmanager
    def paused_database(self) -> Iterator[None]:
        """Stop every process of PostgreSQL where it stands, and let them go on at the end of the block."""
        found = self._database_processes()
        for pid in found:
            _send(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in found:
                _send(pid, signal.SIGCONT)

    def kill_valkey(self) -> None:
        pid = first_number(self.place.data / "valkey" / "pid")
        assert pid is not None
        _send(pid, signal.SIGKILL)
        while _is_alive(pid):
            time.sleep(0.01)

    def start_valkey(self) -> None:
        from cms.bare.valkey import start_valkey

        (self.place.data / "valkey" / "pid").unlink(missing_ok=True)
        start_valkey(self.place)

    def _database_processes(self) -> list[int]:
        """Return the postmaster and its children, the postmaster first: it starts none anew."""
        postmaster = first_number(self.place.data / "postgres" / "18" / "postmaster.pid")
        assert postmaster is not None
        return [postmaster, *(pid for pid, parent in _parents() if parent == postmaster)]


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                yield int(entry.name), int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _settle(folder: Path) -> Place:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tests.crowd.settings",
        SECRET_KEY=secrets.token_urlsafe(60),
        AUCTION_KEY=urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        DATA_DIR=str(folder),
        HTTPS="false",
        DEMO="false",
        ALLOWED_HOSTS="*",
        LOG_LEVEL="ERROR",
        DATABASE_POOL_SIZE="0",
    )
    place = Place(folder, durable=True)
    os.environ |= {"DATABASE_URL": place.database_url, "REDIS_URL": f"{place.redis_url}?db=0"}
    return place


@contextmanager
def house() -> Iterator[House]:
    """Give this process a house with an empty, migrated database; only one run at a time has it."""
    os.environ.pop("PYTEST_XDIST_WORKER", None)
    with alone(FOLDER / "one-run"):
        place = _settle(FOLDER)
        servers = Servers(place)
        atexit.register(servers.leave)
        compile_all()
        django.setup()
        import redis

        from cms.database_roles import make_web_role
        from tests import databases

        with redis.from_url(place.redis_url) as client:
            client.flushall()
        databases.make("proof")
        make_web_role(place.database_web_url)
        yield House(place, "proof")
        from django.db import connection

        connection.close()
        sys.stdout.flush()
