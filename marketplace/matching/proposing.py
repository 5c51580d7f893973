"""Search proposes, the marketplace disposes: the proposals of a need, an outcome or an organisation kept up to date."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.matching import choosing
from marketplace.matching.holding import hold_rows
from marketplace.matching.letting_go import end_without_deal, take_back, why_let_go, why_over
from marketplace.matching.models import Match
from marketplace.matching.scored import ScoredPair
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome


@transaction.atomic
def propose_matches(need: TechnologyNeed, scored: Sequence[ScoredPair]) -> list[Match]:
    """Keep the proposals of a need in step with what search found now; return those that stand.

    Safe to repeat: unchanged proposals are not written and nobody is told again. Proposals that became wrong
    are withdrawn, except where a side accepted and both records are still open.
    """
    pairs = [pair for pair in scored if pair.need_id == need.pk]
    return _propose(pairs, choosing.best(pairs), Match.objects.filter(need=need))


@transaction.atomic
def propose_matches_for_outcome(outcome: ResearchOutcome, scored: Sequence[ScoredPair]) -> list[Match]:
    """The same as `propose_matches`, seen from a new or changed outcome."""
    pairs = [pair for pair in scored if pair.outcome_id == outcome.pk]
    return _propose(pairs, choosing.best(pairs), Match.objects.filter(outcome=outcome))


@transaction.atomic
def propose_matches_of_organisation(organisation: Organisation, scored: Sequence[Sequence[ScoredPair]]) -> list[Match]:
    """The same for all records of an organisation at once; `scored` holds what was found for each of them."""
    pairs = [pair for of_record in scored for pair in of_record]
    best = [pair for of_record in scored for pair in choosing.best(of_record)]
    return _propose(pairs, best, Match.objects.of(organisation))


@transaction.atomic
def rescore_matches(need: TechnologyNeed, scored: Sequence[ScoredPair]) -> int:
    """Score a need's standing matches by the weights of today; return how many changed.

    Nobody did anything and neither text changed, so nothing is proposed, withdrawn, journalled or told, and answers
    stay. A match whose texts are no longer those it was proposed by is left to the next run of proposals.
    """
    needs = hold_rows(TechnologyNeed, {need.pk}, "organisation")
    outcomes = hold_rows(ResearchOutcome, {pair.outcome_id for pair in scored}, "owner")
    pairs, now, changed = {pair.outcome_id: pair for pair in scored}, clock.now(), 0
    standing = Match.objects.standing().filter(need__in=needs, outcome__in=outcomes)
    for match in standing.select_for_update().order_by("pk"):
        if match.texts == choosing.fingerprint(needs[match.need_id], outcomes[match.outcome_id]):
            changed += _write(match, _facts_of(pairs[match.outcome_id]), now)
    return changed


def _propose(scored: Sequence[ScoredPair], best: Sequence[ScoredPair], earlier: Iterable[Match]) -> list[Match]:
    """Make earlier matches agree with what search found, `best` of it proposed; the caller is in a transaction."""
    known = {(pair.need_id, pair.outcome_id): pair for pair in scored}
    found = {(pair.need_id, pair.outcome_id): pair for pair in best}
    keys = set(found) | {(match.need_id, match.outcome_id) for match in earlier}
    needs = hold_rows(TechnologyNeed, {need for need, _o in keys}, "organisation")
    outcomes = hold_rows(ResearchOutcome, {outcome for _n, outcome in keys}, "owner")
    now, standing = clock.now(), []
    for key in sorted(keys & {(n, o) for n in needs for o in outcomes}):
        need, outcome = needs[key[0]], outcomes[key[1]]
        match = Match.objects.select_for_update().filter(need=need, outcome=outcome).first()
        wanted = found.get(key) if choosing.may_meet(need, outcome) else None
        if wanted is not None:
            match = _keep(match, wanted, need, outcome, now)
        elif match is not None and match.state == Match.State.PROPOSED:
            _hold_or_let_go(match, known.get(key), need, outcome, now)
        elif match is not None and match.state == Match.State.AGREED and need.state != need.State.OPEN:
            end_without_deal(match, need)
        if match is not None and match.state == Match.State.PROPOSED:
            standing.append(match)
    return sorted(standing, key=lambda match: -match.score)


def _facts_of(pair: ScoredPair) -> dict[str, Any]:
    """Return what a match stores of the pair search found."""
    return {
        "score": round(min(1.0, max(0.0, pair.score)), 4),
        "strength": choosing.strength_of(pair.score),
        "parts": [part.as_json() for part in pair.parts],
        "phrases": list(pair.phrases),
        "weights_version": pair.weights_version,
    }


def _keep(
    match: Match | None, pair: ScoredPair, need: TechnologyNeed, outcome: ResearchOutcome, now: datetime
) -> Match:
    """Write a proposal as search found it; what a side refused stays so until a text changes."""
    texts = choosing.fingerprint(need, outcome)
    if match is None:
        match = Match(need=need, outcome=outcome, proposed_at=now)
    elif match.state == Match.State.AGREED or match.is_refused(texts):
        return match
    elif match.state in (Match.State.WITHDRAWN, Match.State.DECLINED):
        match.propose_again()
        match.proposed_at = now
    is_news = match.proposed_at == now
    told = _facts_of(pair) | {"texts": texts}
    was_weak = not is_news and match.strength == Match.Strength.WEAK
    if not _write(match, told, now, is_news=is_news):
        return match
    if is_news or (was_weak and match.strength != Match.Strength.WEAK):
        strength, weights = match.strength, match.weights_version
        journal.record(Kind.MATCH_PROPOSED, match, by=None, strength=strength, weights=weights, was_weak=was_weak)
    return match


def _write(match: Match, told: dict[str, Any], now: datetime, *, is_news: bool = False) -> bool:
    """Save what search tells of a match, and return True; False where it is known already."""
    if not is_news and all(getattr(match, name) == value for name, value in told.items()):
        return False
    for name, value in told.items():
        setattr(match, name, value)
    match.computed_at = now
    match.save()
    return True


def _hold_or_let_go(
    match: Match, pair: ScoredPair | None, need: TechnologyNeed, outcome: ResearchOutcome, now: datetime
) -> None:
    """Withdraw a proposal that became wrong; what people want stays while it is possible, with reasons of today."""
    possible = choosing.may_meet(need, outcome)
    if not (possible and match.is_held):
        take_back(match, why_let_go(match, pair, need, outcome) if possible else why_over(need))
    elif pair is not None:
        _keep(match, pair, need, outcome, now)
    elif not match.is_computed:  # added by hand, and search finds nothing the two share
        _write(match, {"computed_at": now}, now)
