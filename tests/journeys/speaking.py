"""Somebody who walks in one of the two languages: the story names words as the source does, the pages say theirs."""

import re
from typing import Any

from django.utils import translation
from playwright.sync_api import Browser, Page

from marketplace.organisations.models import User
from tests.journeys.people import Walker

PLACE = re.compile(r"%\(\w+\)s")
PREFIX = {"zh-hans": "", "en": "/en"}


class Speaker(Walker):
    """A walker whose words are translated; `looked_at` is shared by a company, so each page is looked at once."""

    def __init__(self, browser: Browser, address: str, user: User, *, language: str, looked_at: set[str]) -> None:
        super().__init__(browser, address, user)
        self.language, self.looked_at = language, looked_at

    def said(self, words: str) -> str:
        """Return the source's words as pages of this language say them: of a sentence with gaps, its longest piece."""
        with translation.override(self.language):
            context, _bar, message = words.rpartition("|")
            found = translation.pgettext(context, message) if context else translation.gettext(message)
        return max(PLACE.split(found), key=len).strip()

    def open(self, address: str) -> Page:
        prefix = PREFIX[self.language]
        return super().open(address if address.startswith(f"{prefix}/") and prefix else prefix + address)

    def follow(self, words: str) -> Page:
        return super().follow(self.said(words))

    def press(self, words: str) -> Page:
        return super().press(self.said(words))

    def confirm(self, words: str, answer: str) -> Page:
        return super().confirm(self.said(words), self.said(answer))

    def unfold(self, words: str) -> None:
        super().unfold(self.said(words))

    def sees(self, words: str, **how: Any) -> None:
        super().sees(self.said(words), **how)

    def look_once(self) -> Page:
        with translation.override(self.language):
            return super().look_once()

    @property
    def place(self) -> str:
        """The path of the page without its language."""
        return self.address.removeprefix(PREFIX[self.language])
