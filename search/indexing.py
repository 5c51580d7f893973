"""Making the index agree with the database about some records. The database is the truth; safe to repeat."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from search.documents import SOURCES, Source
from search.engine import Drop, Engine, Failure, Op, Put, Report
from search.engines import get_engine

BATCH = 500


class CountsDiffer(RuntimeError):
    """A rebuilt index does not hold what the database holds, so it did not take over; `failures` says what it lacks."""

    def __init__(self, kind: str, failures: list[Failure], total: int) -> None:
        self.failures = failures
        super().__init__(f"{kind}: {len(failures)} of {total} documents could not be written.")


def next_version() -> int:
    """Draw a version. Drawn before the rows are read, so that whoever read later wins."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('index_version')")
        return cursor.fetchone()[0]


def _ops(source: Source, keys: Iterable[str]) -> list[Op]:
    """Return what the index must do about these records: put what may be found, drop the rest."""
    version = next_version()
    wanted = list(dict.fromkeys(keys))
    rows = {getattr(row, source.key): row for row in source.found(wanted)}
    return [
        Put(source.kind, key, version, source.build(rows[key])) if key in rows else Drop(source.kind, key, version)
        for key in wanted
    ]


def index_records(kind: str, keys: Iterable[str], *, engine: Engine | None = None) -> Report:
    """Put or drop the documents of these public identifiers, by what their rows say now."""
    source = SOURCES[kind]
    return (engine or get_engine()).apply(_ops(source, keys))


def rebuild_index(
    kind: str, *, engine: Engine | None = None, report: Callable[[int, int], Any] = lambda done, total: None
) -> int:
    """Build a fresh generation of one kind while searches and updates go on; return the number of documents.

    `report(done, total)` is called after each batch. Raises CountsDiffer, and keeps the old generation,
    when a document could not be written.
    """
    source = SOURCES[kind]
    with (engine or get_engine()).rebuild(kind) as fresh:
        keys = list(source.rows().order_by("pk").values_list(source.key, flat=True))
        failed: list[Failure] = []
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            failed += fresh.apply(_ops(source, batch)).failed
            report(min(start + BATCH, len(keys)), len(keys))
        if failed:
            raise CountsDiffer(kind, failed, len(keys))
        return fresh.count()
