"""The order in which the rows around a deal are held: need, outcome, interest, deal, broker."""

from typing import Any

from marketplace.deals.models import Deal


def hold_with_broker(deal: Deal, *, by: Any) -> None:
    """Hold a deal until the transaction ends, and its broker where they act: who is stopped meanwhile adds nothing."""
    deal.lock()
    if deal.broker is not None and deal.is_broker(by):
        deal.broker.lock()


def hold_with_outcome(deal: Deal) -> None:
    """Hold a deal and its outcome until the transaction ends: outcome, deal.

    Whoever touches both holds them so, also where the deal comes first to mind: two that began at either end would
    wait for each other, and one of them would fail without a word.
    """
    outcome = deal.outcome
    outcome.lock()
    deal.lock()
    deal.outcome = outcome
