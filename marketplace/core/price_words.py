"""A price or a budget in words: its limits, and whether it may be negotiated."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.core.money import format_money


def price_words(low: int | None, high: int | None, *, is_negotiable: bool) -> str:
    """Return a range in words, such as "80 万元 – 180 万元" or "negotiable"; limits are in fen."""
    language = get_language() or "zh-hans"
    ends = [format_money(amount, language) for amount in dict.fromkeys((low, high)) if amount is not None]
    words = " – ".join(ends)
    if low is None and high is not None:
        words = _("up to %(price)s") % {"price": words}
    elif high is None and low is not None:
        words = _("from %(price)s") % {"price": words}
    if is_negotiable:
        return _("%(price)s, negotiable") % {"price": words} if words else _("negotiable")
    return words
