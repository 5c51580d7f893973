"""What people wrote in two languages: Chinese, and English beside it where they gave it (`title`, `title_en`)."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_supported_language_variant, override
from django.utils.translation.trans_real import parse_accept_lang_header


def asked_language(request: HttpRequest) -> str:
    """Return the first language of Accept-Language that we speak; Chinese where it names none."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def is_english() -> bool:
    """Tell whether the reader reads English."""
    return (get_language() or "").startswith("en")


def paragraph(sentences: Iterable[Any]) -> str:
    """Join sentences as the reader's language does: Chinese ones stand without a space between them."""
    return (" " if is_english() else "").join(map(str, sentences))


def worded(record: Any, name: str) -> str:
    """Return a text of a record in the reader's language, as it was written where that one is not there."""
    written, english = str(getattr(record, name)), str(getattr(record, f"{name}_en"))
    return english if english and is_english() else written


def also_worded(record: Any, name: str) -> str:
    """Return the same text in the other language, to stand below it; "" where there is only one."""
    written, english = str(getattr(record, name)), str(getattr(record, f"{name}_en"))
    if not english or english == written:
        return ""
    return written if is_english() else english


def in_each_language(words: Callable[[], Any]) -> list[str]:
    """Return a text of ours in every language of the site, for what is found by either."""
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.append(str(words()))
    return list(dict.fromkeys(found))


class Titled:
    """A record with a title in Chinese and perhaps in English.

    `str()` of it is the title as it was written, which journals, contracts and revisions keep; pages print `heading`.
    """

    @property
    def heading(self) -> str:
        """Return the title in the reader's language."""
        return worded(self, "title")
