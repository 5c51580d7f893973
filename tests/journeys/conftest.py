"""What the browser journeys need: Debian's chromium, a live server on the real database, accessibility checks."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from asgiref.sync import sync_to_async
from django.contrib.staticfiles.handlers import StaticFilesHandlerMixin
from django.core.servers.basehttp import ThreadedWSGIServer
from django.utils import timezone
from playwright.sync_api import Browser, Page

from cms.call_room import with_room
from cms.templatetags import shell
from marketplace.core import clock
from tests.accessibility import barriers
from tests.journeys import static_files
from tests.journeys.at_work import AtWork


@pytest.fixture(scope="session", autouse=True)
def _static_files_from_memory() -> Iterator[None]:
    """Serve static files as cheaply as can be, the stylesheets as one, and have browsers keep them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandlerMixin, "serve", static_files.serve)
        patch.setattr(shell, "render_to_string", static_files.one_link)
        shell.stylesheets.cache_clear()
        yield
    shell.stylesheets.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def _room_for_calls() -> Iterator[None]:
    """Have the live server's threads run as those of the house do."""
    with pytest.MonkeyPatch.context() as patch:
        answer = with_room(ThreadedWSGIServer.process_request_thread)
        patch.setattr(ThreadedWSGIServer, "process_request_thread", answer)
        yield


@pytest.fixture
def visitor(browser: Browser, live_server: Any) -> Iterator[Callable[[], Page]]:
    """Return a function that opens a fresh browser of somebody else, in Chinese."""
    contexts = []

    def arrive() -> Page:
        context = browser.new_context(
            base_url=live_server.url, locale="zh-CN", viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Return a function that refuses a page with accessibility violations."""

    def check(page: Page) -> None:
        assert barriers(page) == [], page.url

    return check


class House:
    """The whole site at an address, with a clock that tests may put back."""

    def __init__(self) -> None:
        self.address = ""
        self.ago = timedelta()  # by how much the clock of every request is put back
        self.broken: list[str] = []  # what was answered with an error of the site
        self.behind: AtWork | None = (
            None  # the worker that does what follows from facts; without one, each request does
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        from cms.asgi import application
        from tasks import delivery

        if static_files.answers(scope):
            await static_files.send_file(scope, send)
            return

        async def send_and_note(message: Any) -> None:
            if message.get("status", 0) >= 500:
                self.broken.append(f"{message['status']} {scope['path']}")
            await send(message)

        if self.behind:
            await sync_to_async(self.behind.catch_up)()
        follows = nullcontext() if self.behind else delivery.at_once()
        put_back = clock.moved_to(timezone.now() - self.ago) if self.ago else nullcontext()
        with follows, put_back:
            await application(scope, receive, send_and_note)


@pytest.fixture
def house(transactional_db: None, tmp_path: Path, settings: Any) -> Iterator[House]:
    """Serve the whole site as production does: uvicorn, cms.asgi, streams in front; static files from memory.

    What follows from a fact is carried out in the server, in the request that made it a fact; `house.behind` has it
    done by a worker.
    """
    settings.SEARCH_DIR = tmp_path / "search"
    settings.ALLOWED_HOSTS = ["*"]
    served = House()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        served.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        # an open stream never ends by itself: without the timeout the server waits for it, and looks at the database on
        config = uvicorn.Config(served, log_level="error", ws="none", lifespan="off", timeout_graceful_shutdown=2)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        end = time.monotonic() + 60
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < end, "the server did not start in time"
            time.sleep(0.02)
        yield served
        server.should_exit = server.force_exit = True
        thread.join(20)
        assert not thread.is_alive(), "the server did not end; what it does on meets the emptying of the tables"
        assert not served.broken, "asked here and not in the browsers: telling Python of every answer costs much"
