"""One at a time, where there is no row to hold yet, such as a number nobody has: PostgreSQL's advisory locks."""

from enum import IntEnum

from django.db import connection


class AdvisoryLock(IntEnum):
    """What one transaction at a time does; 7204 is a lot's, which bidding.sql takes."""

    AUCTION_NUMBER = 7203
    CLAUSE_VERSION = 7205
    ORGANISATION_NAME = 7206
    LIST_NUMBER = 7207
    OUTCOME_NUMBER = 7208
    BANK_NUMBER = 7209
    SIGNATURES = 7210
    PAYMENT_REFERENCE = 7231


def hold_lock(lock: AdvisoryLock, of: str = "") -> None:
    """Wait until no other transaction holds this lock of this text, and hold it until ours ends.

    Whoever holds rows takes it last, and no row after it that another one may hold while it waits here.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [lock.value, of])
