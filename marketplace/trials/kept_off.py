"""The steps of a trial that a colleague has to take, because the reader answered for the other party."""

from dataclasses import dataclass
from typing import Any

from marketplace.organisations.one_side import answered, merged, why_not_both
from marketplace.trials.models import Trial
from marketplace.trials.stepping import STEPS

NOBODY_WAITS = ("call-off", "stop", "breach", "support", "reach", "output")


@dataclass(frozen=True)
class KeptOff:
    """Why somebody does not speak for the party they act for: the steps that wait for it, and others it may take."""

    reason: str
    steps: list[Any]
    others: list[Any]


def kept_off(trial: Trial, user: Any, organisation: Any) -> KeptOff | None:
    """Return what this person would be offered had they not answered for the other party; None where nothing is."""
    if trial.party_of(organisation) is None or not user.acts_for(organisation):
        return None
    reason = why_not_both(organisation, merged(answered(user, {Trial: [trial.pk]})))
    if reason is None:
        return None
    next_ones = {name: step for name, step in STEPS.items() if step.is_next(trial, organisation)}
    kept = {name: step for name, step in next_ones.items() if step.why_not(trial, user, organisation) == reason}
    steps = [step.title for name, step in kept.items() if name not in NOBODY_WAITS]
    others = [step.title for name, step in kept.items() if name in NOBODY_WAITS]
    return KeptOff(reason, steps, others) if kept else None
