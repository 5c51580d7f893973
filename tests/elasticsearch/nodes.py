"""Elasticsearch nodes as processes. A node lives as long as somebody holds the other end of its standard input."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.cores import all_cores
from tests.elasticsearch import parts

START_SECONDS = 180  # generous, for machines that do other things as well
ANSWER_SECONDS = 5
HEAP = "512m"
JAVA_OPTIONS = (
    *("-Xms128m", f"-Xmx{HEAP}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"),
    *("-Dlog4j2.disable.jmx=true", "--add-modules=jdk.net,jdk.management", "--enable-native-access=ALL-UNNAMED"),
)
ALONE = {"discovery.type": "single-node"}
SETTINGS = {
    "http.type": "netty4",
    "http.host": "127.0.0.1",
    "http.port": "0",
    "transport.type": "netty4",
    "transport.host": "127.0.0.1",
    "transport.port": "0",
    "cluster.routing.allocation.disk.threshold_enabled": "false",
    "node.portsfile": "true",  # written when the node is ready: the ports the kernel gave it
}


class NotStarted(Exception):
    """A node did not start; the message ends with its log."""


@dataclass
class Node:
    """One running node and this process's hold on it."""

    folder: Path
    hold: int
    process: subprocess.Popen[bytes] | None = None  # where this process started it

    @property
    def url(self) -> str:
        """The address that clients ask."""
        return f"http://{self._port('http')}"

    @property
    def transport(self) -> str:
        """The address at which other nodes join."""
        return self._port("transport")

    def let_go(self) -> None:
        """Give the hold up; the node ends with the last one."""
        os.close(self.hold)

    def kill(self) -> None:
        """End it at once, as a machine that loses its power."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(ANSWER_SECONDS)

    def answers(self) -> bool:
        """Tell whether it answers a client."""
        line = HTTPConnection(self._port("http"), timeout=ANSWER_SECONDS)
        try:
            line.request("GET", "/_cluster/health")
            return line.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            line.close()

    def _port(self, kind: str) -> str:
        return (self.folder / "logs" / f"{kind}.ports").read_text().split()[0]


def joined(folder: Path) -> Node | None:
    """Take hold of the node that runs in this folder; None where none does."""
    try:
        hold = os.open(folder / "door", os.O_WRONLY | os.O_NONBLOCK)  # refused where nobody reads
    except OSError:
        return None
    node = Node(folder, hold)
    if node.answers():
        return node
    node.let_go()
    return None


def started(folder: Path, settings: dict[str, str]) -> Node:
    """Start a node with empty indices in this folder and wait until it answers."""
    made = parts.made()
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("config", "data", "logs"):
        (folder / name).mkdir(parents=True)
    (folder / "modules").symlink_to(made / "modules")
    class_path = f"{made / 'classes'}:{made / 'jars'}/*"
    given = {**SETTINGS, "path.home": str(folder), **settings}
    words = [str(parts.java()), *JAVA_OPTIONS, "-cp", class_path, "SingleNode"]
    node = _held(folder, [*words, *(f"{name}={value}" for name, value in given.items())])
    try:
        _wait(node)
    except BaseException:
        node.kill()
        node.let_go()
        raise
    return node


def _held(folder: Path, words: list[str]) -> Node:
    """Start the process on the reading end of a named pipe; the writing end is our hold."""
    door = folder / "door"
    os.mkfifo(door, 0o600)
    both = os.open(door, os.O_RDWR)  # so that neither of the next two waits for the other
    hold, reading = os.open(door, os.O_WRONLY), os.open(door, os.O_RDONLY)
    os.close(both)
    with (folder / "output").open("wb") as output, all_cores():
        process = subprocess.Popen(
            words, cwd=folder, env={}, stdin=reading, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    os.close(reading)
    return Node(folder, hold, process)


def _wait(node: Node) -> None:
    assert node.process is not None
    until = time.monotonic() + START_SECONDS
    ports = [node.folder / "logs" / f"{kind}.ports" for kind in ("http", "transport")]
    while not all(path.exists() for path in ports):
        if node.process.poll() is not None or time.monotonic() > until:
            last = (node.folder / "output").read_text(errors="replace").strip()[-2000:]
            raise NotStarted(f"Elasticsearch did not start. Its output ends with:\n{last}")
        time.sleep(0.05)
