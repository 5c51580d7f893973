"""A page of a list that may be long."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

ROWS = (15, 50, 100)  # how many a reader may choose to see at once; the first where nothing is chosen
FEW_FIRST = (10, *ROWS)  # where a figure stands above its records: a few show what it is made of
PAGE = ROWS[0]  # of any list that leaves no choice
OF_KEYS = {"pk", "-pk", "id", "-id"}


def rows_asked(asked: Any, choices: tuple[int, ...] = ()) -> int:
    """Return how many rows an address asks for by `rows`; what is none of the choices (else ROWS) is the first."""
    choices = choices or ROWS
    return next((number for number in choices if str(number) == asked.get("rows", "")), choices[0])


def page_of(found: QuerySet[Any], per_page: int, asked: Any, *, count: int | None = None) -> Page:
    """Return one page of records, in their order; a number that is none, or beyond the last, is the nearest page.

    `count`: how many there are, where that is known.

    Keys alone are passed over to get there, from the nearer end: with the joins of what a row shows, the five-hundredth
    page took ten times as long as the first.
    """
    paginator = Paginator(found.values_list("pk", flat=True), per_page)
    if count is not None:
        paginator.count = count
    page = paginator.get_page(asked)
    keys = _from_the_end(page) or list(page)
    records = found.in_bulk(keys)
    page.object_list = [records[key] for key in keys if key in records]
    return page


def _from_the_end(page: Page) -> list[Any]:
    """Return the keys of a page of the latter half, read backwards; none of another, or where no key ends the order."""
    keys: Any = page.paginator.object_list
    last, total = page.number * page.paginator.per_page, page.paginator.count
    begins = last - page.paginator.per_page
    if begins <= max(0, total - last) or OF_KEYS.isdisjoint(keys.query.order_by[-1:]):
        return []
    return list(reversed(keys.reverse()[max(0, total - last) : total - begins]))
