"""Made-up outcomes whose words are as frequent, and follow one another, as in the demo's texts."""

import csv
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from search.text import cut, normalise, runs

DATA = Path(__file__).parents[2] / "cms" / "demo" / "data"
LENGTH = 600  # characters of a summary
RARE_EVERY = 12  # one word in so many is a term of few texts, as names of parts and substances are
WHOLE_FROM = 3  # characters of a word that engines of trigrams can look up


def _texts() -> list[str]:
    found = []
    for name, columns in (("outcomes", ("title", "summary")), ("needs", ("title", "problem"))):
        with (DATA / f"{name}.csv").open(encoding="utf-8-sig") as rows:
            found += ["，".join(row[column] for column in columns) for row in csv.DictReader(rows, delimiter="|")]
    return found


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Yield each word with the spaces and punctuation before it."""
    end = 0
    for run in runs(text):
        gap = text[end : run.start]
        for word in cut(run.text) if run.han else [run.text]:
            yield gap, word
            gap = ""
        end = run.start + len(run.text)


class Generator:
    """A chain of words and punctuation learnt from the demo, with rare terms put together from two words of it."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        self._following: dict[str, list[tuple[str, str]]] = defaultdict(list)
        words: dict[str, None] = {}
        for text in _texts():
            pieces = list(_words(normalise(text)))
            words |= dict.fromkeys(word for _, word in pieces)
            for (_, one), following in pairwise(pieces):
                self._following[one].append(following)
        self._starts = list(words)
        self._rare = [one + other for one, other in self._pairs(20_000)]

    def _pairs(self, number: int) -> Iterator[tuple[str, str]]:
        long = [word for word in self._starts if len(word) > 1]
        for _ in range(number):
            yield self._random.choice(long), self._random.choice(long)

    def text(self, length: int) -> str:
        """Return a text of about so many characters."""
        pieces, size, gap, word = [], 0, "", self._random.choice(self._starts)
        while size < length:
            if self._random.randrange(RARE_EVERY) == 0:
                # a few rare terms are used often, most hardly ever
                word = self._rare[int(len(self._rare) * self._random.random() ** 3)]
            pieces += [gap, word]
            size += len(gap) + len(word)
            follows = self._following.get(word)
            gap, word = self._random.choice(follows) if follows else ("", self._random.choice(self._starts))
        return "".join(pieces)

    def documents(self, number: int) -> Iterator[dict[str, Any]]:
        """Yield so many outcomes as search holds them."""
        for at in range(number):
            yield {
                "id": f"B-{at:06}",
                "title": self.text(18),
                "summary": self.text(LENGTH),
                "field": [f"{at % 11 + 1:02}"],
                "mode": [("licence", "assignment", "equity")[at % 3]],
                "region": f"3303{at % 9:02}",
                "trl": at % 9 + 1,
                "published": 1_700_000_000 + at,
                "visibility": ["public"],
            }

    def questions(self, number: int, *, shortest: int = 2) -> list[str]:
        """Return questions of two words of so many characters at least, one question of three with a rare word."""
        common = [word for word in self._starts if len(word) >= shortest]
        return [
            f"{self._random.choice(common)} {self._random.choice(self._rare if at % 3 == 0 else common)}"
            for at in range(number)
        ]


def write_documents(path: Path, number: int) -> None:
    """Write the outcomes once, so that every engine gets the same and none waits for them to be made up."""
    with path.open("w", encoding="utf-8") as file:
        for document in Generator().documents(number):
            file.write(json.dumps(document, ensure_ascii=False) + "\n")


def documents_in(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the outcomes of a file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
