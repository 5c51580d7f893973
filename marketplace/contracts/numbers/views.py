"""Pages of returned numbers: upload, compare, take over."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from marketplace.contracts.numbers import actions, rules
from marketplace.contracts.numbers.columns import Read
from marketplace.contracts.numbers.forms import NumbersForm
from marketplace.contracts.numbers.judging import Judged, all_may_be_short, judge
from marketplace.contracts.numbers.models import NumberImport, Verdict
from marketplace.contracts.numbers.reasons import tone_of, why
from marketplace.contracts.tabs import register_tabs
from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.core.money import in_yuan
from marketplace.core.paging import PAGE
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.core.tables import table_response


@login_required
def numbers_list(request: Any) -> HttpResponse:
    """Upload a returned sheet; below it, the sheets so far."""
    require(rules.see_numbers, request.user)
    obstacle = why_not(rules.upload_numbers, request.user)
    form = NumbersForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            batch = actions.upload_numbers(by=request.user, upload=form.cleaned_data["file"])
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            return redirect(batch)
    sheets = NumberImport.objects.visible_to(request.user).select_related("uploaded_by")
    context = {
        "form": form,
        "obstacle": obstacle,
        "page_obj": Paginator(sheets, PAGE).get_page(request.GET.get("page")),
        "tabs": register_tabs(request, "numbers"),
    }
    return render(request, "marketplace/contracts/numbers_list.html", context)


def _batch(request: Any, code: str) -> NumberImport:
    return get_object_or_404(NumberImport.objects.visible_to(request.user), code=code)


def _judged(request: Any, batch: NumberImport) -> list[Judged]:
    """Return the rows as they stand for the reader today; of a sheet taken over, as they stood then."""
    if batch.state == batch.State.COMPARED:
        return judge(actions.rows_of(batch), user=request.user, today=clock.today())
    rows = batch.rows.select_related("contract__seller")
    return [Judged(Read(**row.said), Verdict(row.verdict), row.contract, row.rests_on) for row in rows]


@login_required
def numbers_detail(request: Any, code: str) -> HttpResponse:
    """Row by row what was matched, what differs, what is unknown, and why."""
    batch = _batch(request, code)
    judged = _judged(request, batch)
    counts = Counter(str(each.verdict) for each in judged)
    wanted = request.GET.get("show", "")
    chosen = [each for each in judged if wanted not in Verdict.values or each.verdict == wanted]
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "page_obj": page,
        "rows": [
            {"judged": each, "why": why(each), "tone": tone_of(each.verdict), "label": Verdict(each.verdict).label}
            for each in page
        ],
        "counts": [
            {"value": verdict.value, "label": verdict.label, "count": counts[verdict.value]}
            for verdict in Verdict
            if counts[verdict.value]
        ],
        "may_be_short": batch.state == batch.State.COMPARED and all_may_be_short(each.row for each in judged),
        "good": counts[Verdict.GOOD.value],
        "total": len(judged),
        "show": wanted,
        "obstacle": why_not(rules.take_over_numbers, request.user, batch),
    }
    return render(request, "marketplace/contracts/numbers_detail.html", context)


@login_required
@require_POST
def numbers_take_over(request: Any, code: str) -> HttpResponse:
    """Register the matched rows, all or none."""
    batch = _batch(request, code)
    try:
        count = actions.take_over_numbers(batch, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext("%(count)s contract is registered.", "%(count)s contracts are registered.", count)
        messages.success(request, words % {"count": count})
    return redirect(batch)


@login_required
def numbers_export(request: Any, code: str) -> HttpResponse:
    """The comparison as a table, to go back to the authority with."""
    batch = _batch(request, code)
    headings = [_("Row"), _("Registration number"), _("Contract"), _("Seller of the technology")]
    headings += [_("Total amount in the sheet (yuan)"), _("Total amount here (yuan)"), _("Result"), _("Reasons")]
    rows = []
    for each in _judged(request, batch):
        row, contract = each.row, each.contract
        said = None if row.total is None else in_yuan(row.total)
        here = in_yuan(contract.total_amount) if contract else None
        seller, name = (contract.seller.name, contract.project_name) if contract else ("", row.title or row.code)
        rows.append([row.line, row.number, name, seller, said, here, Verdict(each.verdict).label, why(each)])
    name = _("returned-numbers-%(code)s") % {"code": batch.code}
    return table_response(name, headings, rows, form=request.GET.get("format", "xlsx"), texts={1})
