"""Answers kept for half a minute, so that a page read by many asks the database once."""

import functools
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language

FRESH = 30  # seconds an answer is remembered

Answer = Callable[..., Any]


def key_of(question: str, language: str | None, arguments: tuple[Any, ...]) -> str:
    """Return under which key an answer lies."""
    return f"portal:{question}:{language}:{arguments}"


def remembered(question: Answer) -> Answer:
    """Keep the answer for FRESH seconds, per language and arguments."""

    @functools.wraps(question)
    def ask(*arguments: Any) -> Any:
        key = key_of(question.__name__, get_language(), arguments)
        return cache.get_or_set(key, lambda: question(*arguments), FRESH)

    return ask
