"""The engine of this process, chosen by the settings."""

import os
import threading
from pathlib import Path

from django.conf import settings

from search.engine import Engine

_lock = threading.Lock()
_engines: dict[tuple[int, str], Engine] = {}


def get_engine() -> Engine:
    """Elasticsearch where ELASTICSEARCH_URL points to one, else the embedded engine in SEARCH_DIR.

    One engine per process and place: a forked worker makes its own, and a test with another directory another.
    """
    url = settings.ELASTICSEARCH_URL or ""
    place = (os.getpid(), url or str(settings.SEARCH_DIR))
    with _lock:
        if place not in _engines:
            _engines[place] = _made(url)
        return _engines[place]


def _made(url: str) -> Engine:
    """Import the chosen engine only: Elasticsearch's client alone takes as long to import as all of Django."""
    if url:
        from search.elastic import ElasticEngine

        return ElasticEngine(url)
    from search.embedded import EmbeddedEngine

    return EmbeddedEngine(Path(settings.SEARCH_DIR))
