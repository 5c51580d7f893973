"""Reviews that end undecided because staff disable their workflow."""

from django.db import transaction
from wagtail.models import Workflow, WorkflowState

from marketplace.core import journal
from marketplace.organisations.models import User
from marketplace.reviews.revised import Revised


@transaction.atomic
def stop_reviews(workflow: Workflow, *, by: User) -> int:
    """End what is under way in a workflow that staff disable, and write each down; return how many.

    Whoever may change workflows may do this: Wagtail's own permission was asked. Pages are left to Wagtail.
    """
    stopped = 0
    for review in WorkflowState.objects.filter(workflow=workflow, status=WorkflowState.STATUS_IN_PROGRESS):
        record = review.content_object
        if isinstance(record, Revised):
            record.lock()
            review.cancel(user=by)
            journal.record(record.kind_of("stopped"), record, by=by)
            stopped += 1
    return stopped
