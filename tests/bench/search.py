"""`make bench-search`: search, suggestions, matching, updates and a rebuild on 100,000 made-up outcomes.

The same texts and questions go to SQLite's FTS5 with trigrams, and the times are told as ratios of one run. With
ELASTICSEARCH_URL set, or `--elasticsearch` for the server the tests use, Elasticsearch is measured as well.
"""

import argparse
import resource
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from search.embedded import EmbeddedEngine
from search.engine import Engine, Part, Probe, Put, Query
from search.evaluation.measures import percentile
from search.visibility import Visibility
from tests.bench.texts import Generator

FACETS = ("field", "mode", "region", "trl")
PUBLIC = Visibility.public()


def timed(work: Callable[[Any], Any], inputs: Iterable[Any]) -> tuple[float, float]:
    """Return (p50, p95) in milliseconds."""
    taken = []
    for each in inputs:
        begun = time.perf_counter()
        work(each)
        taken.append((time.perf_counter() - begun) * 1000)
    return percentile(taken, 0.5), percentile(taken, 0.95)


def fill(engine: Engine, generator: Generator, number: int) -> float:
    """Put the documents in as a rebuild does; return the seconds."""
    begun, waiting = time.perf_counter(), generator.documents(number)
    with engine.rebuild("outcome") as fresh:
        while batch := list(islice(waiting, 2_000)):
            fresh.apply(Put("outcome", str(doc["id"]), 1, {k: v for k, v in doc.items() if k != "id"}) for doc in batch)
    engine.refresh()
    return time.perf_counter() - begun


def measure(engine: Engine, generator: Generator, number: int) -> dict[str, tuple[float, float]]:
    """Return {what: (p50, p95) in milliseconds} of one engine that holds the documents."""
    questions, version = generator.questions(200), iter(range(2, 1_000))
    needs = [generator.text(200) for _ in range(30)]

    def search(text: str) -> None:
        engine.search(Query(kind="outcome", visibility=PUBLIC, text=text, facets=FACETS))

    def replace(at: int) -> None:
        engine.apply([Put("outcome", f"B-{at:06}", next(version), next(iter(changed(generator))))])
        engine.refresh()

    search(questions[0])
    found = {
        "search, 20 hits, 4 facets, highlights": timed(search, questions),
        "suggestion": timed(lambda text: engine.suggest("outcome", text[:2], PUBLIC, 8), questions),
        "match one need": timed(
            lambda text: engine.match(
                Probe((Part(text[:20], 2.0), Part(text))), Query(kind="outcome", visibility=PUBLIC, limit=200)
            ),
            needs,
        ),
        "replace one document, visible": timed(replace, range(20)),
    }
    rebuilding = threading.Thread(target=fill, args=(engine, Generator(8), number))
    rebuilding.start()
    while_rebuilding = []
    while rebuilding.is_alive():
        begun = time.perf_counter()
        search(questions[len(while_rebuilding) % len(questions)])
        while_rebuilding.append((time.perf_counter() - begun) * 1000)
        rebuilding.join(0.2)
    found["search while a rebuild runs"] = percentile(while_rebuilding, 0.5), percentile(while_rebuilding, 0.95)
    return found


def changed(generator: Generator) -> Iterable[dict[str, object]]:
    for doc in generator.documents(1):
        yield {key: value for key, value in doc.items() if key != "id"}


def trigrams(generator: Generator, number: int, questions: list[str]) -> tuple[float, float]:
    """Return (p50, p95) of SQLite's FTS5 on the same texts: 20 hits by BM25, without facets."""
    base = sqlite3.connect(":memory:")
    base.execute('CREATE VIRTUAL TABLE t USING fts5(title, summary, tokenize="trigram")')
    base.executemany("INSERT INTO t VALUES (?, ?)", ((d["title"], d["summary"]) for d in generator.documents(number)))

    def ask(text: str) -> None:
        words = [word for word in text.split() if len(word) > 2]
        likes = [word for word in text.split() if len(word) <= 2]  # shorter than a trigram: it has to look at all
        where = " AND ".join((["t MATCH ?"] if words else []) + ["summary LIKE ?"] * len(likes))
        values = ([" AND ".join(f'"{word}"' for word in words)] if words else []) + [f"%{word}%" for word in likes]
        order = "ORDER BY bm25(t)" if words else ""
        base.execute(f"SELECT rowid FROM t WHERE {where} {order} LIMIT 20", values).fetchall()

    return timed(ask, questions)


def tell(name: str, found: dict[str, tuple[float, float]], against: dict[str, tuple[float, float]]) -> None:
    print(f"\n{name}")
    for what, (middle, slow) in found.items():
        ratio = f"   × {middle / against[what][0]:.2f} of the embedded engine" if what in against else ""
        print(f"  {what:<42} p50 {middle:8.1f} ms   p95 {slow:8.1f} ms{ratio}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--documents", type=int, default=100_000)
    asked.add_argument("--elasticsearch", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as place:
        embedded = EmbeddedEngine(Path(place))
        seconds = fill(embedded, Generator(), options.documents)
        found = measure(embedded, Generator(9), options.documents)
        embedded.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{options.documents} documents, first build {seconds:.0f} s, {memory:.0f} MB at most (writer and reader)")
    tell("embedded", found, {})
    what = "search, 20 hits, 4 facets, highlights"
    beside = {what: trigrams(Generator(), options.documents, Generator(9).questions(30))}
    tell("SQLite FTS5 trigram (20 hits; words of two characters unranked; no facets, no highlights)", beside, found)
    if options.elasticsearch:
        from search.elastic import ElasticEngine
        from tests.elasticsearch.server import address

        server = ElasticEngine(address(), prefix=f"bench-{time.time_ns()}")
        try:
            print(f"\nElasticsearch: first build {fill(server, Generator(), options.documents):.0f} s")
            tell("Elasticsearch", measure(server, Generator(9), options.documents), found)
        finally:
            server.remove_everything()


if __name__ == "__main__":
    main()
