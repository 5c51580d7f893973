"""The read side of one kind's index: always the current generation as last committed, by whichever process."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

import tantivy

from search.embedded.fields import ORDER, tantivy_schema, total
from search.embedded.generation import is_current, read_pointer
from search.embedded.translate import live
from search.engine import EngineDown, IndexOutdated
from search.schema import Kind

Stamp = tuple[int, int, int]
Ranked = list[tuple[float | int | None, tantivy.DocAddress]]


@dataclass(frozen=True, slots=True)
class _Open:
    generation: str
    stamp: Stamp
    index: tantivy.Index


class Reader:
    """Opens, reloads and re-opens by looking at two files before each search: microseconds, and at once.

    Tantivy has a thread look at `meta.json` twice a second, which Python cannot forbid; it ends with the index.
    """

    def __init__(self, kind: Kind, home: Path) -> None:
        self.kind = kind
        self._home = home
        self._lock = threading.Lock()
        self._open: _Open | None = None

    def searcher(self) -> tantivy.Searcher | None:
        """The state of the index now; None when nothing was ever indexed."""
        generation = read_pointer(self._home)
        if not generation:
            return None
        if not is_current(self.kind, generation):
            raise IndexOutdated(f"The index of {self.kind.name} was built for another schema; rebuild it.")
        try:
            return self._fresh(generation).index.searcher()
        except (ValueError, OSError) as error:
            raise EngineDown(f"The index of {self.kind.name} cannot be read: {error}") from error

    def documents(self) -> int:
        """How many documents can be found."""
        searcher = self.searcher()
        return total(searcher.search(live(self.kind), 1)) if searcher else 0

    def _fresh(self, generation: str) -> _Open:
        opened = self._open
        stamp = _stamp(self._home / generation)
        if opened and (opened.generation, opened.stamp) == (generation, stamp):
            return opened
        with self._lock:
            if self._open and self._open.generation == generation:
                index = self._open.index
            else:
                index = tantivy.Index.open(str(self._home / generation))
                index.config_reader("manual")
            index.reload()
            self._open = _Open(generation, stamp, index)
            return self._open


def ranked(
    searcher: tantivy.Searcher, query: tantivy.Query, kind: Kind, *, sort: str, wanted: int
) -> tuple[Ranked, int]:
    """The best `wanted` documents and the number of all; equal ones newest first, then by a fixed order.

    The engine cuts a tie anywhere. A tie in a sorted field is asked for again, newest first; a tie of scores is
    fetched until it is complete. `sort` is "" for relevance.
    """
    fetch = max(1, wanted)
    newest_first = f"-{kind.newest}"
    while True:
        found = _search(searcher, query, sort, fetch + 1)
        hits = found.hits
        if len(hits) <= fetch or hits[fetch][0] != hits[fetch - 1][0]:
            break
        if sort not in ("", newest_first):
            value = hits[fetch - 1][0]
            better = [hit for hit in hits if hit[0] != value]
            tied = _with_value(query, kind, sort.removeprefix("-"), value)
            rest, _ = ranked(searcher, tied, kind, sort=newest_first, wanted=fetch - len(better))
            ordered = _in_order(searcher, kind, better, descending=sort.startswith("-"))
            return (ordered + [(value, address) for _, address in rest])[:wanted], total(found)
        fetch *= 4
    return _in_order(searcher, kind, hits, descending=not sort or sort.startswith("-"))[:wanted], total(found)


def _with_value(query: tantivy.Query, kind: Kind, field: str, value: float | int | None) -> tantivy.Query:
    """The same question, only to documents with one value (None: without any) of a number field."""
    if value is None:
        return query.and_must_not_match(tantivy.Query.exists_query(field))
    return query.and_must_match(tantivy.Query.term_query(tantivy_schema(kind), field, value))


def _search(searcher: tantivy.Searcher, query: tantivy.Query, sort: str, limit: int) -> tantivy.SearchResult:
    if not sort:
        return searcher.search(query, limit)
    order = tantivy.Order.Desc if sort.startswith("-") else tantivy.Order.Asc
    return searcher.search(query, limit, order_by_field=sort.removeprefix("-"), order=order)


def _in_order(searcher: tantivy.Searcher, kind: Kind, hits: Ranked, *, descending: bool) -> Ranked:
    addresses = [address for _, address in hits]
    newest = searcher.fast_field_values(kind.newest, addresses) if hits else []
    order = searcher.fast_field_values(ORDER, addresses) if hits else []

    def place(at: int) -> tuple[bool, float, bool, float, float]:
        value = hits[at][0]
        first = 0 if value is None else (-value if descending else value)
        return value is None, first, newest[at] is None, -(newest[at] or 0), order[at] or 0

    return [hits[at] for at in sorted(range(len(hits)), key=place)]


def _stamp(path: Path) -> Stamp:
    found = os.stat(path / "meta.json")
    return found.st_ino, found.st_mtime_ns, found.st_size
