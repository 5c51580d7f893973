"""Rows of matching are held in one order everywhere: needs, outcomes, matches, each by key.

So a proposal run and an answer never wait for each other in a circle.
"""

from marketplace.matching.models import Match
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome


def hold_match(match: Match) -> None:
    """Hold a match and both its records, in the order of the house; for every action that changes or uses one."""
    need, outcome = hold_pair(match.need_id, match.outcome_id)
    match.lock()
    match.need, match.outcome = need, outcome


def hold_pair(need: int, outcome: int) -> tuple[TechnologyNeed, ResearchOutcome]:
    """Hold a need and an outcome by their keys, in the order of the house."""
    needs = hold_rows(TechnologyNeed, {need}, "organisation")
    return needs[need], hold_rows(ResearchOutcome, {outcome}, "owner")[outcome]


def hold_rows(model: type, keys: set[int], party: str) -> dict:
    """Lock these rows by key, in order; the organisations are only read."""
    rows = model._base_manager.select_for_update(of=("self",)).select_related(party)  # type: ignore[attr-defined]
    return {row.pk: row for row in rows.filter(pk__in=keys).order_by("pk")}
