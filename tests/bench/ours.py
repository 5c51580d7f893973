"""One of our own engines, measured as the site uses it: pages in one process, the index written by another."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from tests.bench import measures
from tests.bench.measures import NOTHING, Times
from tests.bench.memory import Memory, Process, memory
from tests.bench.texts import documents_in

REPLACED = 20
PAUSE = 0.2  # seconds between two questions while a rebuild runs
LETTERS = str.maketrans("0123456789", "bcdfghjkmp")

Questions = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Ours:
    """What one engine took."""

    build: float  # seconds
    page: Times
    suggestion: Times
    match: Times
    visible: Times
    rebuild: float  # seconds, while questions are answered
    while_rebuilding: Times
    plain: dict[str, Times]  # the questions the other engines are asked, by set
    memory: dict[str, tuple[Memory | None, Memory | None]]  # of each process, before and after all that


def measure(
    web: Process, indexer: Process, texts: Path, questions: Questions, needs: Sequence[str], asked: int
) -> Ours:
    """Measure an engine that two processes have open; `asked` questions of each set are those of the other engines."""
    every = [text for some in questions.values() for text in some]
    empty = {"web process": web.do(memory), "indexer": indexer.do(memory)}
    build = indexer.do(measures.fill, texts)
    web.do(measures.search, every[:5])  # the dictionary is read, the files are opened
    page = web.do(measures.search, every)
    suggestion = web.do(measures.suggest, every)
    plain = {name: web.do(measures.search_plainly, some[:asked]) for name, some in questions.items()}
    indexer.do(measures.match, needs[:1])
    match = indexer.do(measures.match, needs)
    visible = until_visible(web, indexer, texts)
    rebuild, while_rebuilding = rebuilt(web, indexer, texts, every)
    both = {"web process": (empty["web process"], web.do(memory)), "indexer": (empty["indexer"], indexer.do(memory))}
    return Ours(build, page, suggestion, match, visible, rebuild, while_rebuilding, plain, both)


def until_visible(web: Process, indexer: Process, texts: Path) -> Times:
    """Replace documents one by one, and tell when the other process finds each by a word it did not have."""
    taken = []
    for version, document in enumerate(islice(documents_in(texts), REPLACED), start=2):
        word = "zq" + f"{version:04}".translate(LETTERS)
        web.begin(measures.wait_until_found, word)
        begun = time.monotonic()
        indexer.do(measures.replace, {**document, "title": f"{document['title']} {word}"}, version)
        taken.append((web.result() - begun) * 1000)
    return Times(tuple(taken), (1,) * len(taken))


def rebuilt(web: Process, indexer: Process, texts: Path, questions: Sequence[str]) -> tuple[float, Times]:
    """Rebuild the index while the other process answers; return the seconds and the times of its answers."""
    answers, waiting = NOTHING, cycle(questions)
    indexer.begin(measures.fill, texts)
    while indexer.is_at_it():
        answers += web.do(measures.search, [next(waiting)])
        time.sleep(PAUSE)
    return indexer.result(), answers
