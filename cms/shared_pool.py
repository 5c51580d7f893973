"""Connections to Redis that all threads of a process share.

Django makes a client of the cache for each thread, and asgiref a new set of them for each request, so every page and
every bid connected anew: an eighth of a bid's time.
"""

from functools import cache
from typing import Any

from redis import ConnectionPool


class SharedPool(ConnectionPool):
    """A pool that is made once for each address and its options; it is safe to use in threads and after a fork."""

    @classmethod
    def from_url(cls, url: str, **options: Any) -> "ConnectionPool":
        return _made(url, tuple(sorted(options.items())))


@cache
def _made(url: str, options: tuple[tuple[str, Any], ...]) -> ConnectionPool:
    return ConnectionPool.from_url(url, **dict(options))
