"""Which addresses the house answers itself: no page of an editor can be opened there."""

from collections.abc import Iterator

from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import get_language_from_path
from wagtail.models import Page


def taken_address(parent: Page, slug: str) -> str:
    """Return the address of a page below `parent` where it would open something of the house instead; else ""."""
    return next(_taken(parent, [f"{slug}/"]), "")


def taken_with(page: Page, parent: Page, slug: str = "", *, alone: bool = False) -> str:
    """Return the first address of the house at which `page` below `parent`, or a page below it, would stand; else "".

    `slug`: what it is to be called; without, it keeps what it is called, and what a draft of it calls it.
    """
    own = [slug] if slug else list(_slugs(page))
    below = [] if alone else list(page.get_descendants())
    return next(_taken(parent, (f"{name}/{tail}" for name in own for tail in ["", *_tails(page, below)])), "")


def _slugs(page: Page) -> Iterator[str]:
    yield page.slug
    if page.has_unpublished_changes and page.latest_revision:
        yield str(page.latest_revision.content.get("slug") or page.slug)


def _tails(page: Page, below: list[Page]) -> Iterator[str]:
    """Yield the addresses of pages below `page`, from its own on."""
    for each in below:
        above = each.url_path.removeprefix(page.url_path).removesuffix(f"{each.slug}/")
        yield from (f"{above}{slug}/" for slug in _slugs(each))


def _taken(parent: Page, tails: Iterator[str] | list[str]) -> Iterator[str]:
    parts = parent.specific.get_url_parts()
    if parts is None or parts[2] is None:
        return
    language = parent.locale.language_code
    yield from (address for tail in tails if _is_of_the_house(address := f"{parts[2]}{tail}", language))


def _is_of_the_house(address: str, language: str) -> bool:
    """Tell whether an address of a page in `language` is answered by a route, or leads to another language."""
    if get_language_from_path(address) not in (None, language):
        return True
    with translation.override(language):
        try:
            return bool(resolve(address).url_name != "wagtail_serve")
        except Resolver404:
            return False
