"""The insurance of a trial: entered before it begins, replaced by one that covers no less of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.money import FEN_PER_YUAN
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.trials import rules
from marketplace.trials.models import Trial
from marketplace.trials.parts import Insurance
from marketplace.trials.refusals import (
    CoverEndsEarlier,
    CoverInterrupted,
    InsuranceEnds,
    InsuranceIncomplete,
    PeriodOutOfOrder,
    PolicyTooShort,
    SubsidyAbovePremium,
)
from marketplace.trials.uninsured import CoverTooLong, InsuranceBegins, PolicyOver, PolicyTooLate, SumTooSmall

State = Trial.State
LEAST_SUM = 1000 * FEN_PER_YUAN  # a smaller sum is a slip of the unit
LONGEST_YEARS = 10  # a trial lasts two years by the district's rules; a longer policy is a slip of the year
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
    """Enter the policy that covers the trial; once the trial runs, one takes its place only if it covers no less.

    The journal keeps number and days of the former one.
    Raises WrongState, InsuranceIncomplete, SubsidyAbovePremium, SumTooSmall, PeriodOutOfOrder, PolicyOver,
    CoverTooLong, PolicyTooShort, PolicyTooLate, CoverEndsEarlier, CoverInterrupted.
    """
    trial.lock()
    now = clock.now()
    require(rules.insure_trial, by, trial, organisation=organisation)
    if trial.state not in INSURABLE:
        trial.enter(State.INSURED, at=now)
    _require_sound(premium, subsidy, insured_sum)
    _require_days(begins_on, ends_on, today=timezone.localdate(now))
    _require_reach(trial, begins_on, ends_on, timezone.localdate(now))
    policy = Insurance.objects.filter(trial=trial).first() or Insurance(trial=trial)
    former = _give_way(policy, begins_on, ends_on, today=timezone.localdate(now))
    policy.insurer, policy.policy_number, policy.premium = insurer.strip(), policy_number.strip(), premium
    policy.subsidy, policy.insured_sum, policy.begins_on, policy.ends_on = subsidy, insured_sum, begins_on, ends_on
    policy.noted_by, policy.noted_at = by, now
    policy.save()
    trial.save()
    data = {"sum": insured_sum, "subsidy": subsidy, "policy": _said(policy), "former": former}
    journal.record(Kind.TRIAL_INSURED, trial, by=by, on_behalf_of=organisation, **data)


def faults_of(
    trial: Trial,
    *,
    premium: int | None,
    subsidy: int | None,
    insured_sum: int | None,
    begins_on: date | None,
    ends_on: date | None,
    today: date,
) -> Iterator[Refused]:
    """Yield why insure_trial would refuse the sums and why the days, of what was filled in: both in one round."""
    try:
        if premium is not None and subsidy is not None and insured_sum is not None:
            _require_sound(premium, subsidy, insured_sum)
    except Refused as refusal:
        yield refusal
    if begins_on is None or ends_on is None:
        return
    former = Insurance.objects.filter(trial=trial).first()
    try:
        _require_days(begins_on, ends_on, today=today)
        _require_reach(trial, begins_on, ends_on, today)
        if former is not None:
            _require_no_less(former, begins_on, ends_on, today=today)
    except Refused as refusal:
        yield refusal


def uncovered_until(trial: Trial, insurance: Insurance | None, *, today: date) -> date | None:
    """Return the last day of a trial its policy does not reach; of one not begun yet, as if it began `today`."""
    if insurance is None or trial.state not in (*trial.BEFORE_START, *trial.TRYING, State.DISPUTE):
        return None
    end = trial.ends_on or today + timedelta(days=trial.terms.length_days)
    return end if insurance.ends_on < end else None


def _require_sound(premium: int, subsidy: int, insured_sum: int) -> None:
    if premium <= 0 or insured_sum <= 0 or subsidy < 0:
        raise InsuranceIncomplete()
    if subsidy > premium:
        raise SubsidyAbovePremium()
    if insured_sum < max(LEAST_SUM, premium):
        raise SumTooSmall()


def _require_days(begins_on: date, ends_on: date, *, today: date) -> None:
    """Refuse days no policy has: out of order, over already, or longer than any."""
    if ends_on <= begins_on:
        raise PeriodOutOfOrder()
    if ends_on < today:
        raise PolicyOver()
    if (ends_on - begins_on).days > LONGEST_YEARS * 366:
        raise CoverTooLong(years=LONGEST_YEARS)


def _give_way(policy: Insurance, begins_on: date, ends_on: date, *, today: date) -> dict[str, Any] | None:
    """Return what the policy said that another may replace, or None for a first one. Raises as _require_no_less."""
    if policy.pk is None:
        return None
    _require_no_less(policy, begins_on, ends_on, today=today)
    return _said(policy)


def _said(policy: Insurance) -> dict[str, Any]:
    """Return what the journal keeps of a policy, which another may replace; names stay out of it."""
    return {
        "number": policy.policy_number,
        "begins_on": policy.begins_on.isoformat(),
        "ends_on": policy.ends_on.isoformat(),
    }


def _require_no_less(former: Insurance, begins_on: date, ends_on: date, *, today: date) -> None:
    """Refuse a policy by which a trial that runs would lose cover. Raises CoverEndsEarlier, CoverInterrupted."""
    if former.trial.ends_on is None:
        return  # it has not begun: what was entered is put right
    least = min(former.ends_on, former.trial.ends_on)
    if ends_on < least:
        raise CoverEndsEarlier(day=least.isoformat())
    latest = max(former.begins_on, former.ends_on + timedelta(days=1), today)
    if begins_on > latest:
        raise CoverInterrupted(day=latest.isoformat())


def _require_reach(trial: Trial, begins_on: date, ends_on: date, today: date) -> None:
    """Refuse a required policy that does not cover a trial not begun yet. Raises PolicyTooLate, PolicyTooShort."""
    if not trial.terms.needs_insurance or trial.ends_on is not None:
        return
    if trial.decide_by is not None and begins_on > trial.decide_by:
        raise PolicyTooLate(day=trial.decide_by.isoformat())
    earliest = max(today, begins_on) + timedelta(days=trial.terms.length_days)
    if ends_on < earliest:
        raise PolicyTooShort(day=earliest.isoformat())


def require_insured_from_start(trial: Trial) -> None:
    """Refuse a first day that a required insurance does not cover. Raises InsuranceBegins."""
    insurance = Insurance.objects.filter(trial=trial).first()
    if not trial.terms.needs_insurance or insurance is None or trial.starts_on is None:
        return
    if insurance.begins_on > trial.starts_on:
        raise InsuranceBegins(day=insurance.begins_on.isoformat())


def require_insured_until_end(trial: Trial) -> None:
    """Refuse an end that a required insurance does not reach. Raises InsuranceEnds."""
    insurance = Insurance.objects.filter(trial=trial).first()
    if not trial.terms.needs_insurance or insurance is None or trial.ends_on is None:
        return
    if insurance.ends_on < trial.ends_on:
        raise InsuranceEnds(day=insurance.ends_on.isoformat())
