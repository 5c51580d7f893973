"""The order in which the rows around a trial are held: outcome, entry of the pool, trial."""

from marketplace.trials.models import Trial


def hold_with_outcome(trial: Trial) -> None:
    """Hold a trial and its outcome until the transaction ends: outcome, trial."""
    outcome = trial.outcome
    outcome.lock()
    trial.lock()
    trial.outcome = outcome


def hold_with_entry(trial: Trial) -> None:
    """Hold a trial, its outcome and the entry whose places it takes: outcome, entry, trial."""
    outcome, entry = trial.outcome, trial.entry
    outcome.lock()
    entry.lock()
    trial.lock()
    trial.outcome, trial.entry = outcome, entry
