"""What must hold for every lot (auction-engine.md §5), as far as one lot and its rows can tell."""

from dataclasses import replace

from django.db.models import Q
from django.urls import reverse

from marketplace.auctions import floor
from marketplace.auctions.amending import announcement_problems
from marketplace.auctions.ladder import (
    LAST_RANK,
    Bid,
    Happening,
    No,
    Standing,
    Terms,
    after,
    decide,
    instant,
    read_instant,
)
from marketplace.auctions.models import AuctionSession, BidderRegistration, Deposit, Lot
from marketplace.auctions.record import (
    announced_end,
    announced_start,
    chain_problems,
    export_lines,
    happening_of,
    record_problems,
    terms_not_announced,
)
from marketplace.auctions.sealed_invariants import sealed_problems
from marketplace.auctions.session_deposits import session_deposit_problems

BIDS = ("bid", "priority_match")
# where the buyer's deposit may be, by the state of its lot; of a rescinded sale the organiser may have decided or not
OF_THE_BUYER = {
    "sold": ["held"],
    "confirmed": ["applied"],
    "publicity": ["applied"],
    "contracted": ["applied"],
    "settled": ["applied"],
    "rescinded": ["applied", "release_due", "released"],
    "defaulted": ["forfeited"],
}
AFTER_THE_RESULT = {"sold": list(OF_THE_BUYER), "unsold": ["unsold"]}
BID_STATES = ["qualified", "kept", "refund_due", "refunded", "settled", "forfeited"]


def lot_problems(lot: Lot) -> list[str]:
    """Return every broken invariant of a lot, each with the lot's number and the first bad sequence number."""
    lot = Lot.objects.select_related("session", "outcome").get(pk=lot.pk)
    if not lot.announced_at:
        return [f"{lot.number}: has events before its announcement"] if lot.seq else []
    lines = export_lines(lot)
    problems = record_problems(lines)
    if problems:
        return problems
    events = lines[1:-1]
    return [
        *_head_problems(lot, events),
        *_beginning_problems(lot, events),
        *(f"{lot.number}: {field} is not as announced" for field in terms_not_announced(lot)),
        *(sealed_problems(lot, events) if lot.is_sealed else _rule_problems(lot, events)),
        *_result_problems(lot, events),
        *_answer_problems(lot, events),
        *_bidder_problems(lot, events),
        *_deposit_problems(lot),
    ]


def _head_problems(lot: Lot, events: list[dict]) -> list[str]:
    """The lot's seq and head are those of its last event (1)."""
    last = (events[-1]["seq"], events[-1]["hash"]) if events else (0, "")
    return [] if (lot.seq, lot.head_hash) == last else [f"{lot.number}: #{lot.seq} is not the last event #{last[0]}"]


def _beginning_problems(lot: Lot, events: list[dict]) -> list[str]:
    """The lot begins as announced, or at the last new times its record holds since it was postponed (4, 5)."""
    moved = [event["payload"]["starts_at"] for event in events if event["kind"] == "rescheduled"]
    begins = read_instant(moved[-1]) if moved else announced_start(lot)
    return [] if lot.starts_at == begins else [f"{lot.number}: the beginning is not that of the record"]


def _rule_problems(lot: Lot, events: list[dict]) -> list[str]:
    """Each bid and each act of the auctioneer is one the pure rules accept there; the fold is the row (3, 4, 5, 10)."""
    ranks = {r.alias: r.priority_rank or LAST_RANK for r in lot.registrations.exclude(alias="")}
    terms, standing = Terms.of(lot), Standing("announced", announced_end(lot))
    happenings = [happening_of(event) for event in events]
    followed = 0  # how many of the events were looked at with the bid they follow from
    for place, happening in enumerate(happenings):
        rank = ranks.get(happening.alias, LAST_RANK)
        if happening.kind in BIDS:
            expected = decide(terms, standing, _bid(happening, rank))
            if isinstance(expected, No):
                return [f"{lot.number} #{place + 1}: the rules refuse this bid: {expected.reason}"]
            if happenings[place : place + len(expected)] != expected:
                return [f"{lot.number} #{place + 1}: the rules let something else follow from this bid"]
            followed = place + len(expected)
        elif place >= followed and (problem := _floor_problem(terms, standing, happening)):
            return [f"{lot.number} #{place + 1}: {problem}"]
        standing = after(standing, happening, rank=rank)
    row = (lot.price, lot.leader_alias, lot.extensions)
    ends = [] if standing.ends_at == lot.ends_at else [f"{lot.number}: the end is not that of the record"]
    if row != (standing.price, standing.leader, standing.extensions):
        return [f"{lot.number}: price, leader or extensions are not those of the record", *ends]
    if (lot.calls, lot.called_at) != (standing.calls, standing.called_at):
        return [f"{lot.number}: the calls are not those of the record", *ends]
    return ends


def _bid(happening: Happening, rank: int) -> Bid:
    arrived, decided = happening.arrived_at, happening.decided_at
    return Bid(happening.alias, happening.amount or 0, arrived, decided, rank, source=happening.source)


def _floor_problem(terms: Terms, standing: Standing, happening: Happening) -> str:
    """Return what is wrong with a call, a void, a hammer or an end that no bid moved (3, 7, 10), or an empty string."""
    expected = floor.expected(terms, standing, happening)
    if isinstance(expected, str):
        return f"the rules of the floor refuse it: {expected}"
    is_other = expected is not None and replace(expected, decided_at=happening.decided_at) != happening
    return "the rules of the floor make something else of it" if is_other else ""


def _result_problems(lot: Lot, events: list[dict]) -> list[str]:
    """The lot's state, and the reserve it shows, are those of its result, or there is none yet (7)."""
    result = next((event["payload"] for event in events if event["kind"] == "result"), None)
    may_be = AFTER_THE_RESULT[result["outcome"]] if result is not None else [*lot.SECRET, "withdrawn"]
    opened = (result or {}).get("reserve", {}).get("amount")
    return [
        *([] if lot.state in may_be else [f"{lot.number}: its record does not lead to the state {lot.state}"]),
        *([] if lot.reserve_opened == opened else [f"{lot.number}: the reserve is not that of the record"]),
    ]


def _answer_problems(lot: Lot, events: list[dict]) -> list[str]:
    """Each accepted online bid was answered once, with the hash that stands in the chain (2, 8)."""
    hashes = {event["seq"]: (event["hash"], event["amount"]) for event in events if event["kind"] in BIDS}
    answers = {answer.seq: (answer.answer["hash"], answer.amount) for answer in lot.answers.all()}
    return [
        f"{lot.number} #{seq}: bid and answer differ"
        for seq in sorted(set(hashes) | set(answers))
        if hashes.get(seq) != answers.get(seq)
    ]


def _bidder_problems(lot: Lot, events: list[dict]) -> list[str]:
    """Nobody bid without having been qualified, with a deposit received before (9)."""
    first_bids: dict[str, dict] = {}
    for event in events:
        if event["kind"] in (*BIDS, "sealed"):
            first_bids.setdefault(event["alias"], event)
    problems = []
    registrations = {r.alias: r for r in lot.registrations.exclude(alias="").select_related("deposit", "organisation")}
    for alias, event in first_bids.items():
        registration = registrations.get(alias)
        deposit = registration.deposit if registration is not None else None
        if registration is None or registration.state not in BID_STATES or deposit is None:
            problems.append(f"{lot.number} #{event['seq']}: bidder {alias} was never qualified")
        elif registration.withdrawn_at is not None:
            problems.append(f"{lot.number} #{event['seq']}: bidder {alias} had withdrawn its application")
        elif deposit.received_at is None or instant(deposit.received_at) > event["arrived_at"]:
            problems.append(f"{lot.number} #{event['seq']}: bidder {alias} had not paid its deposit")
        elif registration.organisation.is_related_to(lot.outcome.owner):
            problems.append(f"{lot.number} #{event['seq']}: bidder {alias} is a related party")
    return problems


def _deposit_problems(lot: Lot) -> list[str]:
    """After the result no deposit of a loser is still held, and the buyer's is where its sale has led it (11)."""
    if lot.state in lot.SECRET or lot.state == lot.State.WITHDRAWN:
        return []
    if lot.session.deposit_scope == lot.session.DepositScope.SESSION:
        return session_deposit_problems(lot)
    buys = lot.state in OF_THE_BUYER and not lot.session.is_practice
    rows = list(BidderRegistration.objects.filter(lot=lot, deposit__isnull=False).select_related("deposit"))
    buyers = [row.deposit for row in rows if buys and row.pk == lot.leader_id]
    losers = [row.deposit for row in rows if not (buys and row.pk == lot.leader_id)]
    return [
        *(f"{lot.number}: deposit {d} of a loser is still held" for d in losers if d and d.state == Deposit.State.HELD),
        *(
            f"{lot.number}: deposit {d} of the buyer is {d.state} while the lot is {lot.state}{_way_out(lot, d)}"
            for d in buyers
            if d and d.state not in OF_THE_BUYER[lot.state]
        ),
    ]


def _way_out(lot: Lot, deposit: Deposit) -> str:
    """Return how a deposit that an earlier version's default left with the price is moved on."""
    if (lot.state, deposit.state) != (Lot.State.DEFAULTED, Deposit.State.APPLIED):
        return ""
    page = reverse("lot-manage", args=[lot.number])
    return (
        f" — to mend it, an organiser opens {page} and either declares the buyer's default once more"
        " (declare_default: the deposit is forfeited) or pays the deposit back (clear_buyer)"
    )


def all_problems() -> list[str]:
    """Return every broken invariant of every announcement and every announced lot."""
    sessions = AuctionSession.objects.filter(announced_at__isnull=False).order_by("id")
    lots = Lot.objects.filter(Q(announced_at__isnull=False) | Q(seq__gt=0)).order_by("id")
    return [
        *(problem for session in sessions for problem in announcement_problems(session)),
        *(problem for lot in lots for problem in lot_problems(lot)),
    ]


__all__ = ["all_problems", "chain_problems", "lot_problems"]
