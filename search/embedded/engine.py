"""The embedded engine behind the protocol of search/engine.py."""

import os
import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

import tantivy

from search import explain
from search.embedded import reading, translate
from search.embedded.fields import SUGGEST, identifier_of, source, sub_field, tantivy_schema, total
from search.embedded.generation import is_current, read_pointer
from search.embedded.reading import Reader
from search.embedded.writing import Writer
from search.engine import (
    Candidate,
    EngineDown,
    Facet,
    Failure,
    Health,
    Hit,
    KindHealth,
    Op,
    Page,
    Probe,
    Query,
    Rebuild,
    Report,
)
from search.highlight import highlighted
from search.ranking import Plan, plan, sort_field
from search.schema import KINDS, Kind, kind_of, offered, typed
from search.visibility import Visibility

FACET_VALUES = 500
COUNTERS = 4
_REGEX_SIGNS = frozenset("\\.+*?()|[]{}^$#&-~")


class EmbeddedEngine:
    """Tantivy in a directory. Any number of processes read; the one that applies first is the writer."""

    def __init__(self, directory: Path) -> None:
        self._readers = {kind.name: Reader(kind, directory / kind.name) for kind in KINDS.values()}
        self._writers = {kind.name: Writer(kind, directory / kind.name) for kind in KINDS.values()}
        self._directory = directory

    def apply(self, ops: Iterable[Op]) -> Report:
        """Carry out operations, kind by kind, each kind in the order given and in one commit."""
        by_kind: dict[str, list[Op]] = defaultdict(list)
        for op in ops:
            by_kind[op.kind].append(op)
        report = Report()
        for name, some in by_kind.items():
            if name in self._writers:
                report += self._writers[name].apply(some)
            else:
                report += Report(failed=[Failure(op.kind, op.id, "no such kind") for op in some])
        return report

    def search(self, query: Query) -> Page:
        """Answer a question."""
        started = time.perf_counter()
        kind = kind_of(query.kind)
        searcher = self._readers[kind.name].searcher()
        if searcher is None:
            return Page((), 0, {name: Facet(name, ()) for name in query.facets}, _since(started))
        planned = plan(query)
        question = translate.question(kind, planned)
        counting = self._begin_counting(searcher, kind, query, planned)
        full = translate.whole(kind, question, [query.visibility.where, query.where, *query.choices.values()])
        sort = sort_field(kind, query, planned)
        best, total = reading.ranked(searcher, full, kind, sort=sort, wanted=query.offset + query.limit)
        hits = tuple(
            self._hit(searcher, kind, query, planned, address, 0.0 if sort else value or 0.0)
            for value, address in best[query.offset :]
        )
        return Page(hits, total, counting.result() if counting else {}, _since(started))

    def match(self, probe: Probe, query: Query) -> list[Candidate]:
        """The documents nearest to a probe; the query's text is not used."""
        kind = kind_of(query.kind)
        searcher = self._readers[kind.name].searcher()
        weighted = explain.weights(probe)
        if searcher is None or not weighted:
            return []
        frequency = {key: _document_frequency(searcher, kind, *key) for key in weighted}
        documents = total(searcher.search(translate.live(kind), 1))
        terms = explain.strongest(weighted, frequency, documents, probe.strongest)
        if not terms:
            return []
        full = translate.whole(
            kind,
            translate.counterpart(kind, terms),
            [query.visibility.where, query.where, *query.choices.values()],
        )
        best, _ = reading.ranked(searcher, full, kind, sort="", wanted=query.offset + query.limit)
        found = ((score or 0.0, source(searcher.doc(address))) for score, address in best[query.offset :])
        return [Candidate(doc["id"], score, doc, terms) for score, doc in found]

    def suggest(self, kind: str, prefix: str, where: Visibility, n: int) -> list[str]:
        """Up to n titles in view in which a word begins with the prefix, newest first."""
        declared = kind_of(kind)
        searcher = self._readers[kind].searcher()
        beginning = typed(prefix)
        if searcher is None or not beginning or n < 1:
            return []
        pattern = "".join("\\" + char if char in _REGEX_SIGNS else char for char in beginning) + ".*"
        begins = tantivy.Query.regex_query(tantivy_schema(declared), SUGGEST, pattern)
        full = translate.whole(declared, tantivy.Query.const_score_query(begins, 1.0), [where.where])
        best, _ = reading.ranked(searcher, full, declared, sort=f"-{declared.newest}", wanted=3 * n)
        titles = (offered(declared, source(searcher.doc(address)), beginning) for _, address in best)
        return list(dict.fromkeys(titles))[:n]

    def rebuild(self, kind: str) -> AbstractContextManager[Rebuild]:
        """A fresh generation, swapped in by its pointer file."""
        return self._writers[kind_of(kind).name].rebuild()

    def refresh(self) -> None:
        """Nothing to do: each search looks whether something was committed."""

    def health(self) -> Health:
        """What each index holds; an unreadable or outdated one makes the whole unwell."""
        kinds, troubles = [], []
        for kind in KINDS.values():
            generation = read_pointer(self._directory / kind.name)
            try:
                documents = self._readers[kind.name].documents()
            except EngineDown as error:
                documents = 0
                troubles.append(str(error))
            kinds.append(KindHealth(kind.name, documents, generation, not generation or is_current(kind, generation)))
        return Health("embedded", not troubles, tuple(kinds), " ".join(troubles))

    def close(self) -> None:
        """Give up the right to write, so that another process can."""
        for writer in self._writers.values():
            writer.close()

    def _hit(
        self,
        searcher: tantivy.Searcher,
        kind: Kind,
        query: Query,
        planned: Plan,
        address: tantivy.DocAddress,
        score: float,
    ) -> Hit:
        stored = searcher.doc(address)
        if not planned.ranks:
            return Hit(identifier_of(stored), score, {})
        return Hit(identifier_of(stored), score, highlighted(kind, source(stored), planned.marks, query.highlights))

    def _begin_counting(
        self, searcher: tantivy.Searcher, kind: Kind, query: Query, planned: Plan
    ) -> Future[dict[str, Facet]] | None:
        """Count facets while the hits are ranked: tantivy holds no lock of Python's. None when none is wanted."""
        if not query.facets:
            return None
        question = translate.question(kind, planned.without_extra())
        return _counters(os.getpid()).submit(self._facets, searcher, kind, query, question)

    def _facets(
        self, searcher: tantivy.Searcher, kind: Kind, query: Query, question: tantivy.Query | None
    ) -> dict[str, Facet]:
        """Count each facet under every filter but its own; facets without a choice share one pass."""
        passes: dict[str, list[str]] = defaultdict(list)
        for name in query.facets:
            if name not in kind.facets:
                raise ValueError(f"{name} cannot be counted.")
            passes[name if name in query.choices else ""].append(name)
        counted: dict[str, Facet] = {}
        for own, names in passes.items():
            others = [where for name, where in query.choices.items() if name != own]
            full = translate.whole(kind, question, [query.visibility.where, query.where, *others])
            wanted = {name: {"terms": {"field": name, "size": FACET_VALUES}} for name in names}
            for name, found in searcher.aggregate(full, wanted).items():
                counted[name] = Facet.of(name, [(one["key"], one["doc_count"]) for one in found["buckets"]])
        return {name: counted[name] for name in query.facets}


@cache
def _counters(process: int) -> ThreadPoolExecutor:
    """Return the threads that count facets in this process; a forked one has none of its parent's."""
    return ThreadPoolExecutor(COUNTERS, thread_name_prefix="facets")


def _document_frequency(searcher: tantivy.Searcher, kind: Kind, stream: str, token: str) -> int:
    return max(searcher.doc_freq(sub_field(text.name, stream), token) for text in kind.texts)


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
