"""A lock file that says how many processes use something; the kernel forgets those that were killed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _open(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock by oneself inside the block."""
    handle = _open(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class Use:
    """One process's share in something that others use as well."""

    def __init__(self, path: Path) -> None:
        self.handle = _open(path)
        fcntl.flock(self.handle, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Give the share up; tell whether it was the last one."""
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False
        finally:
            os.close(self.handle)
