"""How the room is, for its staff: streams of each web process, how fast news reach them, when lots were swept last.

Marks beside the work, in Valkey: no identities, no addresses, nothing of a bid. Where Valkey is away nothing is known,
and nothing else depends on it.
"""

import contextlib
import json
import os
import socket
from datetime import UTC, datetime
from typing import Any

import redis
from django.core.cache import cache
from django.db.models import Max

from marketplace.auctions.ladder import instant, read_instant
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.wakeups import connection_for_marks

ROOMS = "lots.rooms"
REPORT_SECONDS = 2.0
STALE_SECONDS = 15  # a process that says nothing for so long has no readers, or is gone
SWEPT = "lots.swept"


def room_name() -> str:
    """Return the name of this process among the web processes of all hosts."""
    return f"{socket.gethostname()}:{os.getpid()}"


def room_report(readers: int, fan_out: float | None) -> str:
    """Return what a process says of itself."""
    milliseconds = None if fan_out is None else round(fan_out * 1000)
    return json.dumps({"at": datetime.now(UTC).timestamp(), "readers": readers, "fan_out": milliseconds})


def note_sweep(at: datetime) -> None:
    """Remember that lots were opened and closed as due."""
    with contextlib.suppress(redis.RedisError):
        cache.set(SWEPT, instant(at), None)


def last_sweep() -> datetime | None:
    """Return when lots were swept last, or None where nobody knows."""
    with contextlib.suppress(redis.RedisError):
        swept = cache.get(SWEPT)
        return read_instant(swept) if swept else None
    return None


def rooms(at: datetime) -> list[dict[str, Any]] | None:
    """Return each web process with readers: number of them, last fan-out in ms; None where nobody knows."""
    try:
        said: dict[Any, Any] = connection_for_marks().hgetall(ROOMS)
        reports = {str(name, "utf-8"): json.loads(text) for name, text in said.items()}
        gone = [name for name, report in reports.items() if at.timestamp() - report["at"] > STALE_SECONDS]
        if gone:
            connection_for_marks().hdel(ROOMS, *gone)
    except redis.RedisError:
        return None
    return [report for name, report in sorted(reports.items()) if name not in gone]


def room_of(session: AuctionSession, at: datetime) -> dict[str, Any]:
    """Return what the staff of a session see of it. Of sealed bids no event shows before the close."""
    shown = session.lots.exclude(format=Lot.Format.SEALED, state__in=Lot.SECRET)
    last_event, swept = shown.aggregate(last=Max("last_at"))["last"], last_sweep()
    return {
        "processes": rooms(at),
        "last_event": last_event,
        "quiet": _seconds(last_event, at),
        "swept": _seconds(swept, at),
    }


def _seconds(since: datetime | None, at: datetime) -> int | None:
    return None if since is None else max(0, int((at - since).total_seconds()))
