"""Which engine the settings choose."""

from search.elastic import ElasticEngine
from search.embedded import EmbeddedEngine
from search.engine import Drop
from search.engines import get_engine, keep_only


def test_without_a_server_the_embedded_engine_is_used_and_kept(settings, tmp_path):
    settings.ELASTICSEARCH_URL, settings.SEARCH_DIR = "", tmp_path / "one"
    first = get_engine()

    assert isinstance(first, EmbeddedEngine)
    assert get_engine() is first
    settings.SEARCH_DIR = tmp_path / "two"
    assert get_engine() is not first


def test_only_the_engine_of_one_directory_is_kept(settings, tmp_path):
    settings.ELASTICSEARCH_URL, settings.SEARCH_DIR = "", tmp_path / "one"
    first = get_engine()
    first.apply([Drop("need", "1", 1)])
    settings.SEARCH_DIR = tmp_path / "two"
    second = get_engine()

    keep_only(tmp_path / "two")

    assert get_engine() is second
    assert EmbeddedEngine(tmp_path / "one").apply([Drop("need", "2", 1)]).applied == 1, "nobody else may write there"
    settings.SEARCH_DIR = tmp_path / "one"
    assert get_engine() is not first


def test_a_server_is_used_when_there_is_one(settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"

    assert isinstance(get_engine(), ElasticEngine)
