"""The report of a session (竞价会战报): its figures, each with the lots behind it, and what became of each sale.

Counted from the records when it is read; bidders are counted, never named. The premium compares prices with start
prices over sold lots only: an unsold lot has no price. Practice sessions have no report.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from marketplace.auctions.books import Books, books_of
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot, LotEvent, SaleMilestone
from marketplace.auctions.record import bids_that_stand
from marketplace.contracts.models import TechnologyContract
from marketplace.deals.models import Deal

OPENED = "revealed"  # a sealed bid that stood at the close
COUNTED = ["bid", "priority_match", "voided", OPENED]


@dataclass(frozen=True)
class FollowUp:
    """How far a sold lot has come, by what the records know; None is not yet."""

    confirmed_at: datetime | None
    signed_on: date | None
    registered_on: date | None
    paid: SaleMilestone | None
    in_production: SaleMilestone | None
    deal_state: str
    is_in_books: bool = False

    @property
    def payment_words(self) -> str:
        """Return what the seller's side says to the word that it was paid, where somebody said so."""
        if self.paid is None:
            return ""
        if self.is_in_books:
            return gettext("in the seller’s books")
        if self.paid.answer == self.paid.Answer.CONFIRMED:
            return gettext("confirmed by the seller’s finance")
        return gettext("not confirmed by the seller’s finance yet")

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
        """Return the announced lots in their order: seven queries, however many lots."""
        found = self.session.lots.public().select_related("outcome__owner", "session", "confirmation")
        found = found.prefetch_related("milestones")
        lots = list(found.order_by("position"))
        applied = dict(
            self._applications.order_by().values_list("lot").annotate(number=Count("organisation", distinct=True))
        )
        deals = {deal.lot_number: deal for deal in Deal.objects.filter(lot_number__in=[lot.number for lot in lots])}
        contracts, books = _signed(list(deals.values())), books_of(lots)
        return [
            ReportRow(
                lot,
                len(self._placed.get(lot.pk, [])),
                len(set(self._placed.get(lot.pk, []))),
                applied.get(lot.pk, 0),
                _follow_up(lot, deals.get(lot.number), contracts, books.get(lot.number)),
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
        for lot, numbers in self._placed.items():
            placed |= Q(lot=lot, alias__in=set(numbers))
        return self._applications.filter(placed).values("organisation").distinct().count() if placed else 0

    @cached_property
    def _placed(self) -> dict[int, list[str]]:
        """Return {lot: the bidder's number of each bid that stands}; sealed bids count once, when they are opened."""
        events = LotEvent.objects.filter(lot__session=self.session, kind__in=COUNTED).order_by("lot", "seq")
        placed: dict[int, list[str]] = {}
        for lot, group in groupby(events, key=lambda event: event.lot_id):
            of_lot = list(group)
            opened = [event.alias for event in of_lot if event.kind == OPENED]
            placed[lot] = [bid.alias for bid in bids_that_stand(of_lot)] + opened
        return placed

    @property
    def sold(self) -> list[ReportRow]:
        return self.shown("sold")

    @property
    def sell_through(self) -> Decimal | None:
        """Return the share of sold lots in those announced (K13.3, as the board counts), or None where none was."""
        return Decimal(len(self.sold)) / len(self.rows) if self.rows else None

    @property
    def start_total(self) -> int:
        """Return the sum of the start prices of all announced lots, those withdrawn since among them."""
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


def _signed(deals: list[Deal]) -> dict[int, TechnologyContract]:
    """Return {deal: its contract}, where one was signed for good."""
    rows = TechnologyContract.objects.signed().filter(deal__in=deals).order_by("pk")
    return {row.deal_id: row for row in rows if row.deal_id is not None}


def _follow_up(
    lot: Lot, deal: Deal | None, contracts: dict[int, TechnologyContract], books: Books | None
) -> FollowUp | None:
    if lot.state not in Lot.SUCCEEDED:
        return None
    confirmation = getattr(lot, "confirmation", None)
    contract = contracts.get(deal.pk) if deal else None
    said = {milestone.kind: milestone for milestone in lot.milestones.all()}
    return FollowUp(
        paid=said.get(SaleMilestone.Kind.PAID),
        in_production=said.get(SaleMilestone.Kind.IN_PRODUCTION),
        confirmed_at=confirmation.confirmed_at if confirmation else None,
        signed_on=contract.signed_on if contract else None,
        registered_on=contract.registered_on if contract else None,
        deal_state=deal.state if deal else "",
        is_in_books=books is not None and not books.left,
    )


def reported() -> Any:
    """Return the sessions that have a report: over, and no practice."""
    over = [AuctionSession.State.CLOSED, AuctionSession.State.PUBLICITY, AuctionSession.State.ARCHIVED]
    return AuctionSession.objects.filter(state__in=over, is_practice=False)
