"""The columns of a returned sheet: those of our own export under the national names, whatever their order."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.contracts.numbers.refusals import ColumnsMissing
from marketplace.core import money
from marketplace.outcomes.imports.columns import plain_heading

NAMES = {
    "number": ("合同登记编号", "登记编号", "登记号", "合同登记号", "registration number"),
    "code": ("平台编码", "platform code"),
    "title": ("项目名称", "合同名称", "projectname", "project name"),
    "buyer": ("买方名称", "买方", "buyername", "buyer name"),
    "total": ("合同成交总额", "合同成交额", "成交额", "totalamount", "total amount"),
    "technical": ("技术交易额", "technicalamount", "technical amount"),
}
LABELS: dict[str, Any] = {
    "number": _("registration number"),
    "code": _("code on the platform, or project name"),
    "total": _("total amount"),
    "technical": _("technical amount"),
}
NEEDED = ("number", "code", "total")
KEYS = {plain_heading(name): key for key, names in NAMES.items() for name in names}


@dataclass(frozen=True)
class Read:
    """What one row says: texts, amounts in fen, the texts of amounts that are none, and what the sheet calls them."""

    line: int
    number: str
    code: str
    title: str
    buyer: str
    total: int | None
    technical: int | None
    unreadable: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)  # {column: heading}; older rows have none

    def heading(self, key: str) -> str:
        """Return what the sheet itself calls a column; our own word where that was not kept."""
        return self.headings.get(key) or str(LABELS[key])


def key_of(heading: str) -> str:
    """Return which column a heading names, "" for none; the label and the national name may both stand in it."""
    plain = plain_heading(heading)
    return KEYS.get(plain) or next((key for name, key in KEYS.items() if len(name) > 3 and plain.startswith(name)), "")


def is_heading(cells: list[str]) -> bool:
    """Tell whether this line is the line of headings: it names a number and an amount, or two others of ours."""
    return len({key for cell in cells if (key := key_of(cell))}) >= 2


def places_of(headings: list[str]) -> dict[str, int]:
    """Return {key: place} of the columns; the first that fits wins. Raises ColumnsMissing."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if key := key_of(heading):
            places.setdefault(key, place)
    lacking = [key for key in NEEDED if key not in places and not (key == "code" and "title" in places)]
    if lacking:
        raise ColumnsMissing(columns="; ".join(str(LABELS[key]) for key in lacking))
    return places


def read_row(line: int, cells: list[str], headings: list[str], places: dict[str, int]) -> Read:
    """Return what a row says; an amount is in yuan unless heading or cell say 万元."""
    text = {key: cells[place].strip() for key, place in places.items()}
    amounts: dict[str, int | None] = {"total": None, "technical": None}
    unreadable = {}
    for key in amounts:
        if not text.get(key):
            continue
        unit = "万元" if "万元" in unicodedata.normalize("NFKC", headings[places[key]]) else "元"
        try:
            amounts[key] = money.parse(text[key], unit=unit)
        except money.BadAmount:
            unreadable[key] = text[key][:60]
    said = {key: text.get(key, "").removeprefix("'")[:200] for key in ("number", "code", "title", "buyer")}
    return Read(
        line=line,
        number=said["number"],
        code=said["code"],
        title=said["title"],
        buyer=said["buyer"],
        total=amounts["total"],
        technical=amounts["technical"],
        unreadable=unreadable,
        headings={key: " ".join(headings[place].split())[:60] for key, place in places.items()},
    )
