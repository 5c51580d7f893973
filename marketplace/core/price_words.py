"""A price or a budget in words: its limits, and whether it may be negotiated."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.core.money import format_range, format_unrounded


def price_words(low: int | None, high: int | None, *, is_negotiable: bool) -> str:
    """Return a range in words, such as "80–180 万元" or "negotiable"; limits are in fen, as pages print them."""
    language = get_language() or "zh-hans"
    if low is not None and high is not None:
        words = format_range(low, high, language)
    else:
        words = one_sided(low, high, *(format_unrounded(end, language) for end in (low, high) if end is not None))
    return said_negotiable(words) if is_negotiable else words


def one_sided(low: int | None, high: int | None, price: str = "") -> str:
    """Say that the one limit there is, printed as `price`, is the lower or the upper one; "" without any."""
    if low is None and high is None:
        return ""
    return _("up to %(price)s") % {"price": price} if low is None else _("from %(price)s") % {"price": price}


def said_negotiable(words: str) -> str:
    """Add to a price in words that it may be negotiated."""
    return _("%(price)s, negotiable") % {"price": words} if words else _("negotiable")
