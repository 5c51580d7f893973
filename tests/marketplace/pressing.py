"""Buttons pressed at the same instant: every request has read its page before the first of them writes."""

import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.test import Client

from tests.factories.people import sign_in
from tests.marketplace.auctions.racing import at_once, held


def waiting():
    """Return how many sessions queue for a lock of any kind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def pressed(*presses, row):
    """Send every request while somebody else holds `row`, and let go once all queue for it; return the answers.

    A press is (person, address, what the form sends).
    """
    return pressed_behind(f"SELECT 1 FROM {row._meta.db_table} WHERE id = %s FOR UPDATE", row.pk, *presses)


def pressed_behind(lock, key, *presses):
    """Do so behind any lock: the statement that takes it, and its argument."""
    clients = [sign_in(Client(), person) for person, _address, _data in presses]
    jobs = [
        lambda client=client, address=address, data=data: client.post(address, data)
        for client, (_person, address, data) in zip(clients, presses, strict=True)
    ]
    with ThreadPoolExecutor(max_workers=1) as beside:
        with held(lock, key):
            answers = beside.submit(at_once, jobs)
            until = time.monotonic() + 10
            while waiting() < len(jobs) and not answers.done() and time.monotonic() < until:
                time.sleep(0.01)
            assert waiting() == len(jobs)
        return answers.result()
