"""New drafts and their numbers."""

import itertools
from collections.abc import Iterator

from django.db import connection
from django.db.models.functions import Length

from marketplace.core import clock
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome

NUMBERING = 7_301_001  # advisory lock: one new number at a time, until the transaction ends


def new_draft(*, owner: Organisation, by: User, number: str | None = None) -> ResearchOutcome:
    """Return an unsaved draft with the next number of the year. The caller holds the transaction and saves.

    Who writes many takes a number for each from `next_numbers`.
    """
    return ResearchOutcome(
        number=number or next(next_numbers()), owner=owner, drafted_by=by, drafted_at=clock.now(), live=False
    )


def next_numbers() -> Iterator[str]:
    """Yield CG-<year>-<serial>: four digits, more where a year needs them. Gaps come from deleted drafts.

    From the first one on, nobody else gets a number until the caller's transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
    prefix = f"CG-{clock.today().year}-"
    taken = ResearchOutcome.objects.filter(number__startswith=prefix).order_by(Length("number").desc(), "-number")
    latest = taken.values_list("number", flat=True).first()
    for serial in itertools.count(int(latest.removeprefix(prefix)) + 1 if latest else 1):
        yield f"{prefix}{serial:04d}"
