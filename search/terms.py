"""Weighted tokens: what a question or a probe is made of before any engine sees it.

The mix of the streams (bigrams 1, words 0.6, single units 0.4) was measured; see README.
"""

from dataclasses import dataclass

MIX = {"bi": 1.0, "words": 0.6, "uni": 0.4}
STREAMS = tuple(MIX)
BASE = "bi"


@dataclass(frozen=True, slots=True)
class Term:
    """One token of one stream and what it counts; engines multiply by the weight of the field."""

    stream: str
    token: str
    weight: float


@dataclass(frozen=True, slots=True)
class Strong(Term):
    """One term of a probe that is used for matching."""

    idf: float

    @property
    def value(self) -> float:
        """What a document of usual length gains by holding it once."""
        return self.weight * self.idf
