"""The steps of a trial that a colleague has to take, because the reader answered for the other party."""

from dataclasses import dataclass
from typing import Any

from marketplace.organisations.one_side import answered, merged, why_not_both
from marketplace.trials.models import Trial
from marketplace.trials.stepping import STEPS


@dataclass(frozen=True)
class KeptOff:
    """Why somebody answers nothing for the party they act for, and the steps that are next but for that."""

    reason: str
    steps: list[Any]


def kept_off(trial: Trial, user: Any, organisation: Any) -> KeptOff | None:
    """Return what this person would be offered had they not answered for the other party; None where nothing is."""
    if trial.party_of(organisation) is None or not user.acts_for(organisation):
        return None
    reason = why_not_both(organisation, merged(answered(user, {Trial: [trial.pk]})))
    if reason is None:
        return None
    next_ones = [step for step in STEPS.values() if step.is_next(trial, organisation)]
    steps = [step.title for step in next_ones if step.why_not(trial, user, organisation) == reason]
    return KeptOff(reason, steps) if steps else None
