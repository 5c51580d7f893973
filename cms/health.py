"""Is the process alive, and are the services it needs there?"""

from collections.abc import Callable

import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from search.engine import EngineDown

log = structlog.get_logger(__name__)


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Tell that this process answers; touches nothing else."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Tell of each service by name whether it answers; 503 unless all do."""
    services = {name: _state_of(name, ask) for name, ask in SERVICES.items()}
    ready = all(state == "ok" for state in services.values())
    return JsonResponse({"status": "ok" if ready else "not ready", **services}, status=200 if ready else 503)


def _state_of(name: str, ask: Callable[[], None]) -> str:
    try:
        ask()
    except (DatabaseError, redis.RedisError, EngineDown, OSError) as error:
        log.warning("service does not answer", service=name, error=str(error))
        return "no answer"
    return "ok"


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_redis() -> None:
    with redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
        client.ping()


def _ask_search() -> None:
    """Ask Elasticsearch where there is one; the embedded engine is part of this process."""
    if not settings.ELASTICSEARCH_URL:
        return
    from elasticsearch import ApiError, Elasticsearch, TransportError  # here: it takes as long as all of Django

    try:
        with Elasticsearch(settings.ELASTICSEARCH_URL.split(","), request_timeout=2, max_retries=1) as client:
            client.cluster.health()
    except (TransportError, ApiError) as error:
        raise EngineDown(str(error)) from error


SERVICES = {"database": _ask_database, "redis": _ask_redis, "search": _ask_search}
