"""Which technical field an outcome may belong to: a vote of the public outcomes nearest to it. Never set by itself."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.core.classifications import TechnicalField
from marketplace.outcomes.models import ResearchOutcome
from search import documents
from search.engine import Part, Probe, Query
from search.engines import get_engine
from search.filters import And, Eq, Exists, Not
from search.visibility import Visibility

VOTERS = 15
SHOWN = 3
NAMED = 2  # outcomes named as the reason


@dataclass(frozen=True)
class FieldHint:
    """A field, the share of the vote for it, and the outcomes that speak for it, the nearest first."""

    field: TechnicalField
    share: float
    because: tuple[ResearchOutcome, ...]


def field_hints(title: str, summary: str, *, number: str, n: int = SHOWN) -> list[FieldHint]:
    """Return the fields most likely for a text, the likeliest first; the outcome `number` itself has no vote.

    Each of the VOTERS nearest public outcomes votes for its own field, weighted by its score. Raises EngineDown.
    """
    query = Query(
        kind="outcome",
        visibility=Visibility.public(),
        where=And(Exists("field"), Not(Eq("id", number))),
        limit=VOTERS,
        highlights=(),
    )
    found = get_engine().match(Probe((Part(title), Part(summary))), query)[:VOTERS]
    rows = {row.number: row for row in documents.outcomes().filter(number__in=[each.id for each in found])}
    votes: dict[TechnicalField, float] = defaultdict(float)
    voters: dict[TechnicalField, list[ResearchOutcome]] = defaultdict(list)
    for candidate in found:
        row = rows.get(candidate.id)
        if row is not None and row.field is not None:
            votes[row.field] += candidate.score
            voters[row.field].append(row)
    total = sum(votes.values())
    best = sorted(votes, key=lambda field: (-votes[field], field.code))[:n]
    return [FieldHint(field, votes[field] / total, tuple(voters[field][:NAMED])) for field in best if total]


def left_out() -> Iterator[tuple[ResearchOutcome, list[FieldHint]]]:
    """Yield each public outcome that has a field, with what the others would suggest for it."""
    for outcome in documents.outcomes().filter(field__isnull=False).order_by("pk").iterator(chunk_size=500):
        yield outcome, field_hints(outcome.title, outcome.summary, number=outcome.number)
