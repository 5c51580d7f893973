"""What a live page is told: where a lot stands, in one dict for the stream, the fallback and the first page."""

from datetime import datetime
from typing import Any

from django.utils import translation

from marketplace.auctions.ladder import instant
from marketplace.auctions.locking import wait_for_the_disk
from marketplace.auctions.models import Lot, LotEvent
from marketplace.core.money import format_unrounded

LANGUAGES = ("zh-hans", "en")


def event_row(event: LotEvent) -> dict[str, Any]:
    """Return one event of the record in plain values, without words of a language."""
    return {
        "seq": event.seq,
        "kind": event.kind,
        "source": event.source,
        "alias": event.alias,
        "amount": event.amount,
        "arrived_at": instant(event.arrived_at),
        "hash": event.hash,
        "call": event.payload.get("call"),
        "voids": event.payload.get("seq"),
        "ends_at": event.payload.get("ends_at"),
    }


def event_rows(lot: Lot, *, since: int) -> list[dict[str, Any]]:
    """Return the events after `since` that everybody may read; none while sealed bids are still closed."""
    events = lot.events.filter(seq__gt=since, seq__lte=lot.shown_seq).order_by("seq")
    return [event_row(event) for event in events]


def standing_of(lot: Lot) -> dict[str, Any]:
    """Return where a lot stands in plain values: aliases only, never the reserve; of sealed bids only that they run."""
    return {
        "lot": lot.number,
        "format": lot.format,
        "practice": lot.is_practice,
        "seq": lot.shown_seq,
        "state": lot.state,
        "price": lot.price,
        "leader": lot.leader_alias,
        "next": lot.next_amounts(),
        "starts_at": instant(lot.starts_at),
        "ends_at": instant(lot.ends_at),
        "extensions": lot.extensions,
        "calls": lot.calls,
        "called_at": instant(lot.called_at) if lot.called_at else None,
        "head": lot.shown_head,
    }


def frame(standing: dict[str, Any], events: list[dict[str, Any]], *, at: datetime, language: str) -> dict[str, Any]:
    """Return the frame for one language: standing, the events after the reader's, amounts in words."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    price = standing["price"]
    return standing | {
        "price_text": "" if price is None else format_unrounded(price, language),
        "next_texts": [format_unrounded(amount, language) for amount in standing["next"]],
        "raise_texts": raises_in_words(standing["next"], price, language),
        "server_time": instant(at),
        "events": [event | {"amount_text": _words(event["amount"], language)} for event in events],
    }


def raises_in_words(amounts: list[int], price: int | None, language: str) -> list[str]:
    """Return what each amount adds to the price, or to the start price before the first bid; "" where it adds none."""
    base = amounts[0] if price is None else price
    return [format_unrounded(amount - base, language) if amount > base else "" for amount in amounts]


def _words(amount: int | None, language: str) -> str:
    return "" if amount is None else format_unrounded(amount, language)


def frame_of(lot: Lot, *, since: int, at: datetime) -> dict[str, Any]:
    """Return the frame of one lot from the database, in the language of this request."""
    standing, events = standing_of(lot), event_rows(lot, since=since)
    if lot.state == Lot.State.OPEN:
        wait_for_the_disk()
    return frame(standing, events, at=at, language=translation.get_language() or LANGUAGES[0])
