"""The order in which the rows around a deal are held: need, outcome, interest, deal."""

from marketplace.deals.models import Deal


def hold_with_outcome(deal: Deal) -> None:
    """Hold a deal and its outcome until the transaction ends: outcome, deal.

    Whoever touches both holds them so, also where the deal comes first to mind: two that began at either end would
    wait for each other, and one of them would fail without a word.
    """
    outcome = deal.outcome
    outcome.lock()
    deal.lock()
    deal.outcome = outcome
