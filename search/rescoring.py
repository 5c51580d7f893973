"""Standing matches scored by other weights than those in force: how many there are, and bringing them up to date."""

from collections.abc import Iterable
from dataclasses import dataclass

from marketplace.matching.finding import MatchQuerySet
from marketplace.matching.models import Match
from marketplace.matching.proposing import rescore_matches
from marketplace.needs.models import TechnologyNeed
from search import weights
from search.matching import standing_of_need


@dataclass(frozen=True)
class Progress:
    """How many matches stand, and how many of them are scored by other weights than `version`."""

    version: str
    standing: int
    due: int


def progress() -> Progress:
    """Return how far it is. Matches whose texts changed, or whose outcome is gone, wait for their next proposals."""
    return Progress(weights.current().version, Match.objects.standing().count(), _due().count())


def needs_due() -> list[int]:
    """Return the needs with matches to score, oldest first."""
    return list(_due().order_by("need_id").values_list("need_id", flat=True).distinct())


def rescore(needs: Iterable[int]) -> int:
    """Score the standing matches of these needs; return how many changed. May be repeated. Raises EngineDown."""
    return sum(rescore_matches(need, standing_of_need(need)) for need in TechnologyNeed.objects.filter(pk__in=needs))


def _due() -> MatchQuerySet:
    return Match.objects.standing().exclude(weights_version=weights.current().version)
