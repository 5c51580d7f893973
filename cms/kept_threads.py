"""Threads that are kept for the next request: Django starts one for each, and another to end it.

async with one_for_a_request(): the code of a request that needs one thread runs in it, with its database connection.
"""

from collections import deque
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from asgiref.sync import ThreadSensitiveContext

MOST_KEPT = 32  # of those that are free; as many requests as there are have a thread each
_free: deque[ThreadPoolExecutor] = deque()


@asynccontextmanager
async def one_for_a_request() -> AsyncIterator[None]:
    """Lend a thread to one request; whoever comes next gets the one that has been free for longest."""
    thread = _free.popleft() if _free else ThreadPoolExecutor(max_workers=1, thread_name_prefix="request")
    try:
        async with ThreadSensitiveContext(executor=thread):
            yield
    finally:
        if len(_free) < MOST_KEPT:
            _free.append(thread)
        else:
            thread.shutdown(wait=False)
