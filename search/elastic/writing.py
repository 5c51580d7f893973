"""Operations as bulk requests with external versions, and the rebuild of a generation."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from search.elastic.documents import LIVE, body, tombstone
from search.elastic.generations import Generations
from search.engine import EngineDown, Failure, Op, Put, Report
from search.schema import BadDocument, Kind, check

CONFLICT = 409
CHUNK = 500


class FreshIndex:
    """What the code that rebuilds sees of the fresh index."""

    def __init__(self, client: Elasticsearch, kind: Kind, name: str) -> None:
        self._client = client
        self._kind = kind
        self.generation = name

    def apply(self, ops: Iterable[Op]) -> Report:
        """Put documents into the fresh index only."""
        return write(self._client, self._kind, self.generation, list(ops))

    def count(self) -> int:
        """The documents it holds."""
        return count(self._client, self.generation)


def write(client: Elasticsearch, kind: Kind, index: str, ops: list[Op]) -> Report:
    """Carry out operations on one index; what does not fit or is stale is counted."""
    report = Report()
    actions = []
    for op in ops:
        try:
            actions.append(_action(kind, op))
        except BadDocument as error:
            report.failed.append(Failure(op.kind, op.id, str(error)))
    return report + send(client, kind, index, actions)


def send(client: Elasticsearch, kind: Kind, index: str, actions: Iterable[dict[str, Any]]) -> Report:
    """Send bulk actions; each document lives or fails alone."""
    report = Report()
    versioned = ({"_op_type": "index", "version_type": "external_gte", **action} for action in actions)
    for done, answer in streaming_bulk(
        client, versioned, index=index, chunk_size=CHUNK, raise_on_error=False, raise_on_exception=True
    ):
        outcome = answer["index"]
        if done:
            report.applied += 1
        elif outcome["status"] == CONFLICT:
            report.stale += 1
        else:
            report.failed.append(Failure(kind.name, outcome["_id"], outcome["error"]["reason"]))
    return report


def count(client: Elasticsearch, index: str) -> int:
    """The live documents of an index, freshly written ones included."""
    client.indices.refresh(index=index)
    return client.count(index=index, query={"term": {LIVE: True}})["count"]


@contextmanager
def rebuild(client: Elasticsearch, generations: Generations) -> Iterator[FreshIndex]:
    """A fresh index that all writers fill as well; swapped in on success, deleted on an error."""
    name = generations.begin()
    is_swapped = False
    try:
        send(client, generations.kind, name, generations.tombstones())
        yield FreshIndex(client, generations.kind, name)
        if name not in generations.targets():
            raise EngineDown("The rebuild was abandoned; begin again.")
        generations.swap(name)
        is_swapped = True
    finally:
        if not is_swapped:
            generations.drop(name)


def _action(kind: Kind, op: Op) -> dict[str, Any]:
    if not isinstance(op, Put):
        return {"_id": op.id, "version": op.version, "_source": tombstone(op, int(time.time()))}
    check(kind, op.doc)
    return {"_id": op.id, "version": op.version, "_source": body(kind, op)}
