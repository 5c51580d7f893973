"""Reading single cells of an import: the value where the text is right, else WrongCell with the reason why."""

import difflib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from marketplace.core import money
from marketplace.core.choices import IPKind
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.identifiers import normalise_patent, validate_patent
from marketplace.core.languages import paragraph
from marketplace.outcomes.completeness import kind_of_patent, price_sentence
from marketplace.outcomes.imports.merges import marked_row
from marketplace.outcomes.imports.parties import LIST, LONG_LIST, read_inventors, read_owners, refuse_longer
from marketplace.outcomes.imports.words import EVIDENCE, IP_KINDS, MODES, NEGOTIABLE, SHEET
from marketplace.outcomes.imports.wrong import WrongCell

LONGEST_NUMBER = 40
# What a spreadsheet stores where a formula found no result: text that would stand as a title or an inventor
FAILED_FORMULA = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|GETTING_DATA)")


@dataclass
class Lookups:
    """What the cells are compared with, read once per check."""

    fields: dict[str, int]
    industries: dict[str, int]

    @classmethod
    def load(cls) -> "Lookups":
        """Return names and codes of fields and industries, in lower case, with their keys."""

        def by_name(rows: Any) -> dict[str, int]:
            return {name.lower(): pk for pk, *names in rows for name in names if name}

        return cls(
            fields=by_name(TechnicalField.objects.values_list("pk", "code", "name", "name_en")),
            industries=by_name(Industry.objects.values_list("pk", "code", "name", "name_en")),
        )


def _text(key: str, most: int) -> Callable[[str, Lookups], dict[str, Any]]:
    def read(text: str, lookups: Lookups) -> dict[str, Any]:
        refuse_longer(text, most)
        return {key: text}

    return read


def _near(text: str, known: dict[str, Any]) -> str:
    inside = [name for name in known if len(text) > 1 and text.lower() in name]
    near = inside or difflib.get_close_matches(text.lower(), known, n=1, cutoff=0.5)
    return near[0] if near else ""


def _field(text: str, lookups: Lookups) -> dict[str, Any]:
    found = lookups.fields.get(text.lower())
    if found is not None:
        return {"field_id": found}
    near = _near(text, lookups.fields)
    if near:
        raise WrongCell(_("There is no such field. Is it “%(near)s”?") % {"near": near}, near)
    raise WrongCell(_("There is no such field. The template’s sheet “%(sheet)s” lists them.") % {"sheet": SHEET})


def _industries(text: str, lookups: Lookups) -> dict[str, Any]:
    found = []
    for part in filter(None, (piece.strip() for piece in LIST.split(text))):
        if part.lower() not in lookups.industries:
            raise WrongCell(_("“%(part)s” is not an industry of GB/T 4754.") % {"part": part}, "")
        found.append(lookups.industries[part.lower()])
    return {"industries": found}


def _trl(text: str, lookups: Lookups) -> dict[str, Any]:
    digits = re.sub(r"(?i)trl|级|[\s:：]", "", unicodedata.normalize("NFKC", text))
    if not digits.isdigit() or not 1 <= int(digits) <= 9:
        raise WrongCell(_("Technology readiness is a number from 1 to 9."))
    return {"trl": int(digits)}


def _evidence(text: str, lookups: Lookups) -> dict[str, Any]:
    plain = text.removesuffix("报告") if text not in EVIDENCE else text
    if plain not in EVIDENCE:
        known = "、".join(EVIDENCE)
        raise WrongCell(_("Not a kind of evidence. Known: %(known)s.") % {"known": known}, _near(text, EVIDENCE))
    return {"trl_evidence": EVIDENCE[plain].value}


def _modes(text: str, lookups: Lookups) -> dict[str, Any]:
    found, parts = [], [piece.strip() for piece in LIST.split(text) if piece.strip()]
    for part in parts:
        if part not in MODES:
            near = _near(part, MODES)
            meant = "；".join(near if each == part else each for each in parts) if near else ""
            raise WrongCell(_("“%(part)s” is not a transfer mode.") % {"part": part}, meant)
        found.append(MODES[part].value)
    return {"modes": list(dict.fromkeys(found))}


def _amount(text: str) -> int:
    try:
        amount = money.parse(text, unit="万元")
    except money.BadAmount as error:
        raise WrongCell(str(error)) from error
    if not amount:
        raise WrongCell(_("A price is above zero. Leave it out, or write 面议, where none is named."))
    return amount


def _price(text: str, lookups: Lookups) -> dict[str, Any]:
    if text.lower() in NEGOTIABLE:
        return {"is_negotiable": True}
    plain = unicodedata.normalize("NFKC", text).replace("万元", "").strip()
    if plain.startswith(money.MINUS):
        _amount(plain)
    parts = re.split(r"[-–—~～至到]", plain)
    if len(parts) > 2 or not all(part.strip() for part in parts):
        raise WrongCell(_("Write a price as 60–120, as 60, or as 面议."))
    low, high = _amount(parts[0]), _amount(parts[-1])
    swapped = price_sentence(low, high)
    if swapped:
        raise WrongCell(swapped, f"{parts[-1].strip()}–{parts[0].strip()}")
    return {"price_low": low, "price_high": high}


def _limit(key: str) -> Callable[[str, Lookups], dict[str, Any]]:
    return lambda text, lookups: {key: _amount(text)}


def _inventors(text: str, lookups: Lookups) -> dict[str, Any]:
    return read_inventors(text)


def _owners(text: str, lookups: Lookups) -> dict[str, Any]:
    return read_owners(text)


def _ip(text: str, lookups: Lookups) -> dict[str, Any]:
    return {"ip_rights": [_ip_right(part) for part in filter(None, (piece.strip() for piece in LONG_LIST.split(text)))]}


def _ip_right(text: str) -> tuple[str, str]:
    """Return (kind, number) of one right; the kind of a patent follows from its number where none is written."""
    kind = next((IP_KINDS[name] for name in sorted(IP_KINDS, key=len, reverse=True) if text.startswith(name)), None)
    number = re.sub(r"^[一-鿿]+[\s:：]*", "", text).strip()
    refuse_longer(number, LONGEST_NUMBER)
    if kind in (IPKind.SECRET, IPKind.LAYOUT, IPKind.PLANT_VARIETY):
        return kind.value, number
    if kind is IPKind.SOFTWARE or re.match(r"^\d{4}SR\d{6,8}$", number):
        return IPKind.SOFTWARE.value, number
    try:
        validate_patent(number)
    except ValidationError as error:
        raise WrongCell(paragraph(error.messages)) from error
    printed = normalise_patent(number)
    told = kind_of_patent(printed)
    if kind is not None and kind is not told:
        raise WrongCell(_("The number is that of another kind: %(told)s.") % {"told": told.label})
    return told.value, printed


READERS: dict[str, Callable[[str, Lookups], dict[str, Any]]] = {
    "title": _text("title", 120), "summary": _text("summary", 3000), "field": _field, "industries": _industries,
    "trl": _trl, "evidence": _evidence, "modes": _modes, "price": _price, "price_low": _limit("price_low"),
    "price_high": _limit("price_high"), "inventors": _inventors, "owners": _owners, "ip": _ip,
    "confidential": _text("confidential", 10000), "title_en": _text("title_en", 200),
    "summary_en": _text("summary_en", 4000),
}  # fmt: skip


def read_cell(key: str, text: str, lookups: Lookups) -> dict[str, Any]:
    """Return the values that the text of one column stands for; WrongCell with the reason where it stands for none."""
    if text.startswith("="):
        raise WrongCell(
            _("A formula stands here without its result. Save the file in a spreadsheet program, or write the value.")
        )
    above = marked_row(text)
    if above:
        raise WrongCell(
            _("This cell is merged with that of row %(row)s. Write what holds for this row.") % {"row": above}
        )
    failed = FAILED_FORMULA.search(text)
    if failed:
        raise WrongCell(
            _("The formula of this cell ended in the error %(error)s. Write the value.") % {"error": failed[0]}
        )
    return READERS[key](text, lookups)
