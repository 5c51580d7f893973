"""What the workers of one run have looked at already, so that none asks the axe what another one asked."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "var" / "test" / "looked-at"


class LookedAt:
    """A set of words that only grows, shared by the workers of a run: the lines of a file each of them appends to."""

    def __init__(self, name: str) -> None:
        self._file = ROOT / f"{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}-{name}"
        self._known: set[str] = set()
        self._read = 0

    def holds(self, words: Iterable[str]) -> bool:
        return not self.lacking(words)

    def lacking(self, words: Iterable[str]) -> set[str]:
        """Return those of the words that nobody added yet."""
        found = set(words) - self._known
        return found - self._fresh() if found else found

    def add(self, words: Iterable[str]) -> None:
        added = set(words) - self._known
        self._known |= added
        ROOT.mkdir(parents=True, exist_ok=True)
        place = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            os.write(place, "".join(f"{word}\n" for word in added).encode())  # at once, so that no other comes between
        finally:
            os.close(place)

    def _fresh(self) -> set[str]:
        """Take in what others added meanwhile, up to the last whole line, and return all that is known."""
        if self._file.exists():
            with self._file.open("rb") as file:
                file.seek(self._read)
                whole, end, _begun = file.read().rpartition(b"\n")
            self._read += len(whole) + len(end)
            self._known |= set(whole.decode().split())
        return self._known


def forget() -> None:
    """Drop what earlier runs left."""
    shutil.rmtree(ROOT, ignore_errors=True)
