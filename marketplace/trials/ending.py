"""How a trial ends without a contract: stopped, expired or lapsed, returned; and disputes on the way."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.trials import rules
from marketplace.trials.models import Trial
from marketplace.trials.parts import Breach
from marketplace.trials.party import Party
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.refusals import AnswerAwaited, NothingSaid, OwnBreach, ReasonMissing, ReturnConfirmed

State = Trial.State


@transaction.atomic
def stop_trial(trial: Trial, *, by: User, organisation: Organisation | None, reason: str) -> None:
    """End the trial without taking the outcome over; what was handed over goes back. Raises WrongState, ReasonMissing.

    A conversion that has its price is given up in its deal, not here.
    """
    trial.lock()
    now = clock.now()
    require(rules.stop_trial, by, trial, organisation=organisation)
    if trial.state not in trial.TRYING:
        trial.move_to(trial.state)  # refuses: only a trial under way is stopped
    if not reason.strip():
        raise ReasonMissing()
    trial.enter(State.RETURNING, at=now)
    trial.stop_reason = reason.strip()
    trial.save()
    journal.record(Kind.TRIAL_STOPPED, trial, by=by, on_behalf_of=organisation)


@transaction.atomic
def confirm_return(trial: Trial, *, by: User, organisation: Organisation | None) -> None:
    """Confirm for one's side that materials were returned or destroyed; when both have, the trial is closed.

    Raises WrongState, ReturnConfirmed.
    """
    trial.lock()
    now = clock.now()
    require(rules.confirm_return, by, trial, organisation=organisation)
    if trial.state not in trial.TO_RETURN:
        trial.move_to(trial.state)  # refuses: nothing goes back while the trial is under way
    party = Party(trial.party_of(organisation) or "")
    if trial.has_returned(party):
        raise ReturnConfirmed()
    setattr(trial, f"{party.value}_returned_at", now)
    journal.record(Kind.TRIAL_RETURN_CONFIRMED, trial, by=by, on_behalf_of=organisation, party=party.value)
    if trial.has_returned(party.other):
        trial.enter(State.CLOSED, at=now)
        journal.record(Kind.TRIAL_CLOSED, trial, by=by, on_behalf_of=organisation)
    trial.save()


@transaction.atomic
def call_off_trial(trial: Trial, *, by: User, organisation: Organisation | None, reason: str) -> None:
    """Step back before the trial has begun; the other side reads the reason. Raises WrongState, ReasonMissing."""
    trial.lock()
    now = clock.now()
    require(rules.call_off_trial, by, trial, organisation=organisation)
    trial.enter(State.CALLED_OFF, at=now)
    if not reason.strip():
        raise ReasonMissing()
    trial.stop_reason = reason.strip()
    trial.save()
    journal.record(Kind.TRIAL_CALLED_OFF, trial, by=by, on_behalf_of=organisation)


@transaction.atomic
def report_breach(trial: Trial, *, by: User, organisation: Organisation | None, text: str) -> Breach:
    """Say that the other party broke the terms; the clock stands still until an officer has resolved it.

    Raises WrongState, NothingSaid.
    """
    trial.lock()
    now = clock.now()
    require(rules.report_breach, by, trial, organisation=organisation)
    came_from = trial.state
    trial.enter(State.DISPUTE, at=now)
    if not text.strip():
        raise NothingSaid()
    trial.save()
    breach = Breach(trial=trial, came_from=came_from, text=text.strip(), reported_by=by, reported_at=now)
    breach.party = Party(trial.party_of(organisation) or "").value
    breach.save()
    facts = {"party": breach.party, "until": breach.to_be_answered_by.isoformat()}
    journal.record(Kind.TRIAL_DISPUTED, trial, by=by, on_behalf_of=organisation, **facts)
    return breach


@transaction.atomic
def answer_breach(trial: Trial, *, by: User, organisation: Organisation | None, text: str) -> None:
    """Answer, once, a breach the other side reported. Raises WrongState, OwnBreach, NothingSaid."""
    trial.lock()
    now = clock.now()
    require(rules.answer_breach, by, trial, organisation=organisation)
    if trial.state != State.DISPUTE:
        trial.move_to(trial.state)  # refuses: there is nothing to answer
    breach = trial.breaches.get(resolved_at=None)
    if breach.party == trial.party_of(organisation) or breach.answered_at is not None:
        raise OwnBreach()
    if not text.strip():
        raise NothingSaid()
    breach.answer, breach.answered_by, breach.answered_at = text.strip(), by, now
    breach.save()
    journal.record(Kind.TRIAL_BREACH_ANSWERED, trial, by=by, on_behalf_of=organisation)


@transaction.atomic
def resolve_dispute(trial: Trial, *, by: User, goes_on: bool, text: str) -> None:
    """Resolve a dispute in words: the trial goes on with its days given back, or what was handed over goes back.

    The other side is heard first, unless it let its days pass. Raises WrongState, NothingSaid, AnswerAwaited.
    """
    trial.lock()
    now = clock.now()
    require(rules.resolve_dispute, by, trial)
    if trial.state != State.DISPUTE:
        trial.move_to(trial.state)  # refuses: there is nothing to resolve
    if not text.strip():
        raise NothingSaid()
    breach = trial.breaches.get(resolved_at=None)
    if breach.awaits_answer(timezone.localdate(now)):
        raise AnswerAwaited(day=breach.to_be_answered_by.isoformat())
    trial.enter(breach.came_from if goes_on else State.RETURNING, at=now)
    if goes_on:
        lost = timezone.localdate(now) - timezone.localdate(breach.reported_at)
        trial.ends_on, trial.decide_by = _later(trial.ends_on, lost), _later(trial.decide_by, lost)
    else:
        trial.stop_reason = text.strip()[:500]
    trial.save()
    breach.goes_on, breach.resolution, breach.resolved_by, breach.resolved_at = goes_on, text.strip(), by, now
    breach.save()
    journal.record(Kind.TRIAL_RESOLVED, trial, by=by, goes_on=goes_on)


def _later(day: date | None, lost: timedelta) -> date | None:
    return day + lost if day is not None else None


@transaction.atomic
def expire_trial(trial: Trial) -> bool:
    """End a trial whose term is over: lapsed before it began, else expired; tell whether this call did it."""
    trial.lock()
    now = clock.now()
    if trial.decide_by is None or trial.decide_by >= timezone.localdate(now):
        return False
    if trial.state in trial.BEFORE_START:
        state, kind = State.LAPSED, Kind.TRIAL_LAPSED
    elif trial.state in trial.TRYING:
        state, kind = State.EXPIRED, Kind.TRIAL_EXPIRED
    else:
        return False
    trial.enter(state, at=now)
    trial.save()
    journal.record(kind, trial, by=None, term=trial.decide_by.isoformat())
    return True


@transaction.atomic
def remind_of_end(trial: Trial) -> bool:
    """Remind both parties once of each term that is near: the end of the trial, then the end of the decision."""
    trial.lock()
    now = clock.now()
    today = timezone.localdate(now)
    soon = today + timedelta(days=TrialPolicy.at(now).remind_days)
    due = next((day for day in (trial.ends_on, trial.decide_by) if day is not None and today <= day <= soon), None)
    waits = trial.state in (*trial.BEFORE_START, *trial.TRYING)
    if due is None or not waits or (trial.reminded_of is not None and trial.reminded_of >= due):
        return False
    trial.reminded_of = due
    trial.save(update_fields=["reminded_of"])
    journal.record(Kind.TRIAL_REMINDED, trial, by=None, due=due.isoformat())
    return True
