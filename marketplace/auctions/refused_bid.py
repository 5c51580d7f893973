"""What the bidder reads after a refused bid: why, what was typed, and what would be accepted now."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.auctions.ladder import LAST_RANK
from marketplace.auctions.models import BidderRegistration, Lot
from marketplace.core.money import format_unrounded

REFUSED_BID = "refused_bid"


def keep_refused_bid(request: Any, lot: Lot, reason: str, *, typed: str, amount: int) -> None:
    """Remember until the page is shown next why a bid was refused, what was typed, and the fen it meant (0: unread)."""
    request.session[REFUSED_BID] = {"lot": lot.number, "reason": reason, "typed": typed[:40], "amount": amount}


def refused_bid(request: Any, lot: Lot) -> dict[str, Any]:
    """Return, once, why the reader's last bid on this lot was refused; else what the address asks to be filled in."""
    if request.session.get(REFUSED_BID, {}).get("lot") == lot.number:
        return request.session.pop(REFUSED_BID)
    return {"typed": request.GET.get("amount", "")[:40]}


def amounts_now(lot: Lot, own: BidderRegistration | None, *, at: datetime) -> list[int]:
    """Return the amounts (fen) a bidder may choose from at `at`; none while it leads or the lot takes no bids."""
    if not lot.is_open(at) or own is None or own.state != own.State.QUALIFIED or own.pk == lot.leader_id:
        return []
    return lot.next_amounts()


def words_now(lot: Lot, own: BidderRegistration | None) -> str:
    """Return the sentence about what is accepted now, with {least} and {price} to be filled in."""
    if may_match(lot, own):
        return _("Accepted now: {price} by your priority right, or {least} or any amount above it.")
    return _("Accepted now: {least} or any amount above it.")


def accepted_now(lot: Lot, own: BidderRegistration | None, *, at: datetime, language: str) -> str:
    """Return what a bidder may bid at `at`, or from when on, in a sentence; "" where there is nothing to say."""
    if lot.state == lot.State.ANNOUNCED and at < lot.starts_at:
        local = timezone.localtime(lot.starts_at)
        begins = f"{local:%m-%d %H:%M:%S}"
        if local.year != timezone.localtime(at).year:
            begins = f"{local.year}-{begins}"
        least = format_unrounded(lot.start_price, language)
        return _("From %(begins)s on: %(least)s or any amount above it.") % {"begins": begins, "least": least}
    amounts = amounts_now(lot, own, at=at)
    if not amounts:
        return ""
    price = format_unrounded(lot.price or lot.start_price, language)
    return words_now(lot, own).format(least=format_unrounded(amounts[0], language), price=price)


def may_match(lot: Lot, own: BidderRegistration | None) -> bool:
    """Tell whether the bidder's priority right lets it bid the price itself (as ladder.py and bidding.sql decide)."""
    if own is None or own.priority_rank is None or lot.leader is None:
        return False
    return own.priority_rank < (lot.leader.priority_rank or LAST_RANK)
