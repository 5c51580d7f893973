"""Which period a page of figures is about: what its address asks for, and the tabs of other lengths."""

from typing import Any

from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.indicators.periods import MONTHS, Period


def asked_period(request: Any) -> Period:
    """Return the period the address asks for; the running half-year where it asks for none."""
    asked = Period.parse(request.GET.get("period", ""))
    return asked or Period.containing(clock.today(), "half")


def choice_of(period: Period) -> dict[str, Any]:
    """Return what indicators/period_nav.html shows: the period in words, its neighbours, the tabs of lengths."""
    return {
        "period": period,
        "period_label": period.label_at(clock.today()),
        "is_running": period.last >= clock.today(),
        "kinds": [_kind(kind, period) for kind in MONTHS],
    }


def _kind(kind: str, period: Period) -> dict[str, Any]:
    """Return the tab of one length: the period of that length that ends with the one shown, or runs today."""
    words = {"month": _("Month"), "quarter": _("Quarter"), "half": _("Half-year"), "year": _("Year")}
    other = Period.containing(min(period.last, max(period.first, clock.today())), kind)
    return {"label": words[kind], "href": f"?period={other.code}", "current": kind == period.kind, "count": None}
