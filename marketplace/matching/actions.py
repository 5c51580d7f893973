"""Search proposes, the marketplace disposes: proposals kept up to date, and the answers of both sides.

Rows are held in one order everywhere (needs, outcomes, matches, each by key), so that a proposal run and an
answer never wait for each other in a circle.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.matching import choosing, rules
from marketplace.matching.letting_go import end_without_deal, take_back, why_let_go, why_over
from marketplace.matching.models import Answer, Match, Side
from marketplace.matching.scored import ScoredPair
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


class NoLongerPossible(Refused):
    message = _("The need or the outcome is no longer open, so this match cannot be accepted.")


class AnsweredAlready(Refused):
    message = _("Your side has answered this match already: %(answer)s, by %(who)s on %(day)s.")


class DealIsOpen(Refused):
    message = _("The deal of this match is open: what is to end is ended there, with its reason.")


class DeclineReasonMissing(Refused):
    message = _("Choose why it does not suit: better proposals follow from it.")
    field = "reason"


class RemarkMissing(Refused):
    message = _("Say the other reason in a few words.")
    field = "note"


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
    needs = _hold(TechnologyNeed, {need.pk}, "organisation")
    outcomes = _hold(ResearchOutcome, {pair.outcome_id for pair in scored}, "owner")
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
    needs = _hold(TechnologyNeed, {need for need, _o in keys}, "organisation")
    outcomes = _hold(ResearchOutcome, {outcome for _n, outcome in keys}, "owner")
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


def _hold(model: type, keys: set[int], party: str) -> dict:
    """Lock these rows by key, in order; the organisations are only read."""
    rows = model._base_manager.select_for_update(of=("self",)).select_related(party)  # type: ignore[attr-defined]
    return {row.pk: row for row in rows.filter(pk__in=keys).order_by("pk")}


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


def hold_match(match: Match) -> None:
    """Hold a match and both its records, in the order of the house; for every action that changes or uses one."""
    need, outcome = hold_pair(match.need_id, match.outcome_id)
    match.lock()
    match.need, match.outcome = need, outcome


def hold_pair(need: int, outcome: int) -> tuple[TechnologyNeed, ResearchOutcome]:
    """Hold a need and an outcome by their keys, in the order of the house."""
    needs = _hold(TechnologyNeed, {need}, "organisation")
    return needs[need], _hold(ResearchOutcome, {outcome}, "owner")[outcome]


@transaction.atomic
def accept_match(match: Match, *, by: User, organisation: Organisation | None) -> None:
    """Accept for one side; when both have accepted, the match is agreed and a deal may be opened.

    The same answer of the same person once more changes nothing. Raises AnsweredAlready, NoLongerPossible where need
    or outcome closed meanwhile, WrongState where it was declined or withdrawn.
    """
    hold_match(match)
    now = clock.now()
    require(rules.accept_match, by, match, organisation=organisation)
    answered = answered_already(match, match.side_of(organisation) or Side.NEED)
    if is_said_again(match, organisation, Answer.ACCEPTED, by):
        return
    if answered is not None:
        raise answered
    if match.state != Match.State.PROPOSED:
        raise WrongState(state=match.get_state_display())
    if not choosing.may_meet(match.need, match.outcome):
        raise NoLongerPossible()
    side = match.side_of(organisation)
    match.set_answer(side or "", Answer.ACCEPTED, by=by, at=now)
    agreed = Answer.WAITING not in (match.need_answer, match.outcome_answer)
    if agreed:
        match.move_to(Match.State.AGREED)
    match.save()
    journal.record(Kind.MATCH_ACCEPTED, match, by=by, on_behalf_of=organisation, side=side)
    if agreed:
        journal.record(Kind.MATCH_AGREED, match, by=by, on_behalf_of=organisation)


def is_said_again(match: Match, organisation: Organisation | None, answer: Answer, by: User) -> bool:
    """Tell whether this person has given this answer already, by a button pressed twice."""
    given, who, _at = match.signed_answer_of(match.side_of(organisation) or "")
    return (given, who) == (answer, by)


def answered_already(match: Match, side: Side) -> AnsweredAlready | None:
    """Return who of a side answered a match and what, as a refusal; None while nobody has."""
    answer, who, at = match.signed_answer_of(side)
    if at is None:
        return None
    return AnsweredAlready(answer=Answer(answer).label, who=who, day=timezone.localtime(at).strftime("%Y-%m-%d %H:%M"))


def _require_not_accepted(match: Match, side: Side) -> None:
    if hasattr(match, "deal"):
        raise DealIsOpen()
    answered = answered_already(match, side) if match.answer_of(side) == Answer.ACCEPTED else None
    if answered is not None:
        raise answered


@transaction.atomic
def decline_match(match: Match, *, by: User, organisation: Organisation | None, reason: str, note: str = "") -> None:
    """Decline for one side that has not accepted, with a reason of Match.Reason both sides read.

    The pair comes back when a text changes, or when the same side reconsiders. Whoever has accepted takes that back
    with `withdraw_acceptance`, and gets AnsweredAlready here.
    """
    hold_match(match)
    now = clock.now()
    require(rules.decline_match, by, match, organisation=organisation)
    side = match.side_of(organisation) or Side.NEED
    if is_said_again(match, organisation, Answer.DECLINED, by):
        return
    _require_not_accepted(match, side)
    if reason not in Match.Reason.values:
        raise DeclineReasonMissing()
    if reason == Match.Reason.OTHER and not note.strip():
        raise RemarkMissing()
    match.move_to(Match.State.DECLINED)
    match.set_answer(side, Answer.DECLINED, by=by, at=now)
    match.decline_reason, match.decline_note = reason, note.strip()
    match.save()
    journal.record(Kind.MATCH_DECLINED, match, by=by, on_behalf_of=organisation, side=side, reason=reason)
