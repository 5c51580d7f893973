"""What a page says of the words somebody typed."""

from typing import Any

from search.asking import parse, without_signs
from search.synonyms import put_in


def words_told(text: str) -> dict[str, Any]:
    """Return what a page says of the words: none in them, the other words they ask for too, and without signs."""
    return {
        "is_wordless": bool(text) and parse(text).is_empty,
        "also": put_in(text),
        "plain_words": without_signs(text),
    }
