"""Connections to Redis that all threads of a process share.

Django makes a client of the cache for each thread, and asgiref a new set of them for each request, so every page and
every bid connected anew: an eighth of a bid's time.
"""

from threading import Lock
from typing import Any

from redis import ConnectionPool

_pools: dict[tuple[Any, ...], ConnectionPool] = {}
_making = Lock()


class SharedPool:
    """A pool that is made once for each address and its options; it is safe to use in threads and after a fork."""

    @classmethod
    def from_url(cls, url: str, **options: Any) -> ConnectionPool:
        key = (url, *sorted(options.items()))
        with _making:
            if key not in _pools:
                _pools[key] = ConnectionPool.from_url(url, **options)
            return _pools[key]
