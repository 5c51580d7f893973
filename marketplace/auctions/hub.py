"""One reader of the database per lot (or session) and web process; its many readers in browsers share what it read.

Redis only wakes it; each second it looks by itself. It reads in one thread of its own and gives the
connection back after each look, so neither threads nor connections grow with the number of streams.
"""

import asyncio
import contextlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import redis.asyncio
import structlog
from django.conf import settings
from django.db import Error, connection

from marketplace.auctions.closing import close_lot
from marketplace.auctions.frames import event_rows, frame, standing_of
from marketplace.auctions.locking import Busy, lot_now, wait_for_the_disk
from marketplace.auctions.models import Lot
from marketplace.auctions.practice import note_reader
from marketplace.auctions.room_health import REPORT_SECONDS, ROOMS, room_name, room_report
from marketplace.auctions.wakeups import CHANNEL

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
SHORTEST_PAUSE = 0.2  # at most five looks a second and lot
RECONNECT_SECONDS = 2.0


def look(number: str, since: int) -> tuple[dict[str, Any], list[dict[str, Any]], datetime] | None:
    """Read where a public lot stands, its events after `since` and the time; close it first if its end has passed."""
    try:
        lot = Lot.objects.public().filter(number=number).first()
        if lot is None:
            return None
        with contextlib.suppress(Busy):  # somebody else is at it; the next look sees the result
            if close_lot(lot):
                lot.refresh_from_db()
        with contextlib.suppress(redis.RedisError):  # a mark for rivals of practice lots; the stream does without it
            note_reader(number)
        standing, events = standing_of(lot), event_rows(lot, since=since)
        if events:
            wait_for_the_disk()
        return standing, events, lot_now()
    finally:
        connection.close()


def steady() -> datetime:
    """Return an instant of a clock that never jumps; only differences of it mean anything."""
    return datetime.fromtimestamp(time.monotonic(), UTC)


class Watch:
    """One lot as this process knows it: its standing, all its events, and a signal for each change."""

    read = staticmethod(look)

    def __init__(self, number: str, hub: "Hub") -> None:
        self.number, self.hub = number, hub
        self.standing: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.readers = 0
        self.has_ended = False
        self.version = 0
        self.changed_at = 0.0
        self.woken, self.changed = asyncio.Event(), asyncio.Event()
        self.task: asyncio.Task | None = None
        self.frames: dict[tuple[int, str], bytes] = {}
        self.ahead = timedelta()  # of the database's clock before this process's steady one
        self.ready = asyncio.create_task(self.refresh())

    async def refresh(self) -> bool:
        """Look once; tell whether the lot exists. A change is signalled to every reader."""
        try:
            seen = await self.hub.run(self.read, self.number, len(self.events))
        except Error as error:
            log.warning("live look failed", lot=self.number, error=type(error).__name__)
            return bool(self.standing)
        if seen is None:
            return False
        standing, events, at = seen
        self.ahead = at - steady()
        if events or standing != self.standing:
            self.standing = standing
            self.events += events
            self.frames.clear()
            self.version += 1
            self.changed_at = time.monotonic()
            self.changed.set()
            self.changed = asyncio.Event()
        return True

    async def keep_looking(self) -> None:
        """Look at each wake-up and each second, while anybody reads."""
        try:
            while self.readers:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await self.woken.wait()
                self.woken.clear()
                if not await self.refresh():
                    return  # a rehearsal that was wiped
                await asyncio.sleep(SHORTEST_PAUSE)
        finally:  # whoever still reads is sent away and comes again, rather than hear of nothing for ever
            self.has_ended = True
            self.changed.set()
            self.hub.forget(self)

    def hears(self, lot_number: str) -> bool:
        """Tell whether a move of a lot is news here."""
        return lot_number == self.number

    @property
    def head(self) -> int:
        """Return the number of the last event a reader has once it was sent what stands here."""
        return self.standing["seq"]

    def message(self, since: int, language: str) -> bytes:
        """Return the event for a reader that has seen `since`; readers at the same place share the bytes."""
        key = (min(since, len(self.events)), language)
        if key not in self.frames:
            content = frame(self.standing, self.events[key[0] :], at=steady() + self.ahead, language=language)
            data = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
            self.frames[key] = f"id: {self.standing['seq']}\nevent: lot\ndata: {data}\n\n".encode()
        return self.frames[key]


class Hub:
    """The watches of this process, and the one subscription that wakes them."""

    def __init__(self) -> None:
        self.watches: dict[str, Watch] = {}
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")
        self.listening: asyncio.Task | None = None
        self.fan_out: float | None = None  # seconds between reading a change and writing it to its last reader
        self.fanned_at = self.reported_at = 0.0

    async def run(self, function: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.thread, function, *arguments)

    async def join(self, number: str, kind: type[Watch] = Watch) -> Watch | None:
        """Return the watch of a public lot (or session, by `kind`) with one more reader; None if there is none."""
        watch = self.watches.get(number)
        if watch is None:
            watch = self.watches[number] = kind(number, self)
        try:
            exists = await asyncio.shield(watch.ready)
        except Exception:
            self.forget(watch)  # else every later reader would meet this failure again
            raise
        if not exists:
            self.forget(watch)
            return None
        watch.readers += 1
        if watch.task is None:
            watch.task = asyncio.create_task(watch.keep_looking())
        if self.listening is None or self.listening.done():
            self.listening = asyncio.create_task(self.listen())
        return watch

    def forget(self, watch: Watch) -> None:
        """Drop a watch that nobody reads any more; with the last one, listening ends by itself."""
        if self.watches.get(watch.number) is watch:
            del self.watches[watch.number]

    async def listen(self) -> None:
        """Wake the watch of each lot that moved, while there are watches; connect again whenever Redis went away.

        It looks for watches each second and does not count on being cancelled: its client awaits asyncio.wait_for,
        which before Python 3.12 drops a cancellation that meets the result. Then it would listen for ever, keep its
        connection, and keep the process from ending.
        """
        while self.watches:
            client = redis.asyncio.Redis.from_url(settings.REDIS_URL)
            try:
                async with client.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    while self.watches:
                        message = await subscription.get_message(ignore_subscribe_messages=True, timeout=POLL_SECONDS)
                        if message is not None:
                            self.wake(message["data"].decode())
                        await self.report(client)
            except (redis.RedisError, OSError) as error:
                log.info("wake-ups interrupted", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)
            finally:
                await client.aclose()

    def wake(self, number: str) -> None:
        """Let whoever watches the lot, or its session, look at once."""
        for watch in self.watches.values():
            if watch.hears(number):
                watch.woken.set()

    def sent(self, watch: Watch) -> None:
        """Note how long ago what was just sent had been read: the last of many readers waits longest."""
        self.fanned_at, self.fan_out = time.monotonic(), time.monotonic() - watch.changed_at

    @property
    def readers(self) -> int:
        """Return how many streams this process holds."""
        return sum(watch.readers for watch in self.watches.values())

    async def report(self, client: Any) -> None:
        """Let the staff's pages of every process know how this one is; never more than a mark beside the streams."""
        if time.monotonic() - self.reported_at >= REPORT_SECONDS:
            self.reported_at = time.monotonic()
            await client.hset(ROOMS, room_name(), room_report(self.readers, self.fan_out))
