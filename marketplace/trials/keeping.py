"""An outcome that a conversion leaves to one taker: reserved for it, given back, or out of the pool."""

from django.db import transaction
from django.utils.translation import gettext

from marketplace.core import clock, journal
from marketplace.core.choices import TransferMode
from marketplace.core.journal import Kind
from marketplace.deals.refusals import OutcomeNotOpen
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.availability import release_outcome, reserve_outcome
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.trial import withdraw_trial_offer
from marketplace.trials.models import Trial
from marketplace.trials.pool import PoolEntry
from marketplace.trials.refusals import OutcomeOffline

ONE_TAKER = (TransferMode.ASSIGNMENT, TransferMode.EXCLUSIVE, TransferMode.SOLE, TransferMode.EQUITY)


def keep_for_taker(trial: Trial, *, by: User, organisation: Organisation | None) -> None:
    """Reserve the outcome, where the way of conversion leaves no room for a second taker. The caller saves.

    An outcome that is open is held by nobody: who had it before, by a contract that fell, lets go of it here at last.
    """
    if trial.terms.mode in ONE_TAKER:
        reserve_outcome(trial.outcome, by=by, organisation=organisation)
        Trial.objects.filter(outcome=trial.outcome, holds_outcome=True).update(holds_outcome=False)
        trial.holds_outcome = True


def give_outcome_back(trial: Trial, *, by: User | None) -> None:
    """Let others have the outcome that was kept for this trial. The caller holds both rows and saves."""
    if not trial.holds_outcome:
        return
    trial.holds_outcome = False
    if trial.outcome.is_reserved:
        release_outcome(trial.outcome, by=by)


def require_not_taken(outcome: ResearchOutcome) -> None:
    """Refuse to go on towards a trial of what is promised or sold to somebody. Raises OutcomeNotOpen."""
    if outcome.state != ResearchOutcome.State.AVAILABLE:
        raise OutcomeNotOpen(state=outcome.get_state_display())


def require_not_offline(outcome: ResearchOutcome) -> None:
    """Refuse a new trial of what the district took offline. Raises OutcomeOffline."""
    if outcome.was_public and not outcome.live and not outcome.expired:
        raise OutcomeOffline()


@transaction.atomic
def close_pool_entry(outcome: ResearchOutcome, *, by: User | None) -> None:
    """Take an outcome that found its one taker out of the pool. Called when it has; nothing is done twice."""
    outcome.lock()
    entry = PoolEntry.objects.standing().filter(outcome=outcome).first()
    if entry is None:
        return
    entry.lock()
    now = clock.now()
    entry.enter(PoolEntry.State.LEFT, at=now, reason=gettext("The outcome has found its taker."))
    entry.save()
    journal.record(Kind.POOL_LEFT, entry, by=by)
    withdraw_trial_offer(outcome, by=by, organisation=None)
