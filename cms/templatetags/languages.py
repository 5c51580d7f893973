"""The language of what people wrote, marked where it is not that of the page (design.md §4)."""

import re
from functools import lru_cache
from html import unescape
from typing import Any

from django import template
from django.utils.html import conditional_escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

from marketplace.core import languages
from marketplace.core.forms import colon_after
from marketplace.core.languages import is_english, paragraph
from marketplace.core.regions import region_name

register = template.Library()
register.filter("region", region_name)
register.filter("colon", colon_after)
register.filter("paragraph", paragraph)

HANZI = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
CHINESE, ENGLISH = "zh-Hans", "en"
ONE_HANZI = re.compile(f"[{HANZI}]")
LETTER = r"[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]"
WORD = f"{LETTER}+(?:[-'’]{LETTER}+)*"
LATIN_WORD = re.compile(WORD)
PHRASE = re.compile(f"{WORD}[,;:.]?\\s+(?:[&–—-]\\s+)?{WORD}")  # not a unit, a code or the name of a file
# a tag is passed over; a run of Hanzi keeps the digits and the Chinese punctuation inside and around it
TAG_OR_CHINESE = re.compile(f"<[^>]*>|[《“（]*[{HANZI}][{HANZI}0-9\u3001-\u3011\uff01-\uff1f·—…“”]*")


@lru_cache(maxsize=4096)  # lists say the same names and states in every row
def _foreign(text: str, in_english: bool) -> str:
    """Return the language of a text where it is not the page's, else nothing.

    A Hanzi weighs as much as a Latin word: names of materials and models do not make a Chinese title English.
    """
    hanzi = len(ONE_HANZI.findall(text))
    if in_english:
        return CHINESE if hanzi > len(LATIN_WORD.findall(text)) else ""
    return ENGLISH if not hanzi and PHRASE.search(text) else ""


def _read(text: Any) -> str:
    """Return what a reader sees of a text, which may hold markup such as <mark>."""
    if text is None:
        return ""
    # a word of ours as an argument, `default:_("…")`, is both lazy and safe
    return unescape(strip_tags(str(text))) if hasattr(text, "__html__") else str(text)


@register.filter
def worded(record: Any, name: str) -> str:
    """Return a text of a record in the reader's language where its owner gave it: `{{ version|worded:"summary" }}`."""
    return languages.worded(record, name)


@register.filter
def also_worded(record: Any, name: str) -> str:
    """Return the same text in the other language, to stand below; "" where there is only one."""
    return languages.also_worded(record, name)


@register.simple_tag
def gap() -> str:
    """Return what stands between two sentences: nothing in Chinese."""
    return paragraph(["", ""])


@register.filter
def stopped(text: Any) -> str:
    """Return what somebody wrote with a full stop at its end, where a sentence of ours follows."""
    written = str(text).rstrip()
    if not written or written[-1] in "。！？…；.!?;":
        return written
    return written + ("." if written[-1].isascii() else "。")


@register.simple_tag
def lang_of(text: Any) -> SafeString:
    """Return ` lang="…"` for the start tag around a text in the other language: `<h1{% lang_of x %}>{{ x }}</h1>`."""
    language = _foreign(_read(text), is_english())
    return mark_safe(f' lang="{language}"' if language else "")


@register.filter
def marked(text: Any) -> SafeString:
    """Return a text that stands among words of ours, with a span around what is in the other language.

    On English pages each run of Hanzi, so that sentences may hold a title: `{{ notice.title|marked }}`.
    """
    shown = conditional_escape("" if text is None else text)
    if is_english():
        return mark_safe(TAG_OR_CHINESE.sub(_mark, shown))
    language = _foreign(_read(text), False)
    return mark_safe(f'<span lang="{language}">{shown}</span>' if language else shown)


def _mark(found: re.Match[str]) -> str:
    piece = found.group()
    return piece if piece.startswith("<") else f'<span lang="{CHINESE}">{piece}</span>'
