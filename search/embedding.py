"""A place for vectors of meaning. None by default: a matching without them can be explained word by word.

SEARCH_EMBEDDER names a class, such as `"ours.vectors.Local"`. Then each pair has one part more (Feature.VECTOR), of
weight 0 until `manage.py tune_matching` shows on judged pairs that it wins.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import sqrt
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Embedder(Protocol):
    """Texts → vectors of one length each, in the same order. Made once per process, without arguments."""

    def embed(self, texts: Sequence[str]) -> list[Sequence[float]]: ...


def get_embedder() -> Embedder | None:
    """Return the embedder of this installation, or None."""
    return _made(settings.SEARCH_EMBEDDER) if settings.SEARCH_EMBEDDER else None


@lru_cache(maxsize=1)
def _made(path: str) -> Embedder:
    return import_string(path)()


def nearness(text: str, others: Sequence[str]) -> list[float | None]:
    """Return how near each of the others is in meaning, from 0 to 1; None for each where there is no embedder.

    The cosine, with what points away counted as 0.
    """
    embedder = get_embedder()
    if embedder is None or not others:
        return [None] * len(others)
    own, *rest = embedder.embed([text, *others])
    return [max(0.0, min(1.0, _cosine(own, vector))) for vector in rest]


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    dot = sum(a * b for a, b in zip(one, other, strict=True))
    lengths = sqrt(sum(a * a for a in one)) * sqrt(sum(b * b for b in other))
    return dot / lengths if lengths else 0.0
