"""What stands on the board: each figure with its code, words, definition and query."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext, npgettext
from django.utils.translation import gettext_lazy as _

from marketplace.indicators import queries
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

    def behind(self, value: float | None) -> str:
        """Return the unit as it stands behind a counted figure: 1 lot, 12 lots."""
        number = int(value or 0)
        counted = {
            Unit.CONTRACTS: npgettext("unit", "contract", "contracts", number),
            Unit.ITEMS: npgettext("unit", "item", "items", number),
            Unit.PERSONS: npgettext("unit", "person", "persons", number),
            Unit.LOTS: npgettext("unit", "lot", "lots", number),
        }
        return counted.get(self, str(self.label))


GROUPS = {
    "contracts": _("Technology contracts"),
    "lots": _("Ou Auction"),
    "brokers": _("Technology brokers"),
    "distributions": _("Benefit sharing"),
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
    records: str  # contracts, brokers, lots or distributions
    measure: Callable[[Period], Measured]
    is_standing: bool = False  # counted on one day, not over a span

    @property
    def group(self) -> Any:
        """Return the heading the figure stands under."""
        return GROUPS[self.records]

    def when(self, period: Period, today: date) -> str:
        """Say what time the figure is about: the period, or the day it was counted on."""
        if not self.is_standing:
            return period.label_at(today)
        return on_day(min(period.last, today))

    @property
    def anchor(self) -> str:
        """Return where on the board the figure stands."""
        return f"figure-{self.slug}"

    def why_closed(self, user: Any) -> str | None:
        """Return why `user` may not open the records: lots and brokers are public, contracts are for the office.

        Payments shared out are opened by those who read everything; what each payee gets is not among it.
        """
        if self.records == "distributions":
            reads = user.is_authenticated and user.reads_everything
            return None if reads else gettext("The payments behind a figure are opened by officers and auditors.")
        if self.records != "contracts":
            return None
        if user.is_authenticated and (user.reads_everything or user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER)):
            return None
        return gettext("The contracts behind a figure are opened by officers, auditors and registrars.")


INDICATORS = (
    Indicator(
        "contract-total",
        "K02",
        _("Registered contract amount"),
        _("Total amounts by registration date; a change by its difference, a revoked contract taken off, on its day."),
        Unit.FEN,
        "contracts",
        queries.contract_total,
    ),
    Indicator(
        "technical-total",
        "K03",
        _("Technical amount"),
        _("Sum of the technical amounts of the same contracts: the total less equipment and material."),
        Unit.FEN,
        "contracts",
        queries.technical_total,
    ),
    Indicator(
        "contract-count",
        "K01",
        _("Registered contracts"),
        _("Contracts registered in the period, less those cancelled or revoked in it."),
        Unit.CONTRACTS,
        "contracts",
        queries.contract_count,
    ),
    Indicator(
        "landed-count",
        "K07",
        _("Outcomes landed in the district"),
        _("Registered contracts over an outcome of this platform whose buyer is in the district."),
        Unit.ITEMS,
        "contracts",
        queries.landed_count,
    ),
    Indicator(
        "landed-technical",
        "K08",
        _("Technical amount of landed outcomes"),
        _("Sum of the technical amounts of the landed outcomes."),
        Unit.FEN,
        "contracts",
        queries.landed_technical,
    ),
    Indicator(
        "outgoing-total",
        "K05.1",
        _("Sold from the district"),
        _("Total amount of registered contracts whose seller is in the district; of joint sellers by their shares."),
        Unit.FEN,
        "contracts",
        queries.outgoing_total,
    ),
    Indicator(
        "incoming-total",
        "K05.2",
        _("Bought into the district"),
        _("Total amount of registered contracts whose buyer is in the district. A contract with both counts in each."),
        Unit.FEN,
        "contracts",
        queries.incoming_total,
    ),
    Indicator(
        "large-count",
        "K06.1",
        _("Large contracts"),
        _("Registered contracts whose technical amount reaches what the rule of their day calls large."),
        Unit.CONTRACTS,
        "contracts",
        queries.large_count,
    ),
    Indicator(
        "large-technical",
        "K06.2",
        _("Technical amount of large contracts"),
        _("Sum of the technical amounts of the large contracts."),
        Unit.FEN,
        "contracts",
        queries.large_technical,
    ),
    Indicator(
        "lots-offered",
        "K13.1",
        _("Lots offered"),
        _("Announced lots whose bidding ended in the period, withdrawn ones included."),
        Unit.LOTS,
        "lots",
        queries.lots_offered,
    ),
    Indicator(
        "lots-sold",
        "K13.2",
        _("Lots sold"),
        _("Of the lots offered, those sold and not defaulted on."),
        Unit.LOTS,
        "lots",
        queries.lots_sold,
    ),
    Indicator(
        "sell-through",
        "K13.3",
        _("Sell-through"),
        _("Lots sold divided by lots offered."),
        Unit.SHARE,
        "lots",
        queries.sell_through,
    ),
    Indicator(
        "auction-total",
        "K13.4",
        _("Amount of lots sold"),
        _("Sum of the prices of the lots sold."),
        Unit.FEN,
        "lots",
        queries.auction_total,
    ),
    Indicator(
        "auction-premium",
        "K13.5",
        _("Premium"),
        _("Price above the start price, divided by the start price, over sold lots only."),
        Unit.SHARE,
        "lots",
        queries.auction_premium,
    ),
    Indicator(
        "brokers-valid",
        "K10.1",
        _("Licensed brokers"),
        _("Certificates that hold on the last day of the period, or today while it runs."),
        Unit.PERSONS,
        "brokers",
        queries.brokers_valid,
        is_standing=True,
    ),
    Indicator(
        "brokers-new",
        "K10.2",
        _("Newly filed brokers"),
        _("Brokers first filed in the period."),
        Unit.PERSONS,
        "brokers",
        queries.brokers_new,
    ),
    Indicator(
        "shared-income",
        "K28.1",
        _("Net income shared out"),
        _("Net income of the payments shared out in the period; payments that were reversed do not count."),
        Unit.FEN,
        "distributions",
        queries.shared_income,
    ),
    Indicator(
        "inventors-share",
        "K28.2",
        _("Share of the inventors"),
        _("What the inventors get of the net income shared out, divided by it."),
        Unit.SHARE,
        "distributions",
        queries.inventors_share,
    ),
)
BY_SLUG = {indicator.slug: indicator for indicator in INDICATORS}
