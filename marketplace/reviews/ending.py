"""How a review ends that nobody decides: what is in it can no longer become public."""

from typing import TYPE_CHECKING

from marketplace.core import journal
from marketplace.core.journal import Entry
from marketplace.notices.actions import settle
from marketplace.notices.models import Notice
from marketplace.organisations.models import Organisation, User
from marketplace.reviews.models import Ended

if TYPE_CHECKING:
    from wagtail.models import TaskState

    from marketplace.reviews.revised import Revised

TO_DECIDE = "review.to_decide"  # the kind of notice that asks reviewers to decide


def end_review(record: "Revised", why: Ended, *, by: User | None, organisation: Organisation | None) -> None:
    """Take what waits for a reviewer out of its review and write down why; the draft stays as it is.

    The caller is an action that holds the record, asked its own rule and made the publication impossible or unwanted.
    """
    pending = record.pending_review
    if pending is None:
        return
    pending.workflow_state.cancel(user=by)
    settle(Notice.objects.about(record, TO_DECIDE))
    facts = {"why": str(why), "step": pending.pk}
    journal.record(record.kind_of("recalled"), record, by=by, on_behalf_of=organisation, **facts)


def why_ended(step: "TaskState") -> str:
    """Return in words why the review of a step ended without a decision; "" where an author took the draft back."""
    entries = Entry.objects.about(step.workflow_state.content_object)
    entry = entries.filter(kind__endswith=".recalled", data__step=step.pk).first()
    return words_of(entry) if entry else ""


def words_of(entry: Entry) -> str:
    """Return the reason that stands in an entry, in the reader's language; "" where none does."""
    why = entry.data.get("why")
    return str(Ended(why).label) if why in Ended.values else ""
