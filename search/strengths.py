"""What the words strong, fair and weak are worth: the share of judged pairs that fit, above each threshold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from marketplace.matching import choosing
from marketplace.matching.models import Match
from search.tuning import Judged, Weighting, score

STEP = 0.02
PROMISED = {Match.Strength.STRONG: 0.9, Match.Strength.FAIR: 0.6}  # shares of the pairs called so that fit


@dataclass(frozen=True)
class Counted:
    """Some judged pairs, and how many of them fit."""

    pairs: int
    fitting: int

    @classmethod
    def of(cls, judged: Iterable[bool]) -> "Counted":
        """Count judgements."""
        several = list(judged)
        return cls(len(several), sum(several))

    @property
    def share(self) -> float | None:
        """Return the share that fits; None of nothing."""
        return self.fitting / self.pairs if self.pairs else None


def scored(pairs: Iterable[Judged], weights: Weighting) -> list[tuple[float, bool]]:
    """Return the score of each judged pair by these weights, and whether it fits."""
    return [(score(pair.values, weights), pair.fits) for pair in pairs]


def by_threshold(found: Iterable[tuple[float, bool]]) -> Iterator[tuple[float, Counted]]:
    """Yield each threshold that some pair reaches, with the pairs at or above it; the highest comes last."""
    several = list(found)
    for step in range(round(1 / STEP) + 1):
        least = round(step * STEP, 2)
        if any(value >= least for value, _fits in several):
            yield least, Counted.of(fits for value, fits in several if value >= least)


def by_strength(found: Iterable[tuple[float, bool]]) -> Mapping[str, Counted]:
    """Return the pairs of each word by the thresholds in force; "" are those that are not shown."""
    names = [*Match.Strength.values, ""]
    several = [(_name(value), fits) for value, fits in found]
    return {name: Counted.of(fits for word, fits in several if word == name) for name in names}


def _name(value: float) -> str:
    return choosing.strength_of(value).value if value >= choosing.LEAST else ""
