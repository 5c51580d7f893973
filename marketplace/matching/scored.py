"""What search hands over about one need and one outcome: plain values, no model, no engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Feature(StrEnum):
    """What a pair is compared by; `Part.facts` of each holds:

    text      lexical overlap of the whole texts        {}
    title     nearness of the titles                    {}
    keywords  keywords in common                        {"words": [str]}
    field     nearness in the tree of technical fields  {"code": common code}, or {"apart": [the need's, the outcome's]}
    industry  industries in common                      {"codes": [common]}, or {"apart": [the need's, outcome's …]}
    trl       readiness against what the need asks      {"offered": int, "wanted": int}
    budget    budget against price                      {"budget": [low, high], "price": [low, high] in fen or None,
                                                        "how": "meet", or the price lies "above" or "below"}
    region    same district, same city                  {"same": bool, "city": bool}
    mode      way of working together                   {"asked": the need's mode,
                                                        "offered": [TransferMode values that fit, else all]}
    vector    nearness in meaning, where the            {}
              installation has an embedder
    """

    TEXT = "text"
    TITLE = "title"
    KEYWORDS = "keywords"
    FIELD = "field"
    INDUSTRY = "industry"
    TRL = "trl"
    BUDGET = "budget"
    REGION = "region"
    MODE = "mode"
    VECTOR = "vector"


@dataclass(frozen=True)
class Part:
    """One part of a score: how well the pair does by one feature, and how much that weighs.

    The value goes from 0 to 1; None where one of the sides states nothing, so that it can be no reason.
    """

    feature: Feature
    value: float | None
    weight: float
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the part as it is stored."""
        return {
            "feature": Feature(self.feature).value,
            "value": None if self.value is None else round(min(1.0, max(0.0, self.value)), 4),
            "weight": round(self.weight, 4),
            "facts": dict(self.facts),
        }


@dataclass(frozen=True)
class ScoredPair:
    """One need and one outcome, how near they are (0–1), why, and what their public texts have in common."""

    need_id: int
    outcome_id: int
    score: float
    parts: tuple[Part, ...]
    phrases: tuple[str, ...]  # shared phrases of the public texts, strongest first
    weights_version: str
