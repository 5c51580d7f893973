"""What a question becomes before any engine sees it: weighted terms in the three streams.

Both engines translate the same plan.
"""

from collections import Counter
from dataclasses import dataclass, replace
from math import log

from search.asking import Asked, parse
from search.engine import Need, Query
from search.highlight import Marks
from search.schema import Kind
from search.terms import MIX, STREAMS, Term

# A term counts where it counts most, and a tenth of that wherever else it stands: a word of the title and of the text
# is one word, not two. Measured; see README.
TIE = 0.1
ALTERNATIVE_WEIGHT = 0.8


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to put the question: at least `required` of the base terms must be there, the extra ones add score."""

    base: tuple[Term, ...]
    required: int
    extra: tuple[Term, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A document answers when one wording fits, every phrase is there and none of the excluded ones is."""

    wordings: tuple[Wording, ...]
    phrases: tuple[tuple[str, ...], ...]
    without: tuple[tuple[str, ...], ...]
    marks: Marks

    @property
    def ranks(self) -> bool:
        """Whether documents differ in how well they answer; else the newest come first."""
        return bool(self.wordings or self.phrases)

    def without_extra(self) -> "Plan":
        """The plan for counting: the extra terms decide an order and not what is found."""
        return replace(self, wordings=tuple(replace(one, extra=()) for one in self.wordings))


def plan(query: Query) -> Plan:
    """The plan of a question."""
    asked = parse(query.text)
    others = [parse(text) for text in query.alternatives]
    weights = [1.0, *(ALTERNATIVE_WEIGHT for _ in others)]
    wordings = tuple(
        _wording(one, query.need, weight) for one, weight in zip([asked, *others], weights, strict=True) if one.base
    )
    return Plan(wordings, asked.phrases, asked.without, Marks.of(asked, *others))


def sort_field(kind: Kind, query: Query, planned: Plan) -> str:
    """The number field to sort by, with "-" for highest first, or "" for relevance."""
    if not query.sort:
        return "" if planned.ranks else f"-{kind.newest}"
    if query.sort.removeprefix("-") not in kind.numbers:
        raise ValueError(f"{kind.name} cannot be sorted by {query.sort}.")
    return query.sort


def _wording(asked: Asked, need: Need, weight: float) -> Wording:
    counts = {name: Counter(getattr(asked.streams, name)) for name in STREAMS}
    base = tuple(Term(stream, token, _weight(stream, counts[stream][token])) for token, stream in asked.base.items())
    chosen = {(term.stream, term.token) for term in base}
    extra = tuple(
        Term(name, token, _weight(name, count))
        for name in STREAMS
        for token, count in counts[name].items()
        if (name, token) not in chosen
    )
    return Wording(base, asked.required() if need is Need.MOST else 1, extra, weight)


def _weight(stream: str, count: int) -> float:
    """What a token counts that stands `count` times in the question: 1 + ln, as in a long text words come again."""
    return MIX[stream] * (1 + log(count))
