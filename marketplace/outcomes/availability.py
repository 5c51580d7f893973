"""Availability of an outcome, and who may read its confidential part: verbs of the owner and of deals and sessions."""

from django.db import transaction

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes import rules
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import Disclosure
from marketplace.reviews.ending import end_review
from marketplace.reviews.models import Ended

State = ResearchOutcome.State


def _move(
    outcome: ResearchOutcome, state: str, kind: Kind, *, by: User | None, organisation: Organisation | None
) -> None:
    came_from = outcome.state
    outcome.move_to(state)
    outcome.save(update_fields=["state"])
    journal.record(kind, outcome, by=by, on_behalf_of=organisation, came_from=came_from)


@transaction.atomic
def withdraw_outcome(outcome: ResearchOutcome, *, by: User) -> None:
    """Take an offer back: nobody finds it any more, its record stays.

    A change of it that is in review leaves it: reviewers would decide about what cannot be public.
    """
    outcome.lock()
    require(rules.withdraw_outcome, by, outcome)
    end_review(outcome, Ended.WITHDRAWN, by=by, organisation=outcome.owner)
    _move(outcome, State.WITHDRAWN, Kind.OUTCOME_WITHDRAWN, by=by, organisation=outcome.owner)


@transaction.atomic
def offer_outcome_again(outcome: ResearchOutcome, *, by: User) -> None:
    """Make a withdrawn outcome available again, as it was."""
    outcome.lock()
    require(rules.offer_outcome_again, by, outcome)
    _move(outcome, State.AVAILABLE, Kind.OUTCOME_RELEASED, by=by, organisation=outcome.owner)


@transaction.atomic
def reserve_outcome(outcome: ResearchOutcome, *, by: User | None, organisation: Organisation | None = None) -> None:
    """Keep an available outcome for one deal or lot. The caller is an action of deals or auctions that asked its rule.

    Raises WrongState where it is reserved already, so two deals cannot hold the same outcome.
    """
    outcome.lock()
    _move(outcome, State.RESERVED, Kind.OUTCOME_RESERVED, by=by, organisation=organisation)


@transaction.atomic
def release_outcome(outcome: ResearchOutcome, *, by: User | None, organisation: Organisation | None = None) -> None:
    """Give a reserved outcome back to the market, when its deal or lot ended without a contract."""
    outcome.lock()
    if outcome.state != State.RESERVED:
        outcome.move_to(outcome.state)  # refuses: only what is reserved is released
    _move(outcome, State.AVAILABLE, Kind.OUTCOME_RELEASED, by=by, organisation=organisation)


@transaction.atomic
def convert_outcome(outcome: ResearchOutcome, *, by: User | None, organisation: Organisation | None = None) -> None:
    """Note that the outcome found its taker, with the contract signed; a change that is in review leaves it."""
    outcome.lock()
    _move(outcome, State.CONVERTED, Kind.OUTCOME_CONVERTED, by=by, organisation=organisation)
    end_review(outcome, Ended.CONVERTED, by=by, organisation=organisation)


@transaction.atomic
def free_outcome(outcome: ResearchOutcome, *, by: User | None, organisation: Organisation | None = None) -> None:
    """Give a converted outcome back to the market: the assignment it found its taker by was revoked.

    Called by contracts, whose rule was asked. Raises WrongState where it is not converted.
    """
    outcome.lock()
    if outcome.state != State.CONVERTED:
        raise WrongState(state=outcome.get_state_display())
    _move(outcome, State.AVAILABLE, Kind.OUTCOME_RELEASED, by=by, organisation=organisation)


@transaction.atomic
def disclose_outcome(outcome: ResearchOutcome, organisation: Organisation, stage: str, *, by: User) -> Disclosure:
    """Let an organisation read the confidential part from now on. Called by deals, which asked the owner; repeatable.

    `stage` is a Disclosure.Stage; a later stage replaces an earlier one.
    """
    outcome.lock()
    stage = Disclosure.Stage(stage)
    disclosure, is_new = Disclosure.objects.get_or_create(
        outcome=outcome, organisation=organisation, defaults={"stage": stage, "since": clock.now()}
    )
    if not is_new and disclosure.stage != stage:
        disclosure.stage = stage
        disclosure.save(update_fields=["stage"])
    elif not is_new:
        return disclosure
    journal.record(
        Kind.OUTCOME_DISCLOSED, outcome, by=by, on_behalf_of=outcome.owner, to=organisation.pk, stage=str(stage)
    )
    return disclosure
