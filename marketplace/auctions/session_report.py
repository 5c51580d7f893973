"""The report of a session (竞价会战报): its figures, each with the lots behind it, and what became of each sale.

Counted from the records when it is read; bidders are counted, never named. The premium compares prices with start
prices over sold lots only: an unsold lot has no price. Practice sessions have no report.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet

from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot
from marketplace.contracts.models import TechnologyContract
from marketplace.deals.models import Deal

BIDS = Q(events__kind__in=["bid", "priority_match"])


@dataclass(frozen=True)
class FollowUp:
    """How far a sold lot has come, by what the records know; None is not yet."""

    confirmed_at: datetime | None
    signed_on: date | None
    registered_on: date | None
    deal_state: str

    @property
    def is_performed(self) -> bool:
        return self.deal_state == Deal.State.DONE


@dataclass(frozen=True)
class ReportRow:
    """One lot of the session as the report counts it. Amounts in fen."""

    lot: Lot
    bids: int
    bidders: int
    applicants: int
    follow_up: FollowUp | None

    @property
    def is_sold(self) -> bool:
        return self.lot.state in Lot.SUCCEEDED

    @property
    def price(self) -> int | None:
        """Return the price of a sale that stands."""
        return self.lot.price if self.is_sold else None

    @property
    def premium(self) -> Decimal | None:
        """Return by which share the price exceeds the start price, of a sale that stands."""
        return premium_of(self.lot.start_price, self.price) if self.price is not None else None


def premium_of(start: int, price: int) -> Decimal | None:
    """Return (price − start) / start, or None where nothing was sold."""
    return Decimal(price - start) / Decimal(start) if start else None


class SessionReport:
    """The figures of one session that is over."""

    # which lots stand behind a figure
    SHOWN = {
        "all": lambda row: True,
        "sold": lambda row: row.is_sold,
        "unsold": lambda row: row.lot.state == Lot.State.UNSOLD,
        "failed": lambda row: row.lot.state in (Lot.State.DEFAULTED, Lot.State.RESCINDED),
        "withdrawn": lambda row: row.lot.state == Lot.State.WITHDRAWN,
        "applied": lambda row: row.applicants > 0,
        "bid": lambda row: row.bids > 0,
        "extended": lambda row: row.lot.extensions > 0,
    }

    def __init__(self, session: AuctionSession) -> None:
        self.session = session

    @cached_property
    def rows(self) -> list[ReportRow]:
        """Return the announced lots in their order: five queries, however many lots."""
        found = self.session.lots.public().select_related("outcome__owner", "session", "confirmation")
        lots = list(
            found.annotate(
                bid_count=Count("events", filter=BIDS, distinct=True),
                bidder_count=Count("events__alias", filter=BIDS, distinct=True),
            ).order_by("position")
        )
        applied = dict(
            self._applications.order_by().values_list("lot").annotate(number=Count("organisation", distinct=True))
        )
        deals = {deal.lot_number: deal for deal in Deal.objects.filter(lot_number__in=[lot.number for lot in lots])}
        contracts = _contracts(list(deals.values()))
        return [
            ReportRow(
                lot,
                lot.bid_count,
                lot.bidder_count,
                applied.get(lot.pk, 0),
                _follow_up(lot, deals.get(lot.number), contracts),
            )
            for lot in lots
        ]

    def shown(self, which: str) -> list[ReportRow]:
        """Return the lots behind a figure; all of them for a word nobody knows."""
        return [row for row in self.rows if self.SHOWN.get(which, self.SHOWN["all"])(row)]

    @property
    def _applications(self) -> "QuerySet[BidderRegistration]":
        return BidderRegistration.objects.filter(lot__session=self.session, lot__announced_at__isnull=False)

    @cached_property
    def applicants(self) -> int:
        """Return how many organisations applied for any lot."""
        return self._applications.values("organisation").distinct().count()

    @cached_property
    def bidders(self) -> int:
        """Return how many organisations bid on any lot (one that bids on two lots counts once)."""
        placed = Q()
        for lot, alias in self._bid_under():
            placed |= Q(lot=lot, alias=alias)
        return self._applications.filter(placed).values("organisation").distinct().count() if placed else 0

    def _bid_under(self) -> "list[tuple[int, str]]":
        bids = Lot.objects.filter(session=self.session, events__kind__in=["bid", "priority_match"])
        return list(bids.order_by().values_list("pk", "events__alias").distinct())

    @property
    def sold(self) -> list[ReportRow]:
        return self.shown("sold")

    @property
    def start_total(self) -> int:
        """Return the sum of the start prices of all announced lots, as sessions are counted elsewhere."""
        return sum(row.lot.start_price for row in self.rows)

    @property
    def sold_start_total(self) -> int:
        return sum(row.lot.start_price for row in self.sold)

    @property
    def sold_total(self) -> int:
        return sum(row.price or 0 for row in self.sold)

    @property
    def premium(self) -> Decimal | None:
        """Return the premium of the session: over sold lots only."""
        return premium_of(self.sold_start_total, self.sold_total)


def _contracts(deals: list[Deal]) -> dict[int, TechnologyContract]:
    """Return the contract of each deal that was not refused registration."""
    rows = TechnologyContract.objects.filter(deal__in=deals).exclude(state=TechnologyContract.State.NOT_REGISTERED)
    return {row.deal_id: row for row in rows if row.deal_id is not None}


def _follow_up(lot: Lot, deal: Deal | None, contracts: dict[int, TechnologyContract]) -> FollowUp | None:
    if lot.state not in Lot.SUCCEEDED:
        return None
    confirmation = getattr(lot, "confirmation", None)
    contract = contracts.get(deal.pk) if deal else None
    is_sent = contract is not None and not contract.is_unsent
    return FollowUp(
        confirmed_at=confirmation.confirmed_at if confirmation else None,
        signed_on=contract.signed_on if contract and is_sent else None,
        registered_on=contract.registered_on if contract else None,
        deal_state=deal.state if deal else "",
    )


def reported() -> Any:
    """Return the sessions that have a report: over, and no practice."""
    over = [AuctionSession.State.CLOSED, AuctionSession.State.PUBLICITY, AuctionSession.State.ARCHIVED]
    return AuctionSession.objects.filter(state__in=over, is_practice=False)
