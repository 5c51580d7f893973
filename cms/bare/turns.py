"""Long single-threaded work with the embedded database: this process and its server process on one core."""

import os
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from cms.bare.machine import data_dir
from cms.bare.place import Place

CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []  # before any was chosen


def share_a_core(connection: BaseDatabaseWrapper, number: int = -1) -> None:
    """Keep this thread and the process that serves its connection on one core: the last one, or the one counted.

    They only ever take turns, and waking another core took longer than the query: a round trip was 183 µs on two
    cores and 65 µs on one. Does nothing where the database is elsewhere or the system has no such call.
    """
    parameters: dict[str, Any] = connection.get_connection_params()
    is_ours = parameters.get("host") == str(Place(data_dir()).sockets)  # else its number may be another program's here
    if not is_ours or not CORES:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (server,) = cursor.fetchone()
    core = {CORES[number % len(CORES)]}
    try:
        os.sched_setaffinity(server, core)
    except OSError:
        return
    os.sched_setaffinity(0, core)


def shared_core() -> int | None:
    """Return the number of the core this thread keeps to; None where it has several."""
    kept = os.sched_getaffinity(0) if CORES else set()
    return CORES.index(kept.pop()) if len(kept) == 1 and len(CORES) > 1 else None
