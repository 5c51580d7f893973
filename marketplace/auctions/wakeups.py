"""The word that a lot has moved, from whoever moved it to every process with readers. Losing one costs a second."""

from functools import lru_cache

import redis
import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

CHANNEL = "lots.moved"
PATIENCE = 0.5  # seconds; a bid never waits longer for Redis than this


@lru_cache(maxsize=1)
def connection_for_marks() -> redis.Redis:
    """Return the connection for what may be lost: it gives up soon."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


def wake(lot_number: str) -> None:
    """Tell every web process that the lot has new events; readers poll each second as well, so failure is harmless."""
    try:
        connection_for_marks().publish(CHANNEL, lot_number)
    except redis.RedisError as error:
        log.info("wake-up not sent", lot=lot_number, error=type(error).__name__)
