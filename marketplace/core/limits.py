"""How often somebody may do something: counted in the cache, told in the RateLimit headers.

A count that cannot be kept refuses nobody: without the cache everything is let through.
"""

import contextlib
import math
import time
from dataclasses import dataclass

import redis
import structlog
from django.core.cache import caches

log = structlog.get_logger(__name__)

# One number holds when counting began, in milliseconds, and how often since: each question is one way to Redis
MILLI, ONE_BEGINNING = 1000, 1_000_000


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
            return self._left(self._counted(self._key(who)))
        except (redis.RedisError, ValueError) as error:
            return self._uncounted(error)

    def left(self, who: str) -> Left:
        """Return what is left, without counting."""
        try:
            return self._left(caches["limits"].get(self._key(who)))
        except redis.RedisError as error:
            return self._uncounted(error)

    def _key(self, who: str) -> str:
        return f"limit:{self.name}:{who}"

    def _counted(self, key: str) -> int:
        """Count under a key, which is there from the first time for as long as the limit says; return its number."""
        cache, first = caches["limits"], int(time.time() * MILLI) * ONE_BEGINNING + 1
        with contextlib.suppress(ValueError):  # nothing was counted yet
            return cache.incr(key)
        return first if cache.add(key, first, self.seconds) else cache.incr(key)

    def _left(self, number: int | None) -> Left:
        began, counted = divmod(number, ONE_BEGINNING) if number is not None else (None, 0)
        passed = 0 if began is None else time.time() - began / MILLI
        return Left(self, self.most - counted, max(1, math.ceil(self.seconds - passed)))

    def _uncounted(self, error: Exception) -> Left:
        log.warning("limit not counted", limit=self.name, error=type(error).__name__)
        return Left(self, self.most, self.seconds)


READS = Limit("reads", most=300, seconds=60)
