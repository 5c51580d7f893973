"""Turn text into the three token streams both engines rank by: bigrams, single units, words.

Chinese is written without spaces, so the base stream is overlapping character pairs; Latin words, numbers and codes
(`GB/T 19001-2016`, `CN201910123456.7`, `C++`, `α-Fe2O3`) are kept whole and split as well.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from types import ModuleType
from typing import Any, NamedTuple

from zhconv_rs import zhconv

_HAN = r"\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
_WORD = rf"[^\W_{_HAN}]"
_STANDARD = r"(?:[a-z]{1,4}\d{0,2}/[a-z]{1,3}|gb|iso|iec|db\d{2,4}) ?\d{2,}(?:[.\-]\d+)*"
_CODE = re.compile(rf"{_STANDARD}|{_WORD}+(?:[./\-+#&]{_WORD}+)*(?:\+\+|#)?")
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<code>{_CODE.pattern})")
_PIECE = re.compile(r"[^./\-+#& ]+(?:\+\+$|#$)?")
_DECIMAL = re.compile(r"\d+(?:\.\d+)+")
_LETTERS_THEN_DIGITS = re.compile(r"([a-z]{2,}|[a-z](?=\d{4}))(\d+)")

_stemmer_lock = threading.Lock()


@cache
def _chinese() -> ModuleType:
    """The dictionary of Chinese words: it is read when it is imported, a tenth of what starting a process costs."""
    import rjieba

    return rjieba


@cache
def _english() -> Any:
    """The stemmer of English words, which comes with those of thirty other languages."""
    import snowballstemmer

    return snowballstemmer.stemmer("english")


class Streams(NamedTuple):
    """The tokens of one text, in reading order, as the three sub-fields of both engines hold them."""

    bi: list[str]  # overlapping pairs of characters, Latin words by stem, codes whole and in parts
    uni: list[str]  # the smallest units
    words: list[str]  # dictionary words; Latin words and codes as in `bi`


class Unit(NamedTuple):
    """The smallest thing that can be found: one Chinese character, one Latin word, one part of a code."""

    token: str
    start: int
    end: int


class Run(NamedTuple):
    """A stretch of normalised text without a break: Chinese characters, or one Latin word, number or code."""

    text: str
    start: int
    han: bool

    def units(self) -> list[Unit]:
        """Its smallest parts, in order, with their places in the normalised text."""
        if self.han:
            return [Unit(char, self.start + at, self.start + at + 1) for at, char in enumerate(self.text)]
        return [Unit(token, self.start + start, self.start + end) for token, start, end in _atoms(self.text)]

    def bigrams(self) -> list[str]:
        """Its tokens in the base stream."""
        if self.han:
            return pairs(self.text) or [self.text]
        atoms = [token for token, _, _ in _atoms(self.text)]
        return [self.text.replace(" ", ""), *atoms] if len(atoms) > 1 else atoms


@dataclass(frozen=True, slots=True)
class Aligned:
    """Normalised text that remembers where each of its characters stood in the original."""

    text: str
    starts: tuple[int, ...] | range
    ends: tuple[int, ...] | range

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that became [start, end) of the normalised text."""
        return self.starts[start], self.ends[end - 1]


def normalise(text: str) -> str:
    """One form for full and half width, capitals and small letters, traditional and simplified."""
    return zhconv(unicodedata.normalize("NFKC", text).lower(), "zh-hans")


def align(text: str) -> Aligned:
    """`normalise`, with the way back to the original's offsets."""
    whole = normalise(text)
    if len(whole) == len(text) and unicodedata.is_normalized("NFKC", text):
        return Aligned(whole, range(len(text)), range(1, len(text) + 1))
    return _align_clusters(text)


def runs(normalised: str) -> Iterator[Run]:
    """The stretches of normalised text that carry meaning; spaces and punctuation separate them."""
    for found in _RUN.finditer(normalised):
        yield Run(found.group(), found.start(), found.lastgroup == "han")


def codes(normalised: str) -> Iterator[Run]:
    """The runs that are Latin words, numbers and codes."""
    for found in _CODE.finditer(normalised):
        yield Run(found.group(), found.start(), han=False)


def streams(text: str) -> Streams:
    """All three streams of a text, made in one pass."""
    bi: list[str] = []
    uni: list[str] = []
    by_word: list[str] = []
    for run in runs(normalise(text)):
        base = run.bigrams()
        bi += base
        uni += list(run.text) if run.han else [token for token, _, _ in _atoms(run.text)]
        by_word += _chinese().cut_for_search(run.text) if run.han else base
    return Streams(bi, uni, by_word)


def bigrams(text: str) -> list[str]:
    """The base stream alone, which matching works with."""
    return [token for run in runs(normalise(text)) for token in run.bigrams()]


def singles(text: str) -> list[str]:
    """The stream of smallest units alone; a quoted phrase is a sequence of these."""
    return [unit.token for run in runs(normalise(text)) for unit in run.units()]


def cut(han: str, *, guess: bool = True) -> list[str]:
    """One run of Chinese cut into words, none overlapping; unless `guess`, what the dictionary lacks stays single."""
    return _chinese().cut(han, guess)


def pairs(han: str) -> list[str]:
    """Overlapping pairs of the characters of one run; empty for a single character."""
    return [one + other for one, other in pairwise(han)]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """An English word without its ending; anything else unchanged."""
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    with _stemmer_lock:
        return _english().stemWord(word)


@lru_cache(maxsize=65_536)
def _atoms(code: str) -> tuple[tuple[str, int, int], ...]:
    """The parts of one Latin run as (token, start, end): `cn2019.7` → cn, 2019, 7; a decimal number stays one."""
    if _DECIMAL.fullmatch(code):
        return ((code, 0, len(code)),)
    parts: list[tuple[str, int, int]] = []
    for piece in _PIECE.finditer(code):
        split = _LETTERS_THEN_DIGITS.fullmatch(piece.group())
        if split:
            parts += [(stem(split[1]), piece.start(), piece.start() + split.end(1))]
            parts += [(split[2], piece.start() + split.end(1), piece.end())]
        else:
            parts.append((stem(piece.group()), piece.start(), piece.end()))
    return tuple(parts)


def _align_clusters(text: str) -> Aligned:
    """Normalise character by character (each with its combining marks), keeping the offsets."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        piece = unicodedata.normalize("NFKC", text[at:end]).lower()
        pieces.append(piece)
        starts += [at] * len(piece)
        ends += [end] * len(piece)
        at = end
    joined = "".join(pieces)
    simplified = zhconv(joined, "zh-hans")
    if len(simplified) != len(joined):
        simplified = "".join(same if len(same := zhconv(char, "zh-hans")) == 1 else char for char in joined)
    return Aligned(simplified, tuple(starts), tuple(ends))
