"""Which proposals are kept: thresholds, hard filters, and when a declined pair may come back."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

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
    return are_open(need, outcome) and _may_trade(need, outcome)


def are_open(need: TechnologyNeed, outcome: ResearchOutcome) -> bool:
    """Tell whether both are public and still to be had."""
    is_wanted = need.live and need.state == need.State.OPEN
    return is_wanted and outcome.live and outcome.state == outcome.State.AVAILABLE


def _may_trade(need: TechnologyNeed, outcome: ResearchOutcome) -> bool:
    both_verified = need.organisation.is_verified and outcome.owner.is_verified
    return both_verified and not need.organisation.is_related_to(outcome.owner)


def why_apart(need: TechnologyNeed, outcome: ResearchOutcome) -> str | None:
    """Say why these two may not meet, or None; nothing that would tell who stands behind an anonymous need."""
    if are_open(need, outcome):
        return None if _may_trade(need, outcome) else _why_not_trade(need, outcome)
    if need.state != need.State.OPEN:
        return _("The need is no longer open: %(state)s.") % {"state": need.get_state_display()}
    if not need.live:
        return _("The need is not public now.")
    if outcome.state != outcome.State.AVAILABLE:
        return _("The outcome is not to be had now: %(state)s.") % {"state": outcome.get_state_display()}
    return _("The outcome is not public now.")


def _why_not_trade(need: TechnologyNeed, outcome: ResearchOutcome) -> str:
    if not outcome.owner.is_verified:
        return _("The owner of the outcome is not verified now.")
    if need.is_anonymous:
        return _("The enterprise of the need is not verified now, or related to the owner of the outcome.")
    if not need.organisation.is_verified:
        return _("The enterprise of the need is not verified now.")
    return _("The enterprise of the need and the owner of the outcome are related to each other.")


def fingerprint(need: TechnologyNeed, outcome: ResearchOutcome) -> str:
    """Return a hash of what a reader of both public texts judges by; it changes when either text does."""
    return fingerprints(need, [outcome])[outcome.pk]


def fingerprints(need: TechnologyNeed, outcomes: Iterable[ResearchOutcome]) -> dict[int, str]:
    """Return the fingerprint of one need with each of several outcomes, by the key of the outcome."""
    asked = _asked(need)
    told = {outcome.pk: json.dumps([asked, _offered(outcome)], ensure_ascii=False) for outcome in outcomes}
    return {key: hashlib.sha256(words.encode()).hexdigest() for key, words in told.items()}


def _asked(need: TechnologyNeed) -> list[Any]:
    indicators = [[i.name, i.comparison, i.value, i.unit] for i in need.indicators.order_by("pk")]
    asked = [need.title, need.problem, need.field_id, need.mode, need.budget_low, need.budget_high, indicators]
    return asked + ([need.trl_wanted] if need.trl_wanted else [])  # old fingerprints hold while nothing is asked


def _offered(outcome: ResearchOutcome) -> list[Any]:
    offered = [outcome.title, outcome.summary, outcome.field_id, outcome.trl, sorted(outcome.modes)]
    return [*offered, outcome.price_low, outcome.price_high]
