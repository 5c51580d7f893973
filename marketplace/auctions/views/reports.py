"""The report of a session: a page for everybody, tables and paper for officers and organisers."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.auctions import rules
from marketplace.auctions.report_paper import (
    bidder_bars,
    figures_of,
    percent,
    price_bars,
    report_headings,
    report_paper,
    report_rows,
)
from marketplace.auctions.session_report import SessionReport, reported
from marketplace.auctions.words import LOT_TONES
from marketplace.core.papers import paper_response
from marketplace.core.rules import require, why_not
from marketplace.core.tables import table_response


def _report(number: str) -> SessionReport:
    sessions = reported().select_related("organiser", "auction_company")
    return SessionReport(get_object_or_404(sessions, number=number))


@require_safe
def session_report(request: HttpRequest, number: str) -> HttpResponse:
    """The figures of a session that is over; `?lots=` shows the lots behind one of them."""
    report = _report(number)
    figures = figures_of(report)
    which = request.GET.get("lots", "")
    chosen = which if which in report.SHOWN and which != "all" else ""
    context = {
        "session": report.session,
        "figures": figures,
        "chosen": next((figure["label"] for figure in figures if figure["shows"] == chosen), ""),
        "rows": [
            {"row": row, "tone": LOT_TONES[row.lot.state], "premium": percent(row.premium)}
            for row in report.shown(which)
        ],
        "sold": report.sold,
        "premium": percent(report.premium),
        "price_bars": price_bars(report),
        "bidder_bars": bidder_bars(report),
        "may_export": why_not(rules.read_report_papers, request.user, report.session) is None,
    }
    return render(request, "marketplace/auctions/report.html", context)


@never_cache
@login_required
@require_safe
def report_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The report as a paper."""
    report = _report(number)
    require(rules.read_report_papers, request.user, report.session)
    address = request.build_absolute_uri(reverse("session-report", args=[number]))
    return paper_response(report_paper(report, address=address), f"{number}-report")


@never_cache
@login_required
@require_safe
def report_table(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """The lots of the report as XLSX or CSV."""
    report = _report(number)
    require(rules.read_report_papers, request.user, report.session)
    return table_response(f"{number} {_('Report of the session')}", report_headings(), report_rows(report), form=form)
