"""The texts of a result in the reader's language, with what was asked for marked where it stands in them."""

from html import unescape
from typing import Any

from django.utils.html import strip_tags

from marketplace.core.languages import worded
from search.engine import Hit
from search.highlight import ELLIPSIS

MOST = 120  # characters of a text; as much as the stretch an engine marks (schema.py)


def title_of(record: Any, hit: Hit | None) -> str:
    """Return the record's title, marked where the hit is in that language."""
    return marked_or(hit, "title", worded(record, "title"))


def stretch_of(record: Any, name: str, hit: Hit | None) -> str:
    """Return the marked stretch of a long text, or its beginning."""
    text, marked = worded(record, name), _marked(hit, name)
    if marked and _plain(marked).strip(ELLIPSIS) in text:
        return marked
    return f"{text[: MOST - 2]}{ELLIPSIS}" if len(text) > MOST else text


def marked_or(hit: Hit | None, name: str, text: str) -> str:
    """Return a short text that has one language, marked where something of it was asked for."""
    marked = _marked(hit, name)
    return marked if _plain(marked) == text else text


def marked_stretch(hit: Hit | None, name: str, text: str) -> str:
    """Return the marked stretch of a text that has one language, or the beginning of `text`."""
    return _marked(hit, name) or (f"{text[: MOST - 2]}{ELLIPSIS}" if len(text) > MOST else text)


def _marked(hit: Hit | None, name: str) -> str:
    return hit.highlights.get(name, "") if hit else ""


def _plain(marked: str) -> str:
    return unescape(strip_tags(marked))
