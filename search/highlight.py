"""Mark what was found in the original text, safe to put into a page; needs no engine."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from django.utils.safestring import SafeString

from search.asking import Asked
from search.schema import Kind, texts_of
from search.text import Run, Unit, align, codes, normalise, runs

ELLIPSIS = "…"
OPEN, CLOSE = "<mark>", "</mark>"
Span = tuple[int, int]
_SIGNS = ("<super>", "<sub>", "<compat> 00B0")  # how Unicode says what a character stands for; 00B0 is °


@dataclass(frozen=True)
class Marks:
    """What to mark: tokens of the base stream, lone characters, and phrases as sequences of units."""

    tokens: frozenset[str]
    lone: frozenset[str] = frozenset()
    phrases: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, *asked: Asked) -> "Marks":
        """What a question (and its variants with synonyms) asks for."""
        return cls(
            frozenset(token for one in asked for token, stream in one.base.items() if stream == "bi")
            - {letter for one in asked for letter in _lone_parts(one)},
            frozenset(token for one in asked for token, stream in one.base.items() if stream == "uni"),
            tuple(phrase for one in asked for phrase in one.phrases),
        )

    @cached_property
    def han(self) -> re.Pattern[str] | None:
        """Finds the next pair of Chinese characters to mark, or a lone one where no pair begins; None to mark none."""
        pairs = [token for token in self.tokens if len(token) == 2 and _is_han(token)]
        wanted = [*pairs, *(char for char in self.lone if _is_han(char))]
        return re.compile("|".join(map(re.escape, wanted))) if wanted else None

    @cached_property
    def has_codes(self) -> bool:
        """Whether there are Latin words, numbers or codes to mark."""
        return not all(_is_han(token) for token in self.tokens)


def spans(text: str, marks: Marks) -> list[Span]:
    """The places to mark, as [start, end) in the original text, in order, touching ones joined.

    A raised or lowered digit (10⁻⁸) and a letter of a sign (℃) are none of the words asked for.
    """
    aligned = align(text)
    found = list(_in_han(aligned.text, marks))
    if marks.has_codes:
        for run in codes(aligned.text):
            found += _in_code(run, marks)
    if marks.phrases:
        units = [unit for run in runs(aligned.text) for unit in run.units()]
        for phrase in marks.phrases:
            found += _in_sequence(units, phrase)
    return _joined(place for start, end in found if not _is_sign(text, place := aligned.original(start, end)))


def highlight(text: str, marks: Marks, *, length: int | None = None) -> SafeString | None:
    """The text (or its richest stretch of about `length` characters) with marks, escaped; None without a mark."""
    places = spans(text, marks)
    if not places:
        return None
    start, end = (0, len(text)) if length is None else _window(len(text), places, length)
    return SafeString(
        (ELLIPSIS if start > 0 else "")
        + _marked(text, [(a, b) for a, b in places if a >= start and b <= end], start, end)
        + (ELLIPSIS if end < len(text) else "")
    )


def highlighted(
    kind: Kind, doc: Mapping[str, Any], marks: Marks, names: tuple[str, ...] | None
) -> dict[str, SafeString]:
    """The marked fields of a document: those named (None = all of its kind) in which something is marked.

    Of several texts in one field (languages, keywords) the first with a mark is shown.
    """
    found: dict[str, SafeString] = {}
    for text in kind.texts:
        if names is None or text.name in names:
            shown = (highlight(one, marks, length=text.snippet) for one in texts_of(doc, text.name))
            if (first := next((one for one in shown if one is not None), None)) is not None:
                found[text.name] = first
    return found


def _lone_parts(asked: Asked) -> Iterator[str]:
    """Yield the single letters and digits of longer codes (the c of C3351): on their own they say nothing."""
    for run in runs(normalise(asked.free)):
        units = [] if run.han else run.units()
        if len(units) > 1:
            yield from (unit.token for unit in units if len(unit.token) == 1)


def _is_sign(text: str, place: Span) -> bool:
    start, end = place
    return end - start == 1 and unicodedata.decomposition(text[start]).startswith(_SIGNS)


def _is_han(token: str) -> bool:
    return all(run.han for run in runs(token))


def _in_han(text: str, marks: Marks) -> Iterator[Span]:
    at = 0
    while marks.han and (found := marks.han.search(text, at)):
        yield found.span()
        at = found.start() + 1  # pairs overlap


def _in_code(run: Run, marks: Marks) -> Iterable[Span]:
    base = run.bigrams()
    if marks.tokens.isdisjoint(base):
        return
    if len(base) > 1 and base[0] in marks.tokens:
        yield run.start, run.start + len(run.text)
        return
    for unit in run.units():
        if unit.token in marks.tokens:
            yield unit.start, unit.end


def _in_sequence(units: list[Unit], phrase: tuple[str, ...]) -> Iterable[Span]:
    size = len(phrase)
    for at in range(len(units) - size + 1):
        if all(units[at + step].token == phrase[step] for step in range(size)):
            yield units[at].start, units[at + size - 1].end


def _joined(places: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _window(size: int, places: list[Span], length: int) -> Span:
    """The stretch of the text that holds the most marked characters, with a little room before the first."""
    if size <= length:
        return 0, size
    best, most = 0, -1
    for start, _ in places:
        inside = sum(b - a for a, b in places if a >= start and b <= start + length)
        if inside > most:
            best, most = start, inside
    start = min(max(0, best - length // 6), size - length)
    return start, max(start + length, next(b for a, b in places if a >= best))


def _marked(text: str, places: list[Span], start: int, end: int) -> str:
    pieces: list[str] = []
    at = start
    for a, b in places:
        pieces += [escape(text[at:a]), OPEN, escape(text[a:b]), CLOSE]
        at = b
    return "".join([*pieces, escape(text[at:end])])
