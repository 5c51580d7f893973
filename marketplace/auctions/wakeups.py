"""The word that a lot has moved, from whoever moved it to every process with readers. Losing one costs a second."""

import threading
import time
from functools import lru_cache

import redis
import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

CHANNEL = "lots.moved"
PATIENCE = 0.5  # seconds; a bid never waits longer for Redis than this
PAUSE = 0.025  # seconds between two words of one process about one lot
# of each lot: when it was told of last, and whether it will be told of at the end of the pause after that
_told: dict[str, tuple[float, bool]] = {}


@lru_cache(maxsize=1)
def connection_for_marks() -> redis.Redis:
    """Return the connection for what may be lost: it gives up soon."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


def wake(lot_number: str) -> None:
    """Tell every web process that the lot has new events; readers poll each second as well, so failure is harmless.

    What follows within a pause is told together at its end: a reader is not woken for each of a hundred bids a second,
    and a word takes as long as half of all else that a bid takes here. Nothing is locked: threads that meet tell twice.
    """
    now = time.monotonic()
    last, is_coming = _told.get(lot_number, (-PAUSE, False))
    left = last + PAUSE - now
    if left <= 0:
        _tell(lot_number)
    elif not is_coming:
        _told[lot_number] = last, True
        later = threading.Timer(left, _tell, [lot_number])
        later.daemon = True
        try:
            later.start()
        except RuntimeError:  # no more threads to be had, or the process ends
            _tell(lot_number)


def _tell(lot_number: str) -> None:
    _told[lot_number] = time.monotonic(), False  # before it is told, so that what comes meanwhile is told after it
    try:
        connection_for_marks().publish(CHANNEL, lot_number)
    except redis.RedisError as error:
        log.info("wake-up not sent", lot=lot_number, error=type(error).__name__)
