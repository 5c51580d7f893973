"""Candidates for a match, scored and explained. Search proposes; the marketplace disposes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from django.db.models import prefetch_related_objects

from marketplace.matching.finding import MatchQuerySet
from marketplace.matching.models import Match
from marketplace.matching.scored import ScoredPair
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome
from search import documents, embedding, features, stop_phrases, weights
from search.engine import Candidate, Part, Probe, Query
from search.engines import get_engine
from search.filters import EVERYTHING, And, Eq, Filter, In
from search.phrases import shared_phrases
from search.visibility import Visibility

SCORED = 40  # the nearest, looked at pair by pair: the engine explains each it returns, and that takes most of the time
FEWEST_PHRASES = 2


def candidates_for_need(need: TechnologyNeed) -> list[ScoredPair]:
    """Return the outcomes that may answer a need, best first, each with its features and shared phrases.

    Raises EngineDown; the task that asked is repeated.
    """
    kept = _kept(Match.objects.filter(need=need), "outcome__number")
    found = _nearest("outcome", need_probe(need), Eq("state", "available"), kept)
    rows = _outcomes(found)
    pairs = _pairs_of(need, found, rows)
    return _best(pairs, kept={rows[key].pk for key in kept & rows.keys()}, side="outcome_id")


def standing_of_need(need: TechnologyNeed) -> list[ScoredPair]:
    """Return the standing matches of a need as they are scored now, as far as the index holds their outcomes.

    Raises EngineDown.
    """
    keys = set(Match.objects.standing().filter(need=need).values_list("outcome__number", flat=True))
    found = _only("outcome", need_probe(need), EVERYTHING, keys)
    return list(_pairs_of(need, found, _outcomes(found)))


def _outcomes(found: Iterable[str]) -> dict[str, ResearchOutcome]:
    return {outcome.number: outcome for outcome in documents.outcomes().filter(number__in=found)}


def _pairs_of(
    need: TechnologyNeed, found: Mapping[str, Candidate], rows: Mapping[str, ResearchOutcome]
) -> Iterator[ScoredPair]:
    """Return what was found for a need with every feature measured."""
    prefetch_related_objects([need], "indicators")
    near = [(need, rows[key], lexical(each)) for key, each in found.items() if key in rows]
    meaning = embedding.nearness(need_text(need), [outcome_text(outcome) for _need, outcome, _near in near])
    return _scored(near, meaning)


def candidates_for_outcome(outcome: ResearchOutcome) -> list[ScoredPair]:
    """Return the needs an outcome may answer, best first. Raises EngineDown."""
    kept = _kept(Match.objects.filter(outcome=outcome), "need__code")
    found = _nearest("need", outcome_probe(outcome), Eq("state", "open"), kept)
    if not found:
        return []
    rows = {need.code: need for need in documents.needs().filter(code__in=found)}
    prefetch_related_objects([outcome], "industries__parent")
    near = [(rows[key], outcome, lexical(each)) for key, each in found.items() if key in rows]
    meaning = embedding.nearness(outcome_text(outcome), [need_text(need) for need, _outcome, _near in near])
    return _best(_scored(near, meaning), kept={rows[key].pk for key in kept & rows.keys()}, side="need_id")


def _kept(matches: MatchQuerySet, key: str) -> set[str]:
    """Return the counterparts that people want to keep: they are scored however far they lie."""
    return set(matches.proposed().held().values_list(key, flat=True))


def need_probe(need: TechnologyNeed) -> Probe:
    """Return what to look for counterparts of a need with: its title, the problem, and the indicators for half."""
    indicators = " ".join(str(indicator) for indicator in need.indicators.all())
    return Probe((Part(need.title), Part(need.problem), Part(indicators, 0.5)))


def outcome_probe(outcome: ResearchOutcome) -> Probe:
    return Probe((Part(outcome.title), Part(outcome.summary)))


def _nearest(kind: str, probe: Probe, where: Filter, kept: set[str]) -> dict[str, Candidate]:
    """Return the nearest candidates, and those of `kept` wherever they stand."""
    query = Query(kind=kind, visibility=Visibility.public(), where=where, limit=SCORED, highlights=())
    found = {candidate.id: candidate for candidate in get_engine().match(probe, query)}
    return found | _only(kind, probe, where, kept - found.keys())


def _only(kind: str, probe: Probe, where: Filter, keys: Set[str]) -> dict[str, Candidate]:
    """Return these candidates, as far as the probe finds them at all."""
    if not keys:
        return {}
    only = And(where, In("id", tuple(sorted(keys))))
    query = Query(kind=kind, visibility=Visibility.public(), where=only, limit=len(keys), highlights=())
    return {candidate.id: candidate for candidate in get_engine().match(probe, query)}


def lexical(candidate: Candidate) -> float:
    """Return the engine's score as a share of what the probe would score against itself."""
    return candidate.score / candidate.ceiling if candidate.ceiling else 0.0


def _scored(
    near: Sequence[tuple[TechnologyNeed, ResearchOutcome, float]], meaning: Sequence[float | None]
) -> Iterator[ScoredPair]:
    """Yield the pairs with every feature measured, by the weights in force."""
    if not near:
        return
    stop, by = stop_phrases.known(), weights.current()
    for (need, outcome, nearness), means in zip(near, meaning, strict=True):
        parts = features.parts_of(need, outcome, lexical=nearness, meaning=means, weights=by.by_feature)
        yield ScoredPair(
            need_id=need.pk,
            outcome_id=outcome.pk,
            score=features.score(parts),
            parts=parts,
            phrases=tuple(shared_phrases(need_text(need), outcome_text(outcome), stop=stop)),
            weights_version=by.version,
        )


def need_text(need: TechnologyNeed) -> str:
    return "\n".join([need.title, need.problem, *(indicator.name for indicator in need.indicators.all())])


def outcome_text(outcome: ResearchOutcome) -> str:
    return f"{outcome.title}\n{outcome.summary}"


def _best(pairs: Iterable[ScoredPair], *, kept: set[int], side: str) -> list[ScoredPair]:
    """Keep pairs that share at least two phrases that say something; without those there is no reason to show.

    Those that people keep are told all the same, with as little as they share.
    """
    told = [pair for pair in pairs if len(pair.phrases) >= FEWEST_PHRASES or getattr(pair, side) in kept]
    return sorted(told, key=lambda pair: (-pair.score, pair.need_id, pair.outcome_id))
