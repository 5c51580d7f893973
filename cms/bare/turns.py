"""Long single-threaded work with the embedded database: this process and its server process on one core."""

import os
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from cms.bare.machine import data_dir
from cms.bare.place import Place


def share_a_core(connection: BaseDatabaseWrapper, number: int = -1) -> None:
    """Keep this thread and the process that serves its connection on one core: the last one, or the one counted.

    They only ever take turns, and waking another core took longer than the query: a round trip was 183 µs on two
    cores and 65 µs on one. Does nothing where the database is elsewhere or the system has no such call.
    """
    parameters: dict[str, Any] = connection.get_connection_params()
    is_ours = parameters.get("host") == str(Place(data_dir()).sockets)  # else its number may be another program's here
    if not is_ours or not hasattr(os, "sched_setaffinity"):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (server,) = cursor.fetchone()
    cores = sorted(os.sched_getaffinity(0))
    core = {cores[number % len(cores)]}
    try:
        os.sched_setaffinity(server, core)
    except OSError:
        return
    os.sched_setaffinity(0, core)
