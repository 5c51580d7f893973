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


def keep_only(directory: Path) -> None:
    """Close this process's engines in other directories, for tests: each has threads that look at its files."""
    with _lock:
        kept = (str(directory), settings.ELASTICSEARCH_URL)
        others = [place for place in _engines if place[0] == os.getpid() and place[1] not in kept]
        for place in others:
            _engines.pop(place).close()


def _made(url: str) -> Engine:
    """Import the chosen engine only: Elasticsearch's client alone takes as long to import as all of Django."""
    if url:
        from search.elastic import ElasticEngine

        return ElasticEngine(url)
    from search.embedded import EmbeddedEngine

    return EmbeddedEngine(Path(settings.SEARCH_DIR))


@contextmanager
def spare_engine(name: str = "") -> Iterator[Engine]:
    """An empty engine of its own that is removed afterwards: "embedded", "elasticsearch", or the one of the settings.

    Raises ValueError where Elasticsearch is wanted and the settings name no server.
    """
    chosen = name or ("elasticsearch" if settings.ELASTICSEARCH_URL else "embedded")
    if chosen == "elasticsearch" and not settings.ELASTICSEARCH_URL:
        raise ValueError("ELASTICSEARCH_URL names no server.")
    with _spare_server() if chosen == "elasticsearch" else _spare_directory() as made:
        yield made


@contextmanager
def _spare_server() -> Iterator[Engine]:
    from search.elastic import ElasticEngine

    server = ElasticEngine(settings.ELASTICSEARCH_URL, prefix=f"check-{secrets.token_hex(4)}")
    try:
        yield server
    finally:
        with suppress(EngineDown):  # whoever used it was told already
            server.remove_everything()
        server.close()


@contextmanager
def _spare_directory() -> Iterator[Engine]:
    from search.embedded import EmbeddedEngine

    directory = Path(settings.SEARCH_DIR) / f"check-{secrets.token_hex(4)}"
    embedded = EmbeddedEngine(directory)
    try:
        yield embedded
    finally:
        embedded.close()
        shutil.rmtree(directory, ignore_errors=True)
