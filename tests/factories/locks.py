"""Who holds what while another waits: an action that meets a held row must not hold another one already."""

import time
from threading import Thread

from django.db import DatabaseError, connection, transaction

from marketplace.core.refusals import Refused

# pg_stat_activity stands still within a transaction; who waits for a row names no database there, but holds its table
WAITING = """
    SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (
        SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database WHERE datname = current_database())
"""


def is_free_behind(first, second, action):
    """Hold `first`, let `action` wait for it in a thread, and tell whether `second` is still free to be locked.

    Where it is not, whoever locks both in this order and the action wait for each other for ever.
    """

    def run():
        try:
            action()
        except Refused:
            pass
        finally:
            connection.close()

    waiter = Thread(target=run)
    with transaction.atomic():
        first.lock()
        waiter.start()
        _until_somebody_waits()
        is_free = _is_free(second)
    waiter.join(timeout=30)
    assert not waiter.is_alive()
    return is_free


def _until_somebody_waits():
    for _ in range(300):
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("The action never asked for what is held.")


def _is_free(record):
    try:
        with transaction.atomic():
            type(record)._base_manager.select_for_update(nowait=True).get(pk=record.pk)
    except DatabaseError:
        return False
    return True
