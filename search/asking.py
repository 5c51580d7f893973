"""What a person typed, understood: free words, "quoted phrases", -excluded words and numbers of records."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from search.numbers import as_written
from search.text import Run, Streams, cut, normalise, runs, singles, streams

LONGEST = 600  # characters of a question that count; the rest is ignored
LONGEST_WITH_SIGNS = 60  # a longer one is prose: its quotation marks and dashes are part of what it says
LONGEST_LIST = 20  # up to here a comma stands between words; in a longer question it makes a sentence
REQUIRED_SHARE = 0.6  # of the terms of running text, and of Latin words: English questions are full of little ones
REQUIRED_AT_MOST = 6
SENTENCE = 10  # terms; a longer running text has little in common with its answer, a shorter one is a name or a phrase
REQUIRED_OF_SENTENCE = 3
# Words that say nothing alone
LITTLE = frozenset("的了着过和与及或而在是有为以于把被对从向到等之其太很更最较请求吗呢吧啊")
REQUIRED_ALL = 4  # of words set apart, each of which was chosen, so many are wanted all, of more all but one

_QUOTED = re.compile(r"(?P<minus>(?:^|(?<=\s))[-−－])?[\"“”＂「](?P<phrase>[^\"“”＂」]*)[\"“”＂」]")
_QUOTES = re.compile('["“”＂「」]')
_SENTENCE = re.compile(r"[，。；！？、]|[,;!?.](?:\s|$)")
_NOT = re.compile(r"(?:^|(?<=\s))NOT\s+(?=[^\W\d_]|[\"“”＂「])")
_EXCLUDED = re.compile(r"(?:^|(?<=\s))[-−－](?=[^\W\d_])(\S+)")


@dataclass(frozen=True)
class Asked:
    """A question taken apart. Phrases and exclusions are sequences of smallest units."""

    free: str
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[tuple[str, ...], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked, so that everything in view answers."""
        return not (self.streams.uni or self.phrases or self.without)

    @cached_property
    def streams(self) -> Streams:
        """The tokens of the free words."""
        return streams(self.free)

    @cached_property
    def base(self) -> dict[str, str]:
        """The terms a document is required to have (most of), each with the stream to look in.

        A lone Chinese character is looked for among the single characters, everything else in the base stream. What
        a little word (低功耗的锁) makes with its neighbours need not occur, where something else is left; in a
        sentence it may.
        """
        found = list(runs(normalise(self.free)))
        terms = _terms(found)
        return terms if len(terms) > SENTENCE else _terms(part for run in found for part in _telling(run)) or terms

    def required(self) -> int:
        """How many of the base terms a document must have at least.

        Of words set apart all Chinese terms and three fifths of the Latin ones are wanted, where that makes five or
        more one less, at most six; of a name or a phrase three fifths of all, at most six; of a sentence three.
        Measured on ten sets of questions; see README.
        """
        terms = len(self.base)
        if is_prose(self.free) or len(list(runs(normalise(self.free)))) < 2:
            wanted = min(ceil(REQUIRED_SHARE * terms), REQUIRED_AT_MOST)
            return wanted if terms <= SENTENCE else REQUIRED_OF_SENTENCE
        latin = sum(token.isascii() for token in self.base)
        wanted = terms - latin + ceil(REQUIRED_SHARE * latin)
        return wanted if wanted <= REQUIRED_ALL else min(wanted - 1, REQUIRED_AT_MOST)


def _terms(parts: Iterable[Run]) -> dict[str, str]:
    return {token: "uni" if part.han and len(part.text) == 1 else "bi" for part in parts for token in part.bigrams()}


def _telling(run: Run) -> Iterator[Run]:
    """Yield what little words leave of a run; the same characters within a word of the dictionary (目的) stay."""
    if not (run.han and not LITTLE.isdisjoint(run.text)):
        yield run
        return
    at = kept_from = 0
    for word in [*cut(run.text, guess=False), ""]:
        if word in LITTLE or not word:
            if at > kept_from:
                yield Run(run.text[kept_from:at], run.start + kept_from, han=True)
            kept_from = at + len(word)
        at += len(word)


def is_prose(text: str) -> bool:
    """Whether a question is written text rather than words and signs."""
    has_sentence = len(text) > LONGEST_LIST and _SENTENCE.search(_QUOTED.sub("", text))
    return len(text) > LONGEST_WITH_SIGNS or bool(has_sentence)


def parse(text: str) -> Asked:
    """Take a question apart; nothing a person can type is an error.

    In prose, a sentence or a longer text that was pasted, there are no signs: what stands in quotation marks there is
    named, not demanded (measured: a demand cost long questions half of what they find; see README). The number of a
    record is that number and nothing near it.
    """
    text = text[:LONGEST]
    if is_prose(text):
        return Asked(text.strip())
    if number := as_written(text):
        return Asked("", (tuple(singles(number)),))
    text = _NOT.sub("-", text)
    phrases: list[tuple[str, ...]] = []
    without: list[tuple[str, ...]] = []
    for found in _QUOTED.finditer(text):
        units = tuple(singles(found["phrase"]))
        if units:
            (without if found["minus"] else phrases).append(units)
    rest = _QUOTED.sub(" ", text)
    without += [units for word in _EXCLUDED.findall(rest) if (units := tuple(singles(word)))]
    return Asked(_EXCLUDED.sub(" ", rest).strip(), tuple(phrases), tuple(without))


def without_signs(text: str) -> str:
    """Return a question that demands nothing: what was quoted stands free, what was excluded is left out."""
    text = " ".join(text[:LONGEST].split())  # before asking what it is: prose is told by its length
    if not is_prose(text):
        text = _NOT.sub("-", text)
        freed = _QUOTED.sub(lambda found: " " if found["minus"] else f" {found['phrase']} ", text)
        text = _QUOTES.sub(" ", _EXCLUDED.sub(" ", freed))
    return " ".join(text.split())
