"""Embedded PostgreSQL and Valkey for a machine that has neither, on Unix sockets, under one data folder.

Several processes may use the same pair: the first one starts it, the last one to leave stops it, and
what a killed process left behind is taken over by the next. Runs as root (the database then runs as
an unprivileged user) and as anybody else.
"""

import os
import shutil

from cms.bare.locks import Use, alone
from cms.bare.place import Place, ServerFailed, owner
from cms.bare.postgres import start_postgres, stop_postgres
from cms.bare.valkey import start_valkey, stop_valkey


class Servers:
    """A running pair, held until `leave`."""

    def __init__(self, place: Place) -> None:
        self.place = place
        place.data.mkdir(parents=True, exist_ok=True)
        with alone(place.data / "servers.starting"):
            self.use = Use(place.data / "servers.users")
            _prepare_sockets(place)
            start_valkey(place)
            start_postgres(place)

    def leave(self) -> None:
        """Stop the servers unless somebody else uses them."""
        with alone(self.place.data / "servers.starting"):
            if self.use.leave():
                stop_postgres(self.place)
                stop_valkey(self.place)
                shutil.rmtree(self.place.sockets, ignore_errors=True)


def _prepare_sockets(place: Place) -> None:
    place.sockets.mkdir(mode=0o700, exist_ok=True)
    if place.sockets.stat().st_uid not in (os.geteuid(), owner().get("user", -1)):
        raise ServerFailed(f"{place.sockets} belongs to somebody else; remove it and start again.")
    if os.geteuid() == 0:
        os.chown(place.sockets, owner()["user"], owner()["group"])
    place.sockets.chmod(0o700)
