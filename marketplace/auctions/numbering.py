"""Readable numbers of sessions and lots: a prefix, the year, and a count without gaps inside the year."""

from django.db import models

from marketplace.core.advisory_locks import AdvisoryLock, hold_lock

REHEARSED = "YL-"  # 演练: numbers of rehearsed lots show in each page, frame, receipt and record what they are
REHEARSAL = "YLP"


def next_number(prefix: str, rows: models.QuerySet, *, year: int) -> str:
    """Return the next free number of a year, such as "OH-2026-07"; holds a lock until the transaction ends."""
    hold_lock(AdvisoryLock.AUCTION_NUMBER, prefix)
    stem = f"{prefix}-{year}-"
    taken = rows.filter(number__startswith=stem).values_list("number", flat=True)
    last = max((int(number.removeprefix(stem)) for number in taken), default=0)
    return f"{stem}{last + 1:02d}"
