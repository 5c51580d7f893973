"""Did you mean: a question that finds little, written as the titles that everybody may see write it.

A Latin word is compared with the words of the titles, one letter apart, and read as pinyin. Chinese has no letters: of
neighbouring characters that stand in no title, one is replaced by another that sounds or looks like it, left out, put
in or exchanged so that every pair does, and words of the same sound are tried. A word that no title knows, with nothing
near it, stays what it is. Whatever comes of it is asked before it is offered, so nothing is told but what a search
would find.
"""

import heapq
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase

from django.http import QueryDict

from marketplace.core.classifications import Industry, TechnicalField
from search.documents import SOURCES
from search.engines import get_engine
from search.sounding import are_alike, loosely, reading
from search.text import Run, normalise, runs
from search.vocabulary import Vocabulary, is_word

FEW = 2  # a question that finds more was understood
LONGEST = 60
MOST = 3
TRIED = 8
WAYS = 3  # words of one sound
LONGEST_SOUND = 36  # letters of one word
FIRST_IS_RIGHT = 5  # in a word of so many letters the first is no slip: few others would be left to tell it by
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
    rewritten = [_rewritten(whole, wrong, rank) for rank in ranks]
    return list(dict.fromkeys(rewritten + _syllable_by_syllable(whole, known)))


def _syllable_by_syllable(whole: str, known: Vocabulary) -> list[str]:
    """Return what pinyin with spaces or apostrophes (ji qi ren, xi'an) may stand for."""
    letters = "".join(char for char in whole if char.isalpha())
    if letters == whole or not letters.isascii() or any(known.knows(run.text) for run in runs(whole)):
        return []
    return _sounding(letters, known) if set(whole) <= {*letters, " ", "'", "’"} else []


def _rewritten(whole: str, wrong: list[tuple[Run, list[str]]], rank: int) -> str:
    for run, better in reversed(wrong):
        whole = whole[: run.start] + better[min(rank, len(better) - 1)] + whole[run.start + len(run.text) :]
    return whole


def _better(run: Run, known: Vocabulary) -> list[str]:
    """Return known ways to write one run, the likeliest first; none where it is written as titles do."""
    if run.han:
        return _better_han(run.text, known)
    if not is_word(run.text) or known.knows(run.text):
        return []
    found = {word for word in _one_apart(run.text) if word in known.words}
    if len(run.text) <= FIRST_IS_RIGHT:
        found = {word for word in found if word[0] == run.text[0]}
    return _sounding(run.text, known) + heapq.nsmallest(TRIED, found, key=lambda word: (-known.words[word], word))


def _sounding(letters: str, known: Vocabulary) -> list[str]:
    """Return Chinese made of words of the titles that sounds like these letters, exactly so and of few words first."""
    loose = loosely(letters)
    best: list[list[tuple[int, str]]] = [[(0, "")]]  # up to each letter: of how many words, and which
    for end in range(1, len(loose) + 1):
        found = [
            (number + 1, before + word)
            for start in range(max(0, end - LONGEST_SOUND), end)
            if best[start] and (words := known.by_sound.get(loose[start:end]))
            for number, before in best[start]
            for word in words[:WAYS]
        ]
        best.append(heapq.nsmallest(TRIED, found, key=lambda way: way[0]))
    exact = letters.replace("v", "u")
    return [text for _number, text in sorted(best[-1], key=lambda way: (reading(way[1]) != exact, way[0])) if text]


def _better_han(han: str, known: Vocabulary) -> list[str]:
    """Return better ways to write a run of Chinese: what leaves least unknown first, then what keeps most of it."""
    unknown = known.unknown(han)
    if not unknown:
        return []
    near_by = [*_one_character_apart(han, known), *_of_the_same_sound(han, known)]
    found = {other for other in near_by if known.unknown(other) < unknown}
    return heapq.nsmallest(
        TRIED, found, key=lambda other: (known.unknown(other), _lost(han, other), -known.frequency(other), other)
    )


def _of_the_same_sound(han: str, known: Vocabulary) -> list[str]:
    """Return other characters for every one of a run, words of the titles that sound alike."""
    others = _sounding(reading(han), known)
    alike = [other for other in others if len(other) == len(han)]
    return [other for other in alike if all(are_alike(*both) for both in zip(han, other, strict=True))]


def _lost(typed: str, other: str) -> int:
    return (Counter(typed) - Counter(other)).total()


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
    """Yield a run with one slip put right where characters stand beside each other in no title.

    What is left out or put in must make a word, or three characters that titles write so: else any two would join.
    """
    for at in range(len(han)):
        if not known.unknown(han[max(0, at - 1) : at + 2]):
            continue
        head, tail = han[:at], han[at + 1 :]
        if known.joins(head, tail):
            yield head + tail
        if tail:
            exchanged = head + tail[0] + han[at] + tail[1:]
            if known.is_used(exchanged, at):
                yield exchanged
            both = known.following(han[at]) & known.leading(tail[0])
            yield from (head + han[at] + char + tail for char in both if known.writes(han[at] + char + tail[0]))
        after, before = known.following(head[-1:]), known.leading(tail[:1])
        yield from (
            head + char + tail
            for char in (after & before or after | before)
            if are_alike(han[at], char) and known.is_used(head + char + tail, at)
        )


def _address(params: QueryDict, words: str) -> str:
    left = params.copy()
    left.pop("page", None)
    left["q"] = words
    return f"?{left.urlencode()}"
