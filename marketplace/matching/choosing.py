"""Which proposals are kept: thresholds, hard filters, and when a declined pair may come back."""

import hashlib
import json
from collections.abc import Iterable

from marketplace.matching.models import Match
from marketplace.matching.scored import ScoredPair
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome

# Of strong pairs at least 0.9 fit and of fair ones 0.6, as far as pairs are judged: `manage.py check_strengths`
LEAST = 0.30  # a pair below is not shown
FAIR = 0.42
STRONG = 0.58
PHRASES = 2  # content phrases that both texts must share (search-engine.md §5)
MOST = 10  # proposals kept per need, and per outcome


def strength_of(score: float) -> "Match.Strength":
    """Return the word for a score; words, not per cents: a score is no probability."""
    if score >= STRONG:
        return Match.Strength.STRONG
    return Match.Strength.FAIR if score >= FAIR else Match.Strength.WEAK


def is_worth(pair: ScoredPair) -> bool:
    """Tell whether a pair is near enough to be proposed, where no more than MOST are nearer."""
    return pair.score >= LEAST and len(pair.phrases) >= PHRASES


def best(scored: Iterable[ScoredPair]) -> list[ScoredPair]:
    """Return the pairs worth proposing, strongest first, at most MOST; ties go to the older record."""
    return sorted(filter(is_worth, scored), key=lambda pair: (-pair.score, pair.need_id, pair.outcome_id))[:MOST]


def may_meet(need: TechnologyNeed, outcome: ResearchOutcome) -> bool:
    """Tell whether a need and an outcome may be proposed to each other at all, whatever the score."""
    return (
        need.live
        and need.state == need.State.OPEN
        and outcome.live
        and outcome.state == outcome.State.AVAILABLE
        and need.organisation.is_verified
        and outcome.owner.is_verified
        and not need.organisation.is_related_to(outcome.owner)
    )


def fingerprint(need: TechnologyNeed, outcome: ResearchOutcome) -> str:
    """Return a hash of what a reader of both public texts judges by; it changes when either text does."""
    indicators = [[i.name, i.comparison, i.value, i.unit] for i in need.indicators.order_by("pk")]
    asked = [need.title, need.problem, need.field_id, need.mode, need.budget_low, need.budget_high, indicators]
    asked += [need.trl_wanted] if need.trl_wanted else []  # old fingerprints hold while nothing is asked
    offered = [outcome.title, outcome.summary, outcome.field_id, outcome.trl, sorted(outcome.modes)]
    offered += [outcome.price_low, outcome.price_high]
    return hashlib.sha256(json.dumps([asked, offered], ensure_ascii=False).encode()).hexdigest()
