"""The features a match is scored by. Each is a number from 0 to 1, or None where a side states nothing.

The words readers see follow from a feature's own value (`marketplace.matching.reasons`): from 0.7 it is met, from 0.4
met in part, below it speaks against the pair. So each measure keeps its cases within these bounds.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from math import inf, sqrt
from typing import Any, Protocol

from marketplace.core.choices import TransferMode
from marketplace.core.classifications import Classified
from marketplace.core.regions import present_code
from marketplace.matching.scored import Feature, Part
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome
from search.phrases import content_words
from search.text import bigrams

UNKNOWN = 0.5  # what a feature counts in the sum where a side states nothing: no reason, and never a penalty

# Raise VERSION with every change: stored matches say what they were scored by, and weights tuned on other features
# (weights.py) do not hold any more.
VERSION = "2026-11-4"
WEIGHTS = {
    Feature.TEXT: 0.52,
    Feature.TITLE: 0.16,
    Feature.KEYWORDS: 0.02,
    Feature.FIELD: 0.12,
    Feature.INDUSTRY: 0.06,
    Feature.TRL: 0.04,
    Feature.BUDGET: 0.03,
    Feature.REGION: 0.03,
    Feature.MODE: 0.02,
}

Mode = TechnologyNeed.Mode
LICENCES = {TransferMode.EXCLUSIVE, TransferMode.SOLE, TransferMode.ORDINARY, TransferMode.TRIAL_FIRST}
SAME = {
    Mode.ASSIGNMENT: {TransferMode.ASSIGNMENT},
    Mode.LICENCE: LICENCES,
    Mode.SERVICE: {TransferMode.SERVICE},
    Mode.JOINT: {TransferMode.DEVELOPMENT},
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
Measured = tuple[float | None, dict[str, Any]]


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
    asked = " ".join([need.title, *(indicator.name for indicator in need.indicators.all())])
    return words_in_common(asked, f"{outcome.title} {outcome.summary}")


def words_in_common(asked: str, offered: str) -> Measured:
    """The share of one text's content words that another uses; None where it has none."""
    wanted = content_words(asked)
    common = wanted & content_words(offered)
    return (len(common) / len(wanted) if wanted else None), {"words": sorted(common)[:8]}


def nearness(one: Classified, others: Iterable[Classified]) -> tuple[float, str]:
    """Return how near a node lies to the nearest of others, and the node in common.

    The same node is 1, the same branch 0.6, else 0. The section of an industry (one letter, such as C for all of
    manufacturing) is no branch.
    """
    found = (0.0, "")
    for other in others:
        if one.pk == other.pk:
            return 1.0, one.code
        shared = [code for code in one.path if code in other.path and len(code) > 1]
        found = max(found, (0.6, shared[-1]) if shared else (0.0, ""))
    return found


def field(need: TechnologyNeed, outcome: ResearchOutcome) -> Measured:
    if need.field is None or outcome.field is None:
        return None, {}
    value, common = nearness(need.field, [outcome.field])
    return value, {"code": common} if common else {"apart": [need.field.code, outcome.field.code]}


def industry(need: TechnologyNeed, outcome: ResearchOutcome) -> Measured:
    served = list(outcome.industries.all())
    if need.industry is None or not served:
        return None, {}
    value, common = nearness(need.industry, served)
    apart = [need.industry.code, *(node.code for node in served[:3])]
    return value, {"codes": [common]} if common else {"apart": apart}


def trl(need: TechnologyNeed, outcome: ResearchOutcome) -> Measured:
    """1 from the readiness the need asks for; one level below is met in part, two are too few."""
    if need.trl_wanted is None or outcome.trl is None:
        return None, {}
    value = 1.0 if outcome.trl >= need.trl_wanted else max(0.0, 0.8 - (need.trl_wanted - outcome.trl) / 4)
    return value, {"offered": outcome.trl, "wanted": need.trl_wanted}


def budget(need: TechnologyNeed, outcome: ResearchOutcome) -> Measured:
    """How far the ranges lie in each other: 0.5 where they touch, 1 where one holds the other.

    A price below the budget is met in part (it can be paid, the scale differs); one above speaks against the pair.
    """
    budgeted, priced = [need.budget_low, need.budget_high], [outcome.price_low, outcome.price_high]
    if budgeted == [None, None] or priced == [None, None]:
        return None, {}
    (least, most), (cheapest, dearest) = _limits(*budgeted), _limits(*priced)
    facts = {"budget": budgeted, "price": priced}
    if cheapest > most:
        return 0.39 * most / cheapest, facts | {"how": "above"}
    if dearest < least:
        return 0.6, facts | {"how": "below"}
    shared, narrower = min(most, dearest) - max(least, cheapest), min(most - least, dearest - cheapest)
    share = 1.0 if narrower == 0 or shared == narrower else shared / narrower
    return 0.5 + share / 2, facts | {"how": "meet"}


def _limits(low: int | None, high: int | None) -> tuple[float, float]:
    """Return a range as it is read: "up to 80" begins at nothing, "from 50" has no end."""
    return (low or 0, inf if high is None else high)


def region(need: TechnologyNeed, outcome: ResearchOutcome) -> Measured:
    """Where an anonymous enterprise sits is not told, not even by a reason."""
    here = "" if need.is_anonymous else present_code(need.organisation.region)
    there = present_code(outcome.owner.region)
    if not here or not there:
        return None, {}
    facts = {"same": here == there, "city": here[:4] == there[:4]}
    return (1.0 if facts["same"] else 0.7 if facts["city"] else 0.3), facts


def mode(need: TechnologyNeed, outcome: ResearchOutcome) -> Measured:
    """1 where what is asked is offered, 0.5 where something near it is (joint for commissioned development)."""
    if not need.mode or not outcome.modes:
        return None, {}
    asked = Mode(need.mode)
    for value, wanted in ((1.0, SAME.get(asked, set())), (0.5, FITTING[asked])):
        common = [name for name in outcome.modes if TransferMode(name) in wanted]
        if common:
            return value, {"asked": asked.value, "offered": common}
    return 0.0, {"asked": asked.value, "offered": list(outcome.modes)}


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


def parts_of(
    need: TechnologyNeed,
    outcome: ResearchOutcome,
    *,
    lexical: float,
    meaning: float | None = None,
    weights: Mapping[Feature, float] = WEIGHTS,
) -> tuple[Part, ...]:
    """Return every part of a pair's score; `lexical` (0–1) comes from the engine, `meaning` from an embedder if any."""
    text = Part(Feature.TEXT, min(1.0, max(0.0, lexical)), weights.get(Feature.TEXT, 0.0))
    vector = () if meaning is None else (Part(Feature.VECTOR, meaning, weights.get(Feature.VECTOR, 0.0)),)
    measured = ((feature, *measure(need, outcome)) for feature, measure in MEASURES.items())
    return (text, *vector, *(Part(which, value, weights.get(which, 0.0), facts) for which, value, facts in measured))


def score(parts: Iterable[Part]) -> float:
    """Return the weighted sum of the parts, from 0 to 1; what is unknown counts half."""
    return round(sum(part.weight * (UNKNOWN if part.value is None else part.value) for part in parts), 4)


class HasTexts(Protocol):
    """Anything with a title and a text."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...


def score_of_texts(asked: HasTexts, offered: HasTexts, *, lexical: float) -> float:
    """Score two plain texts by the features they have; the others count as unknown.

    The beginning of a text is no title (measured: taken for one it cost long texts .07 of nDCG@10), so where a side
    has none nothing is said of titles, alike for every pair of a collection in which all texts have one or none has.
    """
    near = cosine(bigrams(asked.title), bigrams(offered.title)) if asked.title and offered.title else None
    shared = words_in_common(asked.title, f"{offered.title} {offered.text}")[0] if asked.title else None
    return score(
        [
            Part(Feature.TEXT, min(1.0, max(0.0, lexical)), WEIGHTS[Feature.TEXT]),
            Part(Feature.TITLE, near, WEIGHTS[Feature.TITLE]),
            Part(Feature.KEYWORDS, shared, WEIGHTS[Feature.KEYWORDS]),
        ]
    )
