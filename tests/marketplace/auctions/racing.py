"""Jobs that meet on one lot: started at one instant, or queued behind its lock."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection

from marketplace.auctions import actions
from marketplace.auctions.models import BidderRegistration
from marketplace.auctions.saying_no import BidRefused
from marketplace.core.refusals import Refused


def at_once(jobs):
    """Run every job in a thread of its own, all from the same instant; return what each gave."""
    barrier = threading.Barrier(len(jobs))

    def run(job):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return job()
        except BidRefused as refusal:
            return refusal.answer["reason"]
        except Refused as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(jobs)) as threads:
        return list(threads.map(run, jobs))


def bid(one, amount, key):
    registration = BidderRegistration.objects.get(pk=one.pk)
    return actions.place_bid(
        registration.lot, by=registration.agent, organisation=registration.organisation, amount=amount, key=key
    )


@contextmanager
def held(statement, key):
    """Keep a lock in a session of its own, as somebody does who is in the middle of a transition."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute(statement, [key])
        yield
    finally:
        other.rollback()
        other.close()


def waiting():
    """Return how many sessions queue for a lot's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def queued(lot, jobs):
    """Let every job reach the lot's lock before the first of them gets it; return what each gave."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        with held("SELECT lot_lock(%s)", lot.pk):
            answers = beside.submit(at_once, jobs)
            wait_for(len(jobs))
        return answers.result()


def wait_for(number):
    """Return once so many sessions queue for a lot's lock; they give up after three seconds."""
    until = time.monotonic() + 2
    while waiting() < number and time.monotonic() < until:
        time.sleep(0.01)
    assert waiting() == number
