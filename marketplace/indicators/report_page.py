"""The page of a period's report: sentences to take over, each figure open to its records, as paper and as a table."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.auctions import printed
from marketplace.core import clock
from marketplace.core.issuing import issued_by_marketplace
from marketplace.core.languages import paragraph
from marketplace.core.papers import Block, Facts, Paper, Table, Text, paper_response
from marketplace.core.tables import table_response
from marketplace.indicators import landed_list
from marketplace.indicators.indicator import Indicator
from marketplace.indicators.period_choice import asked_period, choice_of, period_of_a_file
from marketplace.indicators.periods import Period
from marketplace.indicators.report import Report, report_of, report_table
from marketplace.indicators.withheld import withheld_from


def title_of(period: Period) -> str:
    """Return what a report of such a period is called."""
    words = {
        "month": _("Monthly report"),
        "quarter": _("Quarterly report"),
        "half": _("Half-year report"),
        "year": _("Annual report"),
    }
    return words[period.kind]


def board_report(request: Any) -> HttpResponse:
    """The sentences of a report over a period, filled from the figures; `?format=` pdf, xlsx or csv."""
    form = request.GET.get("format", "")
    period = period_of_a_file(request) if form else asked_period(request)
    report = report_of(period, clock.today(), withheld=partial(withheld_from, request.user))
    name = f"report-{period.code}"
    match form:
        case "":
            return render(request, "marketplace/indicators/board_report.html", _shown(request, report))
        case "pdf":
            return paper_response(_paper(report), name)
        case _other:
            return table_response(name, *report_table(report, clock.today()), form=form)


def _shown(request: Any, report: Report) -> dict[str, Any]:
    opened = {
        slug: f"{reverse('board-records', args=[slug])}?period={report.period.code}"
        for slug, row in report.rows.items()
        if row.indicator.why_closed(request.user) is None
    }

    def linked(indicator: Indicator, words: str) -> str:
        if indicator.slug not in opened:
            return format_html("<b>{}</b>", words)
        return format_html('<a href="{}">{}</a>', opened[indicator.slug], words)

    return {
        **choice_of(request, report.period),
        "title": title_of(report.period),
        "at": clock.now(),
        "sections": report.sections(linked),
        "text": report.text,
        "rows": [(row, *row.words, opened.get(slug, "")) for slug, row in report.rows.items()],
        "has_targets": report.has_targets,
        "has_year_so_far": report.has_year_so_far,
        "compared": compared_words(report),
        "opens_landed": landed_list.why_closed(request.user) is None,
    }


def compared_words(report: Report) -> str:
    """Say which days the change is reckoned on; of a period to come there is none."""
    if report.is_to_come:
        return ""
    days = {"first": report.compared.first.isoformat(), "last": report.compared.last.isoformat()}
    return (
        _("The year before: %(first)s to %(last)s, reckoned by the same rules from the records as they are now.") % days
    )


def _paper(report: Report) -> Paper:
    """Return the report as a paper, as of now: a report is a reading of the records at one moment."""
    at, label = clock.now(), report.period.label_at(clock.today())
    blocks: list[Block] = [Facts(issued_by_marketplace(at))]
    blocks += [Text([paragraph(said)], heading=heading) for heading, said in report.sections()]
    heads = [
        pgettext("of a figure", "Code"),
        _("Figure"),
        _("This period"),
        _("The year before"),
        pgettext("of a figure", "Change"),
    ]
    rows = [[row.indicator.code, row.indicator.label, *_cells(*row.words)] for row in report.rows.values()]
    blocks.append(Table(heads, rows, heading=_("The figures"), numbers=(2, 3, 4), widths=(2, 6, 4, 4, 4)))
    if report.has_targets:
        blocks.append(_targets(report))
    reckoned = _("computed from the records at %(now)s.") % {"now": printed.at(at)}
    blocks.append(Text([each for each in (f"{label} · {reckoned}", compared_words(report)) if each]))
    return Paper(title_of(report.period), label, report.period.code, at, blocks)


def _targets(report: Report) -> Table:
    """Return the figures that have a target, with how far they have come."""
    heads = [_("Figure"), _("The year so far"), _("Target of the year"), _("Reached"), _("Against the calendar")]
    rows = [[row.indicator.label, *_cells(*row.progress_words)] for row in report.rows.values() if row.progress]
    return Table(heads, rows, heading=_("Targets of the year"), numbers=(1, 2, 3), widths=(5, 4, 4, 3, 5))


def _cells(*words: str) -> list[str]:
    return [each or "—" for each in words]
