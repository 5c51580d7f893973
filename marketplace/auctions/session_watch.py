"""The stream of a session: where each of its lots stands, read once per process for all who follow the overview."""

import contextlib
import json
from datetime import datetime
from typing import Any

from django.db import connection

from marketplace.auctions.closing import close_lot
from marketplace.auctions.finding import LotQuerySet
from marketplace.auctions.frames import LANGUAGES
from marketplace.auctions.hub import Watch, steady
from marketplace.auctions.ladder import instant
from marketplace.auctions.locking import Busy, lot_now, wait_for_the_disk
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.core.money import format_unrounded


def brief(lot: Lot) -> dict[str, Any]:
    """Return where one lot stands, in plain values; of sealed bids nothing moves before the close."""
    return {
        "lot": lot.number,
        "state": lot.state,
        "price": lot.price,
        "leader": lot.leader_alias,
        "starts_at": instant(lot.starts_at),
        "ends_at": instant(lot.ends_at),
        "extensions": lot.extensions,
        "seq": lot.shown_seq,
        "head": lot.shown_head,
    }


def lots_of(session: AuctionSession) -> LotQuerySet:
    """Return the lots of an overview, in order."""
    return session.lots.public().order_by("position")


def session_standing(session: AuctionSession) -> dict[str, Any]:
    """Return where a session and its lots stand."""
    lots = list(lots_of(session))
    if any(lot.state == Lot.State.OPEN for lot in lots):
        wait_for_the_disk()
    return {"session": session.number, "practice": session.is_practice, "lots": [brief(lot) for lot in lots]}


def session_frame(standing: dict[str, Any], *, at: datetime, language: str) -> dict[str, Any]:
    """Return the frame for one language."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    lots = [
        lot | {"price_text": "" if lot["price"] is None else format_unrounded(lot["price"], language)}
        for lot in standing["lots"]
    ]
    return standing | {"lots": lots, "server_time": instant(at)}


def stand_now(number: str) -> tuple[dict[str, Any], datetime] | None:
    """Return where a public session stands, and the time; its lots whose end has passed are closed first."""
    session = AuctionSession.objects.kept().filter(number=number, announced_at__isnull=False).first()
    if session is None:
        return None
    now = lot_now()
    for lot in session.lots.public().due_to_close(now).select_related("session"):
        with contextlib.suppress(Busy):  # somebody else is at it; the next look sees the result
            close_lot(lot)
    return session_standing(session), now


def read_session(number: str, since: int) -> tuple[dict[str, Any], list[dict[str, Any]], datetime] | None:
    """Look at a session from the thread of the streams, which keeps no connection."""
    try:
        seen = stand_now(number)
        return None if seen is None else (seen[0], [], seen[1])
    finally:
        connection.close()


class SessionWatch(Watch):
    """One session as this process knows it; a reader is always sent the whole of it."""

    read = staticmethod(read_session)

    def hears(self, lot_number: str) -> bool:
        """A move of any of its lots is news."""
        return any(lot["lot"] == lot_number for lot in self.standing.get("lots", []))

    @property
    def head(self) -> int:
        return 0

    def message(self, since: int, language: str) -> bytes:
        """Return the event in one language; readers share the bytes."""
        key = (0, language)
        if key not in self.frames:
            content = session_frame(self.standing, at=steady() + self.ahead, language=language)
            data = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
            self.frames[key] = f"event: session\ndata: {data}\n\n".encode()
        return self.frames[key]
