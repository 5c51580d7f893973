"""The engine of this process, chosen by the settings."""

import os
import threading
from pathlib import Path

from django.conf import settings

from search.elastic import ElasticEngine
from search.embedded import EmbeddedEngine
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
            _engines[place] = ElasticEngine(url) if url else EmbeddedEngine(Path(settings.SEARCH_DIR))
        return _engines[place]
