"""One trial: documents into a throw-away index of the product's own making, questions through its own code."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from search import features, reaching
from search.asking import parse
from search.engine import Engine, Part, Probe, Put, Query
from search.evaluation.files import Entry
from search.matching import SCORED, lexical
from search.visibility import Visibility

KIND = "outcome"  # what is evaluated: documents with a title and a text
BATCH = 2_000
Ranked = list[tuple[str, float]]


@dataclass(slots=True)
class Times:
    """How long things took, in seconds."""

    index: float = 0.0
    questions: list[float] = field(default_factory=list)


def fill(engine: Engine, documents: Iterable[Entry]) -> None:
    """Put the documents into an empty engine. Raises EngineDown, ValueError for a document it refuses."""
    waiting = iter(documents)
    while batch := list(islice(waiting, BATCH)):
        report = engine.apply(
            Put(KIND, each.id, 1, {"title": each.title, "summary": each.text, "visibility": ["public"]})
            for each in batch
        )
        if report.failed:
            raise ValueError(f"{report.failed[0].id}: {report.failed[0].reason}")
    engine.refresh()


def search(engine: Engine, question: Entry, k: int) -> Ranked:
    """Ask with the product's plan and weights; hits with only some of the words come last. Scores only order.

    Who asks nothing is shown the newest; that is no answer here.
    """
    if parse(question.whole).is_empty:
        return []
    query = Query(kind=KIND, visibility=Visibility.public(), text=question.whole, limit=k, highlights=())
    hits = reaching.best(engine, query)
    return [(hit.id, float(len(hits) - place)) for place, hit in enumerate(hits)]


def match(engine: Engine, question: Entry, k: int, documents: dict[str, Entry]) -> Ranked:
    """Go through the candidates and the scores of matching, with the features a title and a text have.

    As in the product the nearest are scored pair by pair; the others follow in the order of the engine.
    """
    probe = Probe((Part(question.title), Part(question.text)))
    query = Query(kind=KIND, visibility=Visibility.public(), limit=max(k, SCORED), highlights=())
    found = engine.match(probe, query)
    scored = [
        (each.id, features.score_of_texts(question, documents[each.id], lexical=lexical(each)))
        for each in found[:SCORED]
    ]
    scored.sort(key=lambda pair: -pair[1])
    lowest = min((score for _, score in scored), default=0.0)
    rest = [(each.id, lowest - place) for place, each in enumerate(found[SCORED:], start=1)]
    return (scored + rest)[:k]


def timed(times: Times, rankings: Iterable[tuple[str, Ranked]]) -> Iterator[tuple[str, Ranked]]:
    """Pass rankings on, noting how long each took to come."""
    begun = time.perf_counter()
    for question, ranked in rankings:
        times.questions.append(time.perf_counter() - begun)
        yield question, ranked
        begun = time.perf_counter()
