"""The verbs of a need, from its first draft to its end. Its text is saved by reviews/drafts.py."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.needs import rules
from marketplace.needs.models import NeedDisclosure, TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.reviews.actions import submit_for_review
from marketplace.reviews.drafts import begin_draft
from marketplace.reviews.ending import end_review
from marketplace.reviews.models import Ended


class ClosingReasonMissing(Refused):
    message = _("Say in a few words why the need is closed.")
    field = "reason"


@transaction.atomic
def draft_need(*, organisation: Organisation, by: User, title: str) -> TechnologyNeed:
    """Begin a draft of `organisation`; nobody else sees it."""
    require(rules.draft_need, by, organisation)
    need = TechnologyNeed(organisation=organisation, title=title, drafted_by=by, drafted_at=clock.now(), live=False)
    begin_draft(need, by=by)
    return need


@transaction.atomic
def submit_need(need: TechnologyNeed, *, by: User) -> None:
    """Send the newest draft to review. Raises Incomplete with what is missing, by field."""
    require(rules.submit_need, by, need)
    submit_for_review(need, by=by)


@transaction.atomic
def solve_need(need: TechnologyNeed, *, by: User) -> None:
    """Say that the need is met, for good; it leaves the lists; matches without a deal end, and its review."""
    need.lock()
    require(rules.solve_need, by, need)
    need.move_to(need.State.SOLVED)
    need.save(update_fields=["state"])
    journal.record(Kind.NEED_SOLVED, need, by=by, on_behalf_of=need.organisation)
    end_review(need, Ended.SOLVED, by=by, organisation=need.organisation)


@transaction.atomic
def close_need(need: TechnologyNeed, *, by: User, reason: str) -> None:
    """Take a need off the lists without a solution, with the reason; of a liaison's closing the enterprise is told."""
    need.lock()
    require(rules.close_need, by, need)
    if not reason.strip():
        raise ClosingReasonMissing()
    need.move_to(need.State.CLOSED)
    need.closing_reason = reason.strip()[:300]
    need.save(update_fields=["state", "closing_reason"])
    organisation = need.organisation if by.acts_for(need.organisation_id) else None
    journal.record(Kind.NEED_CLOSED, need, by=by, on_behalf_of=organisation)
    end_review(need, Ended.CLOSED, by=by, organisation=organisation)


@transaction.atomic
def reopen_need(need: TechnologyNeed, *, by: User) -> None:
    """Put a closed need back on the lists."""
    need.lock()
    require(rules.reopen_need, by, need)
    need.move_to(need.State.OPEN)
    need.closing_reason = ""
    need.save(update_fields=["state", "closing_reason"])
    journal.record(Kind.NEED_REOPENED, need, by=by, on_behalf_of=need.organisation)


@transaction.atomic
def disclose_need(need: TechnologyNeed, *, organisation: Organisation, by: User | None) -> None:
    """Let an organisation know who stands behind an anonymous need. Called by deals, after confidentiality."""
    _row, is_new = NeedDisclosure.objects.get_or_create(
        need=need, organisation=organisation, defaults={"since": clock.now()}
    )
    if is_new:
        journal.record(Kind.NEED_DISCLOSED, need, by=by, on_behalf_of=organisation)
