"""Rebuilds that somebody asked for, kept in rows: who, when, how far, how it ended."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import User
from search import rules
from search.documents import SOURCES
from search.indexing import CountsDiffer, rebuild_index
from search.models import IndexRun

log = structlog.get_logger(__name__)

SIGN_OF_LIFE = timedelta(minutes=15)  # a run silent for longer is lost: its worker was killed, or never got it
FAILURES_KEPT = 200
LOST = "The run gave no sign of life any more."


class RebuildRunning(Refused):
    """The index of this kind is being made anew already."""

    message = _("A rebuild is running already, since %(since)s.")


@transaction.atomic
def ask_for_rebuild(kind: str, *, by: User) -> IndexRun:
    """Write down that an index is to be made anew, or refuse while that is under way. The caller has it carried out."""
    require(rules.ask_for_rebuild, by)
    run = _opened(kind, by=by)
    journal.record(Kind.INDEX_REBUILD_ASKED, run, by=by, index=kind)
    return run


def rebuild_here(kind: str, report: Callable[[IndexRun], Any] = lambda run: None) -> IndexRun:
    """Make an index anew in this process (the command line), kept like any other run."""
    run = _opened(kind, by=None)
    carry_out(run, report)
    return run


def carry_out(run: IndexRun, between: Callable[[IndexRun], Any] = lambda run: None) -> None:
    """Do what a run says and keep how it ends; `between` is called after each batch. A run that ended stays ended."""
    if run.ended_at is not None:
        return
    run.started_at = run.seen_at = clock.now()
    run.done = run.total = 0
    run.save(update_fields=["started_at", "seen_at", "done", "total"])

    def report(done: int, total: int) -> None:
        run.done, run.total, run.seen_at = done, total, clock.now()
        run.save(update_fields=["done", "total", "seen_at"])
        between(run)

    try:
        run.done = run.total = rebuild_index(run.kind, report=report)
    except CountsDiffer as error:
        run.error = str(error)
        run.failures = [{"id": each.id, "reason": each.reason[:500]} for each in error.failures[:FAILURES_KEPT]]
    except Exception as error:  # whatever it was, the run has ended and the next one may begin
        log.exception("rebuild failed", kind=run.kind, run=run.pk)
        run.error = f"{type(error).__name__}: {error}"[:2000]
    run.ended_at = run.seen_at = clock.now()
    run.save(update_fields=["done", "total", "error", "failures", "ended_at", "seen_at"])


@transaction.atomic
def _opened(kind: str, *, by: User | None) -> IndexRun:
    now = clock.now()
    if kind not in SOURCES:
        raise ValueError(f"There is no index of {kind}.")
    running = IndexRun.objects.select_for_update().filter(kind=kind, ended_at=None).first()
    if running is not None and now - running.seen_at < SIGN_OF_LIFE:
        raise RebuildRunning(since=_local(running))
    if running is not None:
        running.ended_at, running.error = now, LOST
        running.save(update_fields=["ended_at", "error"])
    made, is_new = IndexRun.objects.get_or_create(
        kind=kind, ended_at=None, defaults={"asked_by": by, "asked_at": now, "seen_at": now}
    )
    if not is_new:  # somebody asked at the same moment
        raise RebuildRunning(since=_local(made))
    return made


def _local(run: IndexRun) -> str:
    return timezone.localtime(run.asked_at).strftime("%H:%M")
