"""Measures of a ranking against judgements, as trec_eval computes them, and times."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log2
from statistics import fmean


def ndcg(ranked: Sequence[str], relevant: Mapping[str, int], depth: int = 10) -> float:
    """Return the normalised discounted cumulative gain of the first `depth`: gain / log2(rank + 1), 1 at best.

    The gain is the relevance itself (trec_eval's ndcg_cut), not 2^relevance − 1.
    """
    gained = _discounted(relevant.get(document, 0) for document in ranked[:depth])
    best = _discounted(sorted(relevant.values(), reverse=True)[:depth])
    return gained / best if best else 0.0


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def reciprocal_rank(ranked: Sequence[str], relevant: Mapping[str, int], depth: int = 10) -> float:
    """Return 1 / the rank of the first relevant document within `depth`; 0 where there is none."""
    ranks = (rank for rank, document in enumerate(ranked[:depth], start=1) if relevant.get(document, 0) > 0)
    return next((1 / rank for rank in ranks), 0.0)


def recall(ranked: Sequence[str], relevant: Mapping[str, int], depth: int = 50) -> float:
    """Return the share of the relevant documents that stand among the first `depth`."""
    wanted = {document for document, relevance in relevant.items() if relevance > 0}
    return len(wanted & set(ranked[:depth])) / len(wanted) if wanted else 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """The means over all judged questions."""

    questions: int
    ndcg_10: float
    mrr_10: float
    recall_50: float


def measure(run: Mapping[str, Sequence[str]], judgements: Mapping[str, Mapping[str, int]]) -> Measured:
    """Measure the questions of a run that have a relevant document; the others say nothing."""
    pairs = [(run[key], judgements[key]) for key in run if any(judgements.get(key, {}).values())]
    if not pairs:
        return Measured(0, 0.0, 0.0, 0.0)
    return Measured(
        len(pairs),
        fmean(ndcg(ranked, relevant) for ranked, relevant in pairs),
        fmean(reciprocal_rank(ranked, relevant) for ranked, relevant in pairs),
        fmean(recall(ranked, relevant) for ranked, relevant in pairs),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed (nearest rank); 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else 0.0
