"""The rules of sealed bids as pure functions: where a lot stands + a submission → events, or a refusal; the result.

This is the readable statement of the format (一次性报价), the reference of the property tests (sealed.sql must agree
with it on every history), and the replay of the public record. It knows no database, no clock and no key: before
the close an amount is only its commitment. Amounts are fen; instants are aware datetimes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from marketplace.auctions.ladder import CLOSED_BY_STATE, LAST_RANK, MOST, Happening, instant, read_instant

SUBMISSIONS = ("sealed", "sealed_replaced", "sealed_withdrawn")


@dataclass(frozen=True)
class Standing:
    """Where a lot of sealed bids stands; `commitments` are those that count, in the order of final submission."""

    state: str
    starts_at: datetime
    ends_at: datetime
    commitments: Mapping[str, str] = field(default_factory=dict)
    revealed: tuple["Revealed", ...] = ()
    last_at: datetime | None = None
    last_decided_at: datetime | None = None


@dataclass(frozen=True)
class Submission:
    """One sealed bid, or without a commitment its withdrawal; when it entered the platform; what stands against it."""

    alias: str
    commitment: str
    arrived_at: datetime
    decided_at: datetime
    obstacle: str = ""


@dataclass(frozen=True)
class Revealed:
    """One opened bid."""

    alias: str
    amount: int
    rank: int = LAST_RANK


def amount_obstacle(start_price: int, amount: int) -> str:
    """Return what stands against an amount before it is sealed: nobody else's bid has a part in it."""
    if amount > MOST:
        return "too_large"
    return "too_low" if amount < start_price else ""


def decide(start_price: int, standing: Standing, submission: Submission) -> list[Happening] | str:
    """Return the events an accepted submission leads to, or the reason why it is refused.

    Time as in ladder.py: an arrival before the last event's is moved up to it. Nothing moves the end.
    """
    arrived = max(submission.arrived_at, standing.last_at or submission.arrived_at)
    reason = _obstacle(standing, submission, arrived)
    if reason:
        return reason
    decided = max(submission.decided_at, arrived, standing.last_decided_at or arrived)
    happenings = []
    if standing.state == "announced":
        opened = {"ends_at": instant(standing.ends_at), "start_price": start_price}
        happenings.append(Happening("opened", standing.starts_at, standing.starts_at, payload=opened))
    payload = {"commitment": submission.commitment} if submission.commitment else {}
    kind = kind_of(standing, submission)
    return [*happenings, Happening(kind, arrived, decided, submission.alias, payload=payload)]


def kind_of(standing: Standing, submission: Submission) -> str:
    """Return what the record calls a submission."""
    if not submission.commitment:
        return "sealed_withdrawn"
    return "sealed_replaced" if submission.alias in standing.commitments else "sealed"


def _obstacle(standing: Standing, submission: Submission, arrived: datetime) -> str:
    """Return the first reason against a submission, or an empty string."""
    if standing.state not in ("announced", "open"):
        return CLOSED_BY_STATE.get(standing.state, "not_open_yet")
    if submission.arrived_at < standing.starts_at:
        return "not_open_yet"
    if arrived >= standing.ends_at:
        return "ended"
    if submission.obstacle:
        return submission.obstacle
    return "" if submission.commitment or submission.alias in standing.commitments else "nothing_sealed"


def after(standing: Standing, happening: Happening) -> Standing:
    """Return where the lot stands after one event."""
    now = replace(standing, last_at=happening.arrived_at, last_decided_at=happening.decided_at)
    others = {alias: one for alias, one in standing.commitments.items() if alias != happening.alias}
    match happening.kind:
        case "opened" | "resumed":
            return replace(now, state="open", ends_at=read_instant(happening.payload["ends_at"]))
        case "sealed" | "sealed_replaced":
            return replace(now, commitments=others | {happening.alias: happening.payload["commitment"]})
        case "sealed_withdrawn":
            return replace(now, commitments=others)
        case "revealed":
            one = Revealed(happening.alias, happening.amount or 0, happening.payload.get("rank", LAST_RANK))
            return replace(now, revealed=(*standing.revealed, one))
        case "suspended" | "withdrawn" | "postponed":
            return replace(now, state=happening.kind)
        case "rescheduled":
            begins, ends = (read_instant(happening.payload[name]) for name in ("starts_at", "ends_at"))
            return replace(now, state="announced", starts_at=begins, ends_at=ends)
        case "closed":
            return now
        case "result":
            return replace(now, state=happening.payload["outcome"])
    raise ValueError(f"An event of kind {happening.kind} is not known to the rules of sealed bids.")


def fold(standing: Standing, happenings: Iterable[Happening]) -> Standing:
    """Return where a lot stands after all of `happenings`."""
    for happening in happenings:
        standing = after(standing, happening)
    return standing


def best_of(revealed: Sequence[Revealed]) -> Revealed | None:
    """Return the bid that leads: highest amount, then best priority right, then earliest final submission.

    `revealed` stands in the order of final submission. The priority right goes before time by 法释〔2016〕18号 Art. 21.
    """
    return min(revealed, key=lambda one: (-one.amount, one.rank), default=None)


def result_of(
    revealed: Sequence[Revealed], *, sells_to_single_bidder: bool, reserve: int | None = None
) -> dict[str, Any]:
    """Return the outcome the opened bids lead to: sold to whom at what price, or why not."""
    best = best_of(revealed)
    if best is None:
        return {"outcome": "unsold", "why": "no_bids"}
    if len(revealed) < 2 and not sells_to_single_bidder:
        return {"outcome": "unsold", "why": "single_bidder"}
    if reserve is not None and best.amount < reserve:
        return {"outcome": "unsold", "why": "below_reserve"}
    return {"outcome": "sold", "alias": best.alias, "price": best.amount}
