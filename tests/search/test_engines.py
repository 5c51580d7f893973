"""Which engine the settings choose."""

from search.elastic import ElasticEngine
from search.embedded import EmbeddedEngine
from search.engines import get_engine


def test_without_a_server_the_embedded_engine_is_used_and_kept(settings, tmp_path):
    settings.ELASTICSEARCH_URL, settings.SEARCH_DIR = "", tmp_path / "one"
    first = get_engine()

    assert isinstance(first, EmbeddedEngine)
    assert get_engine() is first
    settings.SEARCH_DIR = tmp_path / "two"
    assert get_engine() is not first


def test_a_server_is_used_when_there_is_one(settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"

    assert isinstance(get_engine(), ElasticEngine)
