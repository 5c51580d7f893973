"""Money and numbers as pages print them (design.md §4). Amounts come in as integer fen."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from marketplace.core.languages import is_english
from marketplace.core.money import (
    FEN_PER_WAN,
    FEN_PER_YUAN,
    PER_UNIT,
    as_money,
    format_unrounded,
    format_wan,
    format_yuan,
    in_wan,
    range_in_parts,
    unrounded,
)
from marketplace.core.price_words import one_sided, said_negotiable

register = template.Library()
NONE = mark_safe('<span class="faint">—</span>')


def _plain_yuan(fen: int) -> str:
    """Return the exact amount in yuan for a machine to read: no separators, no trailing zeros."""
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}{yuan}{f'.{rest:02}'.rstrip('0') if rest else ''}"


@register.filter
def behind(unit: str) -> SafeString:
    """Print the unit behind a number, small; an English one after a space, as in running words: ¥2.20 m."""
    if not unit:
        return mark_safe("")
    return mark_safe(f"{' ' if unit.isascii() else ''}<small>{unit}</small>")  # our own words: nothing to escape


@register.simple_tag
def money(fen: int | None, size: str = "") -> SafeString:
    """Print an amount, unit small: `{% money lot.price %}`, `{% money sum "xl" %}` (sizes l, xl); None is a dash."""
    if fen is None or fen == "":  # an argument left out of a component arrives as ""
        return NONE
    number, unit = as_money(fen, get_language() or "zh-hans")
    return _amount(fen, number, unit, size, _full(fen) if _is_rounded(fen, unit) else "")


@register.simple_tag
def price(fen: int | None, size: str = "") -> SafeString:
    """Print an amount that counts to the fen, as bids and deposits do: like `money`, and never rounded."""
    if fen is None or fen == "":
        return NONE
    return _amount(fen, *unrounded(fen, get_language() or "zh-hans"), size)


def _amount(fen: int, number: str, unit: str, size: str, full: str = "") -> SafeString:
    style = f"money money--{size}" if size else "money"
    # nothing but figures and our own words: to escape them took a third of the time
    return mark_safe(f'<data class="{style}" value="{_plain_yuan(fen)}"{full}>{number}{behind(unit)}</data>')


def _in_full(*amounts: int) -> SafeString:
    """Return the attribute with the exact range for paper (print.css) where what is shown is rounded."""
    language = get_language() or "zh-hans"
    if not any(_is_rounded(fen, as_money(fen, language)[1]) for fen in amounts):
        return mark_safe("")
    return _full(*amounts)


def _full(*amounts: int) -> SafeString:
    return mark_safe(f' data-full="{_exactly(*amounts)}"')


def _is_rounded(fen: int, unit: str) -> bool:
    """Tell whether an amount is more exact than the two decimals of its unit."""
    return fen % (PER_UNIT[unit] // 100) != 0


@register.simple_tag
def exactly(fen: int, unit: str = "") -> str:
    """Return the exact amount in words where two decimals of what is shown, or of `unit`, round it; else ""."""
    return _exactly(fen) if _is_rounded(fen, unit or as_money(fen, get_language() or "zh-hans")[1]) else ""


def _exactly(*amounts: int) -> str:
    exact = [format_yuan(fen) for fen in amounts]
    if is_english():
        return "–".join(f"¥{each}" for each in exact)
    return f"{'–'.join(exact)} 元"


@register.simple_tag
def money_range(low: int | None, high: int | None, is_negotiable: Any = False) -> SafeString:
    """Print a price range as core/price_words.py says it, units small; without limits: negotiable."""
    low, high = (None if limit == "" else limit for limit in (low, high))
    if low is None and high is None:
        return format_html('<span class="money">{}</span>', said_negotiable(""))
    if low is None or high is None:
        words = mark_safe(one_sided(low, high, price(high if low is None else low)))
    elif low == high:
        words = price(low)
    else:
        parts = range_in_parts(low, high, get_language() or "zh-hans")
        ends = format_html_join("–", "{}{}", ((number, behind(unit)) for number, unit in parts))
        words = format_html('<span class="money"{}>{}</span>', _in_full(low, high), ends)
    return mark_safe(said_negotiable(words)) if is_negotiable else words


@register.filter
def wan(fen: int | None) -> str:
    """Print an amount in 万元 with exactly two decimals, for contract tables whose head names the unit."""
    if fen is None:
        return ""
    shown = format_wan(fen)
    if fen % (FEN_PER_WAN // 100) == 0:
        return shown
    return format_html('<data value="{}" data-full="{}">{}</data>', _plain_yuan(fen), _exactly(fen), shown)


@register.filter
def wan_unrounded(fen: int | None) -> str:
    """Print an amount in 万元 with two decimals or as many as it has, for columns whose head names the unit."""
    return "" if fen is None else f"{in_wan(fen):,f}".replace("-", "−")


@register.filter
def yuan(fen: int | None) -> str:
    """Print the exact amount in yuan, for payment records. A minus is −."""
    return "" if fen is None else format_yuan(fen)


@register.filter
def count(number: int | None) -> str:
    """Print a count with thousands separators. A minus is −."""
    return "" if number is None else f"{number:,}".replace("-", "−")


@register.filter
def percent(share: Any) -> str:
    """Print a share of one as a percentage with up to one decimal, half up: 0.0625 → 6.3%. A minus is −."""
    if share is None:
        return "—"
    hundredths = (Decimal(str(abs(share))) * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    text = f"{hundredths:f}".rstrip("0").rstrip(".")
    return f"{'−' if share < 0 and text != '0' else ''}{text}%"


@register.simple_tag
def money_parts(fen: int) -> tuple[str, str]:
    """Return (number, unit) of an exact amount, for figures whose unit stands in markup of its own."""
    return unrounded(fen, get_language() or "zh-hans")


@register.simple_tag
def money_text(fen: int) -> str:
    """Return an exact amount as plain words, to stand inside a translated sentence."""
    return format_unrounded(fen, get_language() or "zh-hans")
