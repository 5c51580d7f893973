"""Deals in the background: the word about what stalls."""

from marketplace.core import clock
from marketplace.deals.stalling import remind_of_deal, to_remind
from tasks.app import app


@app.task
def remind_of_stalled_deals() -> None:
    """Remind whoever has to act in each deal that stalls, every week until it moves."""
    for deal in to_remind(clock.now()):
        remind_of_deal(deal)
