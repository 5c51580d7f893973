"""The verbs of the pool: enter, write new terms, check, pause, resume, leave."""

from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.keeping import require_in_order
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.trial import offer_trial, withdraw_trial_offer
from marketplace.trials import rules
from marketplace.trials.bounds import require_counted
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.pool import PoolEntry, PoolTerms, Pricing
from marketplace.trials.refusals import (
    CapBelowBase,
    InPool,
    OutcomeNotOffered,
    ReasonMissing,
    TermsIncomplete,
    TermsUnchanged,
    TooLong,
)

State = PoolEntry.State
GONE = (ResearchOutcome.State.CONVERTED, ResearchOutcome.State.WITHDRAWN)


class Terms(TypedDict, total=False):
    """What is fixed in advance; names as in PoolTerms."""

    max_parallel: int
    length_days: int
    regions: list[str]
    territory: str
    scale_limit: int
    scale_unit: str
    allowed_scale: str
    support_hours: int
    needs_insurance: bool
    mode: str
    pricing: str
    price: int | None
    output_rate: Decimal | None
    price_cap: int | None
    payment_plan: str
    decide_days: int
    confidentiality: str
    on_return: str
    data_sharing: str


def _checked(terms: Terms, policy: TrialPolicy) -> Terms:
    """Return the terms with only those parts of the price that its kind has. Raises what is wrong with them."""
    terms = terms | {"scale_unit": terms["scale_unit"].strip()}
    require_counted(terms["regions"], terms["scale_limit"], terms["scale_unit"])
    pricing = terms["pricing"]
    if pricing == Pricing.AGREED:
        terms = terms | {"price": None, "output_rate": None, "price_cap": None}
    elif pricing == Pricing.FIXED:
        terms = terms | {"output_rate": None, "price_cap": None}
    needed = {Pricing.FIXED: ("price",), Pricing.FORMULA: ("price", "output_rate", "price_cap")}
    if any(not terms.get(name) for name in needed.get(Pricing(pricing), ())):
        raise TermsIncomplete()
    if (terms.get("price_cap") or 0) and (terms["price_cap"] or 0) < (terms["price"] or 0):
        raise CapBelowBase()
    if terms["length_days"] > policy.longest_days:
        raise TooLong(days=policy.longest_days)
    return terms


def _write(entry: PoolEntry, terms: Terms, *, by: User, at: datetime) -> PoolTerms:
    version = entry.versions.count() + 1
    return PoolTerms.objects.create(entry=entry, version=version, written_by=by, written_at=at, **terms)


def _is_checked_first(outcome: ResearchOutcome, policy: TrialPolicy) -> bool:
    return policy.district_checks and outcome.owner.kind == Organisation.Kind.INSTITUTE


def _offered(outcome: ResearchOutcome) -> None:
    if not outcome.live or outcome.state != ResearchOutcome.State.AVAILABLE:
        raise OutcomeNotOffered()


@transaction.atomic
def enter_pool(
    outcome: ResearchOutcome, *, by: User, organisation: Organisation | None, **terms: Unpack[Terms]
) -> PoolEntry:
    """Put a published outcome into the pool on terms fixed in advance; where the district checks, it waits for that.

    Raises OutcomeNotOffered, InPool, TerritoryMissing, ScaleMissing, TermsIncomplete, CapBelowBase, TooLong.
    """
    outcome.lock()
    now = clock.now()
    require(rules.enter_pool, by, outcome, organisation=organisation)
    _offered(outcome)
    policy = TrialPolicy.at(now)
    terms = _checked(terms, policy)
    entry = PoolEntry(outcome=outcome, state=State.CHECKING, entered_by=by, entered_at=now, moved_at=now)
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        raise InPool() from error
    written = _write(entry, terms, by=by, at=now)
    data = {"version": written.version, "outcome": outcome.number}
    journal.record(Kind.POOL_ENTERED, entry, by=by, on_behalf_of=organisation, **data)
    if not _is_checked_first(outcome, policy):
        _admit(entry, by=by, at=now)
    return entry


def _admit(entry: PoolEntry, *, by: User, at: datetime) -> None:
    """Let trials be asked for; what search tells about the outcome follows."""
    entry.enter(State.IN_POOL, at=at)
    entry.save()
    outcome = entry.outcome
    journal.record(Kind.POOL_OPENED, entry, by=by, on_behalf_of=outcome.owner, outcome=outcome.number)
    offer_trial(outcome, by=by, organisation=outcome.owner)


def _hold(entry: PoolEntry) -> None:
    """Hold an entry and its outcome, in the order of the house: outcome, entry."""
    outcome = entry.outcome
    outcome.lock()
    entry.lock()
    entry.outcome = outcome


@transaction.atomic
def change_pool_terms(
    entry: PoolEntry, *, by: User, organisation: Organisation | None, **terms: Unpack[Terms]
) -> PoolTerms:
    """Write the next version of the terms; trials that were asked for keep theirs.

    Raises WrongState, TermsUnchanged, TerritoryMissing, ScaleMissing, TermsIncomplete, CapBelowBase, TooLong,
    OutcomeNotOffered.
    """
    _hold(entry)
    now = clock.now()
    require(rules.change_pool_terms, by, entry, organisation=organisation)
    if entry.state == State.LEFT:
        entry.move_to(State.CHECKING)  # refuses: what was taken out is entered anew
    if entry.outcome.state in GONE:
        raise OutcomeNotOffered()
    policy = TrialPolicy.at(now)
    terms, present = _checked(terms, policy), entry.current
    if entry.state != State.RETURNED and all(getattr(present, name) == value for name, value in terms.items()):
        raise TermsUnchanged(version=present.version)
    written = _write(entry, terms, by=by, at=now)
    journal.record(Kind.POOL_TERMS_CHANGED, entry, by=by, on_behalf_of=organisation, version=written.version)
    if _is_checked_first(entry.outcome, policy):
        if entry.state != State.CHECKING:
            entry.enter(State.CHECKING, at=now)
            entry.save()
    elif entry.state in (State.CHECKING, State.RETURNED):
        _offered(entry.outcome)
        _admit(entry, by=by, at=now)
    return written


@transaction.atomic
def pass_pool_entry(entry: PoolEntry, *, by: User) -> None:
    """Let terms that an officer has checked into the pool. Raises WrongState, OutcomeNotOffered."""
    _hold(entry)
    now = clock.now()
    require(rules.pass_pool_entry, by, entry)
    if entry.state != State.CHECKING:
        entry.move_to(entry.state)  # refuses: only what is being checked is passed
    _offered(entry.outcome)
    _admit(entry, by=by, at=now)


@transaction.atomic
def return_pool_entry(entry: PoolEntry, *, by: User, reason: str) -> None:
    """Send terms back to the institute with the reason. Raises ReasonMissing, WrongState."""
    entry.lock()
    now = clock.now()
    require(rules.return_pool_entry, by, entry)
    entry.enter(State.RETURNED, at=now, reason=_given(reason))
    entry.save()
    journal.record(Kind.POOL_RETURNED, entry, by=by)


def _given(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing()
    return reason.strip()


@transaction.atomic
def pause_pool_entry(entry: PoolEntry, *, by: User, organisation: Organisation | None, reason: str) -> None:
    """Take no new requests for a while; running trials go on. Raises ReasonMissing, WrongState."""
    entry.lock()
    now = clock.now()
    require(rules.pause_pool_entry, by, entry, organisation=organisation)
    entry.enter(State.PAUSED, at=now, reason=_given(reason))
    entry.save()
    journal.record(Kind.POOL_PAUSED, entry, by=by, on_behalf_of=organisation)


@transaction.atomic
def resume_pool_entry(entry: PoolEntry, *, by: User, organisation: Organisation | None) -> None:
    """Take requests again. Raises WrongState, OutcomeNotOffered."""
    _hold(entry)
    now = clock.now()
    require(rules.resume_pool_entry, by, entry, organisation=organisation)
    if entry.state != State.PAUSED:
        entry.move_to(entry.state)  # refuses: only what is paused is resumed
    _offered(entry.outcome)
    entry.enter(State.IN_POOL, at=now)
    entry.save()
    journal.record(Kind.POOL_RESUMED, entry, by=by, on_behalf_of=organisation)


@transaction.atomic
def leave_pool(entry: PoolEntry, *, by: User, organisation: Organisation | None, reason: str) -> None:
    """Take an outcome out of the pool; running trials go on by their terms. Raises ReasonMissing, WrongState."""
    _hold(entry)
    now = clock.now()
    require(rules.leave_pool, by, entry, organisation=organisation)
    entry.enter(State.LEFT, at=now, reason=_given(reason))
    entry.save()
    journal.record(Kind.POOL_LEFT, entry, by=by, on_behalf_of=organisation)
    withdraw_trial_offer(entry.outcome, by=by, organisation=organisation)


@transaction.atomic
def keep_trial_policy(*, policy: TrialPolicy, by: User) -> None:
    """Save what the district lays down from a day on: limits and terms of trials hang on it. Raises NotInOrder."""
    require(rules.keep_trial_policy, by)
    require_in_order(policy)
    policy.save()
    journal.record(
        Kind.TRIAL_POLICY_KEPT,
        policy,
        by=by,
        holds_from=policy.holds_from.isoformat(),
        max_extensions=policy.max_extensions,
        district_checks=policy.district_checks,
    )
