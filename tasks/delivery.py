"""The machinery that makes sure that what follows from a fact happens. What follows from what: consequences.py.

After a commit, `deliver` writes one Delivery per consequence and starts it. A consequence is a function
`verb_noun(delivery)` in `tasks/<noun>.py`; its work and the mark "done" are one transaction, so an effect in
our database happens exactly once. Mails and index documents may be sent twice (a mail carries its delivery's
id). `deliver_pending` sweeps every minute over what was lost on the way: a flushed Redis, a killed worker.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

import structlog
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from marketplace.core.journal import Entry
from tasks.app import app
from tasks.consequences import CONSEQUENCES, Consequence
from tasks.models import Delivery, pause_after

log = structlog.get_logger(__name__)

MESSAGE_MAY_TAKE = timedelta(minutes=2)
KEPT_FOR = timedelta(hours=1)  # then the sweep carries out what whoever kept it did not
AT_ONE_SWEEP = 500
INDEX, MATCHING = "index.", "matching."  # how the names of these consequences begin
ON_THE_INDEX = (INDEX, MATCHING)  # matching follows indexing on one queue, so it finds what came just before
SWEPT = "tasks.delivery.swept"

_kept: ContextVar[tuple[str, ...] | None] = ContextVar("kept_of_those_delivered_here", default=None)


@contextmanager
def at_once(*, but: tuple[str, ...] = ()) -> Iterator[None]:
    """Carry out consequences in this process, as soon as their fact commits (demo loader, tests).

    Those whose names begin with one of `but` are only written down: the caller does their work for many records in
    one go, and says so by `note_done`.
    """
    token = _kept.set(but)
    try:
        yield
    finally:
        _kept.reset(token)


def note_done(*names: str) -> int:
    """Mark what waits of the consequences whose names begin so as done, since their work was; return how many."""
    waiting, now = Delivery.objects.filter(done_at=None), timezone.now()
    return sum(waiting.filter(consequence__startswith=name).update(done_at=now) for name in names)


def announce(sender: type[Entry], entry_id: int, kind: str, **_: object) -> None:
    """Hear of a committed entry: hand it to a worker, or deliver it here. Most entries have no consequences."""
    if kind not in CONSEQUENCES:
        return
    kept = _kept.get()
    if kept is None:
        deliver.delay(entry_id)
        return
    for delivery in plan(entry_id, kind=kind, kept=kept):
        if not delivery.consequence.startswith(kept):
            _carry_out(delivery.pk)


def plan(entry_id: int, *, kind: str | None = None, kept: tuple[str, ...] = ()) -> list[Delivery]:
    """Write down each consequence of an entry once; return those not done. `kind` is looked up where not given.

    Those whose names begin with one of `kept` are somebody's who does many in one go; the sweep takes them later.
    """
    kind = kind or Entry.objects.values_list("kind", flat=True).get(pk=entry_id)
    names, now = [name_of(each) for each in CONSEQUENCES.get(kind, [])], timezone.now()
    if not names:
        return []
    due = {name: now + KEPT_FOR if name.startswith(kept) else now for name in names}
    wanted = [Delivery(entry_id=entry_id, consequence=name, due_at=due[name]) for name in names]
    Delivery.objects.bulk_create(wanted, ignore_conflicts=True)
    return list(Delivery.objects.filter(entry=entry_id, done_at=None))


def attempt(delivery_id: int) -> None:
    """Count, then carry out."""
    if _count_attempt(delivery_id):
        _carry_out(delivery_id)


def _carry_out(delivery_id: int) -> None:
    """Carry out one consequence and mark it done in the same transaction; keep a failure."""
    try:
        with transaction.atomic():
            delivery = _hold(delivery_id)
            if delivery is None:
                return
            named(delivery.consequence)(delivery)
            Delivery.objects.filter(pk=delivery_id).update(done_at=timezone.now(), error="")
    except Exception as error:
        log.exception("consequence failed", delivery=delivery_id)
        Delivery.objects.filter(pk=delivery_id, done_at=None).update(error=f"{type(error).__name__}: {error}"[:2000])


def _count_attempt(delivery_id: int) -> bool:
    """Count before the work, in an own transaction: an attempt that kills the worker counts as well."""
    with transaction.atomic():
        delivery = _hold(delivery_id)
        if delivery is None:
            return False
        delivery.attempts += 1
        delivery.due_at = timezone.now() + pause_after(delivery.attempts)
        delivery.save(update_fields=["attempts", "due_at"])
    return True


def _hold(delivery_id: int) -> Delivery | None:
    """Lock a delivery that is not done; None where another worker has it."""
    waiting = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("entry")
    return waiting.filter(pk=delivery_id, done_at=None).first()


def try_again(delivery: Delivery) -> None:
    """Give a stuck delivery ten more attempts, beginning with the next sweep."""
    Delivery.objects.filter(pk=delivery.pk, done_at=None).update(attempts=0, due_at=timezone.now())


def name_of(consequence: Consequence) -> str:
    """Return the stored name of a consequence: matching.match_need."""
    return f"{consequence.__module__.removeprefix('tasks.')}.{consequence.__name__}"


def named(name: str) -> Consequence:
    """Return the consequence with this stored name; KeyError where the table has it no longer."""
    found = (each for several in CONSEQUENCES.values() for each in several if name.endswith(each.__name__))
    return {name_of(each): each for each in found}[name]


@app.task
def deliver(entry_id: int) -> None:
    """Plan and start what follows from one entry."""
    _start(plan(entry_id))


@app.task
def carry_out(delivery_id: int) -> None:
    """Attempt one consequence in a worker."""
    attempt(delivery_id)


@app.task
def deliver_pending() -> None:
    """Plan entries whose announcement was lost, and start again what is due."""
    for entry_id in _unplanned():
        plan(entry_id)
    _start(list(Delivery.objects.due(timezone.now())[:AT_ONE_SWEEP]))


def _start(deliveries: list[Delivery]) -> None:
    """Send each to its queue; until the message has had its time, the sweep leaves it alone."""
    for delivery in deliveries:
        due_at = timezone.now() + MESSAGE_MAY_TAKE
        if Delivery.objects.filter(pk=delivery.pk, done_at=None, due_at__lt=due_at).update(due_at=due_at):
            queue = "index" if delivery.consequence.startswith(ON_THE_INDEX) else "default"
            carry_out.apply_async([delivery.pk], queue=queue)


def _unplanned() -> list[int]:
    """Return entries that ought to have deliveries and have none.

    What an hour-old sweep saw is not looked at again. That mark may be lost: then all is looked at once.
    """
    now = timezone.now()
    floor, seen, at = cache.get(SWEPT) or (0, 0, now)
    entries = Entry.objects.filter(pk__gt=floor, kind__in=list(CONSEQUENCES))
    planned = Delivery.objects.filter(entry=OuterRef("pk"))
    found = list(entries.filter(~Exists(planned)).order_by("pk").values_list("pk", flat=True)[:AT_ONE_SWEEP])
    if not found and (seen == 0 or now - at > timedelta(hours=1)):
        latest = Entry.objects.aggregate(latest=Max("pk"))["latest"] or 0
        cache.set(SWEPT, (seen, latest, now), timeout=None)
    return found
