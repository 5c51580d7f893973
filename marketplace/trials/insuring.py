"""The insurance of a trial: entered before it begins, replaced by one that covers a longer trial."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.trials import rules
from marketplace.trials.models import Trial
from marketplace.trials.parts import Insurance
from marketplace.trials.refusals import InsuranceEnds, InsuranceIncomplete, PolicyTooShort

State = Trial.State
INSURABLE = (State.INSURED, State.RUNNING, State.EVALUATION)  # besides a signed one, which becomes insured


@transaction.atomic
def insure_trial(
    trial: Trial,
    *,
    by: User,
    organisation: Organisation | None,
    insurer: str,
    policy_number: str,
    premium: int,
    subsidy: int,
    insured_sum: int,
    begins_on: date,
    ends_on: date,
) -> None:
    """Enter the policy that covers the trial; one that covers a longer trial takes its place.

    Raises WrongState, InsuranceIncomplete, PolicyTooShort.
    """
    trial.lock()
    now = clock.now()
    require(rules.insure_trial, by, trial, organisation=organisation)
    if trial.state not in INSURABLE:
        trial.enter(State.INSURED, at=now)
    if premium <= 0 or insured_sum <= 0 or not 0 <= subsidy <= premium or ends_on <= begins_on:
        raise InsuranceIncomplete()
    _require_reach(trial, begins_on, ends_on, timezone.localdate(now))
    policy = Insurance.objects.filter(trial=trial).first() or Insurance(trial=trial)
    policy.insurer, policy.policy_number, policy.premium = insurer.strip(), policy_number.strip(), premium
    policy.subsidy, policy.insured_sum, policy.begins_on, policy.ends_on = subsidy, insured_sum, begins_on, ends_on
    policy.noted_by, policy.noted_at = by, now
    policy.save()
    trial.save()
    journal.record(Kind.TRIAL_INSURED, trial, by=by, on_behalf_of=organisation, sum=insured_sum, subsidy=subsidy)


def _require_reach(trial: Trial, begins_on: date, ends_on: date, today: date) -> None:
    """Refuse a required policy that is over before a trial not begun yet can be. Raises PolicyTooShort."""
    earliest = max(today, begins_on) + timedelta(days=trial.terms.length_days)
    if trial.terms.needs_insurance and trial.ends_on is None and ends_on < earliest:
        raise PolicyTooShort(day=earliest.isoformat())


def require_insured_until_end(trial: Trial) -> None:
    """Refuse an end that a required insurance does not reach. Raises InsuranceEnds."""
    insurance = Insurance.objects.filter(trial=trial).first()
    if not trial.terms.needs_insurance or insurance is None or trial.ends_on is None:
        return
    if insurance.ends_on < trial.ends_on:
        raise InsuranceEnds(day=insurance.ends_on.isoformat())
