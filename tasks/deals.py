"""Deals in the background: the word about what stalls."""

from marketplace.core import clock
from marketplace.deals.stalling import interest_to_remind, remind_of_deal, remind_of_interest, to_remind
from tasks.app import app


@app.task
def remind_of_stalled_deals() -> None:
    """Remind whoever has to act in each deal, or has to answer an interest, that stalls; every week until it moves."""
    for deal in to_remind(clock.now()):
        remind_of_deal(deal)
    for interest in interest_to_remind(clock.now()):
        remind_of_interest(interest)
