"""New drafts and their numbers."""

from django.db import connection
from django.db.models.functions import Length

from marketplace.core import clock
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome

NUMBERING = 7_301_001  # advisory lock: one new number at a time, until the transaction ends


def new_draft(*, owner: Organisation, by: User) -> ResearchOutcome:
    """Return an unsaved draft with the next number of the year. The caller holds the transaction and saves."""
    now = clock.now()
    return ResearchOutcome(
        number=_next_number(clock.today().year), owner=owner, drafted_by=by, drafted_at=now, live=False
    )


def _next_number(year: int) -> str:
    """Return CG-<year>-<serial>: four digits, more where a year needs them. Gaps come from deleted drafts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
    prefix = f"CG-{year}-"
    taken = ResearchOutcome.objects.filter(number__startswith=prefix).order_by(Length("number").desc(), "-number")
    latest = taken.values_list("number", flat=True).first()
    return f"{prefix}{int(latest.removeprefix(prefix)) + 1 if latest else 1:04d}"
