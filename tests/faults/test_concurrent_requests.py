"""Two hundred readers at once on one web process: a page, or 503 with the time to come again; never an error."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from io import StringIO
from pathlib import Path

import httpx
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests.cores import all_cores
from tests.marketplace.auctions.making import announced_lot
from tests.marketplace.outcomes import making
from tests.standing_site import ensure_site

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 200
POOL, WEB = 8, "two_hundred"


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class Web:
    """A web process as production has it: its settings, its pool, on the test's database."""

    def __init__(self, folder: Path) -> None:
        self.address, self.log = f"http://127.0.0.1:{free_port()}", folder / "web.log"
        url = os.environ["DATABASE_URL"].replace("/marketplace?", f"/{connection.settings_dict['NAME']}?")
        # the name tells its connections from the test's own
        named = {"DATABASE_URL": f"{url}&application_name={WEB}", "DATA_DIR": str(folder)}
        named |= {"DJANGO_SETTINGS_MODULE": "cms.settings", "DATABASE_POOL_SIZE": str(POOL)}
        self.environment = {**os.environ, **named}
        self.environment.pop("PYTEST_XDIST_WORKER", None)

    def start(self) -> None:
        words = ["uvicorn", "cms.asgi:application", "--port", self.address.rsplit(":", 1)[1], "--log-level", "error"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *words], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        end = time.monotonic() + 60
        while not _answers(self.address):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, "the web did not start"
            time.sleep(0.1)


@pytest.fixture
def web(tmp_path, settings):
    """A web process that is not started yet, with the search index the test writes."""
    settings.SEARCH_DIR = tmp_path / "search"
    web = Web(tmp_path)
    with all_cores():
        yield web
    web.process.terminate()
    web.process.wait(20)


class Counted(threading.Thread):
    """Counts, until told to stop, how many connections of the web the database holds at most."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.ends = 0, threading.Event()

    def run(self) -> None:
        with connection.cursor() as cursor:
            while not self.ends.wait(0.02):
                cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [WEB])
                self.most = max(self.most, cursor.fetchone()[0])
        connection.close()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", timeout=2).status_code == 200
    except httpx.TransportError:
        return False


async def _read_all(address: str, paths: list[str]) -> list[httpx.Response]:
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=address, timeout=90, limits=limits) as client:
        return await asyncio.gather(*(client.get(path) for path in paths))


def a_busy_day() -> list[str]:
    """Return addresses of a platform with something on every page: texts, lists, searches, records, live bidding."""
    ensure_site()
    making.set_up()
    outcome = making.Institute().published()
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    call_command("rebuild_index", stdout=StringIO())
    texts = ["/", "/en/", "/news/", "/accounts/login/", "/board/"]
    lists = [
        "/outcomes/?q=指静脉",
        "/en/outcomes/?order=-published",
        "/needs/",
        "/brokers/",
        "/lots/",
        "/search/?q=识别",
    ]
    records = [outcome.get_absolute_url(), f"/outcomes/{outcome.number}/similar/", lot.get_absolute_url()]
    for_programs = [f"/lots/{lot.number}/state", "/lots/time", f"/lots/{lot.number}/record.jsonl"]
    return texts + lists + records + for_programs


def test_two_hundred_at_once_get_a_page_or_are_asked_to_come_again(web):
    pages = a_busy_day()
    web.start()
    counted = Counted()
    counted.start()

    answers = asyncio.run(_read_all(web.address, [pages[number % len(pages)] for number in range(AT_ONCE)]))
    counted.ends.set()
    counted.join(60)

    by_status = Counter(answer.status_code for answer in answers)
    assert set(by_status) <= {200, 503}, web.log.read_text()[-4000:]
    assert by_status[200] > 0
    assert {answer.headers.get("retry-after") for answer in answers if answer.status_code == 503} <= {"5"}
    assert 1 < counted.most <= POOL, "without its pool one web process takes every connection of the database"
    alone = {page: httpx.get(web.address + page, timeout=30).status_code for page in pages}
    assert alone == dict.fromkeys(pages, 200)
