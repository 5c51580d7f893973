"""Playwright's event loop: from a worker's first browser on it runs in the worker's own thread, also between tests.

A test without a browser must not see it: `asyncio.run` refuses beside it, and Django's connections are others where a
loop runs, so that a fixture and its test would not mean the same transaction.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


def show(loop: asyncio.AbstractEventLoop | None) -> None:
    """Have this thread's code find the loop running, or none."""
    asyncio._set_running_loop(loop)


@contextmanager
def no_running_loop() -> Iterator[None]:
    """Hide the loop that runs in this thread; one that ended meanwhile does not come back."""
    running = asyncio._get_running_loop()
    show(None)
    try:
        yield
    finally:
        show(running if running is not None and running.is_running() else None)
