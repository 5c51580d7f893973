"""What the page of a lot of sealed bids shows: to a bidder that its bid is sealed, after the close every bid opened."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.auctions.ladder import LAST_RANK, read_instant
from marketplace.auctions.models import BidderRegistration, Lot, LotEvent, SealedBid
from marketplace.auctions.receipts import download_of, text_of
from marketplace.auctions.verifier import canonical

SECOND_THOUGHTS = {
    "first": _("This is the first bid of your organisation on this lot."),
    "replaces": _("It takes the place of the bid your organisation sealed before."),
    "far": _("This is twice the start price or more."),
}


def template_of(lot: Lot) -> str:
    """Return the template of a lot's page."""
    return f"marketplace/auctions/{'lot_sealed' if lot.is_sealed else 'lot_detail'}.html"


def sealed_context(lot: Lot, own: BidderRegistration | None, events: list[LotEvent]) -> dict[str, Any]:
    """Return what a lot of sealed bids shows beyond any lot: the reader's own standing bid, and the opened ones."""
    return {"own_sealed": own_sealed(own), "opened": opened_bids(lot, own, events)} if lot.is_sealed else {}


def own_sealed(own: BidderRegistration | None) -> dict[str, Any] | None:
    """Return when the reader's standing bid was sealed, and its commitment; never its amount.

    Nobody reads an amount back from the platform before the close, its bidder neither: whoever sits at the bidder's
    screen, or takes over its session, would read it too. The bidder has its receipt.
    """
    bid = standing_bid(own)
    if bid is None:
        return None
    return {"sealed_at": read_instant(bid.answer["arrived_at"]), "commitment": bid.commitment}


def standing_bid(own: BidderRegistration | None) -> SealedBid | None:
    """Return the bid of a registration that counts now, or None."""
    return own.sealed_bids.standing().first() if own is not None else None


def opened_bids(lot: Lot, own: BidderRegistration | None, events: list[LotEvent]) -> list[dict[str, Any]]:
    """Return the opened bids, the best first: amount, then priority right, then final submission."""
    sealed_at = {event.seq: event.arrived_at for event in events}
    revealed = [event for event in events if event.kind == LotEvent.Kind.REVEALED]
    revealed.sort(key=lambda event: (-(event.amount or 0), event.payload.get("rank", LAST_RANK), event.seq))
    return [
        {
            "alias": event.alias,
            "amount": event.amount,
            "sealed_at": sealed_at[event.payload["of"]],
            "rank": event.payload.get("rank"),
            "leads": event.alias == lot.leader_alias,
            "mine": bool(own and own.alias == event.alias),
        }
        for event in revealed
    ]


def receipt_context(answer: dict[str, Any]) -> dict[str, Any]:
    """Return a receipt to keep: to read, to download without script, and the bytes that give the commitment."""
    receipt = answer["receipt"]
    committed = ("alias", "amount", "lot", "nonce", "v")
    return {
        "receipt": receipt,
        "text": text_of(receipt),
        "href": download_of(receipt),
        "bytes": canonical({name: receipt[name] for name in committed}) if "nonce" in receipt else "",
        "at": read_instant(receipt["arrived_at"]),
    }
