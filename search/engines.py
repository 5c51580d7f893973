"""The engine of this process, chosen by the settings."""

import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from search.engine import Engine, EngineDown

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


@contextmanager
def spare_engine() -> Iterator[Engine]:
    """An engine of the kind the settings choose, with an empty index of its own that is removed afterwards."""
    name = f"check-{secrets.token_hex(4)}"
    if settings.ELASTICSEARCH_URL:
        from search.elastic import ElasticEngine

        server = ElasticEngine(settings.ELASTICSEARCH_URL, prefix=name)
        try:
            yield server
        finally:
            with suppress(EngineDown):  # whoever used it was told already
                server.remove_everything()
            server.close()
        return
    from search.embedded import EmbeddedEngine

    directory = Path(settings.SEARCH_DIR) / name
    embedded = EmbeddedEngine(directory)
    try:
        yield embedded
    finally:
        embedded.close()
        shutil.rmtree(directory, ignore_errors=True)
