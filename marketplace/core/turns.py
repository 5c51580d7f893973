"""One at a time, where there is no row to hold yet, such as a number nobody has: PostgreSQL's advisory locks."""

from enum import IntEnum

from django.db import connection


class Turn(IntEnum):
    """What one transaction does at a time; 7204 is a lot's own, which bidding.sql takes."""

    AUCTION_NUMBER = 7203
    CLAUSE_VERSION = 7205
    ORGANISATION_NAME = 7206
    LIST_NUMBER = 7207
    OUTCOME_NUMBER = 7208
    BANK_NUMBER = 7209
    SIGNATURES = 7210
    PAYMENT_REFERENCE = 7231


def take_turn(turn: Turn, of: str = "") -> None:
    """Wait until no other transaction has the turn of this text; it is ours until our transaction ends.

    Whoever holds rows takes it last and asks for no other lock after it that another one may hold and wait here.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [turn.value, of])
