"""What people asked, added up for staff: what finds nothing, what takes long, what is asked most."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, F, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core import clock
from search.models import SearchLog

DAYS = (1, 7, 30, 90, 180)
SLOW_MS = 200
MOST = 1000
VIEWS = {
    "empty": (_("Nothing found"), "-empty"),
    "frequent": (_("Asked most"), "-asked"),
    "slow": (_("Slow"), "-slowest"),
}
COLUMNS = {
    "text": pgettext_lazy("of a search", "Question"),
    "kind": _("Searched in"),
    "asked": _("Times asked"),
    "empty": _("Times nothing found"),
    "results": _("Results, on average"),
    "average": _("Average time (ms)"),
    "slowest": _("Longest time (ms)"),
    "last": _("Last asked"),
}


@dataclass(frozen=True)
class Wanted:
    """What a reader wants to see, read from the address; nothing in it can be wrong."""

    view: str
    days: int
    sort: str

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> "Wanted":
        """Read show, days and sort; what is unknown is the default."""
        view = params.get("show") if params.get("show") in VIEWS else "empty"
        days = next((days for days in DAYS if str(days) == params.get("days")), 30)
        sort = params.get("sort", "")
        return cls(str(view), days, sort if sort.removeprefix("-") in COLUMNS else VIEWS[str(view)][1])


def rows(wanted: Wanted) -> QuerySet[SearchLog, Any]:
    """Return one row per question and kind of the period, with the keys of COLUMNS."""
    asked = SearchLog.objects.filter(hour__gte=clock.now() - timedelta(days=wanted.days))
    added = asked.values("text", "kind").annotate(
        asked=Count("id"),
        empty=Count("id", filter=Q(is_empty=True)),
        average=Avg("took_ms"),
        slowest=Max("took_ms"),
        last=Max("hour"),
        found=Avg("results"),
    )
    if wanted.view == "empty":
        added = added.filter(empty__gt=0)
    if wanted.view == "slow":
        added = added.filter(slowest__gte=SLOW_MS)
    name = wanted.sort.removeprefix("-").replace("results", "found")
    order = F(name).desc() if wanted.sort.startswith("-") else F(name).asc()
    return added.order_by(order, "text", "kind")
