"""Two Elasticsearch nodes, one of which loses its power while the site writes and reads."""

import threading
import time

import pytest
from elasticsearch import Elasticsearch

from search.elastic import ElasticEngine
from search.engine import EngineDown, Put
from tests.elasticsearch import nodes, parts
from tests.elasticsearch.server import give_up
from tests.search.documents import outcome, question

pytestmark = pytest.mark.long
KINDS, EACH, KILL_AFTER = ("outcome", "need", "broker", "lot"), 60, 80
PATIENCE = 120  # seconds, for machines that do other things as well


def update(kind, number):
    text = "name" if kind == "broker" else "title"
    return Put(kind, f"N-{number}", 10, {text: "更新", "visibility": ["public"]})


@pytest.fixture
def pair(tmp_path):
    """Two nodes: the first one leads the cluster, the second holds data."""
    try:
        parts.made()
    except parts.Unavailable as reason:
        give_up(str(reason))
    first = nodes.started(tmp_path / "one", {"node.name": "one", "cluster.initial_master_nodes": "one"})
    joining = {"node.name": "two", "node.roles": "data", "discovery.seed_hosts": first.transport}
    second = nodes.started(tmp_path / "two", joining)
    yield first, second
    second.let_go()
    first.let_go()


class Site:
    """A writer that repeats what was not taken, as the indexing task does, and a reader."""

    def __init__(self, engine):
        self.engine = engine
        self.written, self.answers, self.refusals, self.bugs = 0, 0, [], []
        self.is_done = threading.Event()

    def write(self):
        for number in range(EACH * len(KINDS)):
            kind = KINDS[number % len(KINDS)]
            self._until_taken(update(kind, number))
            self.written += 1
        self.is_done.set()

    def read(self):
        while not self.is_done.wait(0.02):
            self._tried(lambda: self.engine.search(question("锁", limit=1)).total == 1)
            self.answers += 1

    def _until_taken(self, op):
        until = time.monotonic() + PATIENCE
        while not self._tried(lambda: self.engine.apply([op]).applied == 1) and time.monotonic() < until:
            time.sleep(0.1)

    def _tried(self, act):
        try:
            assert act()
        except EngineDown as error:
            self.refusals.append(str(error))
            return False
        except Exception as error:
            self.bugs.append(repr(error))
            raise
        return True


def green(client):
    """Wait until both nodes hold everything; return the cluster's health."""
    return client.cluster.health(wait_for_status="green", wait_for_nodes="2", timeout=f"{PATIENCE}s")


def leading(client):
    """Return the nodes that hold the first copy of some index."""
    shards = client.cat.shards(index="pair-*", format="json").body
    return {shard["node"] for shard in shards if shard["prirep"] == "p"}


def let_the_other_lead_one(client):
    """Take one index's first copy from the node to which chance gave them all: the other one's follows."""
    (alone,) = leading(client)
    index = client.cat.shards(index="pair-*", format="json").body[0]["index"]
    client.cluster.reroute(commands=[{"cancel": {"index": index, "shard": 0, "node": alone, "allow_primary": True}}])
    green(client)


def test_no_update_is_lost_and_searches_go_on_or_say_why(pair):
    first, second = pair
    engine = ElasticEngine(f"{first.url},{second.url}", prefix="pair")
    engine.apply([outcome(1, "智能锁", version=1), *(Put(kind, "0", 1, {"visibility": ["public"]}) for kind in KINDS)])
    engine.refresh()
    with Elasticsearch(first.url, request_timeout=PATIENCE) as client:
        whole = green(client)
        if len(leading(client)) == 1:
            let_the_other_lead_one(client)
        leaders = leading(client)
    assert (whole["status"], whole["active_shards"], whole["active_primary_shards"]) == ("green", 8, 4)
    assert leaders == {"one", "two"}
    site = Site(engine)
    threads = [threading.Thread(target=site.write), threading.Thread(target=site.read)]

    for thread in threads:
        thread.start()
    while site.written < KILL_AFTER:
        assert threads[0].is_alive()
        time.sleep(0.01)
    second.kill()
    answers_before = site.answers
    for thread in threads:
        thread.join(timeout=PATIENCE)

    engine.refresh()
    totals = {kind: engine.search(question("更新", kind=kind)).total for kind in KINDS}
    assert site.bugs == []
    assert totals == dict.fromkeys(KINDS, EACH)
    assert site.answers > answers_before
    assert all("does not answer" in refusal or "could not take" in refusal for refusal in site.refusals)
    assert engine.search(question("锁")).ids == ["OH-0001"]
    engine.close()
