"""New drafts and their numbers."""

import itertools
from collections.abc import Iterator
from datetime import date, datetime, time

from django.db import connection
from django.db.models.functions import Length
from django.utils import timezone

from marketplace.core import clock
from marketplace.core.advisory_locks import AdvisoryLock, hold_lock
from marketplace.core.journal import Kind
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome

# What the journal says of drafts that were deleted: their numbers stay taken, people may have written them down
DELETED = """
    SELECT max(substr(number, length(%(prefix)s) + 1)::int) FROM (
        SELECT data->>'number' AS number FROM marketplace_entry
        WHERE kind = %(discarded)s AND recorded_at >= %(since)s
        UNION ALL
        SELECT jsonb_array_elements_text(data->'numbers') FROM marketplace_entry
        WHERE kind = %(taken_back)s AND recorded_at >= %(since)s
    ) AS deleted WHERE starts_with(number, %(prefix)s)
"""
KINDS = {"discarded": Kind.OUTCOME_DISCARDED.value, "taken_back": Kind.IMPORT_TAKEN_BACK.value}


def new_draft(*, owner: Organisation, by: User, number: str | None = None) -> ResearchOutcome:
    """Return an unsaved draft with the next number of the year. The caller holds the transaction and saves.

    Who writes many takes a number for each from `next_numbers`.
    """
    return ResearchOutcome(
        number=number or next(next_numbers()), owner=owner, drafted_by=by, drafted_at=clock.now(), live=False
    )


def next_numbers() -> Iterator[str]:
    """Yield CG-<year>-<serial>: four digits, more where a year needs them.

    Gaps come from deleted drafts; a number is never given twice.

    From the first one on, nobody else gets a number until the caller's transaction ends.
    """
    hold_lock(AdvisoryLock.OUTCOME_NUMBER)
    year = clock.today().year
    prefix = f"CG-{year}-"
    for serial in itertools.count(max(_latest_standing(prefix), _latest_deleted(prefix, year)) + 1):
        yield f"{prefix}{serial:04d}"


def _latest_standing(prefix: str) -> int:
    taken = ResearchOutcome.objects.filter(number__startswith=prefix).order_by(Length("number").desc(), "-number")
    latest = taken.values_list("number", flat=True).first()
    return int(latest.removeprefix(prefix)) if latest else 0


def _latest_deleted(prefix: str, year: int) -> int:
    """Return the last serial of a deleted draft of this year; none of them can have been deleted before it began."""
    began = timezone.make_aware(datetime.combine(date(year, 1, 1), time()))
    with connection.cursor() as cursor:
        cursor.execute(DELETED, {**KINDS, "prefix": prefix, "since": began})
        return cursor.fetchone()[0] or 0
