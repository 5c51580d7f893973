"""A page of a list that may be long."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


def page_of(found: QuerySet[Any], per_page: int, asked: Any) -> Page:
    """Return one page of records, in their order; a number that is none, or beyond the last, is the nearest page.

    Keys alone are passed over to get there: with the joins of what a row shows, the five-hundredth page took ten times
    as long as the first.
    """
    page = Paginator(found.values_list("pk", flat=True), per_page).get_page(asked)
    records = found.in_bulk(list(page))
    page.object_list = [records[key] for key in page if key in records]
    return page
