"""Why a candidate fits: a comparable score per field and the terms in common, in plain Python for every engine.

BM25 with k1 = 1.2 and b = 0.75; the usual length of a field is a constant of the schema instead of the average of the
index, so that a score means the same tomorrow. Candidates are found by all three streams; the reasons are told by the
base stream alone, for what a person reads as one word is counted there once.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from search.engine import Candidate, Probe
from search.schema import Kind, text_of
from search.terms import BASE, MIX, Strong
from search.text import bigrams, streams

K1 = 1.2
B = 0.75
Key = tuple[str, str]  # stream and token


def weights(probe: Probe) -> dict[Key, float]:
    """Each term of a probe with its stream's weight × its part's × (1 + ln tf), summed over the parts."""
    found: dict[Key, float] = {}
    for part in probe.parts:
        told = streams(part.text)
        for stream, weight in MIX.items():
            for token, count in Counter(getattr(told, stream)).items():
                key = (stream, token)
                found[key] = found.get(key, 0.0) + weight * part.weight * (1 + log(count))
    return found


def strongest(weighted: Mapping[Key, float], frequency: Mapping[Key, int], documents: int, n: int) -> list[Strong]:
    """The n terms that tell most, strongest first; terms no document holds are left out."""
    found = [
        Strong(*key, weight, log(1 + (documents - df + 0.5) / (df + 0.5)))
        for key, weight in weighted.items()
        if (df := min(frequency.get(key, 0), documents)) > 0
    ]
    return sorted(found, key=lambda term: (-term.value, term.stream, term.token))[:n]


@dataclass(frozen=True, slots=True)
class Reasons:
    """What each text field of a candidate scores, of at most about `ceiling`, and the terms found in it."""

    ceiling: float
    fields: Mapping[str, float]
    matched: Mapping[str, tuple[str, ...]]


def reasons(kind: Kind, candidate: Candidate) -> Reasons:
    """Return why a candidate was found, the strongest terms first."""
    terms = [term for term in candidate.terms if term.stream == BASE]
    scores: dict[str, float] = {}
    matched: dict[str, tuple[str, ...]] = {}
    for text in kind.texts:
        tokens = bigrams(text_of(candidate.doc, text.name))
        counts = Counter(tokens)
        found = [term for term in terms if term.token in counts]
        length = K1 * (1 - B + B * max(1.0, len(tokens) / text.typical))  # a short text is no better than a usual one
        scores[text.name] = sum(
            term.value * counts[term.token] * (K1 + 1) / (counts[term.token] + length) for term in found
        )
        if found:
            matched[text.name] = tuple(term.token for term in found)
    return Reasons(sum(term.value for term in terms), scores, matched)
