"""Threads that are kept for the next request: Django starts one for each, and another to end it.

async with one_for_a_request(): the code of a request that needs one thread runs in it, with its database connection.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from asgiref.sync import ThreadSensitiveContext

from cms.call_room import with_room

MOST_KEPT = 32  # of those that are free; as many requests as there are have a thread each


@with_room
def _run(work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    return work(*args, **kwargs)


class OneThread(ThreadPoolExecutor):
    """A thread that has room for the calls below a page."""

    def __init__(self) -> None:
        super().__init__(max_workers=1, thread_name_prefix="request")

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return super().submit(_run, fn, *args, **kwargs)


_free: deque[OneThread] = deque()


@asynccontextmanager
async def one_for_a_request() -> AsyncIterator[None]:
    """Lend a thread to one request; whoever comes next gets the one that has been free for longest."""
    thread = _free.popleft() if _free else OneThread()
    try:
        async with ThreadSensitiveContext(executor=thread):
            yield
    finally:
        if len(_free) < MOST_KEPT:
            _free.append(thread)
        else:
            thread.shutdown(wait=False)
