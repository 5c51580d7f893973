"""From trial to paid contract: the price preset or agreed and published, the deal, the contract's registration."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from marketplace.core import clock, journal
from marketplace.core.choices import PricingMode
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.deals.actions import give_up_published_price, go_on_after_publicity
from marketplace.deals.after_trial import open_deal_from_trial
from marketplace.organisations.models import Organisation, User
from marketplace.publicity.actions import begin_publicity, stop_publicity
from marketplace.publicity.models import Publicity
from marketplace.trials import rules
from marketplace.trials.actions import require_in_time
from marketplace.trials.holding import hold_with_outcome
from marketplace.trials.keeping import close_pool_entry, give_outcome_back, keep_for_taker, require_not_taken
from marketplace.trials.models import Trial
from marketplace.trials.party import Party
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.refusals import NotEvaluated, NotPositive, OwnPrice, PriceGone

State = Trial.State


@transaction.atomic
def convert_trial(trial: Trial, *, by: User, organisation: Organisation | None) -> None:
    """Choose to take the outcome over: at a preset price the deal opens at once, else both agree on one.

    Raises WrongState, NotEvaluated, TermOver, OutcomeNotOpen.
    """
    hold_with_outcome(trial)
    now = clock.now()
    require(rules.convert_trial, by, trial, organisation=organisation)
    if trial.state == State.RUNNING:
        raise NotEvaluated()
    require_in_time(trial, now)
    trial.enter(State.PAID_CONTRACT if trial.terms.is_preset else State.CONVERTING, at=now)
    mode = str(trial.terms.pricing)
    journal.record(Kind.TRIAL_CONVERSION_CHOSEN, trial, by=by, on_behalf_of=organisation, pricing=mode)
    if trial.terms.is_preset:
        trial.price, trial.price_fixed_at = trial.terms.price, now
        _open_deal(trial, by=by, organisation=organisation, is_published_first=False)
    trial.save()


def _open_deal(trial: Trial, *, by: User, organisation: Organisation | None, is_published_first: bool) -> None:
    """Open the deal at the price of the trial, and keep the outcome for one taker. A preset price was public."""
    assert trial.price is not None  # noqa: S101  # set by the callers
    trial.deal = open_deal_from_trial(
        outcome=trial.outcome,
        buyer=trial.enterprise,
        price=trial.price,
        mode=PricingMode.LISTING if trial.terms.is_preset else PricingMode.AGREED,
        by=by,
        organisation=organisation,
        trial_number=trial.number,
        is_published_first=is_published_first,
    )
    keep_for_taker(trial, by=by, organisation=organisation)
    data = {"price": trial.price, "deal": trial.deal.code}
    journal.record(Kind.TRIAL_PRICED, trial, by=by, on_behalf_of=organisation, **data)


@transaction.atomic
def propose_trial_price(trial: Trial, *, by: User, organisation: Organisation | None, amount: int) -> None:
    """Propose the price (fen) of a conversion to the other side; it takes the place of the one that stands.

    Raises WrongState, NotPositive, TermOver, OutcomeNotOpen.
    """
    hold_with_outcome(trial)
    now = clock.now()
    require(rules.propose_trial_price, by, trial, organisation=organisation)
    if trial.state != State.CONVERTING:
        trial.move_to(trial.state)  # refuses: a price is proposed once the conversion was chosen
    require_in_time(trial, now)
    require_not_taken(trial.outcome)
    if amount <= 0:
        raise NotPositive()
    party = Party(trial.party_of(organisation) or "")
    trial.offered_price, trial.offered_by = amount, party.value
    trial.save()
    data = {"amount": amount, "party": party.value}
    journal.record(Kind.TRIAL_PRICE_PROPOSED, trial, by=by, on_behalf_of=organisation, **data)


@transaction.atomic
def accept_trial_price(trial: Trial, *, by: User, organisation: Organisation | None, amount: int) -> Publicity:
    """Accept the price that was shown; it is published for its term before the contract (转化法 Art. 18).

    Raises WrongState, PriceGone, OwnPrice, TermOver, OutcomeNotOpen.
    """
    hold_with_outcome(trial)
    now = clock.now()
    require(rules.accept_trial_price, by, trial, organisation=organisation)
    require_in_time(trial, now)
    trial.enter(State.PUBLICITY, at=now)
    if trial.offered_price is None or trial.offered_price != amount:
        raise PriceGone()
    if trial.offered_by == trial.party_of(organisation):
        raise OwnPrice()
    trial.price, trial.price_fixed_at = trial.offered_price, now
    _open_deal(trial, by=by, organisation=organisation, is_published_first=True)
    trial.save()
    days = TrialPolicy.at(now).publicity_working_days
    return begin_publicity(trial, matter=Publicity.Matter.TRIAL_PRICE, working_days=days, by=by)


@transaction.atomic
def end_trial_publicity(trial: Trial, *, by: User | None) -> None:
    """Let the paid contract follow a price that stood its publicity. Called when that has ended; repeatable."""
    trial.lock()
    now = clock.now()
    if trial.state != State.PUBLICITY or trial.deal is None:
        return
    trial.enter(State.PAID_CONTRACT, at=now)
    trial.save()
    go_on_after_publicity(trial.deal, by=by)
    journal.record(Kind.TRIAL_PRICE_PUBLISHED, trial, by=by)


@transaction.atomic
def reopen_objected_price(trial: Trial, *, by: User) -> None:
    """Give up a price whose publicity an upheld objection stopped; the two sides agree on another. Repeatable.

    The term to decide starts anew, because the publicity used it up.
    """
    hold_with_outcome(trial)
    now = clock.now()
    if trial.state != State.PUBLICITY or trial.deal is None:
        return
    deal = trial.deal
    trial.enter(State.CONVERTING, at=now)
    trial.deal = trial.price = trial.price_fixed_at = trial.offered_price = None
    trial.offered_by = ""
    trial.decide_by = timezone.localdate(now) + timedelta(days=trial.terms.decide_days)
    give_outcome_back(trial, by=by)
    trial.save()
    give_up_published_price(deal, by=by)
    journal.record(Kind.TRIAL_PRICE_REOPENED, trial, by=by)


@transaction.atomic
def note_registration_of_trial(trial: Trial, *, by: User | None) -> None:
    """Note that the paid contract of a trial stands in the register. Called when it does; repeatable.

    An outcome that has its one taker leaves the pool.
    """
    hold_with_outcome(trial)
    now = clock.now()
    if trial.state != State.PAID_CONTRACT:
        return
    trial.enter(State.CONVERTED, at=now)
    trial.converted_at = now
    trial.save()
    if trial.holds_outcome:
        close_pool_entry(trial.outcome, by=by)
    journal.record(Kind.TRIAL_CONVERTED, trial, by=by, price=trial.price)


@transaction.atomic
def give_up_conversion(trial: Trial, *, by: User | None, reason: str) -> None:
    """Let what was handed over go back, because the deal was ended before its contract was registered. Repeatable."""
    hold_with_outcome(trial)
    now = clock.now()
    if trial.state not in (State.PUBLICITY, State.PAID_CONTRACT):
        return
    trial.enter(State.RETURNING, at=now)
    trial.stop_reason = reason
    give_outcome_back(trial, by=by)
    trial.save()
    stop_publicity(trial, by=by)
    journal.record(Kind.TRIAL_STOPPED, trial, by=by)


@transaction.atomic
def free_outcome_of_trial(trial: Trial, *, by: User | None) -> None:
    """Let others have the outcome of a converted trial, because its contract fell afterwards. Repeatable."""
    hold_with_outcome(trial)
    if trial.state == State.CONVERTED and trial.holds_outcome:
        give_outcome_back(trial, by=by)
        trial.save()
