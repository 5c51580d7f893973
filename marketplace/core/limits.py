"""How often somebody may do something: counted in the cache, told in the RateLimit headers.

A count that cannot be kept refuses nobody: without the cache everything is let through.
"""

import math
import time
from dataclasses import dataclass
from typing import Any

import redis
import structlog
from django.core.cache import caches

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Left:
    """What is left of a limit: how many times, and in how many seconds it begins anew."""

    limit: "Limit"
    times: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """Return the fields of draft-ietf-httpapi-ratelimit-headers."""
        name, most, window = self.limit.name, self.limit.most, self.limit.seconds
        return {
            "RateLimit-Policy": f'"{name}";q={most};w={window}',
            "RateLimit": f'"{name}";r={max(self.times, 0)};t={self.seconds}',
        }

    @property
    def headers_to_wait(self) -> dict[str, str]:
        return self.headers | {"Retry-After": str(self.seconds)}


@dataclass(frozen=True)
class Limit:
    """`most` times in `seconds`, counted from the first."""

    name: str
    most: int
    seconds: int

    def count(self, who: str) -> Left:
        """Count one more; `times` below zero means that it was one too many."""
        try:
            cache = caches["limits"]
            began = cache.get_or_set(self._key(who), time.time, self.seconds)
            number = f"{self._key(who)}:{began}"
            cache.add(number, 0, self.seconds * 2)
            return self._left(cache.incr(number), began)
        except (redis.RedisError, ValueError) as error:
            return self._uncounted(error)

    def left(self, who: str) -> Left:
        """Return what is left, without counting."""
        try:
            cache = caches["limits"]
            began = cache.get(self._key(who))
            return self._left(0 if began is None else cache.get(f"{self._key(who)}:{began}", 0), began)
        except redis.RedisError as error:
            return self._uncounted(error)

    def _key(self, who: str) -> str:
        return f"limit:{self.name}:{who}"

    def _left(self, counted: int, began: Any) -> Left:
        passed = 0 if began is None else time.time() - float(began)
        return Left(self, self.most - counted, max(1, math.ceil(self.seconds - passed)))

    def _uncounted(self, error: Exception) -> Left:
        log.warning("limit not counted", limit=self.name, error=type(error).__name__)
        return Left(self, self.most, self.seconds)


READS = Limit("reads", most=300, seconds=60)
