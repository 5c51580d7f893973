"""Checking one row of an import: values where they are right, and beside each wrong cell the reason why."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from marketplace.outcomes.completeness import price_sentence
from marketplace.outcomes.imports.cells import Lookups, read_cell
from marketplace.outcomes.imports.columns import COLUMNS
from marketplace.outcomes.imports.wrong import WrongCell


@dataclass(frozen=True)
class Problem:
    """Why a cell is wrong, or (tone "maybe") perhaps wrong."""

    message: str
    tone: str = "wrong"
    suggestion: str = ""


@dataclass
class Checked:
    """What one row holds: values to write, problems by column key, and the row's fingerprint."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    fingerprint: str = ""

    @property
    def is_wrong(self) -> bool:
        return any(problem.tone == "wrong" for problem in self.problems.values())

    @property
    def is_doubtful(self) -> bool:
        return bool(self.problems) and not self.is_wrong


def fingerprint(cells: dict[str, str]) -> str:
    """Return the same 64 characters for the same row, whatever its width, spaces and column order."""
    plain = {
        key: re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower() for key, text in cells.items() if text
    }
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def check_row(cells: dict[str, str], lookups: Lookups) -> Checked:
    """Return what one row holds, with a problem beside each cell that cannot be read."""
    checked = Checked(fingerprint=fingerprint(cells))
    for column in COLUMNS:
        text = cells.get(column.key, "")
        if not text:
            if column.is_required:
                checked.problems[column.key] = Problem(_("This column must be filled in."))
            continue
        try:
            values = read_cell(column.key, text, lookups)
            if any(checked.values.get(key, value) != value for key, value in values.items()):
                raise WrongCell(_("Another column of this row says otherwise."))
            checked.values |= values
        except WrongCell as wrong:
            checked.problems[column.key] = Problem(str(wrong), suggestion=wrong.suggestion)
    _check_price(checked)
    return checked


def _check_price(checked: Checked) -> None:
    """Compare the two limits, and take a row without any price as negotiable."""
    low, high = checked.values.get("price_low"), checked.values.get("price_high")
    swapped = price_sentence(low, high)
    if swapped:
        checked.problems["price_high"] = Problem(swapped)
    elif low is None and high is None and not {"price", "price_low", "price_high"} & checked.problems.keys():
        checked.values["is_negotiable"] = True
