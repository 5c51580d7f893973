"""The records behind the figures of 先用后转: lines on the page, and the table to take away."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.core import clock
from marketplace.indicators.indicator import Indicator
from marketplace.trials import ledger
from marketplace.trials.models import Trial
from marketplace.trials.pool import PoolEntry
from marketplace.trials.showing import TONES, days_left


def ordered(indicator: Indicator, records: QuerySet[Any]) -> QuerySet[Any]:
    """Return the records with what their lines print, in a standing order."""
    if indicator.records == "pool":
        return records.select_related("outcome__owner").order_by("pooled_at", "pk")
    return ledger.ledger_of(records.order_by("starts_on", "pk"))  # type: ignore[arg-type]


def rows(trials: Iterable[Trial]) -> list[tuple[Trial, str, str]]:
    """Return (trial, tone, days left) for the lines of the page."""
    today = clock.today()
    return [(one, TONES[Trial.State(one.state)], days_left(one, today)) for one in trials]


def table(indicator: Indicator, records: QuerySet[Any]) -> tuple[list[str], list[list[Any]]]:
    """Return headings and rows of the table to take away: the pool, or the ledger of these trials with their ends."""
    if indicator.records == "trials":
        lines = zip(ledger.rows(records), records, strict=True)  # type: ignore[arg-type]
        return [*ledger.headings(), capfirst(_("use ended"))], [[*line, one.finished_at] for line, one in lines]
    heads = [pgettext("outcome", "Number"), _("Outcome"), _("Institute"), _("State"), _("In the pool since")]
    return [*heads, _("Left the pool at")], [_entry(one) for one in records]


def _entry(one: PoolEntry) -> list[Any]:
    offered, left = one.outcome, one.moved_at if one.state == PoolEntry.State.LEFT else None
    return [offered.number, offered.title, offered.owner.name, one.get_state_display(), one.pooled_at, left]
