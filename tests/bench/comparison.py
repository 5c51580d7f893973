"""All engines with the same texts and questions, one after the other; each table is printed as soon as it is known."""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from search.embedded import EmbeddedEngine
from search.engine import Engine
from tests.bench import others, ours, table
from tests.bench.measures import Times, timed
from tests.bench.memory import processes
from tests.bench.ours import Ours, Questions
from tests.bench.texts import WHOLE_FROM, Generator, documents_in, write_documents

QUESTIONS = 100  # of each set
NEEDS = 30
ASKED = 40  # of each set, for the other engines: some need seconds for one
OTHERS: Mapping[str, Callable[[Path], AbstractContextManager[others.Ask]]] = {
    "SQLite FTS5, trigrams": others.fts5,
    "Wagtail's database search": others.wagtail,
    "PostgreSQL, pg_trgm": others.pg_trgm,
}


def say(lines: Iterable[str]) -> None:
    print("\n" + "\n".join(lines), flush=True)


def sets_of_questions(number: int) -> dict[str, list[str]]:
    """Return two sets: one that engines of trigrams can look up, and one as people ask."""
    generator = Generator(9)
    return {
        f"words of {WHOLE_FROM} characters and more": generator.questions(number, shortest=WHOLE_FROM),
        "words of 2 characters and more": generator.questions(number),
    }


def compare(texts: Path, number: int, *, elasticsearch: bool) -> None:
    """Measure everything on so many outcomes, and print it."""
    write_documents(texts, number)
    usual = sum(len(each["title"]) + len(each["summary"]) for each in documents_in(texts)) / number
    say([f"{number:,} outcomes of {usual:.0f} characters. {table.machine()}"])
    questions = sets_of_questions(QUESTIONS)
    embedded = measured(partial(EmbeddedEngine, texts.with_name("index")), texts, questions)
    tell("Embedded engine", embedded)
    beside = {name: times for name, make in OTHERS.items() if (times := asked(name, make, texts, questions))}
    if elasticsearch and (server := on_a_server(texts, questions)):
        tell("Elasticsearch", server)
        beside["Elasticsearch"] = server.plain
    say(table.of_sets(embedded.plain, beside))
    say([f"Load at the end: {os.getloadavg()[0]:.1f}. Above the number of cores, times tell of the machine as well."])


def measured(make: Callable[[], Engine], texts: Path, questions: Questions) -> Ours:
    """Measure an engine of ours in two processes that open it by `make`."""
    generator = Generator(9)
    needs = [generator.text(200) for _ in range(NEEDS)]
    with processes(make) as (web, indexer):
        return ours.measure(web, indexer, texts, questions, needs, ASKED)


def tell(name: str, found: Ours) -> None:
    say([name, "", *table.of_ours(found), "", *table.of_memory(found)])


def asked(
    name: str, make: Callable[[Path], AbstractContextManager[others.Ask]], texts: Path, questions: Questions
) -> dict[str, Times]:
    """Return the times of one of the other engines by set of questions; none, and say why, where it is not here."""
    begun = time.perf_counter()
    try:
        with make(texts) as ask:
            say([f"{name}: loaded in {time.perf_counter() - begun:.0f} s"])
            found = {key: timed(ask, some[:ASKED]) for key, some in questions.items()}
    except others.NotHere as reason:
        say([f"{name}: not measured, {reason}"])
        return {}
    say([f"{name}, {key}: p50 {times.middle:.1f} ms, {times.answered:.0%} found" for key, times in found.items()])
    return found


def on_a_server(texts: Path, questions: Questions) -> Ours | None:
    """Measure Elasticsearch on ELASTICSEARCH_URL's server or the one the tests use; say why where there is none."""
    from search.elastic import ElasticEngine
    from tests.elasticsearch.parts import Unavailable
    from tests.elasticsearch.server import shared

    try:
        url = os.environ.get("ELASTICSEARCH_URL") or shared().url
    except Unavailable as reason:
        say([f"Elasticsearch: not measured, {reason}"])
        return None
    make = partial(ElasticEngine, url, prefix=f"bench-{time.time_ns()}")
    try:
        return measured(make, texts, questions)
    finally:
        server = make()
        server.remove_everything()
        server.close()
