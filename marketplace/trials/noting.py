"""What the parties note of a trial: milestones named and reached, hours of support; what was wrong taken back."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, files, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.trials import rules
from marketplace.trials.models import Trial
from marketplace.trials.parts import Milestone, Support
from marketplace.trials.refusals import (
    DayOutside,
    DayOver,
    HoursImpossible,
    MilestoneReached,
    NothingSaid,
    ProofMissing,
    ReasonMissing,
    SupportInFuture,
)
from marketplace.trials.running import require_trying

State = Trial.State


class MilestoneTwice(Refused):
    message = _("This milestone is planned for this day already.")


class MilestoneOfOther(Refused):
    message = _("The side that named a milestone takes it out, while it has not been reached.")


class SupportOutside(DayOutside):
    field = "given_on"


class SupportGone(Refused):
    message = _("These hours do not count any more.")


def milestone_days(trial: Trial, *, today: date) -> tuple[date, date]:
    """Return the first and the last day of a milestone; before the start, the end of a trial that begins last."""
    if trial.starts_on is not None and trial.ends_on is not None:
        return trial.starts_on, trial.ends_on
    return today, (trial.decide_by or today) + timedelta(days=trial.terms.length_days)


@transaction.atomic
def add_milestone(trial: Trial, *, by: User, organisation: Organisation | None, title: str, due_on: date) -> Milestone:
    """Name a step with its day, within the trial.

    Raises WrongState, NothingSaid, DayOutside, DayOver; MilestoneTwice where it stands already.
    """
    trial.lock()
    now = clock.now()
    require(rules.add_milestone, by, trial, organisation=organisation)
    if trial.state not in (*trial.BEFORE_START, State.RUNNING):
        trial.move_to(trial.state)  # refuses: steps are named before the evaluation
    if not title.strip():
        raise NothingSaid()
    first, last = milestone_days(trial, today=timezone.localdate(now))
    if trial.starts_on is None and due_on < first:
        raise DayOver(today=first.isoformat())
    if not first <= due_on <= last:
        raise DayOutside(first=first.isoformat(), last=last.isoformat())
    if trial.milestones.standing().filter(title=title.strip(), due_on=due_on).exists():
        raise MilestoneTwice()
    milestone = Milestone(trial=trial, title=title.strip(), due_on=due_on, added_by=by)
    milestone.party = trial.party_of(organisation) or ""
    milestone.save()
    journal.record(Kind.TRIAL_MILESTONE_ADDED, trial, by=by, on_behalf_of=organisation, due_on=due_on.isoformat())
    return milestone


@transaction.atomic
def reach_milestone(
    trial: Trial,
    milestone: Milestone,
    *,
    by: User,
    organisation: Organisation | None,
    note: str,
    evidence: Sequence[UploadedFile] = (),
) -> None:
    """Say that a step was reached, with what proves it.

    Raises WrongState, MilestoneReached, MilestoneOfOther, ProofMissing, UnwantedType, TooLarge, EmptyFile.
    """
    trial.lock()
    now = clock.now()
    require(rules.reach_milestone, by, trial, organisation=organisation)
    require_trying(trial)
    _require_open(milestone, trial)
    if not note.strip() and not evidence:
        raise ProofMissing()
    milestone.reached_at, milestone.reached_by, milestone.note = now, by, note.strip()
    milestone.save()
    for upload in evidence:
        _keep_evidence(upload, milestone, by=by)
    data = {"milestone": milestone.pk, "due_on": milestone.due_on.isoformat()}
    journal.record(Kind.TRIAL_MILESTONE_REACHED, trial, by=by, on_behalf_of=organisation, **data)


def _require_open(milestone: Milestone, trial: Trial) -> None:
    milestone.refresh_from_db()
    if milestone.reached_at is not None or milestone.taken_back_at is not None or milestone.trial_id != trial.pk:
        raise MilestoneReached()


def _keep_evidence(upload: UploadedFile, milestone: Milestone, *, by: User) -> None:
    try:
        files.keep(upload, subject=milestone, by=by, purpose="milestone", confidential=True)
    except Refused as refusal:
        refusal.field = "evidence"
        raise


def to_take_out(trial: Trial, party: str) -> QuerySet[Milestone]:
    """Return the milestones a side may take out: its own that were not reached; of before, those of either."""
    found: QuerySet[Milestone] = trial.milestones.standing().filter(reached_at=None)
    return found.filter(Q(party=party) | Q(party=""))


@transaction.atomic
def take_out_milestone(
    trial: Trial, milestone: Milestone, *, by: User, organisation: Organisation | None, reason: str
) -> None:
    """Take a milestone of one's own side out that was not reached, with a reason; another may be added.

    Raises ReasonMissing, MilestoneReached, MilestoneOfOther, WrongState.
    """
    trial.lock()
    now = clock.now()
    require(rules.take_out_milestone, by, trial, organisation=organisation)
    if trial.state not in (*trial.BEFORE_START, State.RUNNING, State.EVALUATION):
        trial.move_to(trial.state)  # refuses: the plan of a trial that is over stands
    if not reason.strip():
        raise ReasonMissing()
    _require_open(milestone, trial)
    if milestone.party not in ("", trial.party_of(organisation)):
        raise MilestoneOfOther()
    milestone.take_back(by=by, at=now, reason=reason)
    data = {"milestone": milestone.pk, "due_on": milestone.due_on.isoformat()}
    journal.record(Kind.TRIAL_MILESTONE_TAKEN_OUT, trial, by=by, on_behalf_of=organisation, **data)


@transaction.atomic
def note_support(
    trial: Trial, *, by: User, organisation: Organisation | None, given_on: date, hours: Decimal, text: str
) -> Support:
    """Note hours of help the institute gave within the trial, also more than the terms promise.

    Raises WrongState, HoursImpossible, SupportInFuture, SupportOutside, NothingSaid.
    """
    trial.lock()
    now = clock.now()
    require(rules.note_support, by, trial, organisation=organisation)
    require_trying(trial)
    if not 0 < hours <= 24:
        raise HoursImpossible()
    if given_on > timezone.localdate(now):
        raise SupportInFuture(day=given_on.isoformat())
    first, last = trial.starts_on or given_on, trial.ends_on or given_on
    if not first <= given_on <= last:
        raise SupportOutside(first=first.isoformat(), last=last.isoformat())
    if not text.strip():
        raise NothingSaid()
    support = Support(trial=trial, given_on=given_on, hours=hours, text=text.strip(), noted_by=by, noted_at=now)
    support.save()
    data = {"hours": str(hours), "on": given_on.isoformat()}
    journal.record(Kind.TRIAL_SUPPORTED, trial, by=by, on_behalf_of=organisation, **data)
    return support


def used_hours(trial: Trial) -> Decimal:
    """Return the hours of support that were noted and stand."""
    return sum((one.hours for one in trial.support.standing()), Decimal(0))


@transaction.atomic
def take_back_support(
    trial: Trial, support: Support, *, by: User, organisation: Organisation | None, reason: str
) -> None:
    """Take hours back that were noted wrongly, with a reason the enterprise reads.

    Raises WrongState, ReasonMissing, SupportGone.
    """
    trial.lock()
    now = clock.now()
    require(rules.take_back_support, by, trial, organisation=organisation)
    require_trying(trial)
    if not reason.strip():
        raise ReasonMissing()
    support.refresh_from_db()
    if support.taken_back_at is not None or support.trial_id != trial.pk:
        raise SupportGone()
    support.take_back(by=by, at=now, reason=reason)
    data = {"hours": str(support.hours), "on": support.given_on.isoformat()}
    journal.record(Kind.TRIAL_SUPPORT_TAKEN_BACK, trial, by=by, on_behalf_of=organisation, **data)
