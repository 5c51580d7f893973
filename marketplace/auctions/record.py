"""The public record of a lot: its announcement, its events as they are hashed, and the file to download.

Version 1 is frozen: canonical JSON, hash input and file format may only get a new number beside it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from marketplace.auctions.contact import contact_of
from marketplace.auctions.ladder import Happening, Placed, instant, read_instant, remaining
from marketplace.auctions.verifier import canonical, chain_problems, fingerprint, record_problems

if TYPE_CHECKING:
    from marketplace.auctions.models import AuctionSession, Lot, LotEvent

VERSION = 1
# version of announcements: since 2 they hold in words what the page of an announcement shows, since 3 the page tells
# how bidding goes by the formats of the lots
ANNOUNCED = 3
OF_OPEN_BIDDING = ("ladder", "window_seconds", "most_extensions")
FROZEN = {  # field of the row: name of the term
    "format": "format",
    "mode": "mode",
    "object_of_sale": "object",
    "object_parts": "object_parts",
    "start_price": "start_price",
    "increment_ladder": "ladder",
    "deposit": "deposit",
    "most_extensions": "most_extensions",
    "sells_to_single_bidder": "single_bidder",
    "reserve_commitment": "reserve_commitment",
}
TIE_RULE = "earlier_submission"  # of equal sealed bids the one whose final submission came first


def lot_terms(lot: "Lot") -> dict[str, Any]:
    """Return what the announcement freezes about one lot; of names those of its owner and of what is sold."""
    terms = {
        "lot": lot.number,
        "position": lot.position,
        "title": lot.outcome.title,
        "title_en": lot.outcome.title_en,
        "seller": {"name": lot.outcome.owner.name, "uscc": lot.outcome.owner.uscc},
        "defects": lot.defects,
        "outcome": lot.outcome.number,
        "format": lot.format,
        "mode": lot.mode,
        "object": lot.object_of_sale,
        "start_price": lot.start_price,
        "ladder": lot.increment_ladder,
        "deposit": lot.deposit,
        "starts_at": instant(lot.starts_at),
        "ends_at": instant(lot.ends_at),
        "window_seconds": int(lot.extension_window.total_seconds()),
        "most_extensions": lot.most_extensions,
        "single_bidder": lot.sells_to_single_bidder,
        "reserve_commitment": lot.reserve_commitment,
    }
    if lot.object_parts:
        terms["object_parts"] = lot.object_parts
    holders = lot.priority_holders.standing().count()
    if holders:  # how many, never who
        terms["priority_holders"] = holders
    documents = lot.room_documents.standing().count()
    if documents:
        terms["data_room"] = documents
    if lot.is_sealed:  # no raises, no extension; how a tie ends
        return {name: term for name, term in terms.items() if name not in OF_OPEN_BIDDING} | {"tie_rule": TIE_RULE}
    if lot.has_floor:
        return terms | {"call_pause_seconds": int(lot.call_pause.total_seconds())}
    return terms


def announcement_of(session: "AuctionSession", lots: list["Lot"]) -> dict[str, Any]:
    """Return the announcement of a session with its lots, as it is frozen and hashed.

    Organisations are named, people are not: of the auctioneer it holds the licence.
    """
    company = session.auction_company
    return _practice_terms(session) | {
        "v": ANNOUNCED,
        "session": session.number,
        "title": session.title,
        "title_en": session.title_en,
        "introduction": session.introduction,
        "venue": session.venue,
        "legal_form": session.legal_form,
        "organiser": session.organiser.uscc,
        "organiser_name": session.organiser.name,
        "auction_company": {"name": company.name, "uscc": company.uscc, "licence": session.company_licence}
        if company
        else None,
        "auctioneer_licence": session.auctioneer_licence,
        "viewing": viewing_of(session),
        "bidder_conditions": session.bidder_conditions,
        "deposit_scope": session.deposit_scope,
        "deposit_percent": session.deposit_percent,
        "registration_closes_at": instant(session.registration_closes_at),
        "starts_at": instant(session.starts_at),
        "contact": contact_of(),
        "after_sale": {
            "publicity": settings.AUCTION_PUBLICITY_DAYS,
            "entry": settings.PUBLICITY_ENTRY_DAYS,
            "signing": session.signing_days,
            "payment": session.payment_days,
        },
        "lots": [lot_terms(lot) for lot in lots],
    }


def publicity_days(session: "AuctionSession") -> int:
    """Return the working days a result is in publicity: as announced, else (older announcements) as it is set now."""
    announced = (session.announcement or {}).get("after_sale", {})
    return int(announced.get("publicity", settings.AUCTION_PUBLICITY_DAYS))


def viewing_of(session: "AuctionSession") -> dict[str, Any] | None:
    """Return when and where the lots can be viewed, or None where nothing was laid down."""
    if session.viewing_from is None or session.viewing_until is None:
        return None
    span = {"from": session.viewing_from.isoformat(), "until": session.viewing_until.isoformat()}
    return span | {"place": session.viewing_place}


def _practice_terms(session: "AuctionSession") -> dict[str, Any]:
    """Return what marks the announcement, and so every record, of a session in which nothing counts."""
    if not session.is_practice:
        return {}
    rehearsed = session.rehearsal_of
    return {"practice": True} | ({"rehearsal_of": rehearsed.number} if rehearsed is not None else {})


def commitment(lot_number: str, amount: int, nonce: str) -> str:
    """Return the public commitment to a secret reserve (fen)."""
    return fingerprint({"v": VERSION, "lot": lot_number, "amount": amount, "nonce": nonce})


def as_hashed(event: "LotEvent", lot_number: str) -> dict[str, Any]:
    """Return one event in the form its hash is taken of."""
    return {
        "v": VERSION,
        "lot": lot_number,
        "seq": event.seq,
        "kind": event.kind,
        "source": event.source,
        "alias": event.alias,
        "amount": event.amount,
        "arrived_at": instant(event.arrived_at),
        "decided_at": instant(event.decided_at),
        "payload": event.payload,
        "prev": event.prev_hash,
    }


def recorded(lot: "Lot") -> list[dict[str, Any]]:
    """Return all events of a lot with their hashes, in order."""
    return [as_hashed(event, lot.number) | {"hash": event.hash} for event in lot.events.order_by("seq")]


def export_lines(lot: "Lot", *, veiled: bool = False) -> list[dict[str, Any]]:
    """Return the record a line each: the lot with its announcement, its events, the end; veiled, without events."""
    events = [] if veiled else recorded(lot)
    session = lot.session
    head = {
        "v": VERSION,
        "record": "lot",
        "lot": lot.number,
        "announcement": session.announcement,
        "announcement_hash": session.announcement_hash,
    }
    anchors = [
        {"seq": anchor.seq, "head": anchor.head_hash, "taken_at": instant(anchor.taken_at)}
        for anchor in lot.anchors.order_by("seq")
        if not veiled
    ]
    last = events[-1] if events else {"seq": 0, "hash": ""}
    end = {"v": VERSION, "record": "end", "lot": lot.number, "seq": last["seq"], "head": last["hash"]}
    return [head, *events, end | {"anchors": anchors}]


def export(lot: "Lot") -> str:
    """Return the downloadable record: one canonical JSON object per line; of sealed bids no event before the close."""
    return "".join(canonical(line) + "\n" for line in export_lines(lot, veiled=lot.is_veiled))


def happening_of(event: dict[str, Any]) -> Happening:
    """Return a recorded event in the words of the pure rules."""
    return Happening(
        event["kind"],
        read_instant(event["arrived_at"]),
        read_instant(event["decided_at"]),
        event["alias"],
        event["amount"],
        event["payload"],
        event["source"],
    )


def standing_bids(lot: "Lot") -> tuple[Placed, ...]:
    """Return the accepted bids of a lot that were not voided, in order, without ranks."""
    return bids_that_stand(lot.events.filter(kind__in=["bid", "priority_match", "voided"]).order_by("seq"))


def bids_that_stand(events: Iterable["LotEvent"]) -> tuple[Placed, ...]:
    """Return the bids among `events` (in order) that none of them voids, without ranks."""
    bids: list[Placed] = []
    for event in events:
        if event.kind == "voided":
            bids = list(remaining(bids, event.payload["seq"], event.payload["ground"]))
        elif event.is_bid:
            bids.append(Placed(event.seq, event.alias, event.amount or 0, source=event.source))
    return tuple(bids)


def announced_end(lot: "Lot") -> datetime:
    """Return the end that was announced for a lot, before any extension."""
    return read_instant(_announced(lot)["ends_at"])


def announced_start(lot: "Lot") -> datetime:
    """Return the beginning that was announced for a lot, before any postponement."""
    return read_instant(_announced(lot)["starts_at"])


def terms_not_announced(lot: "Lot") -> list[str]:
    """Return the fields of a lot whose values are not those its announcement froze."""
    frozen = _announced(lot)
    return [field for field, term in FROZEN.items() if term in frozen and frozen[term] != getattr(lot, field)]


def _announced(lot: "Lot") -> dict[str, Any]:
    lots = (lot.session.announcement or {})["lots"]
    return next(terms for terms in lots if terms["lot"] == lot.number)


__all__ = ["announcement_of", "chain_problems", "commitment", "export", "record_problems", "recorded"]
