"""The streams of a lot and of a session (server-sent events), in front of Django: no session, user or middleware.

It is public and carries aliases only. `id:` is the sequence number; a reader resumes by Last-Event-ID, or
`?after=` on its first connection. Mounted in cms/asgi.py.
"""

import asyncio
import contextlib
import random
import re
from typing import Any
from urllib.parse import parse_qs

from marketplace.auctions.hub import Hub, Watch
from marketplace.auctions.session_watch import SessionWatch

PATHS: list[tuple[re.Pattern[str], type[Watch]]] = [
    (re.compile(r"^/lots/(?P<number>[A-Z]{2}-\d{4}-\d{2,6})/events/$"), Watch),
    (re.compile(r"^/auctions/(?P<number>[A-Z]{3}-\d{4}-\d{2,6})/events/$"), SessionWatch),
]
HEARTBEAT_SECONDS = 12.0
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def answers(scope: dict[str, Any]) -> bool:
    """Tell whether a request is for the stream of a lot or a session."""
    return scope["type"] == "http" and scope["method"] == "GET" and _asked(scope) is not None


def _asked(scope: dict[str, Any]) -> tuple[str, type[Watch]] | None:
    """Return whose stream is asked for: its number, and the kind of watch."""
    for path, kind in PATHS:
        match = path.match(scope["path"])
        if match is not None:
            return match["number"], kind
    return None


def hub() -> Hub:
    """Return the hub of this process (one for each event loop)."""
    loop = asyncio.get_running_loop()
    for other in [other for other in _hubs if other.is_closed()]:
        _hubs.pop(other).thread.shutdown(wait=False)
    return _hubs.setdefault(loop, _hubs.get(loop) or Hub())


def readers_of(number: str) -> int:
    """Return how many read a lot's stream in this process."""
    watches = (each.watches.get(number) for each in list(_hubs.values()))
    return sum(watch.readers for watch in watches if watch is not None)


async def stream(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Send a lot's frames for as long as the reader stays."""
    asked = _asked(scope)
    watch = await hub().join(*asked) if asked else None
    if watch is None:
        await send({"type": "http.response.start", "status": 404, "headers": HEADERS})
        await send({"type": "http.response.body", "body": b""})
        return
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        retry = 1000 + random.randrange(2000)  # noqa: S311  # spreads the reconnects of many readers
        await _say(send, f"retry: {retry}\n\n".encode())
        await _follow(scope, watch, receive, send)
    finally:
        watch.readers -= 1


async def _follow(scope: dict[str, Any], watch: Watch, receive: Any, send: Any) -> None:
    """Send a frame at once, then one per change, and a heartbeat while nothing happens."""
    seen, language, version = _place(scope), _language(scope), -1
    gone = asyncio.create_task(_until_gone(receive))
    try:
        while not gone.done() and not watch.has_ended:
            if watch.version != version:
                is_news, version, head = version >= 0, watch.version, watch.head
                await _say(send, watch.message(seen, language))
                if is_news:
                    watch.hub.sent(watch)
                seen = head
                continue
            waiting = asyncio.create_task(watch.changed.wait())
            done, _rest = await asyncio.wait(
                {waiting, gone}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            waiting.cancel()
            if not done:
                await _say(send, b"event: beat\ndata: 1\n\n")  # an event: scripts do not see comments
    except OSError:
        return  # the reader went away while we were writing
    finally:
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone


async def _say(send: Any, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _place(scope: dict[str, Any]) -> int:
    """Return the last sequence number the reader has."""
    headers = dict(scope["headers"])
    text = headers.get(b"last-event-id", b"").decode("latin-1") or _query(scope, "after")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _language(scope: dict[str, Any]) -> str:
    return _query(scope, "lang") or "zh-hans"


def _query(scope: dict[str, Any], name: str) -> str:
    return parse_qs(scope.get("query_string", b"").decode("latin-1")).get(name, [""])[0]
