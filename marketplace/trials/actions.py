"""A trial before it runs: asked for, answered, its contract confirmed by both sides, insured, begun."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.regions import present_code
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.availability import disclose_outcome
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import Disclosure
from marketplace.trials import rules
from marketplace.trials.bounds import require_once_each, require_within
from marketplace.trials.holding import hold_with_entry, hold_with_outcome
from marketplace.trials.insuring import require_insured_from_start, require_insured_until_end
from marketplace.trials.keeping import require_not_offline, require_not_taken
from marketplace.trials.models import Trial
from marketplace.trials.parts import Criterion, Insurance
from marketplace.trials.party import Party
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.pool import PoolEntry
from marketplace.trials.refusals import (
    CriteriaMissing,
    InsuranceMissing,
    NoPlaceLeft,
    NotBegun,
    NotCompared,
    NotInPool,
    ReasonMissing,
    SignedAlready,
    TermOver,
    TermsMoved,
    TrialUnderWay,
    WordsMissing,
)

State = Trial.State
MOST_CRITERIA = 20


def _require_words(*words: str) -> None:
    if not all(word.strip() for word in words):
        raise WordsMissing()


def _named(criteria: Sequence[str]) -> list[str]:
    named = [text.strip() for text in criteria if text.strip()]
    if not 0 < len(named) <= MOST_CRITERIA:
        raise CriteriaMissing()
    require_once_each(named)
    return named


def _save_first(trial: Trial, criteria: list[str]) -> None:
    """Save a request with its criteria; a second one of the same enterprise meets the UNIQUE columns."""
    try:
        with transaction.atomic():
            trial.save()
    except IntegrityError as error:
        raise TrialUnderWay() from error
    Criterion.objects.bulk_create(
        Criterion(trial=trial, position=place, text=text) for place, text in enumerate(criteria, start=1)
    )


@transaction.atomic
def request_trial(
    outcome: ResearchOutcome,
    *,
    by: User,
    organisation: Organisation | None,
    purpose: str,
    place: str,
    criteria: Sequence[str],
    scale: str = "",
    region: str = "",
    quantity: int | None = None,
    version: int | None = None,
) -> Trial:
    """Ask to try an outcome of the pool on the terms that stand today, with the criteria one will judge by.

    `region` (a code) and `quantity` (in what the terms count) stay within the terms; terms in words alone need
    `scale` in words instead. `version` is that of the terms that were read: others are not agreed to unseen.
    Raises NotInPool, TermsMoved, WordsMissing, RegionMissing, OutsideTerritory, QuantityMissing, AboveScale,
    CriteriaMissing, CriterionTwice, TrialUnderWay, OutcomeOffline.
    """
    outcome.lock()
    now = clock.now()
    require(rules.request_trial, by, outcome, organisation=organisation)
    entry = PoolEntry.objects.open().filter(outcome=outcome).first()
    require_not_offline(outcome)
    if entry is None:
        raise NotInPool()
    terms = entry.current
    if version not in (None, terms.version):
        raise TermsMoved()
    _require_words(purpose, place, *([] if terms.is_counted else [scale]))
    require_within(terms, region=region, quantity=quantity)
    named = _named(criteria)
    trial = Trial(entry=entry, terms=terms, outcome=outcome, enterprise=organisation, requested_by=by)
    trial.purpose, trial.place, trial.scale = purpose.strip(), place.strip(), scale.strip()
    if terms.is_counted:
        trial.region, trial.quantity = present_code(region), quantity
    trial.requested_at = trial.moved_at = now
    _save_first(trial, named)
    journal.record(Kind.TRIAL_REQUESTED, trial, by=by, on_behalf_of=organisation, outcome=outcome.number)
    return trial


@transaction.atomic
def withdraw_trial(trial: Trial, *, by: User, organisation: Organisation | None) -> None:
    """Take a request back before the contract is confirmed by both. Raises WrongState."""
    trial.lock()
    now = clock.now()
    require(rules.withdraw_trial, by, trial, organisation=organisation)
    trial.enter(State.WITHDRAWN, at=now)
    trial.save()
    journal.record(Kind.TRIAL_WITHDRAWN, trial, by=by, on_behalf_of=organisation)


@transaction.atomic
def approve_trial(trial: Trial, *, by: User, organisation: Organisation | None, is_within: bool = False) -> None:
    """Approve a request, if a place is free; the term to confirm the contract and to begin runs from today.

    Of terms in words alone the institute says `is_within`: that it compared them with what is asked.
    Two who approve at once wait for each other on the entry, so no more places are given than there are.
    Raises WrongState, NotCompared, NoPlaceLeft; NotInPool where the outcome was taken out after the request,
    OutcomeNotOpen where somebody takes it over, OutcomeOffline where the district took it offline.
    """
    hold_with_entry(trial)
    now = clock.now()
    require(rules.approve_trial, by, trial, organisation=organisation)
    trial.enter(State.APPROVED, at=now)
    if trial.entry.state == PoolEntry.State.LEFT:
        raise NotInPool()
    require_not_taken(trial.outcome)
    require_not_offline(trial.outcome)
    if not trial.terms.is_counted and not is_within:
        raise NotCompared()
    places = trial.entry.current.max_parallel
    if trial.entry.trials.holding().count() >= places:
        raise NoPlaceLeft(places=places)
    trial.answered_by, trial.answered_at = by, now
    trial.decide_by = timezone.localdate(now) + timedelta(days=TrialPolicy.at(now).sign_within_days)
    trial.save()
    facts = {"until": trial.decide_by.isoformat()} | ({} if trial.terms.is_counted else {"compared": True})
    journal.record(Kind.TRIAL_APPROVED, trial, by=by, on_behalf_of=organisation, **facts)


@transaction.atomic
def refuse_trial(trial: Trial, *, by: User, organisation: Organisation | None, reason: str) -> None:
    """Refuse a request with the reason the enterprise reads. Raises ReasonMissing, WrongState."""
    trial.lock()
    now = clock.now()
    require(rules.refuse_trial, by, trial, organisation=organisation)
    trial.enter(State.REFUSED, at=now)
    if not reason.strip():
        raise ReasonMissing()
    trial.answered_by, trial.answered_at, trial.answer_reason = by, now, reason.strip()
    trial.save()
    journal.record(Kind.TRIAL_REFUSED, trial, by=by, on_behalf_of=organisation)


def require_in_time(trial: Trial, now: datetime) -> None:
    """Refuse what comes after the term, also before the sweep has noticed. Raises TermOver."""
    if trial.decide_by is not None and timezone.localdate(now) > trial.decide_by:
        raise TermOver(day=trial.decide_by.isoformat())


@transaction.atomic
def sign_trial_contract(trial: Trial, *, by: User, organisation: Organisation | None) -> None:
    """Confirm the trial contract for one's side; when both have, the confidential part is disclosed.

    Raises WrongState, SignedAlready, TermOver, OutcomeNotOpen.
    """
    hold_with_outcome(trial)
    now = clock.now()
    require(rules.sign_trial_contract, by, trial, organisation=organisation)
    if trial.state != State.APPROVED:
        trial.move_to(trial.state)  # refuses: only an approved trial has a contract to confirm
    require_in_time(trial, now)
    require_not_taken(trial.outcome)
    party = Party(trial.party_of(organisation) or "")
    if trial.has_signed(party):
        raise SignedAlready()
    setattr(trial, f"{party.value}_signed_by", by)
    setattr(trial, f"{party.value}_signed_at", now)
    journal.record(Kind.TRIAL_CONFIRMED, trial, by=by, on_behalf_of=organisation, party=party.value)
    if trial.has_signed(party.other):
        trial.enter(State.SIGNED, at=now)
        journal.record(Kind.TRIAL_SIGNED, trial, by=by, on_behalf_of=organisation)
        disclose_outcome(trial.outcome, trial.enterprise, Disclosure.Stage.NDA, by=by)
    trial.save()


def confirmed_on(trial: Trial) -> date | None:
    """Return the day since which both sides have confirmed the contract, or None."""
    both = (trial.owner_signed_at, trial.enterprise_signed_at)
    signed = [timezone.localdate(at) for at in both if at is not None]
    return max(signed) if len(signed) == len(both) else None


@transaction.atomic
def start_trial(trial: Trial, *, by: User, organisation: Organisation | None, starts_on: date) -> None:
    """Note that it was handed over and begun, today or since both confirmed; the end follows from the length.

    Raises WrongState, InsuranceMissing, InsuranceBegins, InsuranceEnds, NotBegun, TermOver, OutcomeNotOpen.
    """
    hold_with_outcome(trial)
    now = clock.now()
    require(rules.start_trial, by, trial, organisation=organisation)
    require_in_time(trial, now)
    trial.enter(State.RUNNING, at=now)
    require_not_taken(trial.outcome)
    if trial.terms.needs_insurance and not Insurance.objects.filter(trial=trial).exists():
        raise InsuranceMissing()
    today = timezone.localdate(now)
    first = confirmed_on(trial) or today
    if not first <= starts_on <= today:
        raise NotBegun(first=first.isoformat())
    trial.starts_on = starts_on
    trial.set_end(starts_on + timedelta(days=trial.terms.length_days))
    require_insured_from_start(trial)
    require_insured_until_end(trial)
    trial.save()
    journal.record(
        Kind.TRIAL_STARTED,
        trial,
        by=by,
        on_behalf_of=organisation,
        starts_on=starts_on.isoformat(),
        ends_on=trial.ends_on.isoformat(),  # type: ignore[union-attr]  # set_end
    )
