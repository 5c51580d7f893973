"""`make run`: the whole house on one machine as real processes, and its end without orphans."""

import atexit
import http.client
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from honcho.manager import Manager

from cms.bare import leftovers, machine
from cms.bare.locks import Use
from cms.bare.place import Place, ServerFailed
from cms.bare.postgres import stop_postgres
from cms.bare.valkey import stop_valkey
from cms.catalogues import compile_all

ROOT = machine.ROOT
HOST = os.environ.get("HOST") or "127.0.0.1"
FIRST_PAGE_SECONDS = 120
PREPARED, SHOWN = "house.prepared", "house.shown"
KEPT_BY_RESET = ("test", "backups")
# Celery warns root at length; on a bare machine nobody else may be there
QUIET = {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore:You're running the worker"}


def port() -> int:
    """Return the wanted port, or end with a sentence."""
    wanted = os.environ.get("PORT") or "8000"
    if not wanted.isdigit() or not 0 < int(wanted) < 65536:
        sys.exit(f"PORT is {wanted!r}; it must be a number from 1 to 65535.")
    return int(wanted)


def refuse_taken_port(number: int) -> None:
    """End with a sentence where another program has the port."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, number))
        except PermissionError:
            sys.exit(f"Port {number} is not allowed for this user. Choose another one: PORT=8001 make run")
        except OSError:
            sys.exit(f"Port {number} is in use. Choose another one: PORT={number + 1} make run")


def another_runs(data: Path) -> int | None:
    """Return the process that runs this house already."""
    try:
        pid = int((data / "house.pid").read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid if pid != os.getpid() and pid in leftovers.marked(data) else None


def commands(number: int, data: Path) -> dict[str, str]:
    """Return the processes of the house by name.

    All are started at once, so that they end together. Web imports while the database is being prepared; the others
    wait until the first page has been shown: on two cores they would only hold it up.
    """
    python = shlex.quote(sys.executable)
    after_web = f"until [ -e {shlex.quote(str(data / SHOWN))} ]; do sleep 0.1; done; "
    # on few cores pages come before background work
    celery = f"{after_web}exec nice -n 5 {python} -m celery -q -A tasks.app"
    worker = "--without-gossip --without-mingle --loglevel WARNING"
    beat, prepared = shlex.quote(str(data / "beat-schedule")), shlex.quote(str(data / PREPARED))
    return {
        "web": f"exec {python} -m cms.bare.web {HOST} {number} {prepared}",
        "worker": f"{celery} worker -Q default -n default@%h --concurrency 2 {worker}",
        "index": f"{celery} worker -Q index -n index@%h --pool solo {worker}",
        "beat": f"{celery} beat -s {beat} --loglevel WARNING",
    }


def run() -> int:
    """Prepare the house, start its processes, tell when the first page answers, wait for the end."""
    data, number = machine.data_dir(), port()
    if runs := another_runs(data):
        sys.exit(f"The house is running already (process {runs}). Stop it with: make stop")
    if count := leftovers.end(data):
        print(f"Ended {count} processes that an earlier run left behind.", flush=True)
    refuse_taken_port(number)
    data.mkdir(parents=True, exist_ok=True)
    (data / "house.pid").write_text(str(os.getpid()))
    os.environ.setdefault("SITE_URL", f"http://localhost:{number}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings"
    if machine.is_bare():
        machine.settle()
    return live(number, data)


class Processes(Manager):
    """Processes that live and end together; asked to end while some are starting, it ends them once all have begun."""

    _is_to_end = False

    def terminate(self) -> None:
        self._is_to_end = True
        if self._all_started():  # it ends only what it knows the number of
            super().terminate()

    def _any_stopped(self) -> bool:  # what its loop asks, once all have begun, before it ends them
        return self._is_to_end or super()._any_stopped()


def live(number: int, data: Path) -> int:
    """Start everything, prepare the database meanwhile, wait for the end; return the code to end with."""
    compile_all()  # before anybody reads a catalogue
    for mark in (PREPARED, SHOWN):
        (data / mark).unlink(missing_ok=True)
    manager = Processes()
    role = {"DATABASE_URL": os.environ.get("DATABASE_WEB_URL") or os.environ.get("DATABASE_URL", "")}
    for name, command in commands(number, data).items():
        pool = {} if name == "web" else {"DATABASE_POOL_SIZE": "0"}
        manager.add_process(name, command, env={**os.environ, **role, **pool, **QUIET}, cwd=str(ROOT))
    one = {**os.environ, "DATABASE_POOL_SIZE": "0"}
    # in a session of its own: Ctrl-C reaches it through us, without a traceback
    preparing = subprocess.Popen([sys.executable, "manage.py", "prepare"], cwd=ROOT, env=one, start_new_session=True)
    try:
        threading.Thread(target=open_up, args=(manager, preparing, number, data), daemon=True).start()
        manager.loop()
    finally:
        end_all(preparing)
    if preparing.returncode > 0:
        return preparing.returncode
    return 0 if manager.returncode in (130, 143, -signal.SIGTERM) else (manager.returncode or 0)


def end_all(leader: "subprocess.Popen[bytes]") -> None:
    """End a process that leads a session, and what it started there. One that ended well left nothing behind."""
    if leader.poll() != 0:
        with suppress(ProcessLookupError):
            os.killpg(leader.pid, signal.SIGTERM)
    leader.wait()


def open_up(manager: Processes, preparing: "subprocess.Popen[bytes]", number: int, data: Path) -> None:
    """Let web serve once the database is prepared, and the workers begin once the first page is shown."""
    if preparing.wait() != 0:
        manager.terminate()
        return
    (data / PREPARED).touch()
    try:
        announce(number, data)
    finally:
        (data / SHOWN).touch()


def announce(number: int, data: Path) -> None:
    """Print the address once the first page answers."""
    address = f"http://localhost:{number}/"
    until = time.monotonic() + FIRST_PAGE_SECONDS
    while time.monotonic() < until:
        door = http.client.HTTPConnection(HOST, number, timeout=30)
        try:
            door.request("GET", "/", headers={"Host": f"localhost:{number}"})
            status = door.getresponse().status
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
            continue
        finally:
            door.close()
        if status >= 500:
            print(f"\nThe first page answers with an error ({status}); see above.\n", flush=True)
        else:
            tell(address, data)
        return


def tell(address: str, data: Path) -> None:
    begun = float(os.environ.get("HOUSE_BEGUN") or time.time())
    sign_ins = data / "sign-ins.txt"
    print(f"\n  {address} is open after {time.time() - begun:.1f} s. Ctrl-C stops everything.\n", flush=True)
    if sign_ins.exists():
        print(sign_ins.read_text(encoding="utf-8"), flush=True)


def stop() -> int:
    """End a house that runs somewhere else, and servers that somebody left running."""
    data = machine.data_dir()
    count = leftovers.end(data, seconds=20)
    if (data / "servers.users").exists() and Use(data / "servers.users").leave():
        stop_postgres(Place(data))
        stop_valkey(Place(data))
    print("Stopped." if count else "Nothing was running.")
    return 0


def reset() -> int:
    """Stop, and forget all data of this bare machine but its backups."""
    stop()
    data = machine.data_dir()
    for entry in data.iterdir() if data.exists() else ():
        if entry.name not in KEPT_BY_RESET:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    print("The data is gone; make run begins anew.")
    return 0


def _end_on_term(*_: object) -> None:
    sys.exit(143)


def main(command: str) -> int:
    data = machine.data_dir()
    if command == "run" and os.environ.get(leftovers.MARK) != str(data):
        # once more, with the mark in the environment the kernel keeps, so that a later run finds us
        os.environ[leftovers.MARK] = str(data)
        os.execv(sys.executable, [sys.executable, "-m", "cms.bare.house", command])
    os.environ.pop(leftovers.MARK, None) if command != "run" else None
    signal.signal(signal.SIGTERM, _end_on_term)
    atexit.register(sys.stdout.flush)
    try:
        return {"run": run, "stop": stop, "reset": reset}[command]()
    except ServerFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
