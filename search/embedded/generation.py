"""One generation of one kind's index on disk, and the pointer to the current one."""

import os
import shutil
import time
from pathlib import Path

import tantivy

from search.embedded.fields import (
    GONE_AT,
    KEY,
    LIVE,
    VERSION,
    document,
    identifier_of,
    tantivy_schema,
    tombstone,
    total,
)
from search.engine import EngineDown, Op, Put
from search.schema import Kind

POINTER = "current"
HEAP_BYTES = 32_000_000
TOMBSTONE_SECONDS = 24 * 3600
KEEP_SECONDS = 24 * 3600


class Generation:
    """The write side of one generation. One thread at a time; the caller holds the lock."""

    def __init__(self, kind: Kind, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self.kind = kind
        self.path = path
        self._index = tantivy.Index(tantivy_schema(kind), str(path))
        try:
            self._writer = self._index.writer(HEAP_BYTES, 1)
        except ValueError as error:
            raise EngineDown(f"The index in {path.name} cannot be written: {error}") from error
        self._searcher = self._index.searcher()
        self._uncommitted: dict[str, tuple[int, bool]] = {}

    def apply(self, op: Op) -> bool:
        """Write one operation (its document already checked); False when a newer version is known."""
        known = self._known(op.id)
        if known is not None and op.version < known[0]:
            return False
        made = document(self.kind, op) if isinstance(op, Put) else tombstone(op.id, op.version, int(time.time()))
        if known is not None:
            self._writer.delete_documents_by_term(KEY, op.id)
        self._writer.add_document(made)
        self._uncommitted[op.id] = (op.version, isinstance(op, Put))
        return True

    def commit(self) -> None:
        """Make everything applied so far durable and visible."""
        try:
            self._writer.commit()
        except ValueError as error:
            raise EngineDown(f"The index could not be written: {error}") from error
        self._index.reload()
        self._searcher = self._index.searcher()
        self._uncommitted.clear()

    def count(self) -> int:
        """The live documents, those not yet committed included."""
        live = tantivy.Query.term_query(tantivy_schema(self.kind), LIVE, 1)
        found = total(self._searcher.search(live, 1))
        for identifier, (_, is_put) in self._uncommitted.items():
            before = self._committed(identifier)
            found += int(is_put) - int(before is not None and before[1])
        return found

    def tombstones(self) -> list[tuple[str, int]]:
        """The id and version of what was dropped lately (committed)."""
        gone = tantivy.Query.term_query(tantivy_schema(self.kind), LIVE, 0)
        hits = self._searcher.search(gone, max(1, self._searcher.num_docs)).hits
        addresses = [address for _, address in hits]
        versions = self._searcher.fast_field_values(VERSION, addresses)
        keys = [identifier_of(self._searcher.doc(address)) for address in addresses]
        return [(key, int(version or 0)) for key, version in zip(keys, versions, strict=True)]

    def forget_old_tombstones(self) -> None:
        """Remove tombstones older than a day, with the next commit."""
        before = int(time.time()) - TOMBSTONE_SECONDS
        self._writer.delete_documents_by_query(
            tantivy.Query.range_query(
                tantivy_schema(self.kind), GONE_AT, tantivy.FieldType.Integer, None, before, include_upper=False
            )
        )

    def close(self) -> None:
        """Let merges finish and give up the writer; what was not committed is gone."""
        self._writer.rollback()
        self._writer.wait_merging_threads()

    def _known(self, identifier: str) -> tuple[int, bool] | None:
        return self._uncommitted.get(identifier) or self._committed(identifier)

    def _committed(self, identifier: str) -> tuple[int, bool] | None:
        query = tantivy.Query.term_query(tantivy_schema(self.kind), KEY, identifier)
        hits = self._searcher.search(query, 1, count=False).hits
        if not hits:
            return None
        addresses = [hits[0][1]]
        version, live = (self._searcher.fast_field_values(name, addresses)[0] for name in (VERSION, LIVE))
        return int(version or 0), bool(live)


def name_for(kind: Kind) -> str:
    """A new generation's name: the hash of the schema, and the time."""
    return f"{kind.generation_hash()}-{time.time_ns()}"


def is_current(kind: Kind, name: str) -> bool:
    """Whether a generation was built for the schema the code has now."""
    return name.startswith(f"{kind.generation_hash()}-")


def read_pointer(home: Path) -> str:
    """The name of a kind's current generation; "" before there is one."""
    try:
        return (home / POINTER).read_text().strip()
    except FileNotFoundError:
        return ""


def write_pointer(home: Path, name: str) -> None:
    """Make a generation the current one, for every process at once."""
    fresh = home / f"{POINTER}.new"
    with fresh.open("w") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, home / POINTER)


def remove(path: Path) -> None:
    """Delete a generation's files; a reader that still has them open keeps them until it lets go."""
    shutil.rmtree(path, ignore_errors=True)


def remove_old(home: Path, *, keep: set[str]) -> None:
    """Delete generations nobody has written to for a day."""
    for path in home.iterdir():
        if path.is_dir() and path.name not in keep and path.stat().st_mtime < time.time() - KEEP_SECONDS:
            remove(path)
