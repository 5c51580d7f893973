"""What only Elasticsearch brings: it can be down, and it has to rank as the embedded engine does."""

import os

import pytest

from search.elastic import ElasticEngine
from search.elastic.documents import mapping
from search.embedded import EmbeddedEngine
from search.engine import EngineDown, Part, Probe
from search.schema import KINDS
from tests.search.documents import PUBLIC, QUESTIONS, TITLES, library, outcome, question


@pytest.fixture
def nobody():
    """An engine whose server does not exist (port 9 is never open)."""
    return ElasticEngine("http://127.0.0.1:9")


@pytest.mark.parametrize(
    "ask",
    [
        lambda engine: engine.search(question("锁")),
        lambda engine: engine.suggest("outcome", "锁", PUBLIC, 5),
        lambda engine: engine.match(Probe((Part("锁芯"),)), question()),
        lambda engine: engine.apply([outcome(1, "锁")]),
        lambda engine: engine.refresh(),
        lambda engine: engine.rebuild("outcome").__enter__(),
    ],
)
def test_a_server_that_is_down_says_so(nobody, ask):
    with pytest.raises(EngineDown, match="does not answer"):
        ask(nobody)


def test_health_of_a_server_that_is_down_is_no_error(nobody):
    health = nobody.health()

    assert not health.ok
    assert "does not answer" in health.message


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_mappings_are_strict_and_use_only_the_whitespace_analyzer(kind):
    made = mapping(kind)

    assert made["dynamic"] == "strict"
    for text in kind.texts:
        streams = made["properties"][text.name]["properties"]
        assert {stream["analyzer"] for stream in streams.values()} == {"whitespace"}
        assert set(streams) == {"bi", "words", "uni"}


@pytest.mark.skipif(not os.environ.get("ELASTICSEARCH_URL"), reason="ELASTICSEARCH_URL points to no server")
def test_both_engines_agree(tmp_path):
    engines = [EmbeddedEngine(tmp_path), ElasticEngine(os.environ["ELASTICSEARCH_URL"], prefix="test-agree")]
    try:
        for engine in engines:
            engine.apply(library())
            engine.refresh()
        overlaps = []
        for text in [*QUESTIONS, *TITLES]:
            one, other = (engine.search(question(text, limit=10)) for engine in engines)
            assert one.total == other.total
            overlaps.append(len(set(one.ids) & set(other.ids)) / max(1, len(one.ids)))
            mine, theirs = (engine.match(Probe((Part(text),)), question(limit=10)) for engine in engines)
            assert {c.id: c.fields for c in mine[:3]} == {c.id: c.fields for c in theirs[:3]}
    finally:
        engines[0].close()
        engines[1].remove_everything()

    assert sum(overlaps) / len(overlaps) >= 0.8
