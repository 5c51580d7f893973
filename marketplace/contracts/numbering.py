"""Registration numbers: their form, and what in one does not fit the registration it is given for.

The national form is year (4) + division (6) + serial number (6); older registers have year (2) + province and city (4)
+ point and serial number (8) (domain.md §4.2 [CK]). Which form holds on a day, and which digits of it say what, is a
dated rule that staff keep (dated.py, `number_form`); the functions are given that form.
"""

import re
import unicodedata
from datetime import date

from marketplace.contracts.dated import number_form
from marketplace.contracts.refusals import BadNumber, NumberDeviates, ShortenedNumber
from marketplace.core.regions import district_code

SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.ASCII)  # 2.02633E+15
KEPT_BY_EXCEL = 15  # digits of a number


def squeezed(number: str) -> str:
    """Return the number in half width, without spaces and hyphens: as the register keeps numbers of any form."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", number)).upper()


def plain_number(number: str, form: re.Pattern[str]) -> str:
    """Return the number squeezed, if it has the form. Raises BadNumber, of it ShortenedNumber."""
    plain = squeezed(number)
    if not form.fullmatch(plain):
        raise (ShortenedNumber if SCIENTIFIC.fullmatch(plain) else BadNumber)(number=number)
    return plain


def has_lost_digits(number: str) -> bool:
    """Tell whether a number as a spreadsheet wrote it is no longer all there, as far as it shows by itself.

    Excel reckons with 15 digits: a longer number becomes 2.02633E+15, or its other digits 0, and no serial is 000000.
    """
    plain = squeezed(number)
    return bool(SCIENTIFIC.fullmatch(plain)) or (may_have_lost_digits(plain) and plain.endswith("000000"))


def may_have_lost_digits(number: str) -> bool:
    """Tell whether the digits of a number that Excel does not keep are all 0."""
    plain = squeezed(number)
    return len(plain) > KEPT_BY_EXCEL and plain.isdigit() and not plain[KEPT_BY_EXCEL:].strip("0")


def typed_form(form: re.Pattern[str]) -> str:
    """Return the form as a browser asks for it, spaces, hyphens and full width allowed; "" for one of another make.

    It stands on the input, so that a number of no form is sent for its refusal, not asked about.
    """
    plain = re.sub(r"\(\?P<\w+>", "(?:", form.pattern)
    if not re.fullmatch(r"(?:\(\?:|[)|]|\\d(?:\{\d+\})?)+", plain):
        return ""
    return re.sub(r"\\d", lambda _digit: r"(?:[\s\-]*[0-9０-９])", f"(?:{plain})") + r"[\s\-]*"


def deviations(number: str, form: re.Pattern[str], *, registered_on: date) -> dict[str, str]:
    """Return {part: digits} of the parts of a plain number that name another year or division than is expected."""
    found = form.fullmatch(number)
    parts = found.groupdict() if found else {}
    year = parts.get("year") or parts.get("old_year") or ""
    division = parts.get("division") or parts.get("old_division") or ""
    unlike = {}
    if not str(registered_on.year).endswith(year):
        unlike["year"] = year
    if not district_code(registered_on).startswith(division):
        unlike["division"] = division
    return unlike


def unusual_length(number: str, form: re.Pattern[str], *, registered_on: date) -> dict[str, int]:
    """Return {"digits": …, "usual": …} where a number given that day in this district has another length, else {}.

    Digits that were left out make an older number of a newer one, whose year and division then say nothing.
    """
    usual = f"{registered_on.year}{district_code(registered_on)}000001"
    if len(number) == len(usual) or not form.fullmatch(usual):
        return {}
    return {"digits": len(number), "usual": len(usual)}


def number_to_enter(number: str, *, registered_on: date, confirmed_number: str) -> str:
    """Return the plain number; one of another year or division only where exactly it was confirmed.

    Raises BadNumber, NumberDeviates.
    """
    form = number_form(registered_on)
    plain = plain_number(number, form)
    unlike = deviations(plain, form, registered_on=registered_on)
    if unlike and plain != confirmed_number:
        length = unusual_length(plain, form, registered_on=registered_on)
        expected = {"year": registered_on.year, "division": district_code(registered_on)}
        raise NumberDeviates(number=plain, unlike=unlike, expected=expected, **length)
    return plain
