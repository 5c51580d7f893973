"""Memory in pages of 2 MB instead of 4 KB: a worker goes through 250 MB of code and templates all the time.

The kernel gives them only where it is asked to, and Python does not ask. A tenth of a worker's time went into finding
out where its small pages lie. Where the kernel has no such pages, or no such call, nothing changes.
"""

import ctypes
import re
import sys
from collections.abc import Iterator
from pathlib import Path

HUGE = 2 * 1024 * 1024
MAPS = Path("/proc/self/maps")
ANONYMOUS = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0\s*(\[heap\]|\[anon.*\])?$")
WISHED, AT_ONCE = 14, 25  # MADV_HUGEPAGE, MADV_COLLAPSE (Linux 6.1): <asm-generic/mman-common.h>


def take() -> None:
    """Ask for huge pages where this process has memory of its own; what is there is moved into them now."""
    if sys.platform != "linux" or not MAPS.exists():
        return
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    for begins, size in _pieces(MAPS.read_text()):
        for advice in (WISHED, AT_ONCE):
            madvise(begins, size, advice)  # advice that is not taken is no error


def _pieces(maps: str) -> Iterator[tuple[int, int]]:
    """Return (address, bytes) of the part of each piece of memory that is whole huge pages."""
    for line in maps.splitlines():
        found = ANONYMOUS.match(line)
        if found:
            begins, ends = (int(found[number], 16) for number in (1, 2))
            first, last = -(-begins // HUGE) * HUGE, ends // HUGE * HUGE
            if last > first:
                yield first, last - first
