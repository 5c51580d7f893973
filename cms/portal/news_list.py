"""The list of news as its reader asked for it: by kind, by year, page by page."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from wagtail.query import PageQuerySet

PER_PAGE = 20


def listed(news: PageQuerySet, asked: QueryDict) -> dict[str, Any]:
    """Return the page asked for, the total, and the kinds and years to choose from; unknown ones choose nothing."""
    kinds = dict(news.model.Kind.choices)
    years = [day.year for day in news.dates("published_on", "year", order="DESC")]
    kind = asked.get("kind", "") if asked.get("kind") in kinds else ""
    year = next((each for each in years if str(each) == asked.get("year")), None)
    of_year = news.filter(published_on__year=year) if year else news
    found = (of_year.filter(kind=kind) if kind else of_year).order_by("-published_on", "-pk")
    page = Paginator(found, PER_PAGE).get_page(asked.get("page"))
    counts = dict(of_year.order_by().values_list("kind").annotate(Count("pk")))
    return {
        "page_obj": page,
        "kinds": [_choice(_("All"), "", sum(counts.values()), is_chosen=not kind)]
        + [_choice(words, value, counts.get(value, 0), is_chosen=value == kind) for value, words in kinds.items()],
        "years": years,
        "year": year,
        "kind": kind,
    }


def _choice(label: Any, value: str, count: int, *, is_chosen: bool) -> dict[str, Any]:
    return {"label": label, "value": value, "count": count, "is_chosen": is_chosen}


def beside(others: PageQuerySet, page: Any) -> dict[str, Any]:
    """Return the piece of news that came after a page and the one before, in the order of the list."""
    day, place = page.published_on, page.pk or 0
    after = others.filter(Q(published_on__gt=day) | Q(published_on=day, pk__gt=place))
    before = others.filter(Q(published_on__lt=day) | Q(published_on=day, pk__lt=place))
    return {
        "newer": after.order_by("published_on", "pk").first(),
        "older": before.order_by("-published_on", "-pk").first(),
    }
