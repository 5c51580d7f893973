"""Processes of a run that was killed, found by a mark in their environment, and ended."""

import os
import signal
import subprocess
import time
from pathlib import Path

MARK = "MARKETPLACE_HOUSE"


def marked(data: Path) -> list[int]:
    """Return the processes, other than this one, that work for the house with this data folder."""
    mark = f"{MARK}={data}"
    if Path("/proc/self/environ").exists():
        found = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _has(entry, mark)]
    else:
        listed = subprocess.run(["ps", "axeww", "-o", "pid=,command="], capture_output=True, text=True, check=False)
        found = [int(line.split()[0]) for line in listed.stdout.splitlines() if f" {mark} " in f"{line} "]
    return [pid for pid in found if pid != os.getpid()]


def _has(entry: Path, mark: str) -> bool:
    try:
        return mark.encode() in (entry / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def end(data: Path, seconds: float = 8) -> int:
    """Ask them to end, then make them; return how many there were."""
    found = marked(data)
    for number, wait in ((signal.SIGTERM, seconds), (signal.SIGKILL, 5.0)):
        for pid in marked(data):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        until = time.monotonic() + wait
        while marked(data) and time.monotonic() < until:
            time.sleep(0.1)
    return len(found)
