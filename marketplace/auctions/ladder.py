"""The rules of bidding as one pure function: where a lot stands + a bid → events, or a refusal.

This is the readable statement of the rules (auction-engine.md §1), the reference of the property tests
(bidding.sql must agree with it on every history), and the replay of the public record. It knows no
database and no clock. Amounts are fen; instants are aware datetimes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marketplace.auctions.lots import Lot

MOST = 10**15  # fen; as core/money.py
WAN = 1_000_000  # fen in 万元
LAST_RANK = 32767  # of those without a priority right
NOT_ENTITLED = "not_entitled"  # the ground of a void that bars the bidder; the other one is a slip of the entry


def step_at(ladder: Sequence[dict[str, int]], price: int) -> int:
    """Return the minimum raise that holds at `price`: that of the highest band beginning at or below it."""
    return max((band for band in ladder if band["from"] <= price), key=lambda band: band["from"])["step"]


def least_amount(start_price: int, ladder: Sequence[dict[str, int]], price: int | None) -> int:
    """Return the lowest bid that is accepted now."""
    return start_price if price is None else price + step_at(ladder, price)


def next_amounts(start_price: int, ladder: Sequence[dict[str, int]], price: int | None) -> list[int]:
    """Return what one tap may bid: the least amount, and one and three minimum raises more."""
    least = least_amount(start_price, ladder, price)
    step = step_at(ladder, least)
    return [least, least + step, least + 3 * step]


def instant(at: datetime) -> str:
    """Write an instant as the record does: UTC, microseconds, Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_instant(text: str) -> datetime:
    """Read an instant of the record."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


@dataclass(frozen=True)
class Terms:
    """What the announcement froze."""

    start_price: int
    ladder: tuple[dict[str, int], ...]
    starts_at: datetime
    window: timedelta
    most_extensions: int | None = None
    has_floor: bool = False
    call_pause: timedelta = timedelta()

    @classmethod
    def of(cls, lot: "Lot") -> "Terms":
        end = (lot.starts_at, lot.extension_window, lot.most_extensions)
        return cls(lot.start_price, tuple(lot.increment_ladder), *end, lot.has_floor, lot.call_pause)


@dataclass(frozen=True)
class Placed:
    """An accepted bid that still stands, with its number in the record."""

    seq: int
    alias: str
    amount: int
    rank: int = LAST_RANK
    source: str = "online"


@dataclass(frozen=True)
class Standing:
    """Where the bidding on a lot stands."""

    state: str
    ends_at: datetime
    price: int | None = None
    leader: str = ""
    leader_rank: int = LAST_RANK
    extensions: int = 0
    last_at: datetime | None = None
    last_decided_at: datetime | None = None
    seq: int = 0
    bids: tuple[Placed, ...] = ()
    calls: int = 0
    called_at: datetime | None = None


@dataclass(frozen=True)
class Bid:
    """One bid, when it entered the platform, when it is decided, and what stands against its bidder (if anything)."""

    alias: str
    amount: int
    arrived_at: datetime
    decided_at: datetime
    rank: int = LAST_RANK
    obstacle: str = ""
    source: str = "online"


@dataclass(frozen=True)
class Happening:
    """One event of the record before it is numbered and chained."""

    kind: str
    arrived_at: datetime
    decided_at: datetime
    alias: str = ""
    amount: int | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    source: str = "online"


@dataclass(frozen=True)
class No:
    """Why a bid is not accepted, and the lowest amount that would be."""

    reason: str
    least: int


CLOSED_BY_STATE = {
    "suspended": "suspended",
    "postponed": "postponed",
    "withdrawn": "withdrawn",
    "sold": "ended",
    "unsold": "ended",
}


def decide(terms: Terms, standing: Standing, bid: Bid) -> list[Happening] | No:
    """Return the events an accepted bid leads to, or why it is refused.

    Time: a bid counts from its arrival; an arrival before the last event's is moved up to it, so that the
    record never runs backwards.
    """
    least = least_amount(terms.start_price, terms.ladder, standing.price)
    arrived = max(bid.arrived_at, standing.last_at or bid.arrived_at)
    reason = _obstacle(terms, standing, bid, arrived, least)
    if reason:
        return No(reason, least)
    decided = max(bid.decided_at, arrived, standing.last_decided_at or arrived)
    happenings = []
    if standing.state == "announced":
        opened = {"ends_at": instant(standing.ends_at), "start_price": terms.start_price}
        happenings.append(Happening("opened", terms.starts_at, terms.starts_at, payload=opened))
    kind = "priority_match" if bid.amount == standing.price else "bid"
    happenings.append(Happening(kind, arrived, decided, bid.alias, bid.amount, source=bid.source))
    if _extends(terms, standing, arrived):
        payload = {
            "count": standing.extensions + 1,
            "ends_at": instant(arrived + terms.window),
            "was": instant(standing.ends_at),
        }
        happenings.append(Happening("extended", arrived, decided, payload=payload, source=bid.source))
    return happenings


def _obstacle(terms: Terms, standing: Standing, bid: Bid, arrived: datetime, least: int) -> str:
    """Return the first reason against a bid, or an empty string."""
    if bid.source == "floor" and not terms.has_floor:
        return "no_floor"
    if standing.state in ("announced", "open") and bid.arrived_at < terms.starts_at:
        return "not_open_yet"
    if standing.state not in ("announced", "open"):
        return CLOSED_BY_STATE.get(standing.state, "not_open_yet")
    if arrived >= standing.ends_at:
        return "ended"
    if bid.obstacle:
        return bid.obstacle
    if bid.amount > MOST:
        return "too_large"
    if bid.alias == standing.leader:
        return "leads_already"
    matches = bid.amount == standing.price and bid.rank < standing.leader_rank
    return "" if matches or bid.amount >= least else "too_low"


def _extends(terms: Terms, standing: Standing, arrived: datetime) -> bool:
    """Tell whether a bid at `arrived` moves the end (法释〔2016〕18号 Art. 20)."""
    if terms.most_extensions is not None and standing.extensions >= terms.most_extensions:
        return False
    return arrived + terms.window > standing.ends_at


def after(standing: Standing, happening: Happening, *, rank: int = LAST_RANK) -> Standing:
    """Return where the lot stands after one event; `rank` is that of the bidder of a bid."""
    seq, payload = standing.seq + 1, happening.payload
    now = replace(standing, seq=seq, last_at=happening.arrived_at, last_decided_at=happening.decided_at)
    match happening.kind:
        case "opened" | "resumed" | "rescheduled":
            state = "announced" if happening.kind == "rescheduled" else "open"
            return replace(now, state=state, ends_at=read_instant(payload["ends_at"]))
        case "bid" | "priority_match":
            placed = Placed(seq, happening.alias, happening.amount or 0, rank, happening.source)
            return _led(now, (*now.bids, placed))
        case "extended":
            extensions = payload.get("count", now.extensions)
            return replace(now, ends_at=read_instant(payload["ends_at"]), extensions=extensions)
        case "called":
            return replace(now, calls=payload["call"], called_at=happening.arrived_at)
        case "voided":
            return _led(now, remaining(now.bids, payload["seq"], payload["ground"]))
        case "suspended":
            return replace(now, state="suspended", calls=0, called_at=None)
        case "closed":
            return replace(now, ends_at=happening.arrived_at) if payload.get("hammered") else now
        case "result":
            return replace(now, state=payload["outcome"])
        case "withdrawn" | "postponed":
            return replace(now, state=happening.kind)
    raise ValueError(f"An event of kind {happening.kind} is not known to the rules.")


def _led(standing: Standing, bids: tuple[Placed, ...]) -> Standing:
    """Return a standing led by the last of `bids`, with the calls beginning anew."""
    last = (bids[-1].amount, bids[-1].alias, bids[-1].rank) if bids else (None, "", LAST_RANK)
    price, leader, rank = last
    return replace(standing, bids=bids, calls=0, called_at=None, price=price, leader=leader, leader_rank=rank)


def remaining(bids: Sequence[Placed], seq: int, ground: str) -> tuple[Placed, ...]:
    """Return the bids that stand once no. `seq` is voided: of a bidder that is not entitled none does."""
    barred = {bid.alias for bid in bids if bid.seq == seq and ground == NOT_ENTITLED}
    return tuple(bid for bid in bids if bid.seq != seq and bid.alias not in barred)


def fold(standing: Standing, happenings: Iterable[Happening], ranks: dict[str, int] | None = None) -> Standing:
    """Return where a lot stands after all of `happenings`; `ranks` maps alias to priority rank."""
    for happening in happenings:
        standing = after(standing, happening, rank=(ranks or {}).get(happening.alias, LAST_RANK))
    return standing
