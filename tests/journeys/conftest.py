"""What the browser journeys need: Debian's chromium, a live server on the real database, accessibility checks."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page


@pytest.fixture
def visitor(browser: Browser, live_server: Any) -> Iterator[Callable[[], Page]]:
    """Return a function that opens a fresh browser of somebody else, in Chinese."""
    contexts = []

    def arrive() -> Page:
        context = browser.new_context(base_url=live_server.url, locale="zh-CN", viewport={"width": 1280, "height": 900})
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Return a function that refuses a page with accessibility violations."""

    def check(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check


@pytest.fixture
def house(transactional_db: None, tmp_path: Path, settings: Any) -> Iterator[str]:
    """Serve the whole site as production does (uvicorn, cms.asgi, streams in front), and return its address.

    What follows from a fact is carried out in the server, in the request that made it a fact.
    """
    from cms.asgi import application
    from tasks import delivery

    settings.SEARCH_DIR = tmp_path / "search"

    async def at_once(scope: Any, receive: Any, send: Any) -> None:
        with delivery.at_once():
            await application(scope, receive, send)

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        settings.ALLOWED_HOSTS = ["*"]
        server = uvicorn.Server(uvicorn.Config(at_once, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = server.force_exit = True
        thread.join(20)
