"""Two parts of the demonstration at the same time, the second in a process of its own, on another core."""

import ctypes
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

from django.conf import settings
from django.db import connection, connections

from cms.bare.turns import share_a_core, shared_core
from cms.demo.houses import World

CAN_FORK = sys.platform == "linux"  # elsewhere libraries of the system do not bear it
PR_SET_PDEATHSIG = 1


class PartFailed(RuntimeError):
    """What was made beside the rest failed; its process wrote why."""


@contextmanager
def beside(part: Callable[[], None], world: World, *, settle: Callable[[], None]) -> Iterator[None]:
    """Make a part of the demonstration while the body makes another; afterwards the world knows what both have made.

    The two must not need one another's records. Each has a connection of its own, on which `settle` is called first.
    Raises PartFailed after the body where `part` failed; where the body fails, or this process is killed, the part is
    ended. Where the system cannot make both at the same time, the part is made before the body.
    """
    if not CAN_FORK:
        part()
        yield
        return
    core = shared_core()
    _leave_database()
    fork = get_context("fork")
    here, there = fork.Pipe(duplex=False)
    process = fork.Process(target=_make, args=(part, world, here, there, lambda: _come(core, 1, settle)))
    process.start()
    there.close()
    try:
        _come(core, 0, settle)
        yield
        made = _answer(here)
    except BaseException:
        process.terminate()
        raise
    finally:
        process.join()
        here.close()
    if made is None or process.exitcode:
        raise PartFailed(f"A part of the demonstration failed (its process ended with {process.exitcode}).")
    world.take_over(made)


def _make(
    part: Callable[[], None], world: World, here: Connection, there: Connection, come: Callable[[], None]
) -> None:
    """In the process of its own: make the part, then send the world as it is known there."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    here.close()
    come()
    part()
    there.send_bytes(pickle.dumps(world))
    connections.close_all()


def _answer(here: Connection) -> World | None:
    try:
        known: World = pickle.loads(here.recv_bytes())  # noqa: S301  # from our own process
    except (EOFError, OSError):
        return None
    return known


def _leave_database() -> None:
    """Keep no connection: one serves one process only, and a pool's threads would be missing in the other."""
    connections.close_all()
    if settings.DATABASES["default"].get("OPTIONS", {}).get("pool"):
        connection.close_pool()  # type: ignore[attr-defined]


def _come(core: int | None, further: int, settle: Callable[[], None]) -> None:
    """Connect anew, on the core this process kept to before or so many further on; on any where it kept to none."""
    settle()
    if core is not None:
        share_a_core(connection, core + further)
