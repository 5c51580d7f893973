"""Money is integer fen (分). This module parses it and prints it in 元, 万元, 亿元 with one rounding rule.

Rounding: half up, on the printed unit only (`ROUND_HALF_UP`); stored amounts are never rounded. Per cents of an amount
(`part_of`) are whole fen: which way a fraction goes is said, with its reason, where they are reckoned.
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
FEN_PER_YI = 10_000_000_000
FEN_PER_MILLION = 100_000_000
PER_UNIT = {"": FEN_PER_YUAN, "元": FEN_PER_YUAN, "万元": FEN_PER_WAN, "亿元": FEN_PER_YI}
SMALLER = {"亿元": "万元", "万元": "元", "bn": "m", "m": ""}
PER_UNIT |= {"m": FEN_PER_MILLION, "bn": 1000 * FEN_PER_MILLION}
MOST = 10**15  # fen: a hundred thousand 亿元, far above any contract, far below bigint

UNITS = {"": 1, "元": 1, "圆": 1, "万": 10_000, "万元": 10_000, "亿": 100_000_000, "亿元": 100_000_000}
PATTERN = re.compile(r"^(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<unit>元|圆|万元?|亿元?)?$", re.ASCII)
MINUS = ("-", "−", "–")


class BadAmount(ValueError):
    """The text is not an amount of money; the message says why."""


def parse(text: str, *, unit: str = "元") -> int:
    """Return the amount in fen that `text` names ("220 万元", "2,200,000", "１．５亿").

    `unit` (元, 万元 or 亿元) holds where the text names none. Raises BadAmount.
    """
    plain = unicodedata.normalize("NFKC", text or "").strip().lstrip("¥").replace(" ", "")
    match = PATTERN.match(plain)
    if match is None:
        raise BadAmount(_why_not_an_amount(plain, unit) % {"text": text})
    try:
        yuan = Decimal(match["number"].replace(",", "")) * UNITS[match["unit"] or unit]
    except InvalidOperation as error:
        raise BadAmount(_("“%(text)s” is not an amount of money.") % {"text": text}) from error
    fen = yuan * FEN_PER_YUAN
    if fen != fen.to_integral_value():
        raise BadAmount(_("An amount has at most two decimals of a yuan."))
    if fen > MOST:
        most = format_money(MOST, get_language() or "zh-hans")
        raise BadAmount(_("The amount is too large: at most %(most)s.") % {"most": most})
    return int(fen)


def part_of(fen: int, percent: Decimal, *, rounding: str) -> int:
    """Return per cents of an amount in fen; `rounding`, one of decimal's ROUND_…, settles a fraction of a fen."""
    return int((Decimal(fen) * percent / 100).quantize(Decimal(1), rounding=rounding))


def _why_not_an_amount(plain: str, unit: str) -> str:
    if plain.startswith(MINUS):
        return _("“%(text)s” is below zero. An amount is not negative.")
    if unit == "元":
        return _("“%(text)s” is not an amount of money, such as 50000 or 5 万元.")
    return _("“%(text)s” is not an amount of money, such as 220 or 220 万元.")


def in_unit(fen: int, per_unit: int, places: int = 2) -> Decimal:
    """Return `fen` in a larger unit, rounded half up to `places` decimals."""
    return (Decimal(fen) / per_unit).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _hundredths(fen: int, per_unit: int) -> int:
    """Return an amount that is not negative in hundredths of a unit, half up; whole numbers, as lists print many."""
    return (200 * fen + per_unit) // (2 * per_unit)


def _full(hundredths: int) -> str:
    """Print hundredths with thousands separators and exactly two decimals."""
    return f"{hundredths // 100:,}.{hundredths % 100:02}"


def _plain(hundredths: int) -> str:
    """Print hundredths with thousands separators and without trailing zeros."""
    return _full(hundredths).rstrip("0").rstrip(".")


def as_money(fen: int, language: str = "zh-hans") -> tuple[str, str]:
    """Return (number, unit) as running pages print it (design.md §4).

    Chinese: 万元 up to two decimals without trailing zeros, 亿元 from 1 亿; amounts under 100 元 (0.01 万元)
    are printed in 元. English: ("¥2.20", "m"), "bn" from a thousand million.
    """
    sign, size = ("−", -fen) if fen < 0 else ("", fen)
    if language.startswith("en"):
        millions = _hundredths(size, FEN_PER_MILLION)
        if millions >= 1000 * 100:
            return f"{sign}¥{_full(_hundredths(size, 1000 * FEN_PER_MILLION))}", "bn"
        if size >= FEN_PER_MILLION:
            return f"{sign}¥{_full(millions)}", "m"
        return f"{sign}¥{_plain(size)}", ""
    wan = _hundredths(size, FEN_PER_WAN)
    if wan >= 10_000 * 100:  # what prints as 10,000 万元 is 1 亿元
        return sign + _plain(_hundredths(size, FEN_PER_YI)), "亿元"
    if size >= 100 * FEN_PER_YUAN or size == 0:
        return sign + _plain(wan), "万元"
    return sign + _plain(size), "元"


def format_money(fen: int, language: str = "zh-hans") -> str:
    """Return the amount as one string, such as "220 万元" or "¥2.20 m"."""
    number, unit = as_money(fen, language)
    return f"{number} {unit}".strip()


def unrounded(fen: int, language: str = "zh-hans") -> tuple[str, str]:
    """Return (number, unit) as `as_money` does, with as many decimals as the exact amount has: 161.005 万元.

    What would begin with 0. in its unit is said in the smaller one: 100.01 元, 9,999.99999999 万元.
    """
    number, unit = as_money(fen, language)
    if fen % (PER_UNIT[unit] // 100) == 0:
        return number, unit
    if abs(fen) < PER_UNIT[unit]:
        unit = SMALLER[unit]
    exact = format(Decimal(abs(fen)) / PER_UNIT[unit], ",f")
    return f"{'−' if fen < 0 else ''}{'¥' if '¥' in number else ''}{exact}", unit


def format_unrounded(fen: int, language: str = "zh-hans") -> str:
    """Return the exact amount as sentences say it, where what is said must be what counts: a bid, a payment."""
    number, unit = unrounded(fen, language)
    return f"{number} {unit}".strip()


def range_in_parts(low: int, high: int, language: str = "zh-hans") -> list[tuple[str, str]]:
    """Return (number, unit) of both ends of a range, or of the one amount it is.

    Chinese says a common unit once: [("80", ""), ("180", "万元")]; English at both ends, else ¥0.80 reads as fen, and
    in millions where the lower end is exact in hundredths of one: ¥0.50 m–¥1.10 m.
    """
    (first, first_unit), last = as_money(low, language), as_money(high, language)
    if last[1] == "m" and not first_unit and low and low % (FEN_PER_MILLION // 100) == 0:
        first, first_unit = f"¥{_full(_hundredths(low, FEN_PER_MILLION))}", "m"
    if low == high:
        return [last]
    is_said_once = first_unit == last[1] and not language.startswith("en")
    return [(first, "" if is_said_once else first_unit), last]


def format_range(low: int, high: int, language: str = "zh-hans") -> str:
    """Return a range as one string, such as "80–180 万元" or "¥0.80 m–¥1.80 m"."""
    return "–".join(" ".join(part).strip() for part in range_in_parts(low, high, language))


def in_yuan(fen: int) -> Decimal:
    """Return the exact amount in yuan with two decimals, as a number for tables that are reckoned with."""
    return in_unit(fen, FEN_PER_YUAN)


def in_wan(fen: int) -> Decimal:
    """Return the exact amount in 万元, with two decimals or as many as it has, for tables that are reckoned with."""
    exact = Decimal(fen) / FEN_PER_WAN
    short = in_unit(fen, FEN_PER_WAN)
    return short if short == exact else exact.normalize()


def format_yuan(fen: int) -> str:
    """Return the exact amount in yuan with two decimals for pages and papers, such as "2,200,000.00". A minus is −."""
    return f"{'−' if fen < 0 else ''}{_full(abs(fen))}"


def format_exact(fen: int, language: str = "zh-hans") -> str:
    """Return the exact amount as documents print it, such as "2,200,000.00 元" or "¥2,200,000.00"."""
    return f"¥{format_yuan(fen)}" if language.startswith("en") else f"{format_yuan(fen)} 元"


def format_wan(fen: int) -> str:
    """Return the amount in 万元 with exactly two decimals, as contract tables print it."""
    return f"{in_unit(fen, FEN_PER_WAN):,.2f}".replace("-", "−")


DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def _group_in_capitals(number: int) -> str:
    """Write 1–9999 in Chinese capitals, with 零 for inner gaps."""
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + DIGITS[digit] + PLACES[place]
        gap = False
    return words


def in_capitals(fen: int) -> str:
    """Return the amount in Chinese capitals (大写), such as 贰佰贰拾万元整.

    Source of the form: 支付结算办法 annex 1 (正确填写票据和结算凭证的基本规定).
    """
    if fen < 0:
        raise ValueError("Amounts in capitals are not negative.")
    yuan, jiao, cent = fen // 100, fen // 10 % 10, fen % 10
    words, gap = "", False
    for index in range(3, -1, -1):
        group = yuan // 10_000**index % 10_000
        if group == 0:
            gap = bool(words)
            continue
        needs_zero = bool(words) and (gap or group < 1000)
        words += ("零" if needs_zero else "") + _group_in_capitals(group) + GROUPS[index]
        gap = False
    words = (words + "元") if words else ""
    if not jiao and not cent:
        return (words or "零元") + "整"
    if jiao:
        words += DIGITS[jiao] + "角"
    elif words:
        words += "零"
    return words + (DIGITS[cent] + "分" if cent else "整")


UNIT_LABELS = {
    "元": gettext_lazy("yuan"),
    "万元": gettext_lazy("10,000 yuan"),
    "亿元": gettext_lazy("100 million yuan"),
}
