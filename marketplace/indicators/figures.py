"""What stands on the board: each figure with its code, words, definition and query."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext, npgettext
from django.utils.translation import gettext_lazy as _

from marketplace.indicators import queries, trial_queries
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
        }
        return counted.get(self, str(self.label))


GROUPS = {
    "contracts": _("Technology contracts"),
    "lots": _("Ou Auction"),
    "brokers": _("Technology brokers"),
    "trials": _("Use first, pay later"),
    "pool": _("Use first, pay later"),
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
    records: str  # contracts, lots, brokers, pool, trials or distributions
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
        """Return why `user` may not open the records: lots, brokers and the pool are public, the rest is not.

        Contracts are for the office; who tries what, and payments shared out, for those who supervise. What each payee
        gets is not among it.
        """
        reads = user.is_authenticated and user.reads_everything
        if self.records == "trials":
            return None if reads else gettext("The trials behind a figure are opened by officers and auditors.")
        if self.records == "distributions":
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
        "brokered",
        "K11",
        _("Brought about by brokers"),
        _("Technical amounts of registered contracts whose deal rests on a confirmed lead, filed before the signing."),
        Unit.FEN,
        "contracts",
        queries.brokered_technical,
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
        "trial-pool",
        "K14.1",
        _("Outcomes in the pool of trials"),
        _("Outcomes that may be tried first at the end of the period, or now while it runs; paused ones included."),
        Unit.ITEMS,
        "pool",
        trial_queries.pool_size,
        is_standing=True,
    ),
    Indicator(
        "trials-started",
        "K14.2",
        _("Trials begun"),
        _("Trials that began in the period."),
        Unit.TRIALS,
        "trials",
        trial_queries.trials_started,
    ),
    Indicator(
        "trials-running",
        "K14.3",
        _("Trials under way"),
        _("Trials begun and neither converted, stopped nor expired at the end of the period, or now while it runs."),
        Unit.TRIALS,
        "trials",
        trial_queries.trials_running,
        is_standing=True,
    ),
    Indicator(
        "trials-converted",
        "K14.4",
        _("Trials converted"),
        _("Trials whose paid contract was registered in the period."),
        Unit.TRIALS,
        "trials",
        trial_queries.trials_converted,
    ),
    Indicator(
        "conversion-rate",
        "K14.5",
        _("Conversion rate"),
        _("Trials converted divided by trials finished in the period: converted, stopped or expired."),
        Unit.SHARE,
        "trials",
        trial_queries.conversion_rate,
    ),
    Indicator(
        "days-to-conversion",
        "K14.6",
        _("Days to conversion"),
        _("Median of the days from the beginning of a trial to the registration of its contract."),
        Unit.DAYS,
        "trials",
        trial_queries.days_to_conversion,
    ),
    Indicator(
        "insured-share",
        "K14.7",
        _("Insured share"),
        _("Of the trials begun in the period, those with an insurance."),
        Unit.SHARE,
        "trials",
        trial_queries.insured_share,
    ),
    Indicator(
        "trial-amount",
        "K14.8",
        _("Amount converted"),
        _("Sum of the prices of the trials converted in the period."),
        Unit.FEN,
        "trials",
        trial_queries.amount_converted,
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
