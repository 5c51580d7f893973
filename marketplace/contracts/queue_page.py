"""The page of what waits for the register: contracts under review, and changes of registered ones."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from marketplace.contracts import rules
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.progress import with_clocks
from marketplace.contracts.queue import ByDaysLeft, changes_by_days_left, changes_to_decide, with_change_clocks
from marketplace.contracts.tabs import register_tabs
from marketplace.core import clock
from marketplace.core.paging import rows_asked
from marketplace.core.rules import require


@login_required
def contract_queue(request: Any) -> HttpResponse:
    """What is under review, by working days left; with `of` the changes asked for, or what waits for a supplement."""
    require(rules.see_queue, request.user)
    if (other := OTHERS.get(request.GET.get("of", ""))) is not None:
        return other(request)
    waiting: Any = ByDaysLeft(TechnologyContract.objects.awaiting_registration())
    page = Paginator(waiting, rows_asked(request.GET)).get_page(request.GET.get("page"))
    listed = TechnologyContract.objects.for_rows().in_bulk(list(page))
    context = {
        "page_obj": page,
        "rows": with_clocks([listed[key] for key in page], today=clock.today()),
        "tabs": register_tabs(request, "queue"),
    }
    return render(request, "marketplace/contracts/contract_queue.html", context)


def _changes(request: Any) -> HttpResponse:
    waiting: Any = changes_by_days_left()
    page = Paginator(waiting, rows_asked(request.GET)).get_page(request.GET.get("page"))
    listed = changes_to_decide().in_bulk(list(page))
    context = {
        "page_obj": page,
        "rows": with_change_clocks([listed[key] for key in page], today=clock.today()),
        "tabs": register_tabs(request, "changes"),
    }
    return render(request, "marketplace/contracts/change_queue.html", context)


def _returned(request: Any) -> HttpResponse:
    """What was returned to its seller, the day by which it is supplemented first."""
    found = TechnologyContract.objects.to_supplement().for_rows()
    page = Paginator(found, rows_asked(request.GET)).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": with_clocks(page, today=clock.today()),
        "tabs": register_tabs(request, "returned"),
    }
    return render(request, "marketplace/contracts/supplement_queue.html", context)


OTHERS = {"changes": _changes, "returned": _returned}
