"""How an interest is answered: by its owner, or by what the owner did elsewhere."""

from datetime import datetime

from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.deals.interest import Interest
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


def answer_in(interest: Interest, state: str, *, by: User | None, at: datetime, reason: str = "") -> None:
    """Write an answer into an interest; the caller holds its lock. `by` is None where a trial's conversion answers."""
    interest.move_to(state)
    interest.answered_by, interest.answered_at, interest.answer_reason = by, at, reason
    interest.save(update_fields=["state", "answered_by", "answered_at", "answer_reason"])


def hold_unanswered(outcome: ResearchOutcome, buyer: Organisation) -> Interest | None:
    """Return the interest of a buyer in an outcome that nobody answered yet, locked, or None."""
    shown = Interest.objects.select_for_update().filter(outcome=outcome, organisation=buyer, state=Interest.State.SHOWN)
    return shown.first()


def accepted_interest(
    outcome: ResearchOutcome, buyer: Organisation, *, by: User, asked_by: User, message: str, at: datetime
) -> Interest:
    """Return an interest the seller accepts by what it did elsewhere: an open one of the buyer, else a new one."""
    interest = hold_unanswered(outcome, buyer)
    if interest is None:
        interest = Interest(outcome=outcome, organisation=buyer, message=message, shown_by=by, shown_at=at)
        interest.save()
        journal.record(Kind.INTEREST_SHOWN, interest, by=by, on_behalf_of=buyer, outcome=outcome.number)
    answer_in(interest, Interest.State.ACCEPTED, by=asked_by, at=at)
    return interest
