"""What the live page of a lot shows to this reader: price, history, position, and what may be bid now."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.auctions import rules_of_bidders
from marketplace.auctions.authorising import short_of_powers
from marketplace.auctions.authorities import why_not_speak
from marketplace.auctions.frames import raises_in_words
from marketplace.auctions.halting import grounds_told
from marketplace.auctions.ladder import instant, read_instant
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import BidAnswer, BidderRegistration, Lot, LotEvent
from marketplace.auctions.postponing import postponement_of
from marketplace.auctions.priority_holders import holders_announced
from marketplace.auctions.receipts import download_of, receipt_of
from marketplace.auctions.record import bids_that_stand
from marketplace.auctions.refused_bid import accepted_now, refused_bid, words_now
from marketplace.auctions.registering import takes_applications
from marketplace.auctions.result_page import loser_context, papers_of, result_context
from marketplace.auctions.room_page import room_state
from marketplace.auctions.sealed_page import sealed_context
from marketplace.auctions.words import CALL_WORDS, EVENT_WORDS, LOT_TONES, event_words
from marketplace.core import clock
from marketplace.core.money import format_unrounded, unrounded
from marketplace.core.rules import why_not


def bidding_context(request: Any, lot: Lot) -> dict[str, Any]:
    """Return everything the live page needs, for the organisation the reader acts for."""
    now = lot_now()
    events = [] if lot.is_veiled else list(lot.events.order_by("seq"))
    stands = {bid.seq for bid in bids_that_stand(events)}
    bids = [event for event in events if event.seq in stands]
    own = own_registration(request, lot)
    language = get_language() or "zh-hans"
    return {
        "lot": lot,
        "session": lot.session,
        "language": language,
        "rows": [history_row(event, lot, own, stands) for event in reversed(events)],
        "bids": len(bids),
        "bidders": len({event.alias for event in bids}),
        "call": CALL_WORDS.get(lot.calls, ""),
        "call_words": CALL_WORDS,
        "amendments": lot.session.amendments.order_by("position"),
        "postponement": postponement_of(lot.session),
        "data_room": room_state(request, lot),
        "papers": papers_of(request.user, lot),
        "others": lot.session.lots.public().select_related("outcome").order_by("position"),
        "tones": LOT_TONES,
        **_time_context(lot, now),
        **_own_context(lot, own, bids, language),
        "next": next_bids(lot, language),
        "bands": bands(lot.increment_ladder, language),
        "key": uuid4().hex,
        "refused": refused_bid(request, lot),
        "accepted_now": accepted_now(lot, own, at=now, language=language),
        "accepted_words": words_now(lot, own),
        "bid_obstacle": bid_obstacle(request, lot, own),
        "is_short_of_powers": own is not None
        and short_of_powers(BidderRegistration.objects.filter(pk=own.pk)).exists(),
        **result_context(request, lot, events),
        **loser_context(lot, own),
        **sealed_context(lot, own, events),
    }


def _time_context(lot: Lot, now: datetime) -> dict[str, Any]:
    """Return where the lot stands by the clock."""
    return {
        "tone": "live" if lot.is_open(now) else LOT_TONES[lot.state],
        "is_open": lot.is_open(now),
        "is_running": lot.state in lot.FOLLOWED,
        "is_waiting": lot.is_waiting_for_the_close(now),
        "ground": grounds_told([lot]).get(lot.pk, ""),
        "is_last": lot.is_open(now) and lot.ends_at - now <= lot.extension_window,
        "applies": takes_applications(lot, now),
        "holders": holders_announced(lot),
        "now": instant(now),
        "read_at": now,
        "ends_at": instant(lot.ends_at),
        "starts_at": instant(lot.starts_at),
        "window_minutes": f"{lot.extension_window.total_seconds() / 60:g}",
    }


def _own_context(lot: Lot, own: BidderRegistration | None, bids: list[LotEvent], language: str) -> dict[str, Any]:
    """Return where the reader's organisation stands, with its last bid and its receipts."""
    own_bids = [event for event in bids if own and event.alias == own.alias]
    return {
        "own": own,
        "own_last": own_bids[-1] if own_bids else None,
        "own_last_text": format_unrounded(own_bids[-1].amount or 0, language) if own_bids else "",
        "receipts": own_receipts(lot, own),
        "position": position_of(lot, own, own_bids),
    }


def own_registration(request: Any, lot: Lot) -> BidderRegistration | None:
    """Return the registration of the organisation the reader acts for, if it has one."""
    if getattr(request, "organisation", None) is None:
        return None
    mine = lot.registrations.standing().filter(organisation=request.organisation)
    bids = BidAnswer.objects.filter(registration=OuterRef("pk"))
    return mine.select_related("deposit").annotate(has_bid=Exists(bids)).order_by("pk").first()  # type: ignore[no-redef]


def history_row(event: LotEvent, lot: Lot, own: BidderRegistration | None, stands: set[int]) -> dict[str, Any]:
    """Return one line of the history; `stands` are the numbers of the bids that were not voided."""
    local = timezone.localtime(event.arrived_at)
    row: dict[str, Any] = {
        "event": event,
        "time": f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}",
        "leads": event.seq in stands and event.alias == lot.leader_alias and event.amount == lot.price,
        "is_voided": event.is_bid and event.seq not in stands,
        "mine": bool(own and own.alias and event.alias == own.alias),
    }
    if event.kind in EVENT_WORDS:
        row["words"] = _event_in_words(event)
    return row


def _until(ends_at: datetime, told_at: datetime) -> str:
    """Say a new end to the second; with its day where it is a day away or more, as live-lot.js does."""
    local = timezone.localtime(ends_at)
    return f"{local:%m-%d %H:%M:%S}" if ends_at - told_at >= timedelta(days=1) else f"{local:%H:%M:%S}"


def _event_in_words(event: LotEvent) -> str:
    ends_at = event.payload.get("ends_at")
    until = _until(read_instant(ends_at), event.arrived_at) if ends_at else ""
    return event_words(event.kind, event.payload, alias=event.alias, until=until)


def position_of(lot: Lot, own: BidderRegistration | None, own_bids: list[LotEvent]) -> str:
    """Return "lead", "out" or "none" for a qualified bidder, else ""."""
    if own is None or not own.alias:
        return ""
    if lot.leader_id == own.pk:
        return "lead"
    return "out" if own_bids else "none"


def next_bids(lot: Lot, language: str) -> list[dict[str, Any]]:
    """Return the amounts one tap may bid, with what each adds to the price ("" for the start price itself)."""
    amounts = lot.next_amounts()
    raises = raises_in_words(amounts, lot.price, language)
    return [
        {"fen": amount, "words": unrounded(amount, language), "raise": added}
        for amount, added in zip(amounts, raises, strict=True)
    ]


def bands(ladder: list[dict[str, int]], language: str) -> list[dict[str, str]]:
    """Return the minimum raises in words, band by band."""
    return [
        {
            "begins": format_unrounded(band["from"], language) if band["from"] else "",
            "step": format_unrounded(band["step"], language),
        }
        for band in ladder
    ]


def own_receipts(lot: Lot, own: BidderRegistration | None) -> list[dict[str, Any]]:
    """Return the signed receipts of one's own bids, each with an address that saves it."""
    if own is None:
        return []
    receipts = [receipt_of(given.answer) for given in lot.answers.filter(registration=own).order_by("seq")]
    return [
        receipt | {"href": download_of(receipt), "received_at": read_instant(receipt["arrived_at"])}
        for receipt in receipts
    ]


def bid_obstacle(request: Any, lot: Lot, own: BidderRegistration | None) -> str | None:
    """Return why this reader cannot bid on the lot, or None."""
    reason = why_not(rules_of_bidders.place_bid, request.user, lot, organisation=request.organisation)
    if reason:
        return reason
    if own is not None and own.state == own.State.QUALIFIED:
        return why_not_speak(own.agent_id, request.user.pk, list(own.authorities.all()), clock.today())
    if own is None:
        return _("Your organisation has not applied for this lot.")
    return _("Your application: %(state)s.") % {"state": own.get_state_display()}
