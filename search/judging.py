"""Judged pairs: what the two sides answered to matches, and pairs judged elsewhere, one JSON object a line."""

import json
from pathlib import Path
from typing import Any

from marketplace.matching.models import Match
from marketplace.matching.scored import Feature
from search.evaluation.files import BadLines
from search.tuning import Judged

# Declined for what says nothing of how well the two fit
NO_JUDGEMENT = (Match.Reason.KNOWN, Match.Reason.NO_CAPACITY)


def answered() -> list[Judged]:
    """Return the matches both sides accepted, and those one declined because they do not fit."""
    both_or_one = Match.objects.accepted_by_both() | Match.objects.filter(state=Match.State.DECLINED)
    found = both_or_one.exclude(parts=[])
    rows = found.exclude(decline_reason__in=NO_JUDGEMENT).order_by("pk")
    told = rows.values_list("need__code", "outcome__number", "state", "parts")
    return [
        Judged(need, outcome, state != Match.State.DECLINED, _values(parts)) for need, outcome, state, parts in told
    ]


def read(path: Path) -> list[Judged]:
    """Return the pairs of a file: {"need": …, "outcome": …, "judged": 0 or 1, "parts": {feature: value}}.

    `parts` may also be a list as matches store it. Raises BadLines, which names every line that is none, OSError,
    UnicodeDecodeError.
    """
    pairs, problems = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            found = _pair(line)
            if isinstance(found, str):
                problems.append(f"line {number}: {found}")
            else:
                pairs.append(found)
    if problems:
        raise BadLines(path, problems)
    return pairs


def _pair(line: str) -> Judged | str:
    """Return what one line says, or what is wrong with it."""
    try:
        told = json.loads(line)
    except ValueError as error:
        return f"no JSON ({error})"
    if not isinstance(told, dict) or (lacking := {"need", "outcome", "judged", "parts"} - told.keys()):
        return f"an object is wanted{' with ' + ', '.join(sorted(lacking)) if isinstance(told, dict) else ''}"
    if told["judged"] not in (0, 1):
        return f"judged: {told['judged']!r} is neither 0 nor 1"
    try:
        parts = _values(told["parts"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return "parts: {feature: number} is wanted, or a list of {feature, value}"
    return Judged(str(told["need"]), str(told["outcome"]), bool(told["judged"]), parts)


def _values(parts: Any) -> dict[Feature, float | None]:
    """Return {feature: value} of stored parts; features this version does not know are left out."""
    named = parts if isinstance(parts, dict) else {part["feature"]: part["value"] for part in parts}
    known = {Feature(name): value for name, value in named.items() if name in set(Feature)}
    return {feature: None if value is None else float(value) for feature, value in known.items()}
