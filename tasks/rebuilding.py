"""Rebuilds of an index that an officer asked for, in the worker that alone writes it."""

from search.models import IndexRun
from search.rebuilding import carry_out
from tasks.app import app
from tasks.models import Delivery

AT_ONE_BATCH = 100
A_LONG_TIME = 6 * 3600


def start_rebuild(delivery: Delivery) -> None:
    """Hand the run to the index worker: its progress must be seen, so it is no part of a delivery's transaction."""
    rebuild_index.delay(delivery.entry.subject_id)


@app.task(time_limit=A_LONG_TIME, soft_time_limit=A_LONG_TIME - 60)
def rebuild_index(run_id: int) -> None:
    """Make an index anew; a second message for the same run finds it ended."""
    carry_out(IndexRun.objects.get(pk=run_id), between=_index_meanwhile)


def _index_meanwhile(run: IndexRun) -> None:
    """Index what changes during the rebuild: this worker is the only one that may, and changes do not wait for it."""
    from tasks.delivery import attempt  # delivery imports the table of consequences, which imports this module

    waiting = Delivery.objects.filter(done_at=None, attempts=0, consequence__startswith="index.")
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:AT_ONE_BATCH]):
        attempt(pk)
