"""Which bids are asked for once more before they are placed, because a bid cannot be withdrawn."""

from marketplace.auctions.ladder import MOST, step_at
from marketplace.auctions.models import BidderRegistration, Lot, LotEvent
from marketplace.auctions.refused_bid import may_match

FAR_RAISES = 3  # more minimum raises above the least than the furthest button offers …
FAR_TIMES = 2  # … or so many times the least: where prices are low, three raises are most of them


def second_thoughts(lot: Lot, own: BidderRegistration | None, amount: int, *, key: str = "") -> list[str]:
    """Return why a bid is asked for once more: it is the "first" of its organisation on the lot, it is "far" above.

    A bid that will be refused, whoever means it, is not asked for: its bidder hears why at once. A sealed bid may
    be one that "replaces" the one before; a repetition of it, known by its key, is not asked for again.
    """
    if own is None or not may_count(lot, own, amount):
        return []
    if lot.is_sealed:
        return _about_a_sealed_bid(lot, own, amount, key)
    thoughts = []
    if not (lot.answers.filter(registration=own).exists() if own.has_bid is None else own.has_bid):
        thoughts.append("first")
    if _is_far(lot, amount):
        thoughts.append("far")
    return thoughts


def _about_a_sealed_bid(lot: Lot, own: BidderRegistration, amount: int, key: str) -> list[str]:
    if own.sealed_bids.filter(key=key).exists():
        return []
    thoughts = ["replaces" if own.sealed_bids.standing().exists() else "first"]
    return [*thoughts, "far"] if amount >= FAR_TIMES * lot.start_price else thoughts


def floor_thoughts(lot: Lot, alias: str, amount: int) -> list[str]:
    """Return why the auctioneer is asked once more before a bid of a paddle is entered: a slip binds somebody else.

    The number is "new" in the hall of this lot, has bid "online" so far, or its amount is "far" above the least.
    """
    own = lot.registrations.standing().filter(alias=alias).exclude(alias="").first()
    if own is None or not may_count(lot, own, amount):
        return []
    bids = lot.events.filter(alias=alias, kind__in=[LotEvent.Kind.BID, LotEvent.Kind.PRIORITY_MATCH])
    sources = set(bids.values_list("source", flat=True))
    thoughts = [] if LotEvent.Source.FLOOR in sources else ["new"]
    if thoughts and sources:
        thoughts.append("online")
    return [*thoughts, "far"] if _is_far(lot, amount) else thoughts


def may_count(lot: Lot, own: BidderRegistration, amount: int) -> bool:
    """Tell whether a bid may still be accepted; without voids an open lot's price only rises."""
    if own.state != own.State.QUALIFIED or own.pk == lot.leader_id:
        return False
    if lot.state not in (lot.State.ANNOUNCED, lot.State.OPEN) or amount > MOST:
        return False
    return amount >= lot.next_amounts()[0] or (amount == lot.price and may_match(lot, own))


def _is_far(lot: Lot, amount: int) -> bool:
    least = lot.next_amounts()[0]
    return amount > least + FAR_RAISES * step_at(lot.increment_ladder, least) or amount >= FAR_TIMES * least
