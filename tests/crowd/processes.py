"""The processes of the house: web, worker, beat; each may be killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.crowd.house import ROOT, House

START_SECONDS = 120


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def until(ready: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Wait until something is so; AssertionError with `what` where it does not come to be."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, f"{what}: not within {seconds:g} s"
        time.sleep(0.02)


class Process:
    """One process of the house, in a group of its own."""

    def __init__(self, house: House, name: str, words: list[str], **variables: str) -> None:
        self.name, self.words = name, [sys.executable, "-m", *words]
        self.environment = {**house.environment, **variables}
        self.log: Path = house.folder / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.words, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def kilobytes(self) -> int:
        """Return what it holds in memory."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))

    def kill(self) -> None:
        """End it and its children as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, number)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)


class Web(Process):
    """One web process as production has it: its settings, its pool."""

    def __init__(self, house: House, name: str = "web", entry: str = "uvicorn", **variables: str) -> None:
        self.port = free_port()
        words = [entry, "cms.asgi:application", "--host", "127.0.0.1", "--port", str(self.port)]
        words += ["--log-level", "error", "--no-server-header", "--timeout-graceful-shutdown", "2"]
        super().__init__(house, name, words, **variables)
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        super().start()
        until(self._answers, f"{self.name} answers (log: {self.log})", START_SECONDS)

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        try:
            return httpx.get(f"{self.address}/lots/time", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


def worker(house: House, name: str = "worker") -> Process:
    """Return the worker of the default queue, two tasks at a time."""
    words = ["celery", "-q", "-A", "tasks.app", "worker", "-Q", "default", "-n", f"{name}@proof", "--concurrency", "2"]
    quiet = ["--without-gossip", "--without-mingle", "--loglevel", "ERROR"]
    return Process(house, name, [*words, *quiet], DATABASE_POOL_SIZE="0")


def beat(house: House) -> Process:
    schedule = house.folder / "beat-schedule"
    words = ["celery", "-q", "-A", "tasks.app", "beat", "-s", str(schedule), "--pidfile", "", "--loglevel", "ERROR"]
    return Process(house, "beat", words, DATABASE_POOL_SIZE="0")
