"""Thousands of readers of one lot's stream in a process of their own, each held to what it was sent (§5, 13).

with Spectators(address, lot.number, 3000) as crowd:
    crowd.reconnect()      # all lines cut at once; each comes again by Last-Event-ID
    found = crowd.leave()  # Seen: how many, what they missed, how late frames came
"""

import asyncio
import json
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tests.crowd.house import ROOT

AT_ONCE = 200  # connections opened at the same time
KEPT = 2000  # frames read once and shared, as the server shares their bytes


@dataclass
class Seen:
    """What all spectators saw."""

    clients: int = 0
    frames: int = 0
    connections: int = 0
    problems: list[str] = field(default_factory=list)
    lasts: list[int] = field(default_factory=list)  # the different last numbers they know
    quick: list[int] = field(default_factory=list)  # … of those who read at once
    heads: list[str] = field(default_factory=list)  # … and the different heads of the chain
    witnessed: list[tuple[int, str]] = field(default_factory=list)  # every (number, head) anybody was shown
    late: list[float] = field(default_factory=list)  # milliseconds from a bid's arrival: p50, p99, most


@dataclass(frozen=True, slots=True)
class Frame:
    seq: int
    first: int  # number of its first event; 0: it has none
    arrived: float
    head: str


class Crowd:
    """All spectators of this process."""

    def __init__(self, host: str, port: int, lot: str) -> None:
        self.host, self.port, self.lot = host, port, lot
        self.frames: dict[bytes, Frame] = {}
        self.seen, self.late = Seen(), []
        self.witnessed: set[tuple[int, str]] = set()
        self.everybody: list[Spectator] = []

    def read(self, data: bytes) -> Frame:
        """Return a frame; those of many readers are the same bytes."""
        if data not in self.frames:
            if len(self.frames) > KEPT:
                self.frames.clear()
            told = json.loads(data)
            events = told["events"]
            at = datetime.fromisoformat(events[-1]["arrived_at"]).timestamp() if events else 0.0
            self.frames[data] = Frame(told["seq"], events[0]["seq"] if events else 0, at, told["head"])
            self.witnessed.add((told["seq"], told["head"]))
        return self.frames[data]

    async def open(self, number: int, slow: int) -> None:
        self.everybody = [Spectator(self, place, is_slow=place < slow) for place in range(number)]
        await self.connect()

    async def connect(self) -> None:
        waiting = [each for each in self.everybody if not each.is_there]
        for place in range(0, len(waiting), AT_ONCE):
            await asyncio.gather(*(each.connect() for each in waiting[place : place + AT_ONCE]))
        end = time.monotonic() + 120
        while not all(each.has_frame or each.is_slow for each in self.everybody) and time.monotonic() < end:
            await asyncio.sleep(0.05)

    def told(self) -> Seen:
        """Return what everybody saw until now."""
        late, silent = sorted(self.late), sum(not each.has_frame for each in self.everybody)
        return replace(
            self.seen,
            clients=len(self.everybody),
            problems=[*self.seen.problems[:20], *([f"{silent} without a frame"] if silent else [])],
            lasts=sorted({each.last for each in self.everybody}),
            quick=sorted({each.last for each in self.everybody if not each.is_slow}),
            heads=sorted({each.head for each in self.everybody}),
            witnessed=sorted(self.witnessed),
            late=[late[int(share * (len(late) - 1))] for share in (0.5, 0.99, 1)] if late else [],
        )


class Spectator(asyncio.Protocol):
    """One reader: every number once and in order, also after it came again."""

    def __init__(self, crowd: Crowd, number: int, *, is_slow: bool) -> None:
        self.crowd, self.number, self.is_slow = crowd, number, is_slow
        self.last, self.head = 0, ""
        self.has_frame = self.is_there = False
        self.rest = b""
        self.transport: Any = None

    async def connect(self) -> None:
        loop, pause = asyncio.get_running_loop(), 0.2
        for _attempt in range(30):
            try:
                door = socket.socket()
                if self.is_slow:
                    door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                door.setblocking(False)
                await loop.sock_connect(door, (self.crowd.host, self.crowd.port))
                await loop.create_connection(lambda: self, sock=door)
                return
            except OSError:
                await asyncio.sleep(pause)

    def connection_made(self, transport: Any) -> None:
        self.transport, self.is_there, self.rest, self.has_frame = transport, True, b"", False
        self.crowd.seen.connections += 1
        again = f"Last-Event-ID: {self.last}\r\n" if self.last else ""
        path = f"/lots/{self.crowd.lot}/events/"
        transport.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{again}\r\n".encode())
        if self.is_slow:
            transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        *blocks, self.rest = (self.rest + data).split(b"\n\n")
        for block in blocks:
            start = block.find(b"data: {")
            if start >= 0:
                self._take(self.crowd.read(block[start + 6 :]))

    def _take(self, frame: Frame) -> None:
        self.crowd.seen.frames += 1
        if frame.first and frame.first != self.last + 1:
            self.crowd.seen.problems.append(f"spectator {self.number}: #{frame.first} came after #{self.last}")
        if not frame.first and frame.seq != self.last:
            self.crowd.seen.problems.append(f"spectator {self.number}: #{frame.seq} without its events")
        if self.has_frame and frame.first and not self.is_slow:
            self.crowd.late.append((time.time() - frame.arrived) * 1000)
        self.last, self.head, self.has_frame = frame.seq, frame.head, True

    def connection_lost(self, error: Exception | None) -> None:
        self.is_there = False

    def cut(self) -> None:
        if self.transport is not None:
            self.transport.abort()


async def _serve(address: str, lot: str, number: int, slow: int) -> None:
    """Do what is asked on standard input, and answer each line with one."""
    parts = urlsplit(address)
    crowd = Crowd(parts.hostname or "", parts.port or 80, lot)
    await crowd.open(number, slow)
    loop = asyncio.get_running_loop()
    print("ready", flush=True)  # noqa: T201
    while asked := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        if asked == "cut":
            for each in crowd.everybody:
                each.cut()
        if asked in ("cut", "connect"):
            await asyncio.sleep(0.2)
            await crowd.connect()
        if asked == "read":
            for each in crowd.everybody:
                each.is_slow = False
                each.transport.resume_reading()
            await asyncio.sleep(2)
        print(json.dumps(asdict(crowd.told())) if asked == "tell" else "done", flush=True)  # noqa: T201


class Spectators:
    """The crowd in its process, and what it is asked to do."""

    def __init__(self, address: str, lot: str, number: int, *, slow: int = 0) -> None:
        words = [sys.executable, "-m", "tests.crowd.spectators", address, lot, str(number), str(slow)]
        self.process = subprocess.Popen(
            words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def __enter__(self) -> Self:
        assert self._line() == "ready"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait(10)

    def cut(self) -> None:
        """Cut all lines at once; return when everybody is back."""
        self._ask("cut")

    def connect(self) -> None:
        """Let everybody come again whose line broke."""
        self._ask("connect")

    def read(self) -> None:
        """Let the slow ones read what waits for them."""
        self._ask("read")

    def tell(self) -> Seen:
        return Seen(**json.loads(self._ask("tell")))

    def until(self, seq: int, seconds: float = 30) -> Seen:
        """Wait until everybody knows the event `seq`; return what they saw."""
        end = time.monotonic() + seconds
        while True:
            seen = self.tell()
            if seen.lasts == [seq] or time.monotonic() > end:
                return seen
            time.sleep(0.3)

    def _ask(self, words: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(words + "\n")
        return self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert line, "the process of the spectators ended"
        return line


def unlike(seen: Seen, seq: int, head: str) -> list[str]:
    """Return where what spectators saw differs from the record they are witnesses of."""
    found = list(seen.problems)
    if seen.lasts != [seq]:
        found.append(f"spectators know #{seen.lasts[0]} to #{seen.lasts[-1]}, the record ends at #{seq}")
    elif seen.heads != [head]:
        found.append("spectators saw another head than the record has")
    return found


def unrecorded(seen: Seen, hashes: dict[int, str]) -> list[str]:
    """Return the heads somebody was shown that the record (`hashes` by number) has not: told of, and then lost."""
    shown = [(seq, head) for seq, head in seen.witnessed if seq]
    return [f"#{seq} was shown with another head than the record has" for seq, head in shown if hashes.get(seq) != head]


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
