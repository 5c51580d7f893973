"""The figures of 瓯来拍 as queries, by the end of bidding (definitions: domain.md §7.1, K12 and K13)."""

from functools import partial

from django.db.models import Max, Q, QuerySet, Sum

from marketplace.auctions.lots import Lot
from marketplace.auctions.sessions import AuctionSession
from marketplace.indicators.periods import Period
from marketplace.indicators.queries import Measured, end_of, start_of, sum_of

SOLD = (Lot.State.SOLD, Lot.State.CONFIRMED, Lot.State.PUBLICITY, Lot.State.CONTRACTED, Lot.State.SETTLED)
OFFERED = (*SOLD, Lot.State.UNSOLD, Lot.State.DEFAULTED, Lot.State.RESCINDED, Lot.State.WITHDRAWN)
State = AuctionSession.State
HELD = (State.CLOSED, State.PUBLICITY, State.ARCHIVED)


def sessions_held(period: Period) -> Measured:
    """K12 of this brand: sessions whose last bidding ended in the period, practice excluded."""
    bid_for = Q(lots__announced_at__isnull=False) & ~Q(lots__state=Lot.State.WITHDRAWN)
    held = AuctionSession.objects.filter(is_practice=False, state__in=HELD)
    ended = held.annotate(ended_at=Max("lots__ends_at", filter=bid_for))
    records = ended.filter(ended_at__gte=start_of(period), ended_at__lt=end_of(period))
    return Measured(records.count, records)


def _lots(period: Period, states: tuple[str, ...]) -> QuerySet[Lot]:
    return Lot.objects.filter(
        state__in=states,
        announced_at__isnull=False,
        session__is_practice=False,
        ends_at__gte=start_of(period),
        ends_at__lt=end_of(period),
    )


def lots_offered(period: Period) -> Measured:
    """K13.1: announced lots whose bidding ended in the period, withdrawn ones included, practice excluded."""
    records = _lots(period, OFFERED)
    return Measured(records.count, records)


def lots_sold(period: Period) -> Measured:
    """K13.2: of these, lots sold (and not defaulted on)."""
    records = _lots(period, SOLD)
    return Measured(records.count, records)


def sell_through(period: Period) -> Measured:
    """K13.3: sold ÷ offered."""
    offered = lots_offered(period)
    return Measured(lots_sold(period).value / offered.value if offered.value else None, offered.records)  # type: ignore[operator]


def auction_total(period: Period) -> Measured:
    """K13.4: sum of the prices of sold lots."""
    records = _lots(period, SOLD)
    return Measured(partial(sum_of, records, "price"), records)


def auction_premium(period: Period) -> Measured:
    """K13.5: (Σ price − Σ start price) ÷ Σ start price, over sold lots only."""
    records = _lots(period, SOLD)
    sums = records.aggregate(price=Sum("price"), start=Sum("start_price"))
    return Measured((sums["price"] - sums["start"]) / sums["start"] if sums["start"] else None, records)
