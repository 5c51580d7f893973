"""What a figure of the board is: its code, words, unit, records, and who may open them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext, npgettext
from django.utils.translation import gettext_lazy as _

from marketplace.indicators.periods import Period
from marketplace.indicators.queries import Measured
from marketplace.organisations.models import Role


class Unit(TextChoices):
    """How a figure is printed."""

    FEN = "fen", _("yuan")
    CONTRACTS = "contracts", _("contracts")
    ITEMS = "items", _("items")
    PERSONS = "persons", _("persons")
    LOTS = "lots", _("lots")
    SHARE = "share", _("per cent")
    TRIALS = "trials", _("trials")
    DAYS = "days", _("days")
    SESSIONS = "sessions", _("sessions")

    def behind(self, value: float | None) -> str:
        """Return the unit as it stands behind a counted figure: 1 lot, 12 lots."""
        number = int(value or 0)
        counted = {
            Unit.CONTRACTS: npgettext("unit", "contract", "contracts", number),
            Unit.ITEMS: npgettext("unit", "item", "items", number),
            Unit.PERSONS: npgettext("unit", "person", "persons", number),
            Unit.LOTS: npgettext("unit", "lot", "lots", number),
            Unit.TRIALS: npgettext("unit", "trial", "trials", number),
            Unit.DAYS: npgettext("unit", "day", "days", number),
            Unit.SESSIONS: npgettext("unit", "session", "sessions", number),
        }
        return counted.get(self, str(self.label))


GROUPS = {
    "contracts": _("Technology contracts"),
    "sessions": _("Ou Auction"),
    "lots": _("Ou Auction"),
    "brokers": _("Technology brokers"),
    "trials": _("Use first, pay later"),
    "pool": _("Use first, pay later"),
    "distributions": _("Benefit sharing"),
    "needs": _("Technology needs"),
}


def on_day(day: date) -> str:
    """Say that a figure was counted on one day."""
    return gettext("on %(day)s") % {"day": day.isoformat()}


@dataclass(frozen=True)
class Indicator:
    """One figure of the board.

    `code` is the line of the district's list (domain.md §7.1); a line of several figures counts them in its own order:
    K05.1 sold, K05.2 bought.
    """

    slug: str
    code: str
    label: Any
    definition: Any
    unit: Unit
    records: str  # contracts, sessions, lots, brokers, pool, trials, distributions or needs
    measure: Callable[[Period], Measured]
    is_standing: bool = False  # counted on one day, not over a span
    has_moments: bool = False  # each record is listed with the moment it counts by

    @property
    def group(self) -> Any:
        """Return the heading the figure stands under."""
        return GROUPS[self.records]

    def over(self, period: Period, today: date) -> Measured:
        """Return the figure of a period; of one that has not begun, none: neither nothing nor what stands today.

        Nothing is counted or summed for that; only shares and medians have been asked of the database.
        """
        found = self.measure(period)
        if not period.is_to_come(today):
            return found
        return replace(found, found=None, records=found.records.none(), share="", count=None)

    def when(self, period: Period, today: date) -> str:
        """Say what time the figure is about: the period, the day it was counted on, or that it is to come."""
        if period.is_to_come(today):
            return gettext("not begun yet")
        if not self.is_standing:
            return period.label_at(today)
        return on_day(min(period.last, today))

    @property
    def anchor(self) -> str:
        """Return where on the board the figure stands."""
        return f"figure-{self.slug}"

    def why_closed(self, user: Any) -> str | None:
        """Return why `user` may not open the records: sessions, lots, brokers, the pool are public, the rest is not.

        Contracts are for the office; who tries what, payments shared out, and needs, of which some are anonymous, for
        those who supervise. What each payee gets is not among it.
        """
        reads = user.is_authenticated and user.reads_everything
        if self.records == "trials":
            return None if reads else gettext("The trials behind a figure are opened by officers and auditors.")
        if self.records == "distributions":
            return None if reads else gettext("The payments behind a figure are opened by officers and auditors.")
        if self.records == "needs":
            return None if reads else gettext("The needs behind a figure are opened by officers and auditors.")
        if self.records != "contracts":
            return None
        if user.is_authenticated and (user.reads_everything or user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER)):
            return None
        return gettext("The contracts behind a figure are opened by officers, auditors and registrars.")
