"""Moving a deal on the board: which column it may go to, by which step, and why not to the others.

A move is no verb of its own: each leads to a step the deal's page has too, with the same rule. Nothing here asks the
database beyond what `with_turns` loads, so that a board of many cards costs what one costs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from marketplace.core.choices import PricingMode
from marketplace.core.refusals import Refused
from marketplace.core.rules import Rule, why_not
from marketplace.deals import rules
from marketplace.deals.models import Deal, Side
from marketplace.deals.obstacles import why_not_binding, why_not_reopened, why_not_taken_up
from marketplace.deals.publishing import must_be_public
from marketplace.deals.refusals import AuctionDecides, OwnProposal
from marketplace.deals.turns import standing_of
from marketplace.organisations.models import Organisation

State = Deal.State


@dataclass(frozen=True)
class Way:
    """The step that moves a deal, its rule, and what may still be lacking."""

    step: str
    rule: Rule
    lacking: Callable[[Deal, Side | None], Refused | str | None] = lambda deal, side: None


def _nothing_to_accept(deal: Deal, side: Side | None) -> Refused | str | None:
    proposal = standing_of(deal)
    if deal.pricing_mode == PricingMode.AUCTION:
        return str(AuctionDecides())
    if proposal is None:
        return _("No price is proposed yet.")
    return str(OwnProposal()) if proposal.side == side else why_not_binding(deal)


ACCEPT = Way("accept", rules.accept_price, _nothing_to_accept)
END = Way("terminate", rules.terminate_deal)


WAYS: dict[tuple[str, str], Way] = {
    (State.NEGOTIATION, State.PRICING): Way("pricing", rules.choose_pricing),
    (State.PRICING, State.PUBLICITY): ACCEPT,
    (State.PRICING, State.CONTRACT): ACCEPT,
    (State.CONTRACT, State.PRICING): Way("reopen", rules.reopen_pricing, why_not_reopened),
    (State.TERMINATED, State.NEGOTIATION): Way(
        "take-up", rules.take_up_deal, lambda deal, side: why_not_taken_up(deal)
    ),
    (State.PERFORMANCE, State.DONE): Way("finish", rules.finish_deal),
    **{(state, State.TERMINATED): END for state in State if State.TERMINATED in Deal.NEXT.get(state, ())},
}


def why_not_move(deal: Deal, to: str, user: Any, organisation: Organisation | None) -> str | None:
    """Return why this person does not move the deal to that column, or None where they may."""
    if to == deal.state:
        return _("The deal stands there already.")
    if to not in Deal.NEXT.get(deal.state, ()):
        words = {"here": deal.get_state_display(), "there": State(to).label}
        return _("A deal does not go from “%(here)s” to “%(there)s”.") % words
    way = WAYS.get((deal.state, to))
    if way is None:
        return _follows(deal)
    if deal.state == State.PRICING and way is ACCEPT and (to == State.PUBLICITY) != must_be_public(deal):
        return _goes_round_publicity(to)
    reason = why_not(way.rule, user, deal, organisation=organisation)
    if reason is not None:
        return reason
    lacking = way.lacking(deal, deal.side_of(organisation))
    return str(lacking) if lacking is not None else None


def _goes_round_publicity(to: str) -> str:
    if to == State.PUBLICITY:
        return _("This price is not published: only a price that a public institute agrees on is.")
    return _("An agreed price of a public institute is published before the contract.")


def _follows(deal: Deal) -> str:
    """Return what moves a deal that nobody moves by hand."""
    if deal.state == State.PUBLICITY:
        return _("The deal moves by itself when the publicity of the price ends.")
    if deal.state == State.CONTRACT:
        return _("The deal follows its contract: send the contract to registration.")
    return _("The deal follows its contract: the registrar decides.")


@dataclass(frozen=True)
class Move:
    """A column the reader may move a deal to."""

    to: str
    label: str


def moves(deal: Deal, user: Any, organisation: Organisation | None) -> list[Move]:
    """Return the columns this person may move the deal to, in the order of the way."""
    onward = [state for state in State if (deal.state, state) in WAYS and state in Deal.NEXT.get(deal.state, ())]
    free = [state for state in onward if why_not_move(deal, state, user, organisation) is None]
    return [Move(state.value, str(capfirst(state.label))) for state in free]
