"""News and texts of the portal, in the language of the reader."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from search import documents
from search.engine import Hit
from search.filters import Eq, Filter
from search.listing import FacetSpec, ListSpec
from search.wording import marked_or, marked_stretch

TYPES = {
    "policy": gettext_lazy("Policy"),
    "notice": pgettext_lazy("kind of news", "Notice"),
    "news": pgettext_lazy("kind of news", "News"),
    "generalpage": gettext_lazy("Rules and help"),
}


def rows(user: Any, keys: list[str]) -> Mapping[str, Any]:
    """Return the pages still public among these."""
    return {page.index_key: page for page in documents.pages().filter(index_key__in=keys)}


def newest(user: Any) -> Any:
    return documents.pages().filter(locale__language_code=language()).order_by("-first_published_at", "-pk")


def language() -> str:
    """Return the language whose pages a reader is offered: each is written in both, as two pages."""
    return get_language() or settings.LANGUAGE_CODE


def in_this_language() -> Filter:
    return Eq("locale", language())


def type_words(values: Iterable[str]) -> Mapping[str, Any]:
    occurring = set(values)
    return {name: words for name, words in TYPES.items() if name in occurring}


def shown(page: Any, hit: Hit | None) -> dict[str, Any]:
    """Return what components/result.html prints of one page."""
    day = documents.page_day(page)
    return {
        "href": page.get_url(),
        "title": marked_or(hit, "title", page.title),
        "summary": marked_stretch(hit, "body", page.summary or documents.page_text(page)),
        "meta": [str(TYPES[documents.page_type(page)]), day.isoformat() if day else ""],
        "no_price": True,
    }


def cells(page: Any) -> Sequence[Any]:
    return page.title, str(TYPES[documents.page_type(page)]), documents.page_day(page), page.full_url


PAGES = ListSpec(
    kind="page",
    url_name="search",
    template="search/search_kind.html",
    facets=(FacetSpec("type", gettext_lazy("Kind of page"), type_words, is_open=True),),
    sorts=(
        ("", pgettext_lazy("sort", "most relevant"), ""),
        ("newest", pgettext_lazy("sort", "newest"), "-published"),
    ),
    rows=rows,
    newest=newest,
    shown=shown,
    headings=(
        pgettext_lazy("record", "title"), gettext_lazy("kind of page"), gettext_lazy("date"), gettext_lazy("address"),
    ),
    cells=cells,
    standing=in_this_language,
    has_alerts=False,
)  # fmt: skip
