"""Learning weights from what people answered: coordinate ascent on one part of the needs, the proof on the other.

Features are stored with matches, so that nothing is searched again: a pair is scored anew by other weights alone.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import comb, log2
from typing import Any

from marketplace.matching.scored import Feature
from search.features import UNKNOWN

Weighting = Mapping[Feature, float]
DEPTH = 10  # nDCG@10
STEPS = (0.20, 0.10, 0.05, 0.02, 0.01)  # shares a weight is moved by, up and down
ROUNDS = 20
LEVEL = 0.05  # the chance of winning by luck that is taken
EQUAL = 1e-9


@dataclass(frozen=True)
class Judged:
    """A need and an outcome whose answer is known, with the values of the features; None where a side was silent."""

    need: str
    outcome: str
    fits: bool
    values: Mapping[Feature, float | None]


@dataclass(frozen=True)
class Verdict:
    """New weights against old on needs that none of them was learnt from."""

    needs: int
    won: int
    lost: int
    tied: int
    before: float  # mean nDCG@10
    after: float
    chance: float  # of the paired sign test, two-sided

    @property
    def wins(self) -> bool:
        return self.chance < LEVEL and self.after > self.before

    def as_json(self) -> dict[str, Any]:
        return {name: round(value, 6) for name, value in asdict(self).items()}


def by_need(pairs: Iterable[Judged]) -> dict[str, list[Judged]]:
    """Return the pairs of each need that has both: one that fits, and one that does not."""
    grouped: dict[str, list[Judged]] = defaultdict(list)
    for pair in pairs:
        grouped[pair.need].append(pair)
    return {need: judged for need, judged in grouped.items() if len({pair.fits for pair in judged}) == 2}


def split(needs: Mapping[str, list[Judged]]) -> tuple[list[list[Judged]], list[list[Judged]]]:
    """Return the needs to learn from and those to judge by: half and half, the same in every run."""
    order = sorted(needs, key=lambda need: hashlib.sha256(need.encode()).digest())
    return [needs[need] for need in order[::2]], [needs[need] for need in order[1::2]]


def score(values: Mapping[Feature, float | None], weights: Weighting) -> float:
    """Return the weighted sum, as features.score does; what is unknown, or was not measured then, counts half."""
    known = ((weight, values.get(feature)) for feature, weight in weights.items())
    return sum(weight * (UNKNOWN if value is None else value) for weight, value in known)


def ndcg(judged: Sequence[Judged], weights: Weighting) -> float:
    """Return nDCG@10 of one need's pairs; of equal scores what does not fit stands first."""
    ranked = sorted(judged, key=lambda pair: (-round(score(pair.values, weights), 9), pair.fits, pair.outcome))
    gain = sum(pair.fits / log2(place + 2) for place, pair in enumerate(ranked[:DEPTH]))
    best = sum(1 / log2(place + 2) for place in range(min(DEPTH, sum(pair.fits for pair in judged))))
    return gain / best


def mean(needs: Sequence[Sequence[Judged]], weights: Weighting) -> float:
    return sum(ndcg(judged, weights) for judged in needs) / len(needs) if needs else 0.0


def ascend(needs: Sequence[Sequence[Judged]], start: Weighting) -> dict[Feature, float]:
    """Return weights (sum 1) that rank these needs best, moving one weight at a time until none helps."""
    best, reached = _whole(start), mean(needs, start)
    for _round in range(ROUNDS):
        before = reached
        for feature in best:
            for tried in _moved(best, feature):
                value = mean(needs, tried)
                if value > reached + EQUAL:
                    best, reached = tried, value
        if reached <= before + EQUAL:
            break
    return best


def _moved(weights: Weighting, feature: Feature) -> list[dict[Feature, float]]:
    """Return the weights with one of them larger or smaller, the others in their old proportions."""
    ways = (sign * step for step in STEPS for sign in (1, -1))
    moved = (dict(weights) | {feature: max(0.0, weights[feature] + way)} for way in ways)
    return [_whole(each) for each in moved if sum(each.values()) > EQUAL]


def _whole(weights: Weighting) -> dict[Feature, float]:
    total = sum(weights.values())
    return {feature: weight / total for feature, weight in weights.items()}


def compare(needs: Sequence[Sequence[Judged]], old: Weighting, new: Weighting) -> Verdict:
    """Return how the new weights do against the old, need by need."""
    pairs = [(ndcg(judged, old), ndcg(judged, new)) for judged in needs]
    won = sum(after > before + EQUAL for before, after in pairs)
    lost = sum(before > after + EQUAL for before, after in pairs)
    return Verdict(
        needs=len(pairs),
        won=won,
        lost=lost,
        tied=len(pairs) - won - lost,
        before=mean(needs, old),
        after=mean(needs, new),
        chance=sign_test(won, lost),
    )


def sign_test(won: int, lost: int) -> float:
    """Return the exact two-sided chance of so uneven a split if both were equally good (ties left out)."""
    tried = won + lost
    if tried == 0:
        return 1.0
    tail = sum(comb(tried, number) for number in range(min(won, lost) + 1))
    return min(1.0, 2 * tail / 2**tried)
