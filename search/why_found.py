"""Why a hit is one, where its card does not show it: the marked places of what the card leaves out."""

import re
from collections.abc import Mapping
from html import unescape
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from search.asking import parse
from search.engine import Hit
from search.highlight import CLOSE, OPEN
from search.text import normalise

if TYPE_CHECKING:
    from search.listing import ListSpec

MOST = 2
_MARKED = re.compile(f"{OPEN}(.*?){CLOSE}")
_TEXT = _("Found in its text")
PLACES: Mapping[str, Any] = {
    "numbers": _("Found in its numbers"),
    "number": _("Found in its numbers"),
    "owner_name": _("Found in the name of the organisation"),
    "keywords": _("Found in its field or industry"),
    "title": _("Found in its title in another language"),
    "name": _("Found in its name or numbers"),
    "indicators": _("Found in its indicators"),
    "summary": _TEXT,
    "problem": _TEXT,
    "introduction": _TEXT,
    "words": _("Found in its type"),
    "body": _TEXT,
}


def told(spec: "ListSpec", row: Any, hit: Hit) -> dict[str, Any]:
    """Return what components/result.html prints of a hit; where nothing is marked on it, `found_in` says why."""
    card = spec.shown(row, hit)
    return card | {"found_in": [] if _is_marked(card) else _places(hit)}


def held(text: str, hit: Hit) -> int:
    """Return how many of the words (pairs of Chinese characters) of a question stand in the marked places of a hit."""
    marked = [normalise(unescape(place)) for each in hit.highlights.values() for place in _MARKED.findall(each)]
    return sum(any(term in place for place in marked) for term in parse(text).base)


def _is_marked(card: Mapping[str, Any]) -> bool:
    return any("<mark>" in str(card.get(part) or "") for part in ("title", "summary"))


def _places(hit: Hit) -> list[dict[str, Any]]:
    found = [{"label": label, "text": hit.highlights[name]} for name, label in PLACES.items() if name in hit.highlights]
    return found[:MOST]
