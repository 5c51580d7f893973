"""What still stands in the way of a step whose rule says yes: one answer for the board, the page and the action.

Nothing here asks the database beyond what `with_turns` loads.
"""

from marketplace.core.choices import PricingMode
from marketplace.core.refusals import Refused, WrongState
from marketplace.deals.models import Deal, Side
from marketplace.deals.refusals import (
    OutcomeNotOpen,
    OutcomeOffline,
    PriceNotReopened,
    PriceOfTrial,
    ReopeningAsked,
    SaleNotTakenUp,
)
from marketplace.outcomes.hidden import is_offline
from marketplace.outcomes.models import ResearchOutcome


def why_not_reopened(deal: Deal, side: Side | None) -> Refused | None:
    """Return why a side does not ask (again) to reopen the price, or None where it may."""
    if deal.state != Deal.State.CONTRACT:
        return WrongState(state=deal.get_state_display())
    if deal.pricing_mode == PricingMode.AUCTION:
        return PriceNotReopened()
    if deal.is_priced_by_trial:
        return PriceOfTrial()
    return ReopeningAsked() if side is not None and deal.reopening_asked_by == side else None


def why_not_binding(deal: Deal) -> Refused | None:
    """Return why nothing binding or public follows from the deal now: no price fixed, no contract drawn up.

    What the district took offline is not announced as sold. That the owner withdrew it, or that its term ran out,
    stops nothing between two who deal already.
    """
    return OutcomeOffline() if is_offline(deal.outcome) else None


def why_not_taken_up(deal: Deal) -> Refused | None:
    """Return why a deal is not taken up again, or None where it may be."""
    if deal.state != Deal.State.TERMINATED:
        return WrongState(state=deal.get_state_display())
    if deal.lot_number:
        return SaleNotTakenUp()
    if (offline := why_not_binding(deal)) is not None:
        return offline
    if deal.outcome.state != ResearchOutcome.State.AVAILABLE:
        return OutcomeNotOpen(state=deal.outcome.get_state_display())
    return None


def is_for_another(deal: Deal) -> bool:
    """Tell whether the outcome is kept for another: a lot or a trial that is not this deal's own."""
    to_auction = deal.state == Deal.State.PRICING and deal.pricing_mode == PricingMode.AUCTION
    is_own = to_auction or bool(deal.lot_number) or getattr(deal, "trial", None) is not None
    return not is_own and deal.outcome.state == deal.outcome.State.RESERVED


def is_overtaken(deal: Deal) -> bool:
    """Tell whether the outcome is kept for or sold to another while this deal is still on its way."""
    is_own = bool(deal.lot_number) or getattr(deal, "trial", None) is not None
    waits = deal.state not in (*deal.ENDED, deal.State.PERFORMANCE)
    return waits and (is_for_another(deal) or (not is_own and deal.outcome.state == deal.outcome.State.CONVERTED))
