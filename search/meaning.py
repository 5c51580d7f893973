"""Did you mean: a question that finds little, written as the titles that everybody may see write it.

A Latin word is compared with the words of the titles, one letter apart. Chinese has no letters: of neighbouring
characters that stand in no title, one is replaced, left out, put in or exchanged so that every pair does.
Whatever comes of it is asked before it is offered, so nothing is told but what a search would find.
"""

import heapq
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase

from django.http import QueryDict

from marketplace.core.classifications import Industry, TechnicalField
from search.documents import SOURCES
from search.engines import get_engine
from search.text import Run, normalise, pairs, runs, stem

FEW = 2  # a question that finds more was understood
LONGEST = 60
SHORTEST_WORD = 4
MOST = 3
TRIED = 8
NEWEST = 20_000  # titles read of each kind
TITLES: Mapping[str, tuple[str, ...]] = {
    "outcome": ("title", "title_en"),
    "need": ("title", "title_en"),
    "broker": ("name",),
    "lot": ("outcome__title", "outcome__title_en"),
    "page": ("title",),
}


@dataclass(frozen=True)
class Meant:
    """Another way to write the question, and how much it finds."""

    words: str
    count: int
    href: str


@dataclass(frozen=True)
class Vocabulary:
    """How titles write: Latin words, and which Chinese characters stand beside each other, how often."""

    words: Mapping[str, int]
    stems: frozenset[str]
    pairs: Mapping[str, int]
    after: Mapping[str, frozenset[str]]
    before: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, titles: Iterable[str]) -> "Vocabulary":
        """Learn from some titles."""
        words: Counter[str] = Counter()
        neighbours: Counter[str] = Counter()
        for title in titles:
            for run in runs(normalise(title)):
                if run.han:
                    neighbours.update(pairs(run.text))
                elif is_word(run.text):
                    words[run.text] += 1
        after, before = defaultdict(set), defaultdict(set)
        for pair in neighbours:
            after[pair[0]].add(pair[1])
            before[pair[1]].add(pair[0])
        fixed = [{char: frozenset(chars) for char, chars in table.items()} for table in (after, before)]
        return cls(words, frozenset(stem(word) for word in words), neighbours, *fixed)

    def following(self, char: str) -> frozenset[str]:
        """Return the characters that stand after one; none after "", where a run begins."""
        return self.after.get(char, frozenset())

    def leading(self, char: str) -> frozenset[str]:
        """Return the characters that stand before one."""
        return self.before.get(char, frozenset())

    def frequency(self, han: str) -> int:
        """Return how often the rarest known pair of a run stands in titles."""
        return min((self.pairs[pair] for pair in pairs(han) if pair in self.pairs), default=0)

    def unknown(self, han: str) -> int:
        """Return how many neighbours of a run of Chinese stand beside each other in no title."""
        return sum(1 for pair in pairs(han) if pair not in self.pairs)


def meant(kinds: Sequence[str], text: str, params: QueryDict, found: int, count: Callable[[str], int]) -> list[Meant]:
    """Return up to three better ways to write a question that finds few; `count` says how many one finds."""
    if found > FEW or not text or len(text) > LONGEST or params.get("page", "1") != "1":
        return []
    if found and count(f'"{text}"'):  # somebody wrote it so: no slip, however rare in titles
        return []
    return _meant_of(vocabulary(kinds), text, params, found, count)


def _meant_of(known: Vocabulary, text: str, params: QueryDict, found: int, count: Callable[[str], int]) -> list[Meant]:
    others = near(text, known, is_written=lambda word: count(f'"{word}"') > 0)
    numbers = {words: count(words) for words in others}
    return [Meant(words, number, _address(params, words)) for words, number in numbers.items() if number > found][:MOST]


def vocabulary(kinds: Sequence[str]) -> Vocabulary:
    """Return how the titles of these kinds write, read anew when their index changes, and every hour."""
    state = [(one.generation, one.documents) for one in get_engine().health().kinds if one.kind in kinds]
    return _read(tuple(kinds), (*state, int(time.time() // 3600)))


@lru_cache(maxsize=16)
def _read(kinds: tuple[str, ...], state: tuple[object, ...]) -> Vocabulary:
    return Vocabulary.of(title for kind in kinds for title in _titles(kind))


def _titles(kind: str) -> Iterator[str]:
    if kind in TITLES:
        for row in SOURCES[kind].rows().order_by("-pk").values_list(*TITLES[kind])[:NEWEST]:
            yield from (title for title in row if title)
    if kind in ("outcome", "need"):
        for model in (TechnicalField, Industry):
            for names in model._default_manager.values_list("name", "name_en"):
                yield from (name for name in names if name)


def near(text: str, known: Vocabulary, is_written: Callable[[str], bool] = lambda word: False) -> list[str]:
    """Return the nearest ways to write a text, the likeliest first: every wrong stretch replaced by a known one.

    A word that some text writes so (`is_written`) is no slip, however rare in titles.
    """
    whole = normalise(text)
    wrong = [(run, better) for run in runs(whole) if (better := _better(run, known)) and not is_written(run.text)]
    ranks = range(max((len(better) for _run, better in wrong), default=0))
    return list(dict.fromkeys(_rewritten(whole, wrong, rank) for rank in ranks))


def _rewritten(whole: str, wrong: list[tuple[Run, list[str]]], rank: int) -> str:
    for run, better in reversed(wrong):
        whole = whole[: run.start] + better[min(rank, len(better) - 1)] + whole[run.start + len(run.text) :]
    return whole


def _better(run: Run, known: Vocabulary) -> list[str]:
    """Return known ways to write one run, the likeliest first; none where it is written as titles do."""
    if run.han:
        return _better_han(run.text, known)
    if not is_word(run.text) or run.text in known.words or stem(run.text) in known.stems:
        return []
    found = {word for word in _one_apart(run.text) if word in known.words}
    return heapq.nsmallest(TRIED, found, key=lambda word: (-known.words[word], word))


def _better_han(han: str, known: Vocabulary) -> list[str]:
    """Return better ways to write a run of Chinese: what leaves least unknown first, then what keeps most of it."""
    unknown = known.unknown(han)
    if not unknown:
        return []
    found = {other for other in _one_character_apart(han, known) if known.unknown(other) < unknown}
    return heapq.nsmallest(
        TRIED, found, key=lambda other: (known.unknown(other), _lost(han, other), -known.frequency(other), other)
    )


def _lost(typed: str, other: str) -> int:
    return (Counter(typed) - Counter(other)).total()


def is_word(text: str) -> bool:
    """Tell whether a run is a Latin word long enough to be written wrong; figures and codes are what they are."""
    return len(text) >= SHORTEST_WORD and text.isascii() and text.isalpha()


def _one_apart(word: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in ascii_lowercase:
            yield head + letter + tail
            yield head + letter + tail[1:]


def _one_character_apart(han: str, known: Vocabulary) -> Iterator[str]:
    """Yield a run with one character changed where it stands beside another in no title."""
    for at in range(len(han)):
        if not known.unknown(han[max(0, at - 1) : at + 2]):
            continue
        head, tail = han[:at], han[at + 1 :]
        if head and tail and head[-1] + tail[0] in known.pairs:
            yield head + tail
        if tail:
            yield head + tail[0] + han[at] + tail[1:]
            both = known.following(han[at]) & known.leading(tail[0])
            yield from (head + han[at] + char + tail for char in both)
        after, before = known.following(head[-1:]), known.leading(tail[:1])
        yield from (head + char + tail for char in (after & before or after | before))


def _address(params: QueryDict, words: str) -> str:
    left = params.copy()
    left.pop("page", None)
    left["q"] = words
    return f"?{left.urlencode()}"
