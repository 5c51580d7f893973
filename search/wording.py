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
    title, marked = worded(record, "title"), _marked(hit, "title")
    return marked if _plain(marked) == title else title


def stretch_of(record: Any, name: str, hit: Hit | None) -> str:
    """Return the marked stretch of a long text, or its beginning."""
    text, marked = worded(record, name), _marked(hit, name)
    if marked and _plain(marked).strip(ELLIPSIS) in text:
        return marked
    return f"{text[: MOST - 2]}{ELLIPSIS}" if len(text) > MOST else text


def _marked(hit: Hit | None, name: str) -> str:
    return hit.highlights.get(name, "") if hit else ""


def _plain(marked: str) -> str:
    return unescape(strip_tags(marked))
