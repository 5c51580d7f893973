"""A page of the English tree whose text is mostly Chinese: its editor is told once it is public."""

import re

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.portal.pages import Written

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LETTERS = re.compile(r"[A-Za-z]+|[\u4e00-\u9fff]")


def is_mostly_chinese(text: str) -> bool:
    """Tell whether more Chinese characters than words of other letters stand in a text."""
    words = LETTERS.findall(text)
    return 2 * sum(1 for word in words if CHINESE.match(word)) > len(words)


def warn_of_chinese(request: HttpRequest, page: Page) -> None:
    """Tell who published an English page that its title or its text is in Chinese."""
    page = page.specific
    if not isinstance(page, Written) or page.locale.language_code != "en":
        return
    if is_mostly_chinese(page.title) or is_mostly_chinese(page.words):
        words = _("“%(title)s” stands among the English pages, but its title or text is mostly Chinese.")
        messages.warning(request, words % {"title": page.title})
