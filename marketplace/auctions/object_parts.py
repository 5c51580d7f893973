"""What an object of sale is made of, part by part (domain.md §4.8.5); the announcement freezes it with the other terms.

A part that is not named is not kept: an assignment has no term. The parts are words of the seller in its language, so
they are printed as they are; only the share is a number, in per cent.
"""

from collections.abc import Mapping

from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.core.choices import TransferMode
from marketplace.core.refusals import Refused

PARTS = {
    "assets": _("rights with their numbers"),
    "share": _("share of the rights sold, per cent"),
    "territory": _("territory"),
    "term": _("term"),
    "field_of_use": _("field of use"),
    "support": _("know-how and support"),
    "improvements": _("improvements made later"),
}

# the scope of a licence (民法典 Art. 864): without it nobody can say what was bought
SCOPE = ("territory", "term", "field_of_use")
NEEDED: dict[str, tuple[str, ...]] = {
    TransferMode.EXCLUSIVE: SCOPE,
    TransferMode.SOLE: SCOPE,
    TransferMode.ORDINARY: SCOPE,
}


class PartsMissing(Refused):
    message = _("A licence says where, for how long and for what use it is granted. Still missing: %(parts)s.")

    def __init__(self, missing: list[str]) -> None:
        super().__init__(parts=gettext(", ").join(str(PARTS[name]) for name in missing))
        self.missing, self.field = missing, missing[0]


def needed_parts(mode: str) -> tuple[str, ...]:
    """Return the parts an object of this kind must name."""
    return NEEDED.get(mode, ())


def missing_parts(mode: str, parts: Mapping[str, str]) -> list[str]:
    """Return what an object of this kind must name and does not."""
    return [name for name in needed_parts(mode) if not parts.get(name)]


def require_parts(mode: str, parts: Mapping[str, str], *, is_practice: bool) -> None:
    """Refuse a licence without its scope; practice sells nothing, and repeats lots of before. Raises PartsMissing."""
    missing = missing_parts(mode, parts)
    if missing and not is_practice:
        raise PartsMissing(missing)


def in_words(parts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (what, words) of each part that is named, in the order of the form."""
    return [(capfirst(str(label)), parts[name]) for name, label in PARTS.items() if parts.get(name)]
