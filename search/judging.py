"""Judged pairs: what the two sides answered to matches, and pairs judged elsewhere, one JSON object a line."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from marketplace.matching.models import Match
from marketplace.matching.scored import Feature
from search.tuning import Judged

# Declined for what says nothing of how well the two fit
NO_JUDGEMENT = (Match.Reason.KNOWN, Match.Reason.NO_CAPACITY)


class BadLine(ValueError):
    """A line of the file is no judged pair; the message names it."""


def answered() -> list[Judged]:
    """Return the matches both sides accepted, and those one declined because they do not fit."""
    found = Match.objects.filter(state__in=[Match.State.AGREED, Match.State.DECLINED]).exclude(parts=[])
    rows = found.exclude(decline_reason__in=NO_JUDGEMENT).order_by("pk")
    told = rows.values_list("need__code", "outcome__number", "state", "parts")
    return [Judged(need, outcome, state == Match.State.AGREED, _values(parts)) for need, outcome, state, parts in told]


def read(lines: Iterable[str]) -> Iterator[Judged]:
    """Yield the pairs of a file: {"need": …, "outcome": …, "judged": 0 or 1, "parts": {feature: value}}.

    `parts` may also be a list as matches store it. Raises BadLine.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            judged = told["judged"]
            if judged not in (0, 1):
                raise ValueError(f"judged is {judged!r}, not 0 or 1")
            yield Judged(str(told["need"]), str(told["outcome"]), bool(judged), _values(told["parts"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadLine(f"Line {number}: {type(error).__name__} {error}") from error


def _values(parts: Any) -> dict[Feature, float | None]:
    """Return {feature: value} of stored parts; features this version does not know are left out."""
    named = parts if isinstance(parts, dict) else {part["feature"]: part["value"] for part in parts}
    known = {Feature(name): value for name, value in named.items() if name in set(Feature)}
    return {feature: None if value is None else float(value) for feature, value in known.items()}
