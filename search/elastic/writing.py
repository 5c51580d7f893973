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

CHUNK = 500
CHUNK_BYTES = 10_000_000
NO_INDEX, CONFLICT = 404, 409
MAY_PASS = (429, 500, 502, 503, 504)  # the server's trouble, not the document's
RETRIES, FIRST_PAUSE, LONGEST_PAUSE = 3, 0.5, 2.0


class IndexGone(EngineDown):
    """The index was deleted while it was written to."""


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


def write_live(client: Elasticsearch, generations: Generations, ops: list[Op]) -> Report:
    """Carry out operations in the current index and in the one being filled; what fails in either has failed."""
    current, *filling = generations.targets()
    report = write(client, generations.kind, current, ops)
    for name in filling:
        try:
            other = write(client, generations.kind, name, ops)
        except IndexGone:
            continue  # its rebuild was given up meanwhile
        report.failed += [failure for failure in other.failed if failure not in report.failed]
    return report


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
    """Send bulk actions; each document lives or fails alone. EngineDown where the server could not take them."""
    report = Report()
    versioned = ({"_op_type": "index", "version_type": "external_gte", **action} for action in actions)
    for done, answer in streaming_bulk(
        client,
        versioned,
        index=index,
        chunk_size=CHUNK,
        max_chunk_bytes=CHUNK_BYTES,
        raise_on_error=False,
        max_retries=RETRIES,
        initial_backoff=FIRST_PAUSE,
        max_backoff=LONGEST_PAUSE,
        retry_on_status=MAY_PASS,
    ):
        if done:
            report.applied += 1
        else:
            _count(report, kind, answer["index"])
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
            generations.give_up(name)


def _count(report: Report, kind: Kind, outcome: dict[str, Any]) -> None:
    """Say what became of a document that was not written."""
    status = outcome["status"]
    if status == CONFLICT:
        report.stale += 1
        return
    reason = outcome["error"]["reason"]
    if status == NO_INDEX:
        raise IndexGone(f"The index was deleted while it was written to: {reason}")
    if status in MAY_PASS:
        raise EngineDown(f"Elasticsearch could not take a document: {reason}")
    report.failed.append(Failure(kind.name, outcome["_id"], reason))


def _action(kind: Kind, op: Op) -> dict[str, Any]:
    if not isinstance(op, Put):
        return {"_id": op.id, "version": op.version, "_source": tombstone(op, int(time.time()))}
    check(kind, op.doc)
    return {"_id": op.id, "version": op.version, "_source": body(kind, op)}
