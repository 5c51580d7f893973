"""How public titles write: their Latin words, which Chinese characters stand beside each other, and how words sound."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.phrases import JOINING
from search.sounding import loosely, reading
from search.text import cut, normalise, pairs, runs, stem

SHORTEST_WORD = 4
LONGEST_SOUND = 6  # characters
OFTEN = 2  # what the dictionary does not know counts as a word where so many titles write it
HARDLY_BY_CHANCE = 3  # characters: so many of the same sound are the same word, however rare


@dataclass(frozen=True)
class Vocabulary:
    """What some titles teach."""

    words: Mapping[str, int]
    stems: frozenset[str]
    pairs: Mapping[str, int]
    triples: Mapping[str, int]
    after: Mapping[str, frozenset[str]]
    before: Mapping[str, frozenset[str]]
    by_sound: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, titles: Iterable[str]) -> "Vocabulary":
        """Learn from some titles."""
        words: Counter[str] = Counter()
        neighbours: Counter[str] = Counter()
        chinese: Counter[str] = Counter()
        triples: Counter[str] = Counter()
        for title in titles:
            for run in runs(normalise(title)):
                if run.han:
                    neighbours.update(pairs(run.text))
                    triples.update(run.text[at : at + 3] for at in range(len(run.text) - 2))
                    chinese.update(_spoken(run.text))
                elif is_word(run.text):
                    words[run.text] += 1
        after: dict[str, set[str]] = defaultdict(set)
        before: dict[str, set[str]] = defaultdict(set)
        for pair in neighbours:
            after[pair[0]].add(pair[1])
            before[pair[1]].add(pair[0])
        stems = frozenset(stem(word) for word in words)
        return cls(words, stems, neighbours, triples, _fixed(after), _fixed(before), _by_sound(chinese))

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

    def knows(self, word: str) -> bool:
        """Tell whether titles hold a Latin word in some form."""
        return word in self.words or stem(word) in self.stems

    def joins(self, head: str, tail: str) -> bool:
        """Tell whether titles write the end of one stretch and the beginning of another together."""
        if not (head and tail):
            return False
        if len(head + tail) == 2:
            return self.is_used(head + tail, 1)
        return any(self.writes(head[-before:] + tail[: 3 - before]) for before in (1, 2))

    def writes(self, three: str) -> bool:
        """Tell whether three characters are a word that titles hold, or stand together in several of them."""
        number = self.triples.get(three, 0)
        return number >= OFTEN or (number > 0 and cut(three, guess=False) == [three])

    def is_used(self, han: str, at: int) -> bool:
        """Tell whether a character of a run is part of a word, or stands beside its neighbour in several titles."""
        beside = [han[start : start + 2] for start in (at - 1, at) if start >= 0]
        return any(self.pairs.get(pair, 0) >= OFTEN for pair in beside) or self._is_in_a_word(han, at)

    def _is_in_a_word(self, han: str, at: int) -> bool:
        start = 0
        for piece in cut(han, guess=False):
            if start <= at < start + len(piece):
                return len(piece) > 1 and not self.unknown(piece)
            start += len(piece)
        return False


def is_word(text: str) -> bool:
    """Tell whether a run is a Latin word long enough to be written wrong; figures and codes are what they are."""
    return len(text) >= SHORTEST_WORD and text.isascii() and text.isalpha()


def _fixed(table: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {char: frozenset(chars) for char, chars in table.items()}


def _spoken(han: str) -> Iterator[str]:
    """Yield the words of a run, none that only joins others (及其), and each two that stand together."""
    pieces = cut(han, guess=False)
    yield from (piece for piece in pieces if len(piece) > 1 and not set(piece) <= set(JOINING))
    yield from (one + other for one, other in pairwise(pieces) if len(one + other) <= LONGEST_SOUND)


def _by_sound(chinese: Counter[str]) -> dict[str, list[str]]:
    """Return the words that are used, by their sound, the commonest first."""
    found: dict[str, list[str]] = defaultdict(list)
    for word, number in sorted(chinese.items(), key=lambda pair: (-pair[1], pair[0])):
        if number >= OFTEN or len(word) >= HARDLY_BY_CHANCE or cut(word, guess=False) == [word]:
            found[loosely(reading(word))].append(word)
    return found
