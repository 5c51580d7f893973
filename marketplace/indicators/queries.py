"""Each figure as a query: its value and the records behind it (definitions: domain.md §7.1).

Dates count by registration (contracts), filing (brokers) and end of bidding (lots), not by signing.
"""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from marketplace.auctions.lots import Lot
from marketplace.brokers.models import TechBroker
from marketplace.contracts.models import ContractQuerySet, TechnologyContract
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.core import clock
from marketplace.indicators.periods import Period

SOLD = (Lot.State.SOLD, Lot.State.CONFIRMED, Lot.State.PUBLICITY, Lot.State.CONTRACTED, Lot.State.SETTLED)
OFFERED = (*SOLD, Lot.State.UNSOLD, Lot.State.DEFAULTED, Lot.State.RESCINDED, Lot.State.WITHDRAWN)


@dataclass(frozen=True)
class Measured:
    """A figure and the records it was computed from; None where there is nothing to divide by."""

    value: int | float | None
    records: QuerySet[Any]


def registered_in(period: Period) -> ContractQuerySet:
    """Return the contracts registered in the period that stand in the register now."""
    return TechnologyContract.objects.registered().filter(registered_on__range=(period.first, period.last))


def sum_of(records: QuerySet[Any], column: str) -> int:
    return records.aggregate(total=Sum(column))["total"] or 0


def contract_count(period: Period) -> Measured:
    """K01: contracts registered in the period, net of revoked ones."""
    records = registered_in(period)
    return Measured(records.count(), records)


def contract_total(period: Period) -> Measured:
    """K02: sum of the total amounts, by registration date."""
    records = registered_in(period)
    return Measured(sum_of(records, "total_amount"), records)


def technical_total(period: Period) -> Measured:
    """K03: sum of the technical amounts, by registration date."""
    records = registered_in(period)
    return Measured(sum_of(records, "technical_amount"), records)


def outgoing_total(period: Period) -> Measured:
    """K05.1 输出: total amount of contracts whose seller is in the district."""
    records = registered_in(period).filter(seller_region=settings.REGION_CODE)
    return Measured(sum_of(records, "total_amount"), records)


def incoming_total(period: Period) -> Measured:
    """K05.2 吸纳: total amount of contracts whose buyer is in the district."""
    records = registered_in(period).filter(buyer_region=settings.REGION_CODE)
    return Measured(sum_of(records, "total_amount"), records)


def _landed(period: Period) -> ContractQuerySet:
    return registered_in(period).filter(outcome__isnull=False, buyer_region=settings.REGION_CODE)


def landed_count(period: Period) -> Measured:
    """K07: registered contracts over an outcome of the platform whose buyer is in the district."""
    records = _landed(period)
    return Measured(records.count(), records)


def landed_technical(period: Period) -> Measured:
    """K08: sum of the technical amounts of K07."""
    records = _landed(period)
    return Measured(sum_of(records, "technical_amount"), records)


def brokers_valid(period: Period) -> Measured:
    """K10.1: certificates that hold on the last day of the period, or today while it runs; by the present state."""
    records = TechBroker.objects.valid(min(period.last, clock.today()))
    return Measured(records.count(), records)


def brokers_new(period: Period) -> Measured:
    """K10.2: brokers first filed in the period."""
    records = TechBroker.objects.filter(filed_at__gte=start_of(period), filed_at__lt=start_of(period.following()))
    return Measured(records.count(), records)


def start_of(period: Period) -> datetime:
    """Return the first instant of a period in the district's time zone."""
    return timezone.make_aware(datetime.combine(period.first, time()))


def _lots(period: Period, states: tuple[str, ...]) -> QuerySet[Lot]:
    return Lot.objects.filter(
        state__in=states,
        announced_at__isnull=False,
        session__is_practice=False,
        ends_at__gte=start_of(period),
        ends_at__lt=start_of(period.following()),
    )


def lots_offered(period: Period) -> Measured:
    """K13.1: announced lots whose bidding ended in the period, withdrawn ones included, practice excluded."""
    records = _lots(period, OFFERED)
    return Measured(records.count(), records)


def lots_sold(period: Period) -> Measured:
    """K13.2: of these, lots sold (and not defaulted on)."""
    records = _lots(period, SOLD)
    return Measured(records.count(), records)


def sell_through(period: Period) -> Measured:
    """K13.3: sold ÷ offered."""
    offered = lots_offered(period)
    return Measured(lots_sold(period).value / offered.value if offered.value else None, offered.records)  # type: ignore[operator]


def auction_total(period: Period) -> Measured:
    """K13.4: sum of the prices of sold lots."""
    records = _lots(period, SOLD)
    return Measured(sum_of(records, "price"), records)


def auction_premium(period: Period) -> Measured:
    """K13.5: (Σ price − Σ start price) ÷ Σ start price, over sold lots only."""
    records = _lots(period, SOLD)
    sums = records.aggregate(price=Sum("price"), start=Sum("start_price"))
    return Measured((sums["price"] - sums["start"]) / sums["start"] if sums["start"] else None, records)


def _shared(period: Period) -> QuerySet[Distribution]:
    made = Distribution.objects.standing().filter(
        made_at__gte=start_of(period), made_at__lt=start_of(period.following())
    )
    return made.select_related("receipt__contract__seller")


def shared_income(period: Period) -> Measured:
    """K28.1: net income of the payments shared out in the period, reversed ones not counted."""
    records = _shared(period)
    return Measured(sum_of(records, "net"), records)


def inventors_share(period: Period) -> Measured:
    """K28.2: what of it goes to inventors ÷ the net income."""
    records = _shared(period)
    sums = records.aggregate(inventors=Sum("to_inventors"), net=Sum("net"))
    return Measured(sums["inventors"] / sums["net"] if sums["net"] else None, records)


def _cut(period: Period, column: str) -> list[dict[str, Any]]:
    return list(
        registered_in(period)
        .values(column)
        .annotate(count=Count("pk"), total=Sum("total_amount"), technical=Sum("technical_amount"))
        .order_by("-total", column)
    )


def by_type(period: Period) -> list[dict[str, Any]]:
    """Return {contract_type, count, total, technical} per type, largest total first."""
    return _cut(period, "contract_type")


def by_field(period: Period) -> list[dict[str, Any]]:
    """Return {field, count, total, technical} per technical field (by id), largest total first."""
    return _cut(period, "field")


def by_month(period: Period) -> list[dict[str, Any]]:
    """Return {month: Period, total, technical} for the months of the period, at least six, empty ones too."""
    months = period.months()
    rows = (
        TechnologyContract.objects.registered()
        .filter(registered_on__range=(months[0].first, months[-1].last))
        .annotate(month=TruncMonth("registered_on"))
        .values("month")
        .annotate(total=Sum("total_amount"), technical=Sum("technical_amount"))
    )
    found = {row["month"]: row for row in rows}
    none = {"total": 0, "technical": 0}
    return [
        {
            "month": month,
            "total": found.get(month.first, none)["total"],
            "technical": found.get(month.first, none)["technical"],
        }
        for month in months
    ]
