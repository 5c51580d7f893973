"""The verbs of an outcome's text: draft, save, send to review, confirm. See also availability.py and papers.py."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from marketplace.core import clock, journal
from marketplace.core.files import files_of
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes import rules
from marketplace.outcomes.drafting import new_draft
from marketplace.outcomes.models import ResearchOutcome, a_year_after
from marketplace.reviews.actions import submit_for_review
from marketplace.reviews.drafts import keep_draft

REMINDED_BEFORE = timedelta(days=30)


class DeclarationMissing(Refused):
    message = _("Declare first that you may offer this outcome and that its public part holds no secrets.")
    field = "declared"


class TitleMissing(Refused):
    message = _("Give a title first; everything else can wait.")
    field = "title"


@transaction.atomic
def draft_outcome(*, organisation: Organisation, by: User, title: str) -> ResearchOutcome:
    """Begin a draft of `organisation`, with its number; nobody else sees it."""
    require(rules.draft_outcome, by, organisation)
    if not title.strip():
        raise TitleMissing()
    outcome = new_draft(owner=organisation, by=by)
    outcome.title = title.strip()
    outcome.save()
    outcome.save_revision(user=by, clean=False, log_action="wagtail.create")
    journal.record(Kind.OUTCOME_DRAFTED, outcome, by=by, on_behalf_of=organisation, number=outcome.number)
    return outcome


@transaction.atomic
def save_outcome_draft(outcome: ResearchOutcome, *, by: User, based_on: int | None = None) -> Revision:
    """Keep the text `outcome` holds as a draft, complete or not; the public version stays as it is.

    The newest version of the same person, not yet sent in, is written over (autosave). `based_on` is the version the
    text started from: SavedMeanwhile is raised where another person has saved since. Raises InReview during review.
    """
    row = ResearchOutcome.objects.select_for_update().get(pk=outcome.pk)
    require(rules.save_outcome_draft, by, row)
    if not outcome.title.strip():
        raise TitleMissing()
    return keep_draft(outcome, row=row, by=by, based_on=based_on)


@transaction.atomic
def delete_outcome_draft(outcome: ResearchOutcome, *, by: User) -> None:
    """Throw away a draft that was never sent in, with its files."""
    outcome.lock()
    require(rules.delete_outcome_draft, by, outcome)
    files_of(outcome).update(withdrawn_at=clock.now())
    outcome.delete()


@transaction.atomic
def submit_outcome(outcome: ResearchOutcome, *, by: User, declared: bool) -> None:
    """Send the newest draft to review. Raises Incomplete with what is missing, by field."""
    require(rules.submit_outcome, by, outcome)
    if not declared:
        raise DeclarationMissing()
    submit_for_review(outcome, by=by)


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
