"""The deal of an enterprise that tried an outcome first.

It comes of the trial and says so (`trial_number`): who asked is who chose the conversion, and the institute's consent
is the contract of the trial. No interest is made for it; one the enterprise showed by itself is answered by it.
"""

from django.db import transaction

from marketplace.core import clock, journal
from marketplace.core.choices import PricingMode
from marketplace.core.journal import Kind
from marketplace.deals.answering import answer_in, hold_unanswered
from marketplace.deals.interest import Interest
from marketplace.deals.models import Deal
from marketplace.deals.opening import enter_deal
from marketplace.deals.refusals import OutcomeNotOpen
from marketplace.needs.actions import disclose_need
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


@transaction.atomic
def open_deal_from_trial(
    *,
    outcome: ResearchOutcome,
    buyer: Organisation,
    price: int,
    mode: str,
    by: User,
    organisation: Organisation | None,
    trial_number: str,
    is_published_first: bool,
) -> Deal:
    """Return the deal of an enterprise that tried an outcome and takes it over, with its price (fen) fixed.

    A preset price was public from the start, so the contract is next; an agreed one waits for its publicity.
    Called by trials, whose rule was asked. Raises OutcomeNotOpen.
    """
    outcome.lock()
    now = clock.now()
    if (refusal := refusal_to_take_over(outcome)) is not None:
        raise refusal
    shown = hold_unanswered(outcome, buyer)
    deal = Deal(outcome=outcome, interest=shown, seller=outcome.owner, buyer=buyer, trial_number=trial_number)
    deal.need = shown.need if shown is not None else None
    deal.state = Deal.State.PUBLICITY if is_published_first else Deal.State.CONTRACT
    deal.pricing_mode, deal.price, deal.price_fixed_at = mode, price, now
    deal.listing_price = price if mode == PricingMode.LISTING else None
    origin = {"origin": "trial", "outcome": outcome.number, "trial": trial_number}
    if shown is not None:
        answer_in(shown, Interest.State.ACCEPTED, by=None, at=now)
        origin["interest"] = shown.code
    enter_deal(deal, by=by, at=now, organisation=organisation, **origin)
    if shown is not None:
        _disclose(shown, by=by)
    journal.record(Kind.DEAL_PRICED, deal, by=by, on_behalf_of=organisation, price=price, mode=mode)
    return deal


def refusal_to_take_over(outcome: ResearchOutcome) -> OutcomeNotOpen | None:
    """Return why no deal opens on an outcome now: another buyer has it, or it was withdrawn."""
    if outcome.live and outcome.state == ResearchOutcome.State.AVAILABLE:
        return None
    return OutcomeNotOpen(state=outcome.get_state_display())


def _disclose(interest: Interest, *, by: User) -> None:
    """Name who stands behind the need: both sides accepted confidentiality in the trial contract."""
    if interest.need is not None:
        disclose_need(interest.need, organisation=interest.outcome.owner, by=by)
