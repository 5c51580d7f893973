"""The lot's lock and the lot's time: every transition takes the one and reads the other, in this order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any

from django.db import OperationalError, connection
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable

from marketplace.auctions.models import AuctionSession, Lot
from marketplace.core import clock
from marketplace.core.refusals import Refused

PATIENCE = "3s"


class Busy(Refused):
    """The lot is being moved by others; the same request may be sent again."""

    message = _("The lot is very busy right now. Nothing was changed; send the same again in a moment.")


@contextmanager
def busy_if_waiting() -> Iterator[None]:
    """Turn a lock that did not come in time into the refusal `Busy`."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy() from error
        raise


def hold_lot(lot: Lot) -> datetime:
    """Take the lot's advisory lock as the first act of a transaction, read the row afresh, return the time.

    Only one lot may be held per transaction; whoever holds their session before holds all of its own, in the order of
    their keys. Raises Busy after three seconds.
    """
    with busy_if_waiting(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        cursor.execute("SELECT lot_lock(%s)", [lot.pk])
        lot.lock()
    return lot_now()


def hold_session(session: AuctionSession) -> datetime:
    """Hold a session before any of its lots, read it afresh, return the time. Raises Busy after three seconds.

    Whoever holds one lot may point to the session meanwhile (a new deposit does), so this lock leaves its key free:
    neither waits for the other.
    """
    with busy_if_waiting(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        session.refresh_from_db(from_queryset=AuctionSession.objects.select_for_update(no_key=True))
    return lot_now()


def wait_for_the_disk() -> None:
    """Wait until all that was read is on the disk, so that nobody is told what a crash could still undo.

    Only open lots have such events, for some milliseconds: a bid waits for the disk after the lot's lock is free. Asked
    after the last read. In a transaction nothing is done: what it wrote waits at its commit, and no page reads in one.
    """
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT keep_record()")


def tells_bids(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Have a page that shows the bids of a lot wait for the disk after its last read."""

    @wraps(view)
    def answer(*words: Any, **facts: Any) -> HttpResponse:
        response = view(*words, **facts)
        wait_for_the_disk()
        return response

    return answer


def lot_now() -> datetime:
    """Return the time lots live by: the database's clock, or the moved clock of demo history and tests."""
    if clock.is_moved():
        return clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
