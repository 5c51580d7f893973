"""What pages of the house show of a lot as it runs: aliases and amounts, neither names nor the reserve."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.auctions import floor, live, rules
from marketplace.auctions.bidding_page import history_row, next_bids
from marketplace.auctions.forms import SuspensionForm
from marketplace.auctions.grounds import VoidGround
from marketplace.auctions.hall_forms import ExtensionForm, PaddleForm, VoidForm, in_wan
from marketplace.auctions.halting import grounds_told
from marketplace.auctions.ladder import Placed, instant
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import Lot, LotEvent
from marketplace.auctions.record import bids_that_stand
from marketplace.auctions.result_page import result_of
from marketplace.auctions.words import CALL_WORDS, LOT_TONES
from marketplace.core.money import format_unrounded
from marketplace.core.rules import why_not

LAST_EVENTS = 30
LAST_BIDS = 6


def live_context(lot: Lot, now: datetime) -> dict[str, Any]:
    """Return what console, hall and the organiser's page need to follow a lot; of sealed bids nothing before the close.

    It is what the public page of the lot shows to a visitor.
    """
    events = [] if lot.is_veiled else list(lot.events.order_by("seq"))
    bids = bids_that_stand(events)
    language = get_language() or "zh-hans"
    is_running = lot.state in lot.FOLLOWED
    return {
        "lot": lot,
        "session": lot.session,
        "language": language,
        "events": events,
        "standing_bids": bids,
        "bids": len(bids),
        "rows": [history_row(event, lot, None, {bid.seq for bid in bids}) for event in reversed(events)],
        "is_open": lot.is_open(now),
        "is_running": is_running,
        "is_waiting": lot.is_waiting_for_the_close(now),
        "is_sold": lot.state in lot.SUCCEEDED,
        "ground": grounds_told([lot]).get(lot.pk, ""),
        "is_last": lot.is_open(now) and lot.ends_at - now <= lot.extension_window,
        "now": instant(now),
        "read_at": now,
        "ends_at": instant(lot.ends_at),
        "starts_at": instant(lot.starts_at),
        "call": CALL_WORDS.get(lot.calls, "") if is_running else "",
        "call_words": CALL_WORDS,
        "next": next_bids(lot, language),
        "least": format_unrounded(lot.next_amounts()[0], language),
    }


def hall_context(lot: Lot) -> dict[str, Any]:
    """Return what the screen of the hall shows."""
    context = live_context(lot, lot_now())
    lots = lot.session.lots.public()
    return context | {
        "last_bids": list(reversed(context["standing_bids"]))[:LAST_BIDS],
        "position": lots.filter(position__lte=lot.position).count(),
        "lots": lots.count(),
        "following": _after(lot),
    }


def _after(lot: Lot) -> Lot | None:
    """Return the lot that is offered next in the session, if one is."""
    later = lot.session.lots.public().filter(position__gt=lot.position)
    return later.select_related("outcome").order_by("position").first()


def console_context(user: Any, lot: Lot) -> dict[str, Any]:
    """Return what the auctioneer's console shows and offers; the forms are empty ones."""
    now = lot_now()
    context = live_context(lot, now)
    bids = context["standing_bids"]
    last = bids[-1] if bids else None
    obstacle = why_not(rules.place_floor_bid, user, lot)
    return context | {
        "tone": "live" if context["is_open"] else LOT_TONES[lot.state],
        "result": result_of(lot, context["events"]),
        "following": _after(lot),
        "rows": context["rows"][:LAST_EVENTS],
        "obstacle": obstacle or ("" if lot.has_floor else _("This lot has no floor: bids on it come online only.")),
        "conducts": obstacle is None,
        "may_suspend": why_not(rules.suspend_lot, user, lot) is None,
        "calls": calls_of(lot),
        "ready_at": instant(lot.called_at + lot.call_pause) if lot.called_at else "",
        "pause_seconds": f"{lot.call_pause.total_seconds():g}",
        "paddles": _paddles(context["events"]),
        "last": last,
        "before": bids[-2] if len(bids) > 1 else None,
        "forms": empty_forms(lot, last),
        **health(lot, now),
    }


def calls_of(lot: Lot) -> list[dict[str, Any]]:
    """Return the three calls: which were made, and which one is next."""
    short = {**CALL_WORDS, floor.LAST_CALL: _("Third call")}
    takes_calls = lot.state in (lot.State.OPEN, lot.State.ANNOUNCED) and lot.price is not None
    return [
        {"number": number, "words": words, "made": number <= lot.calls, "next": takes_calls and number == lot.calls + 1}
        for number, words in short.items()
    ]


def empty_forms(lot: Lot, last: Placed | None) -> dict[str, Any]:
    """Return the console's forms as they begin: the next amount filled in, only grounds that fit the last bid."""
    void = VoidForm(auto_id="id_void_%s", initial={"seq": last.seq if last else None})
    if last is not None and last.source != "floor":
        void.fields["ground"].choices = [  # type: ignore[attr-defined]
            choice for choice in VoidGround.choices if choice[0] != floor.MISTYPED
        ]
    return {
        "bid": PaddleForm(auto_id="id_bid_%s", initial={"amount": in_wan(lot.next_amounts()[0]), "key": uuid4().hex}),
        "extend": ExtensionForm(auto_id="id_extend_%s", initial={"was": instant(lot.ends_at)}),
        "suspend": SuspensionForm(auto_id="id_suspend_%s"),
        "void": void,
    }


def _paddles(events: list[LotEvent]) -> list[str]:
    """Return the numbers that bid from the floor, for one tap; they are public since they bid."""
    return sorted(
        {event.alias for event in events if event.is_bid and event.source == LotEvent.Source.FLOOR}, key=_size
    )


def _size(alias: str) -> tuple[int, str]:
    return len(alias), alias


def health(lot: Lot, now: datetime) -> dict[str, Any]:
    """Return how the room is: readers of this process, and how long ago the last event told to all was (seconds)."""
    quiet = None if lot.last_at is None or lot.is_veiled else max(0, int((now - lot.last_at).total_seconds()))
    return {"readers": live.readers_of(lot.number), "quiet": quiet, "lot": lot}
