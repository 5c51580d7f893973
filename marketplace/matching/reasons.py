"""The stored parts of a match as a reader sees them: a word, a bar and a sentence per feature, in their language.

Every word follows from the value of its own feature. What a side does not state is no reason; what contradicts is
told as a point against.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from marketplace.core.choices import TransferMode
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.money import format_range
from marketplace.core.price_words import price_words
from marketplace.matching.models import Match
from marketplace.matching.scored import Feature
from marketplace.needs.models import TechnologyNeed

NAMES = {
    Feature.TEXT: gettext_lazy("Common points"),
    Feature.TITLE: gettext_lazy("Titles"),
    Feature.KEYWORDS: gettext_lazy("Keywords"),
    Feature.FIELD: gettext_lazy("Technical field"),
    Feature.INDUSTRY: gettext_lazy("Industry"),
    Feature.TRL: gettext_lazy("Readiness"),
    Feature.BUDGET: gettext_lazy("Budget and price"),
    Feature.REGION: gettext_lazy("Region"),
    Feature.MODE: gettext_lazy("Way of working together"),
    Feature.VECTOR: gettext_lazy("Meaning"),
}
STRONG, FAIR = 0.7, 0.4
# What a side asks for is met or not; everything else is more or less near
DEMANDS = {Feature.TRL, Feature.BUDGET, Feature.MODE}
MET = {"strong": gettext_lazy("met"), "fair": gettext_lazy("met in part"), "weak": gettext_lazy("not met")}
# Both sides state these, so that they may contradict; two texts with little in common contradict nothing
STATED = {*DEMANDS, Feature.FIELD, Feature.INDUSTRY, Feature.REGION}
IN_ONE_LINE = (Feature.TEXT, Feature.FIELD, Feature.INDUSTRY, Feature.TRL)


@dataclass(frozen=True)
class Reason:
    """One feature in words, as components/reasons.html takes it."""

    feature: str
    share: float
    strength: str
    sentence: str
    weak: bool
    is_against: bool = False


@dataclass(frozen=True)
class Names:
    """Names of classification nodes by code, read once for a page."""

    fields: dict[str, str]
    industries: dict[str, str]

    @classmethod
    def of(cls, matches: Iterable[Match]) -> "Names":
        """Read the names that the facts of these matches mention: at most two queries."""
        codes: dict[str, set[str]] = {Feature.FIELD: set(), Feature.INDUSTRY: set()}
        for part in (part for match in matches for part in match.parts if part["feature"] in codes):
            facts = part.get("facts", {})
            codes[part["feature"]] |= {*facts.get("codes", []), *facts.get("apart", []), facts.get("code", "")} - {""}
        fields, industries = codes[Feature.FIELD], codes[Feature.INDUSTRY]
        return cls(
            {node.code: str(node) for node in TechnicalField.objects.filter(code__in=fields)} if fields else {},
            {node.code: str(node) for node in Industry.objects.filter(code__in=industries)} if industries else {},
        )


def word_for(value: float) -> str:
    """Return the key of the word for one part: strong, fair or weak."""
    return "strong" if value >= STRONG else "fair" if value >= FAIR else "weak"


def reasons_of(match: Match, names: Names | None = None) -> list[Reason]:
    """Return the parts that have something to say, weightiest first, those that speak against the pair last."""
    names = names or Names.of([match])
    told = [_reason(part, sentence) for part in _known(match) if (sentence := _sentence(match, part, names))]
    return sorted(told, key=lambda reason: reason.is_against)


def _known(match: Match) -> list[dict[str, Any]]:
    """Return the parts both sides state something about, weightiest first."""
    known = [part for part in match.parts if part["value"] is not None and part["feature"] in NAMES]
    return sorted(known, key=lambda part: -part["weight"])


def _reason(part: dict[str, Any], sentence: str) -> Reason:
    feature, word = part["feature"], word_for(part["value"])
    return Reason(
        feature=str(NAMES[feature]),
        share=part["value"],
        strength=str(MET[word] if feature in DEMANDS else Match.Strength(word).label),
        sentence=sentence,
        weak=word == "weak",
        is_against=_is_against(part),
    )


def _is_against(part: dict[str, Any]) -> bool:
    return part["feature"] in STATED and part["value"] < FAIR


def sentence_of(match: Match, names: Names | None = None) -> str:
    """Return the whole reason in one line: common points, what is alike in field, industry and readiness.

    A demand that is not met ends it: who reads no further ought to know. The common points stand there always.
    """
    names, known = names or Names.of([match]), _known(match)
    alike = [part for part in known if part["feature"] in IN_ONE_LINE and not _is_against(part)]
    unmet = [part for part in known if part["feature"] in DEMANDS and _is_against(part)]
    told = [
        _("%(feature)s: %(sentence)s") % {"feature": NAMES[part["feature"]], "sentence": sentence.rstrip("。.")}
        for part in alike
        if (sentence := _sentence(match, part, names))
    ]
    told += [
        _("against: %(sentence)s") % {"sentence": sentence.rstrip("。.")}
        for part in unmet
        if (sentence := _sentence(match, part, names))
    ]
    return _("; ").join(told)


def _sentence(match: Match, part: dict[str, Any], names: Names) -> str:
    """Say one part in the reader's language; empty where the facts say nothing."""
    facts, feature = part.get("facts", {}), part["feature"]
    if feature == Feature.TEXT:
        return _(", ").join(match.phrases)
    if feature == Feature.TITLE:
        return _("The titles name the same thing.") if part["value"] >= STRONG else ""
    if feature == Feature.VECTOR:
        return _("The two texts are near in meaning.") if part["weight"] and part["value"] >= STRONG else ""
    if feature == Feature.KEYWORDS:
        return _(", ").join(facts.get("words", []))
    if feature in (Feature.FIELD, Feature.INDUSTRY):
        return _place_in_tree(facts, names.fields if feature == Feature.FIELD else names.industries)
    if feature == Feature.TRL:
        return _readiness(facts)
    if feature == Feature.BUDGET:
        return _budget(facts, part["value"])
    return _region(facts) if feature == Feature.REGION else _mode(facts, part["value"])


def _place_in_tree(facts: dict[str, Any], names: dict[str, str]) -> str:
    """Name the node in common, or both where they are apart."""
    common = [facts["code"]] if facts.get("code") else facts.get("codes", [])
    if common:
        return _(", ").join(names[code] for code in common if code in names)
    asked, *offered = [names[code] for code in facts.get("apart", []) if code in names] or [""]
    if not asked or not offered:
        return ""
    return _("The need belongs to %(asked)s, the outcome to %(offered)s.") % {
        "asked": asked,
        "offered": _(", ").join(offered),
    }


def _readiness(facts: dict[str, Any]) -> str:
    """Compare with what the need asks for; a level nobody asked about is no reason."""
    offered, wanted = facts.get("offered"), facts.get("wanted")
    if not offered or not wanted:
        return ""
    return f"TRL {offered} {'≥' if offered >= wanted else '<'} {wanted}"


def _budget(facts: dict[str, Any], value: float) -> str:
    how = facts.get("how", "")
    said = {
        "meet": gettext_lazy("Budget and price meet: budget %(budget)s, price %(price)s."),
        "overlap": gettext_lazy("Budget and price overlap only in part: budget %(budget)s, price %(price)s."),
        "below": gettext_lazy("The price lies below the budget: budget %(budget)s, price %(price)s."),
        "above": gettext_lazy("The budget is below the price: budget %(budget)s, price %(price)s."),
    }.get("overlap" if how == "meet" and value < STRONG else how)
    return str(said) % {"budget": _span(facts["budget"]), "price": _span(facts["price"])} if said else ""


def _region(facts: dict[str, Any]) -> str:
    if facts.get("same"):
        return _("Both are in one district.")
    if "city" not in facts:
        return ""
    return _("Both are in one city.") if facts["city"] else _("The two are in different cities.")


def _mode(facts: dict[str, Any], value: float) -> str:
    asked, offered = facts.get("asked"), facts.get("offered", [])
    if asked not in TechnologyNeed.Mode.values or not offered:
        return ""
    words = {
        "asked": TechnologyNeed.Mode(asked).label,
        "offered": _(", ").join(str(TransferMode(mode).label) for mode in offered if mode in TransferMode.values),
    }
    if value >= STRONG:
        return _("Asked and offered: %(offered)s.") % words
    return _("Asked: %(asked)s; offered: %(offered)s.") % words


def _span(limits: list[int | None]) -> str:
    """Print a range of money with one unit, such as 50–80 万元; "from" or "up to" where one end is open."""
    low, high = limits
    if low is None or high is None:
        return price_words(low, high, is_negotiable=False)
    return format_range(low, high, get_language() or "zh-hans")
