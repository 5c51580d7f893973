"""Which technical field an outcome may belong to. Never set by itself.

The public outcomes and needs nearest to the text vote for their own field, by how alike the texts are; a field whose
name the text speaks of has a vote of its own, so that one without any outcome can be suggested as well.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log

from marketplace.core.classifications import TechnicalField
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome
from search import documents
from search.engine import Part, Probe, Query
from search.engines import get_engine
from search.features import cosine
from search.filters import And, Eq, Exists, Not
from search.phrases import EMPTY
from search.text import bigrams
from search.visibility import Visibility

VOTERS = 15
SHOWN = 3
NAMED = 2  # records named as the reason
# Measured on the demo's outcomes, its needs, and its outcomes' industries; see README
OF_NAMES = 0.3
IN_THE_TEXT = 0.7  # of a name's pair that stands in the summary and not in the title

Record = ResearchOutcome | TechnologyNeed
Votes = list[tuple[Record, float]]


@dataclass(frozen=True)
class FieldHint:
    """A field, the share of the vote for it, the records that speak for it, the nearest first, or its name does."""

    field: TechnicalField
    share: float
    because: tuple[Record, ...]


def field_hints(title: str, summary: str, *, number: str, n: int = SHOWN) -> list[FieldHint]:
    """Return the fields most likely for a text, the likeliest first; the outcome `number` itself has no vote.

    The VOTERS nearest of each kind vote. Raises EngineDown.
    """
    text = f"{title}\n{summary}"
    voted = [(row, cosine(bigrams(text), bigrams(said))) for row, said in _nearest(title, summary, but=number)]
    total = sum(weight for _row, weight in voted) or 1.0
    points: dict[TechnicalField, float] = defaultdict(float)
    voters: dict[TechnicalField, Votes] = defaultdict(list)
    for row, weight in voted:
        if row.field is not None and weight:
            points[row.field] += weight / total
            voters[row.field].append((row, weight))
    for field, share in _named(title, summary).items():
        points[field] += OF_NAMES * share
    best = sorted(points, key=lambda field: (-points[field], field.code))[:n]
    whole = sum(points.values())
    return [FieldHint(field, points[field] / whole, _because(voters[field])) for field in best]


def _because(voted: Votes) -> tuple[Record, ...]:
    return tuple(row for row, _weight in sorted(voted, key=lambda vote: -vote[1])[:NAMED])


def _nearest(title: str, summary: str, *, but: str) -> Iterator[tuple[Record, str]]:
    """Yield the nearest public records that have a field, each with what it says."""
    probe = Probe((Part(title), Part(summary)))
    for outcome in documents.outcomes().filter(number__in=_found("outcome", probe, but)):
        yield outcome, f"{outcome.title}\n{outcome.summary}"
    for need in documents.needs().filter(code__in=_found("need", probe, but)):
        yield need, f"{need.title}\n{need.problem}"


def _found(kind: str, probe: Probe, but: str) -> list[str]:
    query = Query(
        kind=kind,
        visibility=Visibility.public(),
        where=And(Exists("field"), Not(Eq("id", but))),
        limit=VOTERS,
        highlights=(),
    )
    return [each.id for each in get_engine().match(probe, query)]


def _named(title: str, summary: str) -> dict[TechnicalField, float]:
    """Return the fields whose names share pairs of characters with a text, and which share of them, rare ones first."""
    pairs = {field: set(bigrams(field.name)) - EMPTY for field in TechnicalField.objects.filter(children=None)}
    spread = Counter(pair for several in pairs.values() for pair in several)
    rarity = {pair: log(1 + len(pairs) / number) for pair, number in spread.items()}
    first, rest = set(bigrams(title)), set(bigrams(summary))
    said = {pair: 1.0 if pair in first else IN_THE_TEXT for pair in rarity if pair in first | rest}
    shares = {field: _share(several, rarity, said) for field, several in pairs.items()}
    return {field: share for field, share in shares.items() if share}


def _share(pairs: Iterable[str], rarity: Mapping[str, float], said: Mapping[str, float]) -> float:
    whole = sum(rarity[pair] for pair in pairs)
    return sum(rarity[pair] * said.get(pair, 0.0) for pair in pairs) / whole if whole else 0.0


def left_out() -> Iterator[tuple[ResearchOutcome, list[FieldHint]]]:
    """Yield each public outcome that has a field, with what the others would suggest for it."""
    for outcome in documents.outcomes().filter(field__isnull=False).order_by("pk").iterator(chunk_size=500):
        yield outcome, field_hints(outcome.title, outcome.summary, number=outcome.number)
