"""A trial while it runs: evaluation, more time. Its milestones and hours of support stand in noting.py."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.trials import rules
from marketplace.trials.actions import require_in_time
from marketplace.trials.insuring import require_insured_until_end
from marketplace.trials.models import Trial
from marketplace.trials.parts import Criterion, Extension
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.refusals import (
    ExtensionAsked,
    ExtensionGone,
    ExtensionTooLong,
    NoExtensionLeft,
    NothingSaid,
    ReasonMissing,
    VerdictMissing,
)

State = Trial.State
TRYING = (State.RUNNING, State.EVALUATION)


def require_trying(trial: Trial) -> None:
    """Refuse what belongs to a trial under way. Raises WrongState."""
    if trial.state not in TRYING:
        trial.move_to(trial.state)  # refuses: this belongs to a trial under way


def _judge(criteria: Sequence[Criterion], verdicts: Mapping[int, tuple[str, str]]) -> None:
    """Write a verdict or a value to each criterion. Raises VerdictMissing."""
    for criterion in criteria:
        verdict, measured = verdicts.get(criterion.position, ("", ""))
        criterion.verdict, criterion.measured = verdict, measured.strip()
        if not verdict and not criterion.measured:
            raise VerdictMissing()
        criterion.save(update_fields=["verdict", "measured"])


@transaction.atomic
def evaluate_trial(
    trial: Trial,
    *,
    by: User,
    organisation: Organisation | None,
    verdicts: Mapping[int, tuple[str, str]],
    text: str,
) -> None:
    """Judge the trial by each criterion, {position: (met or not, measured value)}, and in words.

    Raises WrongState, TermOver, VerdictMissing, NothingSaid.
    """
    trial.lock()
    now = clock.now()
    require(rules.evaluate_trial, by, trial, organisation=organisation)
    require_in_time(trial, now)
    trial.enter(State.EVALUATION, at=now)
    if not text.strip():
        raise NothingSaid()
    _judge(list(trial.criteria.all()), verdicts)
    trial.evaluation, trial.evaluated_by, trial.evaluated_at = text.strip(), by, now
    trial.save()
    met = trial.criteria.filter(verdict=Criterion.Verdict.MET).count()
    journal.record(Kind.TRIAL_EVALUATED, trial, by=by, on_behalf_of=organisation, met=met)


@transaction.atomic
def ask_extension(trial: Trial, *, by: User, organisation: Organisation | None, days: int, reason: str) -> Extension:
    """Ask the institute for more time, within what the district allows on this day.

    Raises WrongState, TermOver, ReasonMissing, ExtensionAsked, NoExtensionLeft, ExtensionTooLong.
    """
    trial.lock()
    now = clock.now()
    require(rules.ask_extension, by, trial, organisation=organisation)
    require_trying(trial)
    require_in_time(trial, now)
    if not reason.strip():
        raise ReasonMissing()
    _require_allowed(trial, days, TrialPolicy.at(now))
    extension = Extension(trial=trial, days=days, reason=reason.strip(), asked_by=by, asked_at=now)
    try:
        with transaction.atomic():
            extension.save()
    except IntegrityError as error:
        raise ExtensionAsked() from error
    journal.record(Kind.TRIAL_EXTENSION_ASKED, trial, by=by, on_behalf_of=organisation, days=days)
    return extension


def _require_allowed(trial: Trial, days: int, policy: TrialPolicy) -> None:
    granted = trial.extensions.filter(state=Extension.State.GRANTED).count()
    if granted >= policy.max_extensions:
        raise NoExtensionLeft(most=policy.max_extensions)
    assert trial.starts_on is not None  # noqa: S101  # a trial under way has begun
    assert trial.ends_on is not None  # noqa: S101
    if days < 1 or (trial.ends_on - trial.starts_on).days + days > policy.longest_days:
        raise ExtensionTooLong(days=policy.longest_days)


def _run_on(trial: Trial, days: int, *, at: datetime) -> None:
    """Let the trial end later, and run again where it was evaluated already. Raises InsuranceEnds."""
    assert trial.ends_on is not None  # noqa: S101  # it has begun
    trial.set_end(trial.ends_on + timedelta(days=days))
    require_insured_until_end(trial)
    if trial.state == State.EVALUATION:
        trial.enter(State.RUNNING, at=at)
    trial.save()


@transaction.atomic
def answer_extension(
    trial: Trial,
    extension: Extension,
    *,
    by: User,
    organisation: Organisation | None,
    is_granted: bool,
    reason: str = "",
) -> None:
    """Grant more time, after which the trial runs on; or refuse with the reason.

    Raises WrongState, ExtensionGone, ReasonMissing, TermOver and what ask_extension does about the limits.
    """
    trial.lock()
    extension.lock()
    now = clock.now()
    require(rules.answer_extension, by, trial, organisation=organisation)
    require_trying(trial)
    require_in_time(trial, now)
    if extension.state != Extension.State.ASKED or extension.trial_id != trial.pk:
        raise ExtensionGone()
    if is_granted:
        _require_allowed(trial, extension.days, TrialPolicy.at(now))
        _run_on(trial, extension.days, at=now)
    elif not reason.strip():
        raise ReasonMissing()
    extension.move_to(Extension.State.GRANTED if is_granted else Extension.State.REFUSED)
    extension.answered_by, extension.answered_at, extension.answer = by, now, reason.strip()
    extension.save()
    data = {"granted": is_granted, "ends_on": trial.ends_on.isoformat()}  # type: ignore[union-attr]
    journal.record(Kind.TRIAL_EXTENSION_ANSWERED, trial, by=by, on_behalf_of=organisation, **data)
