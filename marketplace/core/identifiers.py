"""Identifiers of the trade with their check digits: credit codes and patent numbers.

Sources: GB 32100-2015 (统一社会信用代码); ZC 0006-2003 (专利申请号标准).
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I O S V Z
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
USCC_FORMAT = re.compile(r"^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$", re.ASCII)
PATENT_FORMAT = re.compile(r"^(?:ZL|CN)?(?P<body>\d{12}|\d{8})\.?(?P<check>[0-9X])$", re.ASCII)
PATENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
PATENT_TYPES = "12389"


def normalise(text: str) -> str:
    """Return the identifier in half width and upper case, without spaces and hyphens."""
    plain = unicodedata.normalize("NFKC", text or "")
    return re.sub(r"[\s\-‐–—]", "", plain).upper()


def uscc_check_digit(body: str) -> str:
    """Return the 18th character for the first 17 of a credit code (GB 32100-2015)."""
    total = sum(USCC_ALPHABET.index(sign) * weight for sign, weight in zip(body, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def validate_uscc(text: str) -> None:
    """Raise ValidationError, saying what is wrong, unless `text` is a valid credit code."""
    code = normalise(text)
    if len(code) != 18:
        raise ValidationError(
            _("A unified social credit code has 18 characters; this has %(length)s."),
            code="length",
            params={"length": len(code)},
        )
    wrong = sorted({sign for sign in code if sign not in USCC_ALPHABET})
    if wrong:
        raise ValidationError(
            _("The credit code contains %(signs)s; the letters I, O, S, V and Z and other signs do not occur in it."),
            code="alphabet",
            params={"signs": " ".join(wrong)},
        )
    if not USCC_FORMAT.match(code):
        raise ValidationError(_("Characters 3 to 8 of a credit code are the six digits of the region."), code="region")
    expected = uscc_check_digit(code[:17])
    if code[17] != expected:
        raise ValidationError(
            _("The check digit should be %(expected)s, not %(found)s. Compare with the certificate."),
            code="check_digit",
            params={"expected": expected, "found": code[17]},
        )


def patent_check_digit(body: str) -> str:
    """Return the check digit for the 12 (since 2003-10) or 8 digits of a Chinese patent application number."""
    rest = sum(int(digit) * weight for digit, weight in zip(body, PATENT_WEIGHTS, strict=False)) % 11
    return "X" if rest == 10 else str(rest)


def normalise_patent(text: str) -> str:
    """Return a valid number as it is printed, such as ZL201410424697.5 (the prefix only where one was given)."""
    code = normalise(text)
    match = PATENT_FORMAT.match(code)
    if match is None:
        return code
    prefix = code[:2] if code[:2] in ("ZL", "CN") else ""
    return f"{prefix}{match['body']}.{match['check']}"


def validate_patent(text: str) -> None:
    """Raise ValidationError, saying what is wrong, unless `text` is a valid Chinese patent number."""
    match = PATENT_FORMAT.match(normalise(text))
    if match is None:
        raise ValidationError(
            _(
                "A patent number has 12 digits (8 before October 2003), a point and a check digit, "
                "such as ZL201410424697.5."
            ),
            code="format",
        )
    body, found = match["body"], match["check"]
    kind = body[4] if len(body) == 12 else body[2]
    if kind not in PATENT_TYPES:
        raise ValidationError(
            _("“%(kind)s” does not name a kind of patent (1 invention, 2 utility model, 3 design, 8 and 9 PCT)."),
            code="kind",
            params={"kind": kind},
        )
    expected = patent_check_digit(body)
    if found != expected:
        raise ValidationError(
            _("The check digit should be %(expected)s, not %(found)s. Compare with the certificate."),
            code="check_digit",
            params={"expected": expected, "found": found},
        )
