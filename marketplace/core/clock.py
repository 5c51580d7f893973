"""The one clock of the house. The demo loader and the tests may move it; nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

_moved_to: ContextVar[datetime | None] = ContextVar("moved_to", default=None)


def now() -> datetime:
    """Return the current instant (aware, UTC), or the instant the clock was moved to."""
    return _moved_to.get() or timezone.now()


def today() -> date:
    """Return today's date in the time zone of the district (Asia/Shanghai)."""
    return timezone.localdate(now())


def is_moved() -> bool:
    """Tell whether `now()` answers another instant than the machine's."""
    return _moved_to.get() is not None


@contextmanager
def moved_to(instant: datetime) -> Iterator[None]:
    """Make `now()` answer `instant` (aware) inside the block.

    Raises RuntimeError unless settings.CLOCK_MAY_MOVE is on (demo loader and tests).
    """
    if not getattr(settings, "CLOCK_MAY_MOVE", False):
        raise RuntimeError("The clock may be moved only by the demo loader and by tests.")
    if timezone.is_naive(instant):
        raise ValueError("The clock is moved to aware instants only.")
    token = _moved_to.set(instant)
    try:
        yield
    finally:
        _moved_to.reset(token)
