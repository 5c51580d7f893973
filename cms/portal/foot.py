"""The foot of every page: which texts stand in it, and the entrances of the site, without which it does not open."""

from itertools import product
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from wagtail.models import Page, PagePermissionTester, Site

from cms.portal.remembering import key_of

FOOT_DEPTH = 3  # root, home page, texts below it
MOST_NEWS = 10  # rows of a block of news


class EntranceRights(PagePermissionTester):
    """What somebody may do with a home page: one that opens the site is neither unpublished nor deleted."""

    def can_unpublish(self) -> bool:
        return bool(super().can_unpublish()) and not is_entrance(self.page)

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return bool(super().can_delete(ignore_bulk)) and not is_entrance(self.page)


def is_entrance(page: Page) -> bool:
    """Tell whether a site begins at the page, or at the page in the other language."""
    return Site.objects.filter(root_page__translation_key=page.translation_key).exists()


def stands_in_foot(page: Page) -> bool:
    """Tell whether every page of the site leads to this one."""
    from cms.portal.pages import GeneralPage

    return bool(page.live) and page.depth == FOOT_DEPTH and issubclass(page.specific_class or Page, GeneralPage)


def forget_pages(*_told: Any, **_more: Any) -> None:
    """Let foot and news be asked anew once what an editor did with pages stands in the database."""
    transaction.on_commit(_forget)


def _forget() -> None:
    languages = [language for language, _name in settings.LANGUAGES]
    rows = [(most,) for most in range(1, MOST_NEWS + 1)]
    keys = [key_of("texts", language, ()) for language in languages]
    cache.delete_many([*keys, *(key_of("news", *each) for each in product(languages, rows))])
