"""Why a candidate fits: a comparable score per field and the terms in common, in plain Python for every engine.

BM25 with k1 = 1.2 and b = 0.75; the usual length of a field is a constant of the schema instead of the average of the
index, so that a score means the same tomorrow.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Any

from search.engine import Candidate, Probe
from search.schema import Kind, text_of
from search.text import bigrams

K1 = 1.2
B = 0.75


@dataclass(frozen=True, slots=True)
class Strong:
    """One term of a probe that is used for matching."""

    token: str
    weight: float
    idf: float

    @property
    def value(self) -> float:
        """What a document of usual length gains by holding it once."""
        return self.weight * self.idf


def weights(probe: Probe) -> dict[str, float]:
    """Each term of a probe with weight × (1 + ln tf), summed over its parts."""
    found: Counter[str] = Counter()
    for part in probe.parts:
        for token, count in Counter(bigrams(part.text)).items():
            found[token] += part.weight * (1 + log(count))  # type: ignore[assignment]
    return dict(found)


def strongest(weighted: Mapping[str, float], frequency: Mapping[str, int], documents: int, n: int) -> list[Strong]:
    """The n terms that tell most, strongest first; terms no document holds are left out."""
    found = [
        Strong(token, weight, log(1 + (documents - df + 0.5) / (df + 0.5)))
        for token, weight in weighted.items()
        if (df := min(frequency.get(token, 0), documents)) > 0
    ]
    return sorted(found, key=lambda term: (-term.value, term.token))[:n]


def ceiling(terms: list[Strong]) -> float:
    """What the probe scores against a text of usual length that holds each of its terms once."""
    return sum(term.value for term in terms)


def candidate(kind: Kind, score: float, doc: Mapping[str, Any], terms: list[Strong]) -> Candidate:
    """One document found by an engine for these terms, with its reasons."""
    scores, matched = explain(kind, doc, terms)
    return Candidate(doc["id"], score, ceiling(terms), scores, matched, doc)


def explain(
    kind: Kind, doc: Mapping[str, Any], terms: list[Strong]
) -> tuple[dict[str, float], dict[str, tuple[str, ...]]]:
    """The score of each text field of a document and the terms found in it, strongest first."""
    scores: dict[str, float] = {}
    matched: dict[str, tuple[str, ...]] = {}
    for text in kind.texts:
        tokens = bigrams(text_of(doc, text.name))
        counts = Counter(tokens)
        found = [term for term in terms if term.token in counts]
        length = K1 * (1 - B + B * max(1.0, len(tokens) / text.typical))  # a short text is no better than a usual one
        scores[text.name] = sum(
            term.value * counts[term.token] * (K1 + 1) / (counts[term.token] + length) for term in found
        )
        if found:
            matched[text.name] = tuple(term.token for term in found)
    return scores, matched
