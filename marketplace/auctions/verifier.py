#!/usr/bin/env python3
"""Check the downloaded record of a lot: python3 verifier.py record.jsonl

Needs only Python and the file. It recomputes every fingerprint, follows the chain from the announcement to
the head, and replays the rules of bidding. It prints what it found and ends with 0 (intact) or 1 (not).
Format, version 1: one JSON object per line: the lot with its announcement, its events in order, the end.
"""

import hashlib
import json
import sys
from typing import Any

BIDS = ("bid", "priority_match")
HASHED = ("v", "lot", "seq", "kind", "source", "alias", "amount", "arrived_at", "decided_at", "payload", "prev")


def canonical(value: Any) -> str:
    """Return canonical JSON: keys in code-point order, no white space, only what must be escaped is escaped."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode("utf-8")).hexdigest()


def event_hash(event: dict[str, Any]) -> str:
    """Return the fingerprint of one event: of its eleven hashed fields."""
    return fingerprint({name: event[name] for name in HASHED})


def chain_problems(lot: str, genesis: str, events: list[dict[str, Any]]) -> list[str]:
    """Return what is wrong with the chain; the first line names the first bad number."""
    problems, previous, last = [], genesis, ("", "")
    for place, event in enumerate(events, start=1):
        seq = event.get("seq")
        if seq != place:
            problems.append(f"{lot} #{place}: expected number {place}, found {seq}")
            return problems
        if event.get("lot") != lot or event.get("v") != 1:
            problems.append(f"{lot} #{seq}: belongs to another record")
        if event.get("prev") != previous:
            problems.append(f"{lot} #{seq}: does not follow from the event before it")
        if any(name not in event for name in HASHED) or event_hash(event) != event.get("hash"):
            problems.append(f"{lot} #{seq}: its content does not give its fingerprint")
        times = (event.get("arrived_at", ""), event.get("decided_at", ""))
        if times[0] < last[0] or times[1] < last[1] or times[1] < times[0]:
            problems.append(f"{lot} #{seq}: time runs backwards")
        previous, last = event.get("hash", ""), times
    return problems


def step_at(ladder: list[dict[str, int]], price: int) -> int:
    """Return the increment that holds at a price."""
    return max((band["from"], band["step"]) for band in ladder if band["from"] <= price)[1]


def rule_problems(lot: str, terms: dict[str, Any], events: list[dict[str, Any]]) -> list[str]:
    """Return where accepted bids break the announced terms."""
    problems: list[str] = []
    now = {"price": None, "leader": "", "ends_at": "", "open": False, "closed": False}
    for event in events:
        kind, name = event["kind"], f"{lot} #{event['seq']}"
        if kind in BIDS:
            problems += [f"{name}: {problem}" for problem in _bid_problems(terms, event, now)]
            now |= {"price": event["amount"], "leader": event["alias"]}
        elif kind in ("opened", "extended", "resumed"):
            if event["payload"]["ends_at"] < now["ends_at"]:
                problems.append(f"{name}: the end moves backwards")
            now |= {"ends_at": event["payload"]["ends_at"], "open": True}
        elif kind == "result":
            problems += _result_problems(lot, terms, event, now)
        else:
            now |= {"open": False, "closed": kind == "closed"}
    return problems


def _bid_problems(terms: dict[str, Any], event: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return what is wrong with one accepted bid where the lot stood."""
    problems, price = [], now["price"]
    least = terms["start_price"] if price is None else price + step_at(terms["ladder"], price)
    if event["kind"] == "bid" and event["amount"] < least:
        problems.append(f"{event['amount']} is below the least amount {least}")
    if event["kind"] == "priority_match" and event["amount"] != price:
        problems.append("a bid by priority right has another amount than the price")
    if event["alias"] == now["leader"]:
        problems.append("the leader outbid itself")
    if not now["open"] or not terms["starts_at"] <= event["arrived_at"] < now["ends_at"]:
        problems.append("bid outside the open time")
    return problems


def _result_problems(lot: str, terms: dict[str, Any], event: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return where the result does not follow from the bids and the reserve."""
    problems, result, seq = [], event["payload"], event["seq"]
    price, leader = now["price"], now["leader"]
    if not now["closed"]:
        problems.append(f"{lot} #{seq}: a result before the close")
    if result["outcome"] == "sold" and (result["price"] != price or result["alias"] != leader):
        problems.append(f"{lot} #{seq}: sold to another than the leader or at another price")
    reserve = result.get("reserve")
    if terms.get("reserve_commitment"):
        if reserve is None or fingerprint({"v": 1, "lot": lot, **reserve}) != terms["reserve_commitment"]:
            problems.append(f"{lot} #{seq}: the reserve is not the one committed to in the announcement")
        elif result["outcome"] == "sold" and price is not None and price < reserve["amount"]:
            problems.append(f"{lot} #{seq}: sold below the reserve")
    return problems


def record_problems(lines: list[dict[str, Any]]) -> list[str]:
    """Return what is wrong with a whole downloaded record."""
    if len(lines) < 2 or lines[0].get("record") != "lot" or lines[-1].get("record") != "end":
        return ["This is not a whole record: its first or last line is missing."]
    head, events, end = lines[0], lines[1:-1], lines[-1]
    lot, problems = head["lot"], []
    if fingerprint(head["announcement"]) != head["announcement_hash"]:
        problems.append(f"{lot}: the announcement does not give its fingerprint")
    problems += chain_problems(lot, head["announcement_hash"], events)
    if problems:
        return problems
    terms = next((terms for terms in head["announcement"]["lots"] if terms["lot"] == lot), None)
    if terms is None:
        return [f"{lot}: the announcement does not name this lot"]
    hashes = {event["seq"]: event["hash"] for event in events}
    if end["seq"] != len(events) or end["head"] != hashes.get(end["seq"], ""):
        problems.append(f"{lot}: the end names another head than the last event")
    for anchor in end["anchors"]:
        if hashes.get(anchor["seq"]) != anchor["head"]:
            problems.append(f"{lot} #{anchor['seq']}: differs from the anchor taken at {anchor['taken_at']}")
    return problems + rule_problems(lot, terms, events)


def main(path: str) -> int:
    """Check one file and say what was found."""
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file if line.strip()]
    problems = record_problems(lines)
    for problem in problems:
        print(problem)  # noqa: T201
    if not problems:
        print(f"{lines[0]['lot']}: {len(lines) - 2} events, intact, head {lines[-1]['head']}")  # noqa: T201
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
