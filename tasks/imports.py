"""What a worker does for an import: check its rows, write its drafts."""

from marketplace.outcomes.imports.actions import check_import, write_drafts
from marketplace.outcomes.imports.models import OutcomeImport
from tasks.models import Delivery


def check_rows(delivery: Delivery) -> None:
    """Give every row of an uploaded sheet its verdict."""
    check_import(OutcomeImport.objects.get(pk=delivery.entry.subject_id))


def take_over_rows(delivery: Delivery) -> None:
    """Write the drafts of an import in the name of whoever asked for it."""
    batch = OutcomeImport.objects.get(pk=delivery.entry.subject_id)
    write_drafts(batch, by=delivery.entry.actor or batch.uploaded_by)
