"""Synonyms: a question put in other words too, before it is taken apart. No index knows of them.

Every process holds the table and asks the cache before each question whether it is still the current one, so a
change counts everywhere with the next question. Should that word be lost, the table is read again after a minute.
"""

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise, product
from uuid import uuid4

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from search.asking import parse
from search.models import Synonym, plain

log = structlog.get_logger(__name__)

MOST = 8  # wordings of one question beside its own
PLACES = 3  # phrases of one question that are replaced
FOUND = 20  # phrases of one question that are looked at
CURRENT = "search.synonyms.current"
READ_AGAIN = 60.0  # seconds, when nothing told of a change
MARK = 0xE000  # private characters stand where a phrase was found
_MARKS = re.compile("[\ue000-\ue0ff]")


@dataclass(frozen=True)
class Way:
    """A normalised phrase, and what else may stand in its place."""

    phrase: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """The table this process has, and which one it is."""

    name: str
    read_at: float
    ways: tuple[Way, ...]


_held = Held("", float("-inf"), ())


def alternatives_of(text: str) -> tuple[str, ...]:
    """Return the question's free words in other words, those with the fewest replaced first, at most MOST.

    Neither quoted phrases nor excluded words are replaced: who quotes means the very words.
    """
    free = plain(_MARKS.sub(" ", parse(text).free))
    return expanded(free, current()) if free else ()


def put_in(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the phrases of a question that are asked in other words too, each with those words."""
    free = plain(_MARKS.sub(" ", parse(text).free))
    places = _places(free, current())[1] if free else []
    return [(phrase, tuple(others)) for phrase, *others in places if others]


def expanded(free: str, ways: Iterable[Way]) -> tuple[str, ...]:
    """Return normalised words with phrases replaced, the longest first; what was put in is not replaced again."""
    frame, places = _places(free, ways)
    if not places:
        return ()
    turns = sorted(product(*(range(len(each)) for each in places)), key=lambda turn: (sum(map(bool, turn)), turn))
    worded = (_filled(frame, [each[number] for each, number in zip(places, turn, strict=True)]) for turn in turns)
    return tuple(islice(dict.fromkeys(wording for wording in worded if wording != free), MOST))


def current() -> tuple[Way, ...]:
    """Return the table in use, the longest phrase first."""
    global _held
    name = _name_of_current() or _held.name
    if name != _held.name or time.monotonic() - _held.read_at > READ_AGAIN:
        _held = Held(name, time.monotonic(), read_ways(Synonym.objects.filter(is_active=True)))
    return _held.ways


def changed() -> None:
    """Tell every process that the table is another one now. To be called once the change has committed."""
    try:
        cache.set(CURRENT, uuid4().hex, timeout=None)
    except (RedisError, OSError):
        log.warning("synonyms changed; processes read them again within a minute", exc_info=True)


def read_ways(rows: Iterable[Synonym]) -> tuple[Way, ...]:
    """Return what each phrase may be replaced by: every word of a row by the others, an abbreviation one way."""
    others: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        words = [row.key, *(plain(word) for word in row.words)]
        for phrase in words[:1] if row.is_one_way else words:
            others[phrase] |= dict.fromkeys(word for word in words if word != phrase)
    longest_first = sorted(others, key=lambda phrase: (-len(phrase), phrase))
    return tuple(Way(phrase, tuple(others[phrase])[:MOST]) for phrase in longest_first)


def _name_of_current() -> str:
    try:
        return str(cache.get_or_set(CURRENT, lambda: uuid4().hex, timeout=None))
    except (RedisError, OSError):
        return ""


def _places(free: str, ways: Iterable[Way]) -> tuple[str, list[list[str]]]:
    """Return the words with a mark for each phrase found, and per mark what may stand there, the phrase first."""
    places: list[list[str]] = []
    frame, replaced = free, 0
    for way in ways:
        found = _recognised(way.phrase).search(frame)
        if not found:
            continue
        others = [other for other in way.others if not _is_there(other, way.phrase, free)]
        frame = _recognised(way.phrase).sub(chr(MARK + len(places)), frame)
        places.append([found.group(), *others])
        replaced += bool(others)
        if replaced == PLACES or len(places) == FOUND:
            break
    return frame, places


def _is_there(other: str, phrase: str, free: str) -> bool:
    """Tell whether the question says the other word already, apart from the phrase it would replace."""
    without = _recognised(phrase).sub(chr(MARK), free)
    word = _recognised(other)
    return bool(word.search(without) or (phrase in other and word.search(free)))


def _filled(frame: str, words: list[str]) -> str:
    return _MARKS.sub(lambda mark: words[ord(mark.group()) - MARK], frame)


@lru_cache(8192)
def _recognised(phrase: str) -> re.Pattern[str]:
    """Return what finds a phrase: Latin words whole only (ai is not in maintain), 3D 打印 with a space or without."""
    before = "(?<![a-z0-9])" if _is_latin(phrase[0]) else ""
    after = "(?![a-z0-9])" if _is_latin(phrase[-1]) else ""
    return re.compile(before + "".join(_spaced(phrase)) + after)


def _spaced(phrase: str) -> Iterator[str]:
    tight = re.sub(r"(?<=[^ -~]) | (?=[^ -~])", "", phrase)
    for char, following in pairwise(tight + " "):
        yield re.escape(char) + (" ?" if _borders(char, following) else "")


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _borders(char: str, following: str) -> bool:
    """Tell whether a Chinese and a Latin character stand side by side."""
    return (_is_latin(char) and not following.isascii()) or (not char.isascii() and _is_latin(following))
