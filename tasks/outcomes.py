"""The term of outcomes: once a day, who has to confirm is reminded, and what nobody confirmed goes offline."""

from marketplace.core import clock
from marketplace.outcomes.actions import REMINDED_BEFORE, expire_outcome, remind_to_confirm
from marketplace.outcomes.models import ResearchOutcome
from tasks.app import app


@app.task
def sweep_outcomes() -> None:
    """Remind and expire, each outcome in a transaction of its own; safe to repeat."""
    today = clock.today()
    for outcome in ResearchOutcome.objects.due_for_expiry(today + REMINDED_BEFORE):
        if outcome.expires_on is not None and outcome.expires_on <= today:
            expire_outcome(outcome)
        else:
            remind_to_confirm(outcome)
