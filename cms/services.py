"""Which service is away, told from an error: for the page that says so, and for whoever set its variable."""

import os

import kombu.exceptions
import psycopg
import redis
from django.db import OperationalError
from psycopg_pool import PoolTimeout

from search.engine import EngineDown

DATABASE = (psycopg.OperationalError, OperationalError)
QUEUE = (redis.ConnectionError, redis.TimeoutError, kombu.exceptions.OperationalError)
# no connection (08), not let in (28), no such database (3D), no room (53), going down (57)
NOT_THERE = ("08", "28", "3D", "53", "57")


def chain(error: BaseException | None) -> list[BaseException]:
    """Return an error and what it was raised from."""
    found = []
    while error is not None:
        found.append(error)
        error = error.__cause__
    return found


def sentence_about(error: BaseException) -> str | None:
    """Return the variable of the service that is away and why, for the command line; None for any other error."""
    reasons = chain(error)
    for reason in reasons:
        if isinstance(reason, QUEUE):
            return f"REDIS_URL: Redis does not answer: {_first_line(reason)}"
        if isinstance(reason, EngineDown):
            return f"ELASTICSEARCH_URL: {_first_line(reason)}"
    if isinstance(reasons[-1], DATABASE) and _is_away(reasons[-1]):
        return f"DATABASE_URL: the database does not answer: {_why_no_connection(reasons[-1])}"
    return None


def _is_away(error: BaseException) -> bool:
    state = getattr(error, "sqlstate", None)
    return state is None or state.startswith(NOT_THERE)


def _why_no_connection(error: BaseException) -> str:
    """Return the server's own reason; a pool only knows that it waited, so ask once without it."""
    if isinstance(error, PoolTimeout):
        try:
            psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=3).close()
        except psycopg.Error as reason:
            return _first_line(reason)
    return _first_line(error)


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
