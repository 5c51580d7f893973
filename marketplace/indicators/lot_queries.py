"""The figures of 瓯来拍 as queries, by the end of bidding (definitions: domain.md §7.1, K13)."""

from django.db.models import QuerySet, Sum

from marketplace.auctions.lots import Lot
from marketplace.indicators.periods import Period
from marketplace.indicators.queries import Measured, start_of, sum_of

SOLD = (Lot.State.SOLD, Lot.State.CONFIRMED, Lot.State.PUBLICITY, Lot.State.CONTRACTED, Lot.State.SETTLED)
OFFERED = (*SOLD, Lot.State.UNSOLD, Lot.State.DEFAULTED, Lot.State.RESCINDED, Lot.State.WITHDRAWN)


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
