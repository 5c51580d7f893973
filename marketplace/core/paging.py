"""A page of a list that may be long."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


def page_of(found: QuerySet[Any], per_page: int, asked: Any, *, count: int | None = None) -> Page:
    """Return one page of records, in their order; a number that is none, or beyond the last, is the nearest page.

    `count`: how many there are, where that is known.

    Keys alone are passed over to get there: with the joins of what a row shows, the five-hundredth page took ten times
    as long as the first.
    """
    paginator = Paginator(found.values_list("pk", flat=True), per_page)
    if count is not None:
        paginator.count = count
    page = paginator.get_page(asked)
    records = found.in_bulk(list(page))
    page.object_list = [records[key] for key in page if key in records]
    return page
