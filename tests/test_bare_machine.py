"""`make run` as a process: started, stopped, started again, disturbed. Never a traceback, never an orphan."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cms.bare import leftovers
from cms.bare.house import end_all
from cms.bare.place import Place, answers, first_number, owner, wait
from cms.bare.postgres import SOCKET, start_postgres, stop_postgres
from cms.bare.servers import Servers
from cms.bare.valkey import stop_valkey
from tests.cores import all_cores

ROOT = Path(__file__).resolve().parent.parent
OPEN_SECONDS = 300  # generous, for machines that do other things as well


class House:
    """A bare machine with a data folder of its own, and no demo to load."""

    def __init__(self, data: Path) -> None:
        self.data, self.log = data, data.parent / "house.log"
        data.mkdir()
        (data / "demo.loaded").touch()
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port = door.getsockname()[1]

    def environment(self) -> dict[str, str]:
        named = ("PATH", "HOME", "LANG")
        kept = {name: os.environ[name] for name in named if name in os.environ}
        return {**kept, "DATA_DIR": str(self.data), "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}

    def command(self, word: str, **variables: str) -> subprocess.CompletedProcess[str]:
        words, environment = [sys.executable, "-m", "cms.bare.house", word], {**self.environment(), **variables}
        return subprocess.run(
            words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200, check=False
        )

    def start(self) -> subprocess.Popen[bytes]:
        self.log.write_text("")
        with self.log.open("wb") as log:
            words = [sys.executable, "-m", "cms.bare.house", "run"]
            running = subprocess.Popen(words, cwd=ROOT, env=self.environment(), stdout=log, stderr=log)
        until = time.monotonic() + OPEN_SECONDS
        while "is open after" not in self.log.read_text("utf-8"):
            assert running.poll() is None, self.log.read_text("utf-8")
            assert time.monotonic() < until, self.log.read_text("utf-8")
            time.sleep(0.1)
        return running

    def healthy(self) -> bool:
        address = f"http://127.0.0.1:{self.port}/readyz"
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status == 200

    def servers_run(self) -> bool:
        sockets = Place(self.data).sockets
        return answers(sockets / ".s.PGSQL.5432") or answers(sockets / "valkey.sock")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("bare") / "var")
    with all_cores():
        yield house
    leftovers.end(house.data)
    stop_postgres(Place(house.data))
    stop_valkey(Place(house.data))


def test_starts_and_stops_without_orphans(house):
    running = house.start()
    assert house.healthy()

    running.send_signal(signal.SIGINT)  # Ctrl-C; another is stopped by `make stop`, and one terminated
    code = running.wait(90)

    assert code == 0
    assert leftovers.marked(house.data) == []
    assert not house.servers_run()
    assert "Traceback" not in house.log.read_text("utf-8")


def test_repairs_what_a_killed_run_left(house):
    killed = house.start()
    with psycopg.connect(Place(house.data).database_url, autocommit=True) as database:
        database.execute("CREATE TABLE kept AS SELECT '瓯来拍' AS word")
    left = leftovers.marked(house.data)
    killed.kill()
    killed.wait(10)
    assert len(left) >= 5
    assert house.servers_run()

    running = house.start()

    assert "that an earlier run left behind" in house.log.read_text("utf-8")
    assert house.healthy()
    assert set(left) & set(leftovers.marked(house.data)) == set()
    with psycopg.connect(Place(house.data).database_url) as database:
        assert database.execute("SELECT word FROM kept").fetchall() == [("瓯来拍",)]

    second = house.command("run")
    stopped = house.command("stop")

    assert (second.returncode, second.stderr) == (
        1,
        f"The house is running already (process {running.pid}). Stop it with: make stop\n",
    )
    assert (stopped.returncode, running.wait(90)) == (0, 0)
    assert leftovers.marked(house.data) == []
    assert not house.servers_run()
    assert "Traceback" not in house.log.read_text("utf-8")


def test_a_stale_pid_file_of_the_database_does_not_matter(house):
    place = Place(house.data)
    Servers(place).leave()
    stale = house.data / "postgres" / "18" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{stale.parent}\n1\n5432\n/nowhere\n\n1 1\nready\n")

    servers = Servers(place)

    with psycopg.connect(place.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert first_number(stale) != os.getpid()
    servers.leave()
    assert not house.servers_run()


def test_a_socket_that_a_killed_database_left_does_not_matter(tmp_path):
    place = Place(tmp_path / "var", durable=False)
    servers = Servers(place)
    postmaster = first_number(place.data / "postgres" / "18" / "postmaster.pid")
    other = subprocess.Popen(["sleep", "300"], cwd="/", start_new_session=True, **owner())
    os.kill(postmaster, signal.SIGKILL)
    wait(lambda: not answers(place.sockets / SOCKET), "The database did not end.")
    time.sleep(2)  # its children notice within a second, and give its memory back
    (place.sockets / f"{SOCKET}.lock").write_text(f"{other.pid}\n")  # now another program's, or one nobody has reaped

    start_postgres(place)

    with psycopg.connect(place.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    other.kill()
    other.wait()
    servers.leave()


def test_servers_whose_folder_was_removed_are_replaced(tmp_path):
    place = Place(tmp_path / "var", durable=False)
    Servers(place)
    shutil.rmtree(place.data)

    servers = Servers(place)

    with psycopg.connect(place.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert (place.data / "valkey" / "pid").exists()
    servers.leave()
    assert not answers(place.sockets / "valkey.sock")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's database runs as somebody else")
def test_stops_the_database_where_a_folder_above_was_closed(tmp_path):
    place = Place(tmp_path / "closed" / "var", durable=False)
    servers = Servers(place)
    tmp_path.chmod(0o700)

    servers.leave()

    assert not (place.data / "postgres" / "18" / "postmaster.pid").exists()


def test_a_port_in_use_is_told(house):
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", house.port))
        door.listen()
        answer = house.command("run")

    assert answer.returncode == 1
    assert answer.stderr == f"Port {house.port} is in use. Choose another one: PORT={house.port + 1} make run\n"


def test_a_preparation_that_fails_ends_everything(house):
    answer = house.command("run", LOG_LEVEL="nonsense")

    assert answer.returncode == 1
    assert "LOG_LEVEL" in answer.stdout + answer.stderr  # told by whoever reads the settings first
    assert "Traceback" not in answer.stdout + answer.stderr
    assert leftovers.marked(house.data) == []
    assert not house.servers_run()


def test_terminated_while_it_is_being_prepared(house):
    words = [sys.executable, "-m", "cms.bare.house", "run"]
    running = subprocess.Popen(words, cwd=ROOT, env=house.environment(), stdout=subprocess.PIPE, text=True)
    while "web started" not in (running.stdout.readline() if running.stdout else ""):
        assert running.poll() is None

    running.send_signal(signal.SIGTERM)

    assert running.wait(60) == 0
    assert leftovers.marked(house.data) == []
    assert not house.servers_run()


@pytest.mark.parametrize(("then", "code"), [("wait", -signal.SIGTERM), ("exit 1", 1)])
def test_what_the_preparation_started_ends_with_it(then, code):
    words = ["sh", "-c", f"sleep 300 & echo $!; {then}"]  # as the loading of the demonstration has a second process
    leader = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)
    started = Path("/proc", leader.stdout.readline().strip() if leader.stdout else "", "cmdline")
    wait(lambda: started.read_bytes().startswith(b"sleep"), "It did not begin.")
    if code > 0:
        leader.wait()

    end_all(leader)

    assert leader.returncode == code
    wait(lambda: not started.exists() or not started.read_bytes(), "It went on.")  # empty where nobody has reaped it
    end_all(leader)  # a second time does nothing


@pytest.mark.parametrize("wrong", ["web", "0", "70000"])
def test_a_port_that_is_none_is_told(house, wrong, monkeypatch):
    monkeypatch.setattr(house, "port", wrong)

    answer = house.command("run")

    assert (answer.returncode, answer.stderr) == (1, f"PORT is {wrong!r}; it must be a number from 1 to 65535.\n")


def test_reset_forgets_everything(house):
    answer = house.command("reset")

    assert answer.returncode == 0
    assert list(house.data.iterdir()) == []
