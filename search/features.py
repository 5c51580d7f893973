"""The features a match is scored by. Each is a number from 0 to 1; what is unknown is 0.5, never a penalty."""

from collections import Counter
from collections.abc import Callable, Iterable
from math import sqrt
from typing import Any

from marketplace.core.choices import TransferMode
from marketplace.core.classifications import Classified
from marketplace.matching.scored import Feature, Part
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome
from search.phrases import content_words
from search.text import bigrams

UNKNOWN = 0.5

# One versioned place: raise VERSION with every change, so that stored matches say what they were scored by.
VERSION = "2026-11-1"
WEIGHTS = {
    Feature.TEXT: 0.45,
    Feature.TITLE: 0.15,
    Feature.KEYWORDS: 0.10,
    Feature.FIELD: 0.12,
    Feature.INDUSTRY: 0.06,
    Feature.TRL: 0.04,
    Feature.BUDGET: 0.03,
    Feature.REGION: 0.03,
    Feature.MODE: 0.02,
}

Mode = TechnologyNeed.Mode
LICENCES = {TransferMode.EXCLUSIVE, TransferMode.SOLE, TransferMode.ORDINARY, TransferMode.TRIAL_FIRST}
NEEDED_TRL = {
    Mode.ASSIGNMENT: 6,
    Mode.LICENCE: 6,
    Mode.SERVICE: 6,
    Mode.COMMISSIONED: 4,
    Mode.JOINT: 4,
    Mode.OPEN_CALL: 4,
}
FITTING = {
    Mode.ASSIGNMENT: {TransferMode.ASSIGNMENT, TransferMode.EQUITY},
    Mode.LICENCE: LICENCES,
    Mode.SERVICE: {TransferMode.SERVICE, *LICENCES},
    Mode.CONSULTING: {TransferMode.SERVICE, TransferMode.DEVELOPMENT},
    Mode.COMMISSIONED: {TransferMode.DEVELOPMENT, *LICENCES},
    Mode.JOINT: {TransferMode.DEVELOPMENT, TransferMode.EQUITY, *LICENCES},
    Mode.OPEN_CALL: {TransferMode.DEVELOPMENT, TransferMode.ASSIGNMENT, *LICENCES},
}
Measured = tuple[float, dict[str, Any]]


def cosine(one: Iterable[str], other: Iterable[str]) -> float:
    """Return the cosine of two bags of tokens."""
    first, second = Counter(one), Counter(other)
    dot = sum(number * second[token] for token, number in first.items())
    lengths = sqrt(sum(n * n for n in first.values())) * sqrt(sum(n * n for n in second.values()))
    return dot / lengths if lengths else 0.0


def title(need: TechnologyNeed, outcome: ResearchOutcome) -> Measured:
    return cosine(bigrams(need.title), bigrams(outcome.title)), {}


def keywords(need: TechnologyNeed, outcome: ResearchOutcome) -> Measured:
    """The share of the need's content words (title and indicators) that the outcome uses."""
    asked = content_words(" ".join([need.title, *(indicator.name for indicator in need.indicators.all())]))
    common = asked & content_words(f"{outcome.title} {outcome.summary}")
    return (len(common) / len(asked) if asked else UNKNOWN), {"words": sorted(common)[:8]}


def nearness(one: Classified, other: Classified) -> float:
    """Same node 1, same first level 0.6, else 0."""
    return 1.0 if one.pk == other.pk else 0.6 if one.path[0] == other.path[0] else 0.0


def field(need: TechnologyNeed, outcome: ResearchOutcome) -> Measured:
    if need.field is None or outcome.field is None:
        return UNKNOWN, {}
    value = nearness(need.field, outcome.field)
    common = need.field.code if value == 1 else need.field.path[0]
    return value, {"code": common} if value else {}


def industry(need: TechnologyNeed, outcome: ResearchOutcome) -> Measured:
    served = list(outcome.industries.all())
    if need.industry is None or not served:
        return UNKNOWN, {}
    value = max(nearness(need.industry, node) for node in served)
    common = need.industry.code if value == 1 else need.industry.path[0]
    return value, {"codes": [common]} if value else {}


def trl(need: TechnologyNeed, outcome: ResearchOutcome) -> Measured:
    """1 from the readiness that the cooperation mode asks for, a quarter less for each level below."""
    needed = NEEDED_TRL.get(Mode(need.mode)) if need.mode else None
    if needed is None or outcome.trl is None:
        return UNKNOWN, {}
    value = 1.0 if outcome.trl >= needed else max(0.0, 1 - (needed - outcome.trl) / 4)
    return value, {"offered": outcome.trl, "needed": needed}


def budget(need: TechnologyNeed, outcome: ResearchOutcome) -> Measured:
    """1 where the price begins within the budget, less the further it lies above."""
    most, least = need.budget_high or need.budget_low, outcome.price_low or outcome.price_high
    if not most or not least:
        return UNKNOWN, {}
    facts = {"budget": [need.budget_low, need.budget_high], "price": [outcome.price_low, outcome.price_high]}
    return (1.0 if least <= most else most / least), facts


def region(need: TechnologyNeed, outcome: ResearchOutcome) -> Measured:
    here, there = need.organisation.region, outcome.owner.region
    if not here or not there:
        return UNKNOWN, {}
    return (1.0 if here == there else 0.7 if here[:4] == there[:4] else 0.3), {"same": here == there}


def mode(need: TechnologyNeed, outcome: ResearchOutcome) -> Measured:
    if not need.mode or not outcome.modes:
        return UNKNOWN, {}
    common = [name for name in outcome.modes if TransferMode(name) in FITTING[Mode(need.mode)]]
    return (1.0 if common else 0.0), {"modes": common}


MEASURES: dict[Feature, Callable[[TechnologyNeed, ResearchOutcome], Measured]] = {
    Feature.TITLE: title,
    Feature.KEYWORDS: keywords,
    Feature.FIELD: field,
    Feature.INDUSTRY: industry,
    Feature.TRL: trl,
    Feature.BUDGET: budget,
    Feature.REGION: region,
    Feature.MODE: mode,
}


def parts_of(need: TechnologyNeed, outcome: ResearchOutcome, *, lexical: float) -> tuple[Part, ...]:
    """Return every part of a pair's score; `lexical` (0–1) comes from the engine."""
    text = Part(Feature.TEXT, min(1.0, max(0.0, lexical)), WEIGHTS[Feature.TEXT])
    measured = ((feature, *measure(need, outcome)) for feature, measure in MEASURES.items())
    return (text, *(Part(feature, value, WEIGHTS[feature], facts) for feature, value, facts in measured))


def score(parts: Iterable[Part]) -> float:
    """Return the weighted sum of the parts, from 0 to 1."""
    return round(sum(part.weight * part.value for part in parts), 4)
