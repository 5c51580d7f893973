"""The order in which the rows around a trial are held: outcome, entry of the pool, trial."""

from marketplace.trials.models import Trial


def hold_with_outcome(trial: Trial) -> None:
    """Hold a trial and its outcome until the transaction ends: outcome, trial."""
    outcome = trial.outcome
    outcome.lock()
    trial.lock()
    trial.outcome = outcome


def hold_with_entry(trial: Trial) -> None:
    """Hold a trial and the entry whose places it takes until the transaction ends: entry, trial."""
    entry = trial.entry
    entry.lock()
    trial.lock()
    trial.entry = entry
