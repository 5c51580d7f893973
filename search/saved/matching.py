"""One document against every saved search, in plain Python: the same plan the engines follow, turned round.

The searches of a kind are inverted by token, so a document looks only at those that share one with it; each
distinct filter is asked once. Searches without words are asked by their filters alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Sum

from search import synonyms
from search.filters import Filter, holds
from search.lists import LISTS
from search.ranking import Plan, Wording, plan
from search.saved.asking import filter_of, question
from search.saved.models import SavedSearch
from search.schema import Kind, kind_of, token_streams
from search.synonyms import Way
from search.visibility import Visibility

Token = tuple[str, str]  # stream and token
Stamp = tuple[int, int, int, tuple[Way, ...]]

_registers: dict[str, tuple[Stamp, "Register"]] = {}


class Read:
    """A document with the tokens an index would hold of it."""

    def __init__(self, kind: Kind, doc: Mapping[str, Any]) -> None:
        self.doc = doc
        self._streams = list(token_streams(kind, doc).values())

    @cached_property
    def tokens(self) -> frozenset[Token]:
        return frozenset(
            (name, token) for streams in self._streams for name, tokens in streams._asdict().items() for token in tokens
        )

    def holds_phrase(self, phrase: tuple[str, ...]) -> bool:
        """Whether these units stand in one of the texts, one after the other."""
        if not all(("uni", unit) in self.tokens for unit in phrase):
            return False
        size = len(phrase)
        return any(
            tuple(streams.uni[at : at + size]) == phrase
            for streams in self._streams
            for at in range(len(streams.uni) - size + 1)
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """One saved search, ready to be asked."""

    pk: int
    plan: Plan
    where: Filter

    @classmethod
    def of(cls, pk: int, kind: str, text: str, chosen: Mapping[str, Any]) -> "Standing":
        return cls(pk, plan(question(kind, text, chosen)), filter_of(kind, chosen))


def fits(planned: Plan, read: Read) -> bool:
    """Whether a document holds what a plan asks of its texts."""
    return (
        (not planned.wordings or any(_is_worded(wording, read) for wording in planned.wordings))
        and all(read.holds_phrase(phrase) for phrase in planned.phrases)
        and not any(read.holds_phrase(phrase) for phrase in planned.without)
    )


def answers(standing: Standing, read: Read) -> bool:
    """Whether a document answers a saved search, looked at alone."""
    return holds(standing.where, read.doc) and fits(standing.plan, read)


class Register:
    """The saved searches of one kind, inverted by token."""

    def __init__(self, standing: Iterable[Standing]) -> None:
        self._postings: dict[Token, list[int]] = defaultdict(list)
        self._slots: list[tuple[Standing, int]] = []  # who may answer, and how many of its tokens that takes
        self._wordless: list[Standing] = []
        for one in standing:
            self._enter(one)

    def answered_by(self, read: Read) -> list[int]:
        """Return the keys of the searches a document answers, in order."""
        found: Counter[int] = Counter()
        for token in read.tokens & self._postings.keys():
            found.update(self._postings[token])
        likely = {slot[0].pk: slot[0] for at, number in found.items() if number >= (slot := self._slots[at])[1]}
        verdicts: dict[Filter, bool] = {}
        return sorted(
            one.pk
            for one in (*likely.values(), *self._wordless)
            if _passes(one, read, verdicts) and fits(one.plan, read)
        )

    def _enter(self, one: Standing) -> None:
        if one.plan.wordings:
            for wording in one.plan.wordings:
                self._post(one, {(term.stream, term.token) for term in wording.base}, wording.required)
        elif one.plan.phrases:
            units = {("uni", unit) for unit in one.plan.phrases[0]}
            self._post(one, units, len(units))
        else:
            self._wordless.append(one)

    def _post(self, one: Standing, tokens: set[Token], required: int) -> None:
        for token in tokens:
            self._postings[token].append(len(self._slots))
        self._slots.append((one, required))


def answered_by(kind: str, doc: Mapping[str, Any]) -> list[int]:
    """Return the keys of the saved searches of a kind that a document everybody may find answers."""
    if not holds(Visibility.public().where, doc) or not holds(LISTS[kind].standing(), doc):
        return []
    return register_of(kind).answered_by(Read(kind_of(kind), doc))


def register_of(kind: str) -> Register:
    """Return the register of a kind, made anew in this process where something changed since."""
    stamp = _stamp(kind)
    known = _registers.get(kind)
    if known is None or known[0] != stamp:
        rows = SavedSearch.objects.kept().filter(kind=kind).order_by("pk")
        asked = rows.values_list("pk", "kind", "text", "chosen")
        known = _registers[kind] = (stamp, Register(Standing.of(*row) for row in asked.iterator()))
    return known[1]


def _stamp(kind: str) -> Stamp:
    """Return what differs after any change, in whatever order changes were committed; the synonyms among it."""
    all_rows = SavedSearch.objects.filter(kind=kind)
    found = all_rows.aggregate(number=Count("pk"), last=Max("pk"), revisions=Sum("revision"))
    return found["number"], found["last"] or 0, found["revisions"] or 0, synonyms.current()


def _is_worded(wording: Wording, read: Read) -> bool:
    return sum((term.stream, term.token) in read.tokens for term in wording.base) >= wording.required


def _passes(one: Standing, read: Read, verdicts: dict[Filter, bool]) -> bool:
    if one.where not in verdicts:
        verdicts[one.where] = holds(one.where, read.doc)
    return verdicts[one.where]
