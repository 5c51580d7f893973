"""The cards of the board of deals, by column, as one reader sees them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import ngettext

from marketplace.core.addresses import address_of
from marketplace.deals.amended import amended_amounts
from marketplace.deals.answered import load_answered
from marketplace.deals.dated import days_until_stalled, is_late
from marketplace.deals.models import Deal
from marketplace.deals.moves import Move, moves
from marketplace.deals.parts import NdaAcceptance, PriceProposal
from marketplace.deals.showing import PATH, barred, my_sides
from marketplace.deals.talks import steps_reached
from marketplace.deals.turns import turn_of
from marketplace.deals.withheld import buyer_for
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome

State = Deal.State


@dataclass(frozen=True)
class Card:
    """A deal on the board, or interest that may open one, in the words its card prints.

    A board has many, and a template asks for each slowly.
    """

    state: str  # the column it stands in
    state_label: str
    heading: str
    seller: str
    buyer: str  # as the reader may know it
    url: str
    move_url: str
    price: int | None  # fen; without one the listing price is printed, else the range of the outcome
    listed: int | None
    step: str  # how far the talk has come, while it is negotiated
    outcome: ResearchOutcome
    since: datetime
    is_mine_to_act: bool
    is_late: bool
    days: int
    moves: list[Move]
    may: str  # the columns the deal may go to, as the script of the board reads them
    stalls: str  # how long a late deal stalls
    is_amended: bool = False  # the price is what its contract comes to since it was changed


@dataclass(frozen=True)
class Column:
    """One state of the board with some cards, how many deals it holds, and what they come to in fen."""

    state: str
    label: str
    cards: list[Card]
    count: int
    total: int
    passed: int = 0  # cards shown before these
    list_url: str = ""  # where all of them are listed, if not in the list of deals

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the cards as the template reads them, which looks up a key in half the time of an attribute."""
        return [vars(card) for card in self.cards]

    @property
    def shown(self) -> int:
        """Return how many cards stand in the column, these included."""
        return self.passed + len(self.cards)

    @property
    def more(self) -> int:
        """Return how many deals of the column have no card yet."""
        return self.count - self.shown


def load_turns(deals: list[Deal]) -> None:
    """Load what `turn_of`, `buyer_for` and `moves` read of deals: each asks in one state, or of one kind of need."""
    proposals = PriceProposal.objects.only("deal", "side", "fate")
    accepted = NdaAcceptance.objects.only("deal", "side")
    of_price, of_talk = ([deal for deal in deals if deal.state == at] for at in (State.PRICING, State.NEGOTIATION))
    prefetch_related_objects(of_price, Prefetch("price_proposals", proposals))
    prefetch_related_objects(of_talk, Prefetch("nda_acceptances", accepted))
    prefetch_related_objects([deal.need for deal in deals if deal.need and deal.need.is_anonymous], "disclosures")


def cards(deals: Iterable[Deal], user: Any, organisation: Organisation | None, *, at: datetime) -> list[Card]:
    """Return the deals as cards, the longest in its stage first; late by the days that staff set for the stage."""
    patience = days_until_stalled(timezone.localdate(at))
    made = []
    ordered = sorted(deals, key=lambda deal: (deal.moved_at, deal.pk))
    load_turns(ordered)
    load_answered(ordered, user)
    amended = amended_amounts(ordered)
    steps = steps_reached(deal for deal in ordered if deal.state == State.NEGOTIATION)
    for deal in ordered:
        days = (at - deal.moved_at).days
        acts = bool(set(turn_of(deal).acts) & my_sides(deal, user) - set(barred(deal, user)))
        late = is_late(deal.state, days, patience)
        free = moves(deal, user, organisation)
        card = Card(
            state=deal.state,
            state_label=deal.state_label,
            heading=deal.outcome.heading,
            seller=deal.seller.name,
            buyer=buyer_for(deal, user),
            url=deal.get_absolute_url(),
            move_url=address_of("deal-move", deal.code),
            is_amended=deal.pk in amended,
            price=amended.get(deal.pk, deal.price),
            listed=deal.listing_price,
            step=steps[deal.pk].words if deal.pk in steps else "",
            outcome=deal.outcome,
            since=deal.moved_at,
            is_mine_to_act=acts,
            is_late=late,
            days=days,
            moves=free,
            may=" ".join(move.to for move in free),
            stalls=stalls_for(days) if late else "",
        )
        made.append(card)
    return made


def stalls_for(days: int) -> str:
    """Return how long a card that stalls has stood in its column, in words."""
    words = ngettext("stalls: %(days)s day in this stage", "stalls: %(days)s days in this stage", days)
    return words % {"days": days}


def board(made: list[Card], sums: dict[str, tuple[int, int]]) -> list[Column]:
    """Return the cards by state; terminated deals have a column to be dropped on, and stand there when asked for."""
    ordered = (*PATH, State.TERMINATED)
    of_state = {state: [card for card in made if card.state == state] for state in ordered}
    return [
        Column(state.value, str(capfirst(state.label)), held, *sums.get(state.value, (0, 0)))
        for state, held in of_state.items()
    ]
