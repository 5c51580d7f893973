"""Which period a page of figures is about: what its address asks for, and the tabs of other lengths."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.indicators.periods import MONTHS, Period

LONGEST_TOLD = 20  # of what the address calls a period


def asked_period(request: Any) -> Period:
    """Return the period the address asks for; the running half-year where it asks for none, or for none there is."""
    asked = Period.parse(request.GET.get("period", ""))
    return asked or Period.containing(clock.today(), "half")


def asked_part(request: Any) -> Period:
    """Return the period the address asks for, or its days `until` one: those a running period is compared with."""
    period = asked_period(request)
    return period.until_day(request.GET.get("until", "")) or period


def address_of(period: Period) -> str:
    """Return what an address asks for a period with, its last day too where it is a part of one."""
    return f"?period={period.code}" + (f"&until={period.last.isoformat()}" if period.is_cut else "")


def period_of_a_file(request: Any) -> Period:
    """Return the period a file is asked for: a page can say that it shows another one, a file cannot."""
    if _is_unknown(request):
        raise Http404(_("There is no such period."))
    return asked_period(request)


def part_of_a_file(request: Any) -> Period:
    """Return the period, or its days `until` one, that a file is asked for."""
    period_of_a_file(request)
    if _has_no_such_day(request):
        raise Http404(_("There is no such period."))
    return asked_part(request)


def _is_unknown(request: Any) -> bool:
    code = request.GET.get("period", "").strip()
    return bool(code) and Period.parse(code) is None


def _has_no_such_day(request: Any) -> bool:
    day = request.GET.get("until", "")
    return bool(day) and asked_period(request).until_day(day) is None


def notice_of(request: Any, period: Period) -> str:
    """Say that the period asked for does not exist, or that it has not begun; "" of any other."""
    if _is_unknown(request):
        words = {"asked": request.GET["period"].strip()[:LONGEST_TOLD], "shown": period.label_at(clock.today())}
        return _("There is no period “%(asked)s”; shown is %(shown)s. Write 2026, 2026-H1, 2026-Q2 or 2026-06.") % words
    return to_come_words(period) if period.is_to_come(clock.today()) else ""


def notice_of_a_part(request: Any, period: Period) -> str:
    """Say what `notice_of` says, or that the last day asked for is none of the period."""
    said = notice_of(request, period)
    if said or not _has_no_such_day(request):
        return said
    words = {"asked": request.GET["until"].strip()[:LONGEST_TOLD], "shown": period.label_at(clock.today())}
    return _("“%(asked)s” is no day of this period; shown is %(shown)s.") % words


def to_come_words(period: Period) -> str:
    """Say that a period has not begun."""
    return _("%(period)s has not begun: there is nothing to count or to compare yet.") % {"period": period.label}


def choice_of(request: Any, period: Period) -> dict[str, Any]:
    """Return what indicators/period_nav.html shows: the period in words, its neighbours, the tabs of lengths."""
    return {
        "period": period,
        "period_label": period.label_at(clock.today()),
        "period_notice": notice_of(request, period),
        "is_running": period.last >= clock.today(),
        "kinds": [_kind(kind, period) for kind in MONTHS],
    }


def _kind(kind: str, period: Period) -> dict[str, Any]:
    """Return the tab of one length: the period of that length that ends with the one shown, or runs today."""
    words = {"month": _("Month"), "quarter": _("Quarter"), "half": _("Half-year"), "year": _("Year")}
    other = Period.containing(min(period.last, max(period.first, clock.today())), kind)
    return {"label": words[kind], "href": f"?period={other.code}", "current": kind == period.kind, "count": None}
