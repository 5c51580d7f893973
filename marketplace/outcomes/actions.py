"""The verbs of an outcome: draft, send to review, confirm. See also availability.py, papers.py, reviews/drafts.py."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes import rules
from marketplace.outcomes.co_owning import ask_co_owners
from marketplace.outcomes.drafting import new_draft
from marketplace.outcomes.models import ResearchOutcome, a_year_after
from marketplace.reviews.actions import submit_for_review
from marketplace.reviews.drafts import begin_draft

REMINDED_BEFORE = timedelta(days=30)


class DeclarationMissing(Refused):
    message = _("Declare first that you may offer this outcome and that its public part holds no secrets.")
    field = "declared"


@transaction.atomic
def draft_outcome(*, organisation: Organisation, by: User, title: str) -> ResearchOutcome:
    """Begin a draft of `organisation`, with its number; nobody else sees it."""
    require(rules.draft_outcome, by, organisation)
    outcome = new_draft(owner=organisation, by=by)
    outcome.title = title
    begin_draft(outcome, by=by)
    return outcome


@transaction.atomic
def submit_outcome(outcome: ResearchOutcome, *, by: User, declared: bool) -> None:
    """Send the newest draft to review, and ask its co-owners. Raises Incomplete with what is missing, by field."""
    require(rules.submit_outcome, by, outcome)
    if not declared:
        raise DeclarationMissing()
    submit_for_review(outcome, by=by)
    ask_co_owners(outcome, by=by)


@transaction.atomic
def confirm_outcome(outcome: ResearchOutcome, *, by: User) -> None:
    """Say that the offer still stands: twelve more months. What had expired is public again as it was."""
    outcome.lock()
    now = clock.today()
    require(rules.confirm_outcome, by, outcome)
    outcome.confirmed_on, outcome.expires_on = now, a_year_after(now)
    outcome.save(update_fields=["confirmed_on", "expires_on"])
    journal.record(Kind.OUTCOME_CONFIRMED, outcome, by=by, on_behalf_of=outcome.owner)
    if not outcome.live:
        revision = outcome.last_passed_revision()
        if revision is not None:
            outcome.publish(revision, user=by)


@transaction.atomic
def remind_to_confirm(outcome: ResearchOutcome) -> None:
    """Tell the owner once a term that the offer runs out in REMINDED_BEFORE days or less."""
    outcome.lock()
    today = clock.today()
    if not outcome.live or outcome.expires_on is None or outcome.confirmed_on is None:
        return
    last = Entry.objects.about(outcome).filter(kind=Kind.OUTCOME_REMINDED).first()
    reminded = last is not None and timezone.localdate(last.recorded_at) > outcome.confirmed_on
    if today < outcome.expires_on <= today + REMINDED_BEFORE and not reminded:
        journal.record(Kind.OUTCOME_REMINDED, outcome, by=None, expires_on=outcome.expires_on.isoformat())


@transaction.atomic
def expire_outcome(outcome: ResearchOutcome) -> None:
    """Take offline what was not confirmed in time; a reserved outcome waits until its deal has ended."""
    outcome.lock()
    today = clock.today()
    if outcome.live and outcome.state != outcome.State.RESERVED and outcome.expires_on and outcome.expires_on <= today:
        outcome.unpublish(set_expired=True)
