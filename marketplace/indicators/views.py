"""The board: the figures of a period beside those of the period before."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from marketplace.contracts.choices import ContractType
from marketplace.core import clock
from marketplace.core.classifications import TechnicalField
from marketplace.core.money import FEN_PER_WAN, format_money, in_unit
from marketplace.core.rules import why_not
from marketplace.indicators import queries, rules
from marketplace.indicators.figures import BY_SLUG, INDICATORS
from marketplace.indicators.indicator import Indicator, Unit, on_day
from marketplace.indicators.period_choice import address_of, asked_period, choice_of
from marketplace.indicators.periods import Period
from marketplace.indicators.report import in_words
from marketplace.indicators.report_page import title_of
from marketplace.indicators.small_groups import TOO_FEW, put_together, without_amounts, without_nothing
from marketplace.indicators.stage_pages import stream
from marketplace.indicators.targets import Progress, progress_of, targets_of, year_so_far
from marketplace.indicators.withheld import Withheld, withheld_from

NOT_CLASSIFIED = "none"  # in an address: of no technical field
AMOUNTS = ("total", "technical")  # of a row of a cut


def _change(now: float | None, before: float | None, unit: Unit) -> str:
    """Say how a figure compares with the period before, in words and with a true minus."""
    if now is None or before is None:
        return ""
    if unit == Unit.SHARE:
        points = f"{(now - before) * 100:+,.1f}".replace("-", "−")
        return _("%(points)s percentage points on the period before") % {"points": points}
    if not before:
        return _("none in the period before") if now else ""
    if now == before:
        return _("the same as in the period before")
    percent = f"{(now - before) / before * 100:+,.1f}".replace("-", "−")
    return _("%(percent)s%% on the period before") % {"percent": percent}


Sums = dict[Period, dict[str, dict[str, int]]]  # of each share of the register


def _value(indicator: Indicator, period: Period, sums: Sums, withheld: Withheld) -> Any:
    """Return a figure of a period, or None where it is kept from the reader; the register's sums are known already."""
    if indicator.slug in withheld:
        return None
    measured = indicator.measure(period)
    return sums[period][measured.share][measured.column] if measured.share else measured.value


def _tile(
    indicator: Indicator,
    period: Period,
    user: Any,
    sums: Sums,
    progress: dict[str, Progress],
    withheld: dict[Period, Withheld],
) -> dict[str, Any]:
    """Return a figure beside that of the period before."""
    now, before = (_value(indicator, when, sums, withheld[when]) for when in sums)
    closed = indicator.why_closed(user)
    records = reverse("board-records", args=[indicator.slug])
    *_this, compared = sums
    return {
        "indicator": indicator,
        "value": now,
        "too_few": TOO_FEW if indicator.slug in withheld[period] else "",
        "unit": indicator.unit.behind(now),
        "when": indicator.when(period, clock.today()),
        "change": _change(now, before, indicator.unit),
        "former": {
            "value": before,
            "too_few": TOO_FEW if indicator.slug in withheld[compared] else "",
            "unit": indicator.unit.behind(before),
            "when": on_day(compared.last) if indicator.is_standing else "",
            "href": "" if closed else records + address_of(compared),
        },
        "progress": _towards(indicator, progress.get(indicator.slug), now),
        "href": "" if closed else records + address_of(period),
        "closed": closed,
    }


def _tile_to_come(indicator: Indicator, period: Period, user: Any, targets: dict[str, int]) -> dict[str, Any]:
    """Return a figure of a period that has not begun: its target where the year has one, nothing to compare or open."""
    target = targets.get(indicator.slug)
    words = {"target": "" if target is None else in_words(indicator, target)}
    return {
        "indicator": indicator,
        "value": None,
        "when": indicator.when(period, clock.today()),
        "progress": "" if target is None else _("target of the year: %(target)s") % words,
        "closed": indicator.why_closed(user),
    }


def _tiles(period: Period, user: Any, sums: Sums) -> list[dict[str, Any]]:
    """Return all figures of the board, in its order."""
    if period.is_to_come(clock.today()):
        targets = targets_of(period.first.year)
        return [_tile_to_come(indicator, period, user, targets) for indicator in INDICATORS]
    progress, withheld = progress_of(period, clock.today()), {when: withheld_from(user, when) for when in sums}
    if progress:
        kept_back = withheld_from(user, year_so_far(period, clock.today()))
        progress = {slug: each for slug, each in progress.items() if slug not in kept_back}
    return [_tile(indicator, period, user, sums, progress, withheld) for indicator in INDICATORS]


def _towards(indicator: Indicator, progress: Progress | None, now: Any) -> str:
    """Say how far a figure has come towards the target of its year, and what the year holds where `now` holds less."""
    if progress is None:
        return ""
    words = {
        "reached": in_words(indicator, progress.reached),
        "share": f"{progress.share:,.1%}",
        "target": in_words(indicator, progress.target),
        "pace": progress.pace,
    }
    if progress.is_standing:
        return _("%(share)s of the year's target of %(target)s") % words
    if progress.reached == now:
        return _("%(share)s of the year's target of %(target)s, %(pace)s") % words
    return _("%(reached)s in the year so far, %(share)s of its target of %(target)s, %(pace)s") % words


def _named(
    rows: list[dict[str, Any]], column: str, names: dict[Any, Any], link: str, *, is_open: bool
) -> list[dict[str, Any]]:
    """Name the rows of a cut and give each the address of its records; whoever may not open these gets no small row."""
    rows, others = without_nothing(rows, column), None
    if not is_open:
        rows, others = put_together(rows, column)
        others = without_amounts(others, AMOUNTS)
    found = []
    for row in rows:
        asked = NOT_CLASSIFIED if row[column] is None else row[column]
        name = names.get(row[column], _("not classified"))
        found.append({**row, "name": name, "href": f"{link}&{column}={asked}"})
    if others is not None:
        found.append({**others, "name": _("others, put together: rows of one or two contracts are not shown")})
    return found


def _chart(period: Period, *, is_open: bool) -> tuple[list[dict[str, Any]], str]:
    """Return the months and the finding in a sentence; whoever may not open contracts reads no amount of so few."""
    rows = [row if is_open else _without_few(row) for row in queries.by_month(period)]
    drawn = [
        {
            "month": row["month"].label,
            "label": date_format(row["month"].first, pgettext("month of a chart", "M")),
            "under": str(row["month"].first.year) if place == 0 or row["month"].place == 1 else "",
            "value": max(0, in_unit(row["total"], FEN_PER_WAN)),
            "second": max(0, in_unit(row["technical"], FEN_PER_WAN)),
            "total": row["total"],
            "technical": row["technical"],
            "restated": row["restated"],
            "too_few": "" if is_open or not row["is_small"] else TOO_FEW,
        }
        for place, row in enumerate(rows)
    ]
    highest = max(drawn, key=lambda row: row["value"])
    if not highest["total"] and any(row["too_few"] for row in drawn):
        return drawn, _("Registered contract amount by month")
    title = _("Registered contract amount by month; the highest is %(month)s with %(amount)s") % {
        "month": highest["month"],
        "amount": format_money(max(0, highest["total"]), get_language() or "zh-hans"),
    }
    return drawn, title


def _without_few(row: dict[str, Any]) -> dict[str, Any]:
    return row | dict.fromkeys(("total", "technical", "restated"), 0) if row["is_small"] else row


def board(request: Any) -> HttpResponse:
    """The figures of a period beside those before it (while it runs: of the same days); each opens its records."""
    period = asked_period(request)
    link = f"{reverse('board-records', args=['contract-total'])}?period={period.code}"
    closed = BY_SLUG["contract-total"].why_closed(request.user)
    bars, chart_title = _chart(period, is_open=not closed)
    today = clock.today()
    compared = period.period_before(today)
    parts = {when: queries.register_parts(when) for when in (period, compared)}
    by_type, by_field = (queries.summed_by(parts[period], column) for column in ("contract_type", "field"))
    sums = {when: queries.share_sums(some) for when, some in parts.items()}
    fields = {field.pk: str(field) for field in TechnicalField.objects.all()}
    context = {
        **choice_of(request, period),
        "at": clock.now(),
        "compared": None if period.is_to_come(today) else compared,
        "report": title_of(period),
        "tiles": _tiles(period, request.user, sums),
        "sets_targets": why_not(rules.set_targets, request.user) is None,
        "types": _named(by_type, "contract_type", dict(ContractType.choices), link, is_open=not closed),
        "fields": _named(by_field, "field", fields, link, is_open=not closed),
        "closed": closed,
        "stream": stream(request.user),
        "bars": bars,
        "chart_title": chart_title,
    }
    return render(request, "marketplace/indicators/board.html", context)
