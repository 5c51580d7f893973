"""The protocol between the site and whatever answers its searches, and the plain values that cross it."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.safestring import SafeString

from search.filters import EVERYTHING, Filter
from search.terms import Strong
from search.visibility import Visibility

PAGE_LIMIT = 10_000  # the deepest hit either engine serves


@dataclass(frozen=True, slots=True)
class Put:
    """Make the index hold this document, unless it already knows something newer of it."""

    kind: str
    id: str
    version: int
    doc: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drop:
    """Make the index forget this document, unless it already knows something newer of it."""

    kind: str
    id: str
    version: int


Op = Put | Drop


@dataclass(frozen=True, slots=True)
class Failure:
    """One operation that could not be carried out, and why."""

    kind: str
    id: str
    reason: str


@dataclass(slots=True)
class Report:
    """What became of a batch of operations; stale ones lost to a newer version, which is no error."""

    applied: int = 0
    stale: int = 0
    failed: list[Failure] = field(default_factory=list)

    def __add__(self, other: "Report") -> "Report":
        return Report(
            self.applied + other.applied,
            self.stale + other.stale,
            self.failed + other.failed,
        )


class Need(enum.Enum):
    """How much of the question a document must contain to be found at all."""

    MOST = "most"  # most of its terms: what a list page wants
    ANY = "any"  # any term: "similar to this", long texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question to one kind of document. An empty text means everything in view, newest first."""

    kind: str
    visibility: Visibility
    text: str = ""
    alternatives: tuple[str, ...] = ()  # the text with synonyms put in, each counting 0.8
    need: Need = Need.MOST
    where: Filter = EVERYTHING
    choices: Mapping[str, Filter] = field(default_factory=dict)  # facet → its own filter, not applied to its counts
    facets: tuple[str, ...] = ()
    sort: str = ""  # "" = relevance (newest without a text), else a number field; "-field" = highest first
    offset: int = 0
    limit: int = 20
    highlights: tuple[str, ...] | None = None  # text fields to mark; None = all of the kind

    def __post_init__(self) -> None:
        if not isinstance(self.visibility, Visibility):
            raise TypeError("A query needs a Visibility: who is asking?")
        if self.offset < 0 or self.limit < 0 or self.offset + self.limit > PAGE_LIMIT:
            raise ValueError(f"A page lies within the first {PAGE_LIMIT} hits.")


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found. Highlights are safe HTML of the original text, only for fields that matched."""

    id: str
    score: float
    highlights: Mapping[str, SafeString]


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one facet with the number of documents each would give, most frequent first."""

    name: str
    values: tuple[tuple[str | int, int], ...]

    @classmethod
    def of(cls, name: str, counts: Iterable[tuple[str | int, int]]) -> "Facet":
        """A facet with its values in order: most frequent first, then by value."""
        return cls(name, tuple(sorted(counts, key=lambda one: (-one[1], one[0]))))

    def count(self, value: str | int) -> int:
        """The number of documents with one value."""
        return dict(self.values).get(value, 0)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Facet]
    took_ms: float

    @property
    def ids(self) -> list[str]:
        """The public numbers or codes found, best first."""
        return [hit.id for hit in self.hits]


@dataclass(frozen=True, slots=True)
class Part:
    """One text of the thing whose counterparts are looked for, with its weight."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Probe:
    """What to look for counterparts of: its texts, and how many of their strongest terms to use."""

    parts: tuple[Part, ...]
    strongest: int = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible counterpart, its score, and the terms of the probe it was found by (`explain.reasons` tells more).

    `ceiling` is what a text of usual length scores that holds each of them once: `score / ceiling` is about 1 at most.
    """

    id: str
    score: float
    doc: Mapping[str, Any]
    terms: Sequence[Strong]

    @property
    def ceiling(self) -> float:
        """Return what the probe would score against itself."""
        return sum(term.value for term in self.terms)


@dataclass(frozen=True, slots=True)
class KindHealth:
    """The state of the index of one kind of document."""

    kind: str
    documents: int
    generation: str  # "" when there is none
    current: bool  # whether it was built for the schema the code has now


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the engine answers, and what it holds."""

    engine: str
    ok: bool
    kinds: tuple[KindHealth, ...]
    message: str = ""


class Rebuild(Protocol):
    """A fresh generation being filled. Operations of the running site reach it too; the newer version wins."""

    generation: str

    def apply(self, ops: Iterable[Op]) -> Report:
        """Put documents into the fresh generation only."""
        ...

    def count(self) -> int:
        """The documents it holds, to compare with the database before the swap."""
        ...


class Engine(Protocol):
    """What the site asks of a search engine. Every method raises EngineDown when it cannot answer."""

    def apply(self, ops: Iterable[Op]) -> Report:
        """Carry out operations; stale and wrong ones are counted, never raised. Visible everywhere within 2 s."""
        ...

    def search(self, query: Query) -> Page:
        """Answer a question."""
        ...

    def match(self, probe: Probe, query: Query) -> list[Candidate]:
        """The documents nearest to a probe within the query's view and filters, best first, `limit` of them."""
        ...

    def suggest(self, kind: str, prefix: str, where: Visibility, n: int) -> list[str]:
        """Up to n titles in view in which a word begins with the prefix, newest first."""
        ...

    def rebuild(self, kind: str) -> AbstractContextManager[Rebuild]:
        """A fresh generation: takes the place of the current one on success, is thrown away on an error."""
        ...

    def refresh(self) -> None:
        """Make everything applied so far visible to this process's searches."""
        ...

    def health(self) -> Health:
        """Whether it answers, and what it holds; never raises."""
        ...

    def close(self) -> None:
        """Give up what it holds open; the next call opens it again, or fails."""
        ...


class EngineDown(Exception):
    """The engine cannot answer now; the page says so and the index catches up later."""


class WriterBusy(EngineDown):
    """Another process writes this index; only the indexing worker may."""


class IndexOutdated(EngineDown):
    """The index was built for another schema: `manage.py rebuild_index` makes it anew."""
