"""Two hundred readers at once on one web process: a page, or 503 with the time to come again; never an error."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from tests.marketplace.auctions.making import announced_lot
from tests.marketplace.outcomes import making

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 200


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@pytest.fixture
def web(tmp_path):
    """A web process of its own, with the pool of production, on the test's database."""
    port = free_port()
    url = os.environ["DATABASE_URL"].replace("/marketplace?", f"/{connection.settings_dict['NAME']}?")
    environment = {**os.environ, "DATABASE_URL": url, "DATABASE_POOL_SIZE": "8"}
    environment.pop("PYTEST_XDIST_WORKER", None)
    words = [
        "-m",
        "uvicorn",
        "cms.asgi:application",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--log-level",
        "error",
    ]
    with (tmp_path / "web.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    end = time.monotonic() + 60
    while not _answers(address):
        assert process.poll() is None, (tmp_path / "web.log").read_text()
        assert time.monotonic() < end, "the web did not start"
        time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(20)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", timeout=2).status_code == 200
    except httpx.TransportError:
        return False


async def _read_all(address: str, paths: list[str]) -> list[httpx.Response]:
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=address, timeout=90, limits=limits) as client:
        return await asyncio.gather(*(client.get(path) for path in paths))


def test_two_hundred_at_once_get_a_page_or_are_asked_to_come_again(web):
    making.set_up()
    outcome = making.Institute().published()
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    of_the_lot = [lot.get_absolute_url(), f"/lots/{lot.number}/state"]
    pages = [outcome.get_absolute_url(), *of_the_lot, "/board/", "/accounts/login/"]

    answers = asyncio.run(_read_all(web, [pages[number % len(pages)] for number in range(AT_ONCE)]))

    counts = Counter(answer.status_code for answer in answers)
    assert set(counts) <= {200, 503}
    assert counts[200] > 0
    assert {answer.headers.get("retry-after") for answer in answers if answer.status_code == 503} <= {"5"}
    assert [httpx.get(web + page, timeout=30).status_code for page in pages] == [200] * len(pages)
