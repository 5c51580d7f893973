"""The engine in processes of their own, as the site runs it: one that answers pages, one that writes the index."""

import multiprocessing
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import django

from search.engine import Engine

STATUS = Path("/proc/self/status")
Begun = Literal["spawn", "fork"]


class Failed(Exception):
    """A function failed in the other process; the message is its traceback."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes of one process: at most, now, and of these pages of files, which the kernel shares and takes back."""

    peak: float
    now: float
    of_files: float


def memory(_engine: Engine) -> Memory | None:
    """Return what this process takes; None where the system does not tell."""
    if not STATUS.exists():
        return None
    told = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    peak, now, of_files = (int(told[name].split()[0]) / 1024 for name in ("VmHWM", "VmRSS", "RssFile"))
    return Memory(peak, now, of_files)


class Process:
    """Another process with the site loaded and an engine of its own, whose functions it carries out in turn.

    It begins empty and loads the site itself, so that its memory is its own; tests have it forked, which is quick.
    """

    def __init__(self, make: Callable[[], Engine], begun: Begun = "spawn") -> None:
        context = multiprocessing.get_context(begun)
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, make), daemon=True)
        self._process.start()
        theirs.close()  # so that the end of that process is told here

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None:
            self._pipe.send(None)
            self._process.join()
        else:
            self._process.kill()

    def begin(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Have it begin a function of its engine; `result` waits for the end."""
        self._pipe.send((function, arguments))

    def is_at_it(self) -> bool:
        return not self._pipe.poll()

    def result(self) -> Any:
        """Return what the function returned. Raises Failed."""
        worked, result = self._pipe.recv()
        if not worked:
            raise Failed(result)
        return result

    def do(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Begin a function and wait for it."""
        self.begin(function, *arguments)
        return self.result()


@contextmanager
def processes(make: Callable[[], Engine], begun: Begun = "spawn") -> Iterator[tuple[Process, Process]]:
    """Start the two: one that answers pages, one that writes."""
    with Process(make, begun) as web, Process(make, begun) as indexer:
        yield web, indexer


def _serve(pipe: Connection, make: Callable[[], Engine]) -> None:
    django.setup()
    import cms.urls  # noqa: F401 every view, as a process of the site holds them

    engine = make()
    while asked := pipe.recv():
        function, arguments = asked
        try:
            pipe.send((True, function(engine, *arguments)))
        except Exception:  # noqa: BLE001 it is told to whoever asked
            pipe.send((False, traceback.format_exc()))
    engine.close()
