"""What is asked of an engine, and how long each answer took."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from search.engine import Engine, Part, Probe, Put, Query
from search.evaluation.measures import percentile
from search.features import score_of_texts
from search.matching import SCORED, lexical
from search.phrases import shared_phrases
from search.schema import kind_of, text_of
from search.visibility import Visibility
from tests.bench.texts import documents_in

FACETS = ("field", "mode", "region", "trl")
PUBLIC = Visibility.public()
BATCH = 2_000
HEADING = 20  # characters of a need that stand for its title
GIVE_UP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Times:
    """How long each answer took, in milliseconds, how many things it held, and how long this process computed."""

    taken: tuple[float, ...]
    found: tuple[int, ...]
    computed: tuple[float, ...] = ()

    @property
    def middle(self) -> float:
        return percentile(self.taken, 0.5)

    @property
    def slow(self) -> float:
        return percentile(self.taken, 0.95)

    @property
    def computing(self) -> float:
        """Return the 95th percentile of the time computed: what others on the same machine hardly change."""
        return percentile(self.computed, 0.95)

    @property
    def answered(self) -> float:
        """Return the share of the questions that something was found for."""
        return sum(number > 0 for number in self.found) / len(self.found)

    def __add__(self, other: "Times") -> "Times":
        return Times(self.taken + other.taken, self.found + other.found, self.computed + other.computed)


NOTHING = Times((), ())


class Text(NamedTuple):
    """A plain text with a heading, as the features want it."""

    title: str
    text: str


def timed(ask: Callable[[Any], int], inputs: Iterable[Any]) -> Times:
    """Ask one after the other; `ask` returns how much it found."""
    taken, found, computed = [], [], []
    for each in inputs:
        begun, computing = time.perf_counter(), time.thread_time()
        found.append(ask(each))
        taken.append((time.perf_counter() - begun) * 1000)
        computed.append((time.thread_time() - computing) * 1000)
    return Times(tuple(taken), tuple(found), tuple(computed))


def fill(engine: Engine, texts: Path) -> float:
    """Put the documents in as a rebuild does; return the seconds."""
    begun, waiting = time.perf_counter(), documents_in(texts)
    with engine.rebuild("outcome") as fresh:
        while batch := list(islice(waiting, BATCH)):
            report = fresh.apply(_put(document, 1) for document in batch)
            assert not report.failed, report.failed[0]
    engine.refresh()
    return time.perf_counter() - begun


def _put(document: dict[str, Any], version: int) -> Put:
    return Put("outcome", document["id"], version, {key: value for key, value in document.items() if key != "id"})


def search(engine: Engine, questions: Iterable[str]) -> Times:
    """Ask as a list page does: 20 hits, 4 facets, highlights."""
    return timed(
        lambda text: engine.search(Query(kind="outcome", visibility=PUBLIC, text=text, facets=FACETS)).total, questions
    )


def search_plainly(engine: Engine, questions: Iterable[str]) -> Times:
    """Ask for 20 hits and nothing else, as the other engines are asked."""
    return timed(
        lambda text: engine.search(Query(kind="outcome", visibility=PUBLIC, text=text, highlights=())).total, questions
    )


def suggest(engine: Engine, questions: Iterable[str]) -> Times:
    """Ask what a search box offers after one, two and three characters, in turn."""
    typed = [text[: 1 + at % 3] for at, text in enumerate(questions)]
    return timed(lambda text: len(engine.suggest("outcome", text, PUBLIC, 8)), typed)


def match(engine: Engine, needs: Iterable[str]) -> Times:
    """Find candidates for needs; score the nearest and tell the phrases in common, all but what needs a database."""
    return timed(lambda need: _match(engine, Text(need[:HEADING], need)), needs)


def _match(engine: Engine, need: Text) -> int:
    probe = Probe((Part(need.title), Part(need.text)))
    query = Query(kind="outcome", visibility=PUBLIC, limit=SCORED, highlights=())
    kind, found = kind_of("outcome"), engine.match(probe, query)
    for candidate in found:
        offered = Text(text_of(candidate.doc, "title"), text_of(candidate.doc, "summary"))
        score_of_texts(need, offered, lexical=lexical(candidate))
        shared_phrases(need.text, "\n".join(text_of(candidate.doc, text.name) for text in kind.texts))
    return len(found)


def replace(engine: Engine, document: dict[str, Any], version: int) -> None:
    """Write one document anew, as the index worker does."""
    report = engine.apply([_put(document, version)])
    assert (report.applied, report.failed) == (1, [])


def wait_until_found(engine: Engine, word: str) -> float:
    """Ask until a word is found; return the moment by the clock that all processes share. Fails after a minute."""
    query = Query(kind="outcome", visibility=PUBLIC, text=word, limit=1, highlights=())
    until = time.monotonic() + GIVE_UP_SECONDS
    while engine.search(query).total == 0:
        assert time.monotonic() < until, f"{word} was written and is not found."
        time.sleep(0.002)
    return time.monotonic()
