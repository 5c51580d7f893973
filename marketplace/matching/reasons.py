"""The stored parts of a match as a reader sees them: a word, a bar and a sentence per feature, in their language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from marketplace.core.choices import TransferMode
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.money import format_range
from marketplace.matching.models import Match
from marketplace.matching.scored import Feature

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
}
STRONG, FAIR = 0.7, 0.4


@dataclass(frozen=True)
class Reason:
    """One feature in words, as components/reasons.html takes it."""

    feature: str
    share: float
    strength: str
    sentence: str
    weak: bool


@dataclass(frozen=True)
class Names:
    """Names of classification nodes by code, read once for a page."""

    fields: dict[str, str]
    industries: dict[str, str]

    @classmethod
    def of(cls, matches: Iterable[Match]) -> "Names":
        """Read the names that the facts of these matches mention: at most two queries."""
        facts = [part.get("facts", {}) for match in matches for part in match.parts]
        fields = {fact["code"] for fact in facts if fact.get("code")}
        industries = {code for fact in facts for code in fact.get("codes", [])}
        return cls(
            {node.code: str(node) for node in TechnicalField.objects.filter(code__in=fields)} if fields else {},
            {node.code: str(node) for node in Industry.objects.filter(code__in=industries)} if industries else {},
        )


def word_for(value: float) -> str:
    """Return the key of the word for one part: strong, fair or weak."""
    return "strong" if value >= STRONG else "fair" if value >= FAIR else "weak"


def reasons_of(match: Match, names: Names | None = None) -> list[Reason]:
    """Return the parts that have something to say, weightiest first."""
    names = names or Names.of([match])
    told = []
    for part in sorted(match.parts, key=lambda part: -part["weight"]):
        sentence = _sentence(match, part, names)
        if sentence and part["feature"] in NAMES:
            word = word_for(part["value"])
            told.append(
                Reason(
                    str(NAMES[part["feature"]]),
                    part["value"],
                    str(Match.Strength(word).label),
                    sentence,
                    weak=word == "weak",
                )
            )
    return told


def sentence_of(match: Match, names: Names | None = None) -> str:
    """Return the whole reason in one line: common points, then what is alike in field, industry and readiness."""
    names = names or Names.of([match])
    told = [
        _("%(feature)s: %(sentence)s") % {"feature": NAMES[part["feature"]], "sentence": sentence}
        for part in sorted(match.parts, key=lambda part: -part["weight"])
        if part["feature"] in (Feature.TEXT, Feature.FIELD, Feature.INDUSTRY, Feature.TRL)
        and part["value"] >= FAIR
        and (sentence := _sentence(match, part, names))
    ]
    return _("; ").join(told)


def _sentence(match: Match, part: dict[str, Any], names: Names) -> str:
    """Say one part in the reader's language; empty where the facts say nothing."""
    facts, feature = part.get("facts", {}), part["feature"]
    if feature == Feature.TEXT:
        return _(", ").join(match.phrases)
    if feature == Feature.TITLE:
        return _("The titles name the same thing.") if part["value"] >= STRONG else ""
    if feature == Feature.KEYWORDS:
        return _(", ").join(facts.get("words", []))
    if feature == Feature.FIELD:
        return names.fields.get(facts.get("code", ""), "")
    if feature == Feature.INDUSTRY:
        return _(", ").join(names.industries[code] for code in facts.get("codes", []) if code in names.industries)
    if feature == Feature.TRL:
        return _readiness(facts)
    if feature == Feature.BUDGET:
        return _budget(facts)
    if feature == Feature.REGION:
        return _("Both are in the district.") if facts.get("same") else ""
    known = [str(TransferMode(mode).label) for mode in facts.get("modes", []) if mode in TransferMode.values]
    return _(", ").join(known)


def _readiness(facts: dict[str, Any]) -> str:
    offered, needed = facts.get("offered"), facts.get("needed")
    if not offered:
        return ""
    if not needed:
        return f"TRL {offered}"
    return f"TRL {offered} {'≥' if offered >= needed else '<'} {needed}"


def _budget(facts: dict[str, Any]) -> str:
    budget, price = _span(facts.get("budget")), _span(facts.get("price"))
    if not budget or not price:
        return ""
    return _("Budget %(budget)s, price %(price)s.") % {"budget": budget, "price": price}


def _span(limits: list[int | None] | None) -> str:
    """Print a range of money with one unit, such as 50–80 万元; empty where nothing is known."""
    known = [limit for limit in limits or [] if limit is not None]
    if not known:
        return ""
    return format_range(min(known), max(known), get_language() or "zh-hans")
