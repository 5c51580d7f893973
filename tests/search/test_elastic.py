"""What only Elasticsearch brings: it can be down, and it has to rank as the embedded engine does."""

import dataclasses
import socket
import time
import uuid

import pytest
from elasticsearch import Elasticsearch

from search.elastic import ElasticEngine, generations, writing
from search.elastic.documents import mapping
from search.elastic.generations import Generations
from search.engine import Drop, EngineDown, IndexOutdated, Part, Probe, Put, WriterBusy
from search.explain import reasons
from search.schema import KINDS
from tests.search.documents import PUBLIC, QUESTIONS, TITLES, library, outcome, question

pytestmark = pytest.mark.long
OLD_OUTCOME = dataclasses.replace(KINDS["outcome"], numbers=("trl", "published"), counted=())


@pytest.fixture
def client(server):
    """The library's own client of the server, for what the engine does not do."""
    with Elasticsearch(server.split(","), request_timeout=30) as client:
        yield client


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


def test_both_engines_agree(embedded, elastic):
    overlaps, kind = [], KINDS["outcome"]
    for engine in (embedded, elastic):
        engine.apply(library())
        engine.refresh()

    for text in [*QUESTIONS, *TITLES]:
        one, other = (engine.search(question(text, limit=10)) for engine in (embedded, elastic))
        assert one.total == other.total
        overlaps.append(len(set(one.ids) & set(other.ids)) / max(1, len(one.ids)))
        mine, theirs = (engine.match(Probe((Part(text),)), question(limit=10)) for engine in (embedded, elastic))
        assert {c.id: reasons(kind, c) for c in mine[:3]} == {c.id: reasons(kind, c) for c in theirs[:3]}

    assert sum(overlaps) / len(overlaps) >= 0.8


def test_a_server_that_takes_requests_and_never_answers_is_not_waited_for(monkeypatch):
    monkeypatch.setattr("search.elastic.engine.ASK_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = ElasticEngine(f"http://127.0.0.1:{silent.getsockname()[1]}")
        begun = time.monotonic()

        with pytest.raises(EngineDown, match="does not answer"):
            engine.search(question("锁"))

        assert time.monotonic() - begun < 3


def test_the_next_node_is_asked_where_one_does_not_answer(elastic, server):
    elastic.apply([outcome(1, "智能锁")])
    elastic.refresh()
    prefix = elastic.health().kinds[0].generation.split("-outcome-")[0]
    other = ElasticEngine(f"http://127.0.0.1:9,{server}", prefix=prefix)

    answers = [other.search(question("锁")).ids for _ in range(4)]

    assert answers == [["OH-0001"]] * 4
    other.close()


def test_a_write_into_an_index_that_is_gone_makes_none(elastic, client):
    elastic.apply([outcome(1, "智能锁")])
    name = elastic.health().kinds[0].generation
    gone = f"{name.rsplit('-', 1)[0]}-123"

    with pytest.raises(writing.IndexGone):
        writing.write(client, KINDS["outcome"], gone, [outcome(2, "阀门")])

    assert list(client.indices.get_alias(index=f"{name.split('-outcome-')[0]}-*").body) == [name]


def test_what_the_index_being_filled_does_not_take_has_failed(elastic, client):
    with elastic.rebuild("outcome") as fresh:
        client.indices.put_settings(index=fresh.generation, settings={"index.blocks.write": True})

        report = elastic.apply([outcome(1, "智能锁")])

        client.indices.put_settings(index=fresh.generation, settings={"index.blocks.write": None})
    assert [failure.id for failure in report.failed] == ["OH-0001"]


def test_updates_go_on_where_a_rebuild_is_given_up(elastic, client):
    def give_up():
        with elastic.rebuild("outcome") as fresh:
            client.indices.delete(index=fresh.generation)
            assert elastic.apply([outcome(1, "智能锁")]).applied == 1

    with pytest.raises(EngineDown, match="abandoned"):
        give_up()

    elastic.refresh()
    assert elastic.search(question()).ids == ["OH-0001"]


def test_two_rebuilds_at_once_are_refused(elastic):
    with elastic.rebuild("outcome"), pytest.raises(WriterBusy, match="being rebuilt already"):
        elastic.rebuild("outcome").__enter__()


@pytest.fixture
def deployment(client):
    """The index of old code, and the generations of old and of new code."""
    prefix = f"test-{uuid.uuid4().hex[:10]}"
    before, after = (Generations(client, prefix, kind) for kind in (OLD_OUTCOME, KINDS["outcome"]))
    (old,) = before.targets()
    yield old, before, after
    before.drop_all()


def let_days_pass(monkeypatch, days):
    later = time.time() + days * 24 * 3600
    monkeypatch.setattr(generations.time, "time", lambda: later)


def test_an_index_of_another_schema_says_so_until_it_is_rebuilt(client, deployment):
    old, before, after = deployment

    with pytest.raises(IndexOutdated, match="rebuild it"):
        after.targets()
    assert after.is_outdated()
    with writing.rebuild(client, after) as fresh:
        assert after.targets() == [fresh.generation]

    assert not after.is_outdated()
    assert after.targets() == [fresh.generation]
    assert before.targets() == [old]


def test_old_code_keeps_its_index_until_the_new_one_is_a_day_old(client, deployment, monkeypatch):
    old, before, after = deployment
    let_days_pass(monkeypatch, 2)

    with writing.rebuild(client, after):
        pass
    assert before.current() == old
    with writing.rebuild(client, after):
        pass

    assert before.current() == ""


def test_generations_nobody_needs_are_removed_after_a_day(client, deployment, monkeypatch):
    first, before, _after = deployment
    names = [first]
    for _ in range(2):
        with writing.rebuild(client, before) as fresh:
            names.append(fresh.generation)
    assert set(before._indices()) == set(names)
    let_days_pass(monkeypatch, 2)

    with writing.rebuild(client, before) as fresh:
        pass

    assert set(before._indices()) == {names[2], fresh.generation}


def test_tombstones_are_carried_over_however_many(elastic):
    numbers = range(10_500)
    elastic.apply(Drop("outcome", f"OH-{number:05d}", 5) for number in numbers)

    with elastic.rebuild("outcome"):
        pass

    report = elastic.apply(Put("outcome", f"OH-{number:05d}", 4, outcome(number, "甲").doc) for number in (0, 10_499))
    assert (report.applied, report.stale) == (0, 2)
