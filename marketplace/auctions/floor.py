"""The rules of the floor as pure functions: calls, hammer, voids, and the end moved by the auctioneer.

Beside ladder.py, which decides bids: each function takes the announced terms, where the lot stands and an instant
that is not before the last event, and returns the event that follows, or why none does. The verbs in hall.py and
the check of every record decide by these very functions.
"""

from datetime import datetime, timedelta

from marketplace.auctions.ladder import NOT_ENTITLED, Happening, Standing, Terms, instant, read_instant

LAST_CALL = 3
MISTYPED = "mistyped"
LONGEST_EXTENSION = timedelta(hours=1)


def obstacle(terms: Terms, standing: Standing, at: datetime) -> str:
    """Return why the auctioneer cannot act on the bidding at `at`, or an empty string."""
    if not terms.has_floor:
        return "no_floor"
    if standing.state == "suspended":
        return "suspended"
    if standing.state != "open" or at < terms.starts_at:
        return "not_open"
    return "ended" if at >= standing.ends_at else ""


def call(terms: Terms, standing: Standing, number: int, at: datetime) -> Happening | str:
    """Call the price for the first, second or last time; between calls the bidders online have time to answer."""
    if reason := obstacle(terms, standing, at):
        return reason
    if standing.price is None:
        return "no_price"
    if number != standing.calls + 1 or number > LAST_CALL:
        return "other_call"
    if is_too_soon(terms, standing, at):
        return "too_soon"
    return Happening("called", at, at, payload={"call": number, "price": standing.price}, source="floor")


def is_too_soon(terms: Terms, standing: Standing, at: datetime) -> bool:
    """Tell whether the pause after the last call still runs at `at`."""
    return standing.called_at is not None and at < standing.called_at + terms.call_pause


def hammer(terms: Terms, standing: Standing, at: datetime) -> Happening | str:
    """Let the hammer fall at `at`: after the last call and its pause, and only if nothing happened since."""
    if reason := obstacle(terms, standing, at):
        return reason
    if standing.calls != LAST_CALL:
        return "not_called"
    if standing.last_at is not None and standing.last_at > at:
        return "moved"
    if is_too_soon(terms, standing, at):
        return "too_soon"
    bidders = len({bid.alias for bid in standing.bids})
    payload = {"bids": len(standing.bids), "bidders": bidders, "hammered": True}
    return Happening("closed", at, at, payload=payload, source="floor")


def extend(terms: Terms, standing: Standing, until: datetime, ground: str, at: datetime) -> Happening | str:
    """Move the end to `until`: later than it is, and by an hour at most."""
    if reason := obstacle(terms, standing, at):
        return reason
    if not standing.ends_at < until <= standing.ends_at + LONGEST_EXTENSION:
        return "not_later"
    payload = {"ends_at": instant(until), "was": instant(standing.ends_at), "ground": ground}
    return Happening("extended", at, at, payload=payload, source="floor")


def void(terms: Terms, standing: Standing, seq: int, ground: str, at: datetime) -> Happening | str:
    """Strike the last bid that stands; price and leader go back to what they were before it, the end stays."""
    reason = obstacle(terms, standing, at)
    if reason and reason != "suspended":
        return reason
    if not standing.bids or standing.bids[-1].seq != seq:
        return "not_the_last"
    if ground not in (MISTYPED, NOT_ENTITLED):
        return "no_ground"
    if ground == MISTYPED and standing.bids[-1].source != "floor":
        return "not_of_the_floor"
    return Happening("voided", at, at, payload={"seq": seq, "ground": ground}, source="floor")


def expected(terms: Terms, standing: Standing, happening: Happening) -> Happening | str | None:
    """Return what the rules make of a recorded act of the auctioneer; None if the event is none."""
    payload, at = happening.payload, happening.arrived_at
    match happening.kind:
        case "called":
            return call(terms, standing, payload.get("call", 0), at)
        case "voided":
            return void(terms, standing, payload.get("seq", 0), payload.get("ground", ""), at)
        case "extended":  # one that follows from a bid is looked at with its bid
            until = read_instant(payload["ends_at"])
            return extend(terms, standing, until, payload["ground"], at) if "ground" in payload else "by_nobody"
        case "closed" if payload.get("hammered"):
            return hammer(terms, standing, at)
    return None
