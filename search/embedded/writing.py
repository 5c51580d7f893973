"""The write side of one kind's index: the process's one writer, and the generation being rebuilt."""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from search.embedded.generation import (
    Generation,
    is_current,
    name_for,
    read_pointer,
    remove,
    remove_old,
    write_pointer,
)
from search.engine import Drop, EngineDown, Failure, IndexOutdated, Op, Put, Report, WriterBusy
from search.schema import BadDocument, Kind, check

FORGET_EVERY_SECONDS = 3600
log = logging.getLogger(__name__)


class Writer:
    """Owns the right to write one kind's index from its first operation until it is closed."""

    def __init__(self, kind: Kind, home: Path) -> None:
        self.kind = kind
        self._home = home
        self._lock = threading.RLock()
        self._lock_file: int | None = None
        self._current: Generation | None = None
        self._fresh: Generation | None = None
        self._forgot_at = float("-inf")

    def apply(self, ops: Iterable[Op]) -> Report:
        """Carry out operations in the current generation, and in the one being rebuilt."""
        with self._lock:
            generations = self._targets()
            report = Report()
            try:
                for op in ops:
                    report += self._apply_one(op, generations)
                if self._current:
                    self._forget_old_tombstones(self._current)
                    self._current.commit()
            except EngineDown:
                self.close()
                raise
            return report

    @contextmanager
    def rebuild(self) -> Iterator["FreshGeneration"]:
        """A fresh generation; see the protocol."""
        with self._lock:
            if self._fresh:
                raise WriterBusy(f"The index of {self.kind.name} is being rebuilt already.")
            self._own()
            fresh = self._fresh = Generation(self.kind, self._home / name_for(self.kind))
            self._carry_tombstones(fresh)
        try:
            yield FreshGeneration(self, fresh)
            with self._lock:
                self._swap(fresh)
        finally:
            with self._lock:
                if self._fresh is fresh:
                    self._fresh = None
                    fresh.close()
                    remove(fresh.path)

    def apply_fresh(self, fresh: Generation, ops: Iterable[Op]) -> Report:
        """Carry out operations in the generation being rebuilt only."""
        report = Report()
        for op in ops:
            with self._lock:
                if self._fresh is not fresh:
                    raise EngineDown("The rebuild was abandoned; begin again.")
                report += self._apply_one(op, [fresh])
        return report

    def count_fresh(self, fresh: Generation) -> int:
        """The documents in the generation being rebuilt."""
        with self._lock:
            return fresh.count()

    def close(self) -> None:
        """Give up the right to write. A rebuild under way is abandoned."""
        with self._lock:
            for generation in (self._current, self._fresh):
                if generation:
                    generation.close()
            if self._fresh:
                remove(self._fresh.path)
            self._current = self._fresh = None
            if self._lock_file is not None:
                os.close(self._lock_file)
                self._lock_file = None

    def _apply_one(self, op: Op, generations: list[Generation]) -> Report:
        if isinstance(op, Put):
            try:
                check(self.kind, op.doc)
            except BadDocument as error:
                return Report(failed=[Failure(op.kind, op.id, str(error))])
        took = [generation.apply(op) for generation in generations]
        return Report(applied=1) if took[0] else Report(stale=1)

    def _own(self) -> None:
        """Become the one process that writes here, or say who must."""
        if self._lock_file is not None:
            return
        self._home.mkdir(parents=True, exist_ok=True)
        file = os.open(self._home / "writer.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise WriterBusy(
                f"Another process writes the index of {self.kind.name}; only the indexing worker may."
            ) from None
        self._lock_file = file

    def _targets(self) -> list[Generation]:
        """The current generation and the one being rebuilt; that one alone while the current one is outdated."""
        try:
            current = [self._own_current()]
        except IndexOutdated:
            if not self._fresh:
                raise
            current = []
        return [*current, *([self._fresh] if self._fresh else [])]

    def _own_current(self) -> Generation:
        self._own()
        if self._current is None:
            name = read_pointer(self._home)
            if name and not is_current(self.kind, name):
                raise IndexOutdated(f"The index of {self.kind.name} was built for another schema; rebuild it.")
            fresh_name = name or name_for(self.kind)
            self._current = Generation(self.kind, self._home / fresh_name)
            if not name:
                self._current.commit()
                write_pointer(self._home, fresh_name)
        return self._current

    def _carry_tombstones(self, fresh: Generation) -> None:
        name = read_pointer(self._home)
        if name and is_current(self.kind, name):
            for identifier, version in self._own_current().tombstones():
                fresh.apply(Drop(self.kind.name, identifier, version))

    def _swap(self, fresh: Generation) -> None:
        if self._fresh is not fresh:
            raise EngineDown("The rebuild was abandoned; begin again.")
        fresh.commit()
        before = read_pointer(self._home)
        write_pointer(self._home, fresh.path.name)
        if self._current:
            self._current.close()
        self._current, self._fresh = fresh, None
        remove_old(self._home, keep={fresh.path.name, before})
        log.info("The index of %s now is %s.", self.kind.name, fresh.path.name)

    def _forget_old_tombstones(self, current: Generation) -> None:
        if time.monotonic() - self._forgot_at > FORGET_EVERY_SECONDS:
            self._forgot_at = time.monotonic()
            current.forget_old_tombstones()


class FreshGeneration:
    """What the code that rebuilds sees of the fresh generation."""

    def __init__(self, writer: Writer, generation: Generation) -> None:
        self._writer = writer
        self._generation = generation
        self.generation = generation.path.name

    def apply(self, ops: Iterable[Op]) -> Report:
        """Put documents into the fresh generation only."""
        return self._writer.apply_fresh(self._generation, ops)

    def count(self) -> int:
        """The documents it holds."""
        return self._writer.count_fresh(self._generation)
