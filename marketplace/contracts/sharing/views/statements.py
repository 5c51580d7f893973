"""Statements: what an inventor is paid, as a page and as PDF, for the few who may read it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.contracts.sharing.fees import fees_of
from marketplace.contracts.sharing.models import PlanShare
from marketplace.contracts.sharing.reading import read_statement
from marketplace.contracts.sharing.showing import LINE_TONES
from marketplace.contracts.sharing.statement import (
    count_payees_of,
    payees_of,
    statement_of,
    statement_paper,
    statements_of,
)
from marketplace.core.paging import PAGE, page_of
from marketplace.core.papers import paper_response


def _read(request: Any, code: str) -> PlanShare:
    """Return the payee whose statement this person may read, and write the reading down; else 404."""
    found = PlanShare.objects.exclude(plan__submitted_at=None)
    share = get_object_or_404(found.select_related("plan__contract__seller", "user"), code=code)
    if not share.statement_visible_to(request.user):
        raise Http404
    read_statement(share, by=request.user)
    return share


@login_required
@never_cache
@require_safe
def statement_list(request: Any) -> HttpResponse:
    """The statements of the signed-in person: one for each contract that pays them, by its latest plan."""
    found, count = payees_of(request.user), count_payees_of(request.user)
    page = page_of(found, PAGE, request.GET.get("page"), count=count)
    statements = statements_of(page.object_list)
    sums = None
    if not page.has_other_pages() and len(statements) > 1:  # of a part of them a sum would mislead
        sums = {name: sum(getattr(one, name) for one in statements) for name in ("counted", "paid")}
    has_fees = fees_of(request.user).exists()
    context = {"page_obj": page, "statements": statements, "sums": sums, "has_fees": has_fees}
    return render(request, "marketplace/contracts/sharing/statement_list.html", context)


@login_required
@never_cache
@require_safe
def fee_list(request: Any) -> HttpResponse:
    """What the signed-in broker is paid of contracts as a cost, payment by payment."""
    page = page_of(fees_of(request.user), PAGE, request.GET.get("page"))
    fees = [{"line": line, "tone": LINE_TONES[line.state]} for line in page.object_list]
    return render(request, "marketplace/contracts/sharing/fee_list.html", {"page_obj": page, "fees": fees})


@login_required
@never_cache
@require_safe
def statement_detail(request: Any, code: str) -> HttpResponse:
    """What one payee got of a contract."""
    share = _read(request, code)
    context = {"share": share, "paper": statement_paper(statement_of(share)), "contract": share.plan.contract}
    return render(request, "marketplace/contracts/sharing/statement.html", context)


@login_required
@never_cache
@require_safe
def statement_pdf(request: Any, code: str) -> HttpResponse:
    """The same to keep."""
    statement = statement_of(_read(request, code))
    return paper_response(statement_paper(statement), f"{statement.number}-statement")
