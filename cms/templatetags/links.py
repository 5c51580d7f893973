"""Links that keep the rest of the address: sorting, pages, facets, the other language."""

from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.translation import get_language, override

from marketplace.core import paging

register = template.Library()


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """Return `?…` of this page with some parameters changed: `{% query page=3 %}`; None or "" takes one away.

    Any change but `page` returns to the first page.
    """
    wanted = context["request"].GET.copy()
    if "page" not in changes:
        wanted.pop("page", None)
    for name, value in changes.items():
        if value in (None, ""):
            wanted.pop(name, None)
        else:
            wanted[name] = value
    return f"?{wanted.urlencode()}" if wanted else "?"


@register.simple_tag(takes_context=True)
def query_without(context: template.Context, name: str, value: Any = None) -> str:
    """Return `?…` without one value of a repeated parameter (a chosen facet), or without the parameter."""
    wanted = context["request"].GET.copy()
    wanted.pop("page", None)
    left = [] if value is None else [other for other in wanted.getlist(name) if other != str(value)]
    if left:
        wanted.setlist(name, left)
    else:
        wanted.pop(name, None)
    return f"?{wanted.urlencode()}" if wanted else "?"


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(context: template.Context, name: str, label: str, *, numeric: bool = False, param: str = "sort") -> dict:
    """Head cell of a sortable table: a link that sorts by `name`, with aria-sort. Descending is `-name`."""
    chosen = context["request"].GET.get(param, "")
    direction = {name: "ascending", f"-{name}": "descending"}.get(chosen, "")
    following = f"-{name}" if direction == "ascending" else name
    return {"label": label, "numeric": numeric, "direction": direction, "href": query(context, **{param: following})}


@register.filter
def elided(page: Page) -> list[int | None]:
    """Return the page numbers a reader needs, None where some are left out."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


@register.simple_tag
def rows_to_choose(page: Page, choices: tuple[int, ...] = ()) -> tuple[int, ...]:
    """Return how many rows a reader may have on a page (ROWS or others), where they do not all fit on the fewest."""
    choices = choices or paging.ROWS
    return choices if page.paginator.count > choices[0] else ()


@register.simple_tag(takes_context=True)
def in_language(context: template.Context, language: str) -> str:
    """Return the address of this page in another language, or "" where there is none."""
    request = context.get("request")
    if request is None or language == get_language():
        return ""
    page = context.get("page")
    if page is not None and hasattr(page, "get_translations"):
        return _translation(page, language, request) or ("/" if language == "zh-hans" else f"/{language}/")
    return _same_view(request, language)


@register.simple_tag(takes_context=True)
def lacks_language(context: template.Context, language: str) -> bool:
    """Tell whether this is a page of editors without a version in `language`: `in_language` leads to the home page."""
    request, page = context.get("request"), context.get("page")
    if request is None or page is None or not hasattr(page, "get_translations") or language == get_language():
        return False
    return not _translation(page, language, request)


def _translation(page: Any, language: str, request: HttpRequest) -> str:
    """Return the address of a page in another language, "" where it has none; asked once of a page."""
    known: dict[str, str] = vars(page).setdefault("_in_languages", {})
    if language not in known:
        other = page.get_translations().filter(locale__language_code=language).live().first()
        known[language] = (other.get_url(request) or "") if other else ""
    return known[language]


def _same_view(request: HttpRequest, language: str) -> str:
    """Return the address of the view that answers this request in another language, or "".

    As Django's translate_url, which finds out anew, past 300 patterns, which view that is.
    """
    here, match = request.get_full_path(), request.resolver_match
    path, mark, words = here.partition("?")
    if match is None:  # a page of an error, told before or without a view
        there = translate_url(here, language)
        return "" if there == here else there
    with override(language):
        try:
            there = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        except NoReverseMatch:
            return ""
    return "" if there == path else there + mark + words


@register.simple_tag(takes_context=True)
def here(context: template.Context, url: str) -> bool:
    """Tell whether this page lies at or under `url` (for aria-current in navigation)."""
    request = context.get("request")
    return bool(url) and request is not None and (request.path == url or (url != "/" and request.path.startswith(url)))
