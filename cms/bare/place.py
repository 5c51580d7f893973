"""Where the embedded servers of one data folder live, and what tells whether one of them is alive."""

import hashlib
import os
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60


class ServerFailed(Exception):
    """A server did not start; the message names its log."""


@dataclass(frozen=True)
class Place:
    """Where one pair of servers lives."""

    data: Path
    durable: bool = True

    @property
    def sockets(self) -> Path:
        """Return a folder whose path is short enough for a Unix socket (107 bytes)."""
        name = hashlib.sha256(str(self.data.resolve()).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"marketplace-{os.geteuid()}-{name}"

    @property
    def database_url(self) -> str:
        return f"postgresql://postgres@/marketplace?host={self.sockets}"

    @property
    def database_web_url(self) -> str:
        return f"postgresql://web@/marketplace?host={self.sockets}"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.sockets}/valkey.sock"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url,
            "DATABASE_WEB_URL": self.database_web_url,
            "REDIS_URL": self.redis_url + "?db=0",
        }


def owner() -> dict[str, int]:
    """Return the unprivileged user and group a root user's database runs as; nothing for others."""
    if os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as door:
        try:
            door.connect(str(path))
        except OSError:
            return False
    return True


def first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def program(pid: int) -> str:
    """Return the command line of a living process, or nothing."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        except OSError:
            return ""
    found = subprocess.run(["ps", "-o", "stat=,args=", "-p", str(pid)], text=True, capture_output=True, check=False)
    return "" if found.stdout.lstrip().startswith("Z") else found.stdout


def wait(ready, failed: str) -> None:
    until = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > until:
            raise ServerFailed(failed)
        time.sleep(0.02)
