"""What an object of sale is made of, part by part (domain.md §4.8.5); the announcement freezes it with the other terms.

A part that is not named is not kept: an assignment has no term. The parts are words of the seller in its language, so
they are printed as they are; only the share is a number, in per cent.
"""

from collections.abc import Mapping

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

PARTS = {
    "assets": _("rights with their numbers"),
    "share": _("share of the rights sold, per cent"),
    "territory": _("territory"),
    "term": _("term"),
    "field_of_use": _("field of use"),
    "support": _("know-how and support"),
    "improvements": _("improvements made later"),
}


def in_words(parts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (what, words) of each part that is named, in the order of the form."""
    return [(capfirst(str(label)), parts[name]) for name, label in PARTS.items() if parts.get(name)]
