"""What must hold for a lot of sealed bids beyond what its public record shows (auction-engine.md §5)."""

from typing import Any

from marketplace.auctions.ladder import LAST_RANK
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import Lot
from marketplace.auctions.record import announced_end, announced_start, happening_of
from marketplace.auctions.sealed_closing import locked_problem
from marketplace.auctions.sealed_rules import SUBMISSIONS, Standing, Submission, after, best_of, decide


def sealed_problems(lot: Lot, events: list[dict[str, Any]]) -> list[str]:
    """Return every broken invariant, each with the lot's number and the first bad sequence number."""
    return [
        *_rule_problems(lot, events),
        *_box_problems(lot, events),
        *_rank_problems(lot, events),
        *_waiting_problems(lot),
    ]


def _rule_problems(lot: Lot, events: list[dict[str, Any]]) -> list[str]:
    """Each submission is one the pure rules accept where it stands; the fold is the row (3, 4, 5, 10)."""
    standing = Standing("announced", announced_start(lot), announced_end(lot))
    happenings = [happening_of(event) for event in events]
    for place, happening in enumerate(happenings):
        if happening.kind in SUBMISSIONS:
            commitment = happening.payload.get("commitment", "")
            sent = Submission(happening.alias, commitment, happening.arrived_at, happening.decided_at)
            expected = decide(lot.start_price, standing, sent)
            if isinstance(expected, str):
                return [f"{lot.number} #{place + 1}: the rules refuse this sealed bid: {expected}"]
            if expected != [happening]:
                return [f"{lot.number} #{place + 1}: the rules let something else follow from this sealed bid"]
        standing = after(standing, happening)
    best = best_of(standing.revealed)
    led = (best.amount, best.alias) if best and not lot.is_veiled else (None, "")
    problems = [] if standing.ends_at == lot.ends_at else [f"{lot.number}: the end is not that of the record"]
    if (lot.price, lot.leader_alias) != led:
        problems.append(f"{lot.number}: price or leader are not those of the opened bids")
    return problems


def _box_problems(lot: Lot, events: list[dict[str, Any]]) -> list[str]:
    """Each submission was kept and answered once, with the commitment that stands in the chain (2, 8)."""
    chain = {
        event["seq"]: (event["kind"], event["alias"], event["payload"].get("commitment", ""))
        for event in events
        if event["kind"] in SUBMISSIONS
    }
    kept = {
        bid.seq: (bid.answer["kind"], bid.registration.alias, bid.commitment)
        for bid in lot.sealed_bids.select_related("registration")
    }
    return [
        f"{lot.number} #{seq}: sealed bid and answer differ"
        for seq in sorted(set(chain) | set(kept))
        if chain.get(seq) != kept.get(seq)
    ]


def _rank_problems(lot: Lot, events: list[dict[str, Any]]) -> list[str]:
    """A priority right in the record is the one the bidder was admitted with (7)."""
    ranks = {one.alias: one.priority_rank or LAST_RANK for one in lot.registrations.exclude(alias="")}
    return [
        f"{lot.number} #{event['seq']}: another rank than the bidder's"
        for event in events
        if event["kind"] == "revealed" and event["payload"].get("rank", LAST_RANK) != ranks.get(event["alias"])
    ]


def _waiting_problems(lot: Lot) -> list[str]:
    """Once the end has passed, every standing bid can be opened; else the lot says what it waits for."""
    locked = locked_problem(lot, lot_now())
    if locked is None:
        return []
    numbers = ", ".join(f"#{seq}" for seq in locked.seqs)
    return [
        f"{lot.number}: waits for its close, because {locked.why} ({numbers or 'no bid'}). Nothing is lost: give the"
        " processes the AUCTION_KEY under which the lot was announced; then any of them closes it"
    ]
