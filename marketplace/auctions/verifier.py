#!/usr/bin/env python3
"""Check the downloaded record of a lot: python3 verifier.py record.jsonl

Needs only Python and the file. It recomputes every fingerprint, follows the chain from the announcement to
the head, and replays the rules of bidding. It prints what it found and ends with 0 (intact), 1 (not) or 2 (no record).
核验程序：核验从平台下载的拍品记录。只需要 Python 和记录文件，不需要平台。
Format, version 1: one JSON object per line: the lot with its announcement, its events in order, the end.
"""

import hashlib
import json
import sys
from datetime import datetime
from typing import Any

BIDS = ("bid", "priority_match")
SEALED = ("sealed", "sealed_replaced", "sealed_withdrawn")
SAID = {"sealed": {"commitment"}, "sealed_replaced": {"commitment"}, "sealed_withdrawn": set()}
LAST_RANK = 32767  # of those without a priority right
HASHED = ("v", "lot", "seq", "kind", "source", "alias", "amount", "arrived_at", "decided_at", "payload", "prev")


def canonical(value: Any) -> str:
    """Return canonical JSON: keys in code-point order, no white space, only what must be escaped is escaped."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode("utf-8")).hexdigest()


def sealed_commitment(lot: str, alias: str, amount: int, nonce: str) -> str:
    """Return the commitment to a sealed bid: the fingerprint of its canonical JSON, which is these bytes in UTF-8:

    {"alias":"<number>","amount":<fen>,"lot":"<lot>","nonce":"<64 hexadecimal digits>","v":1}
    """
    return fingerprint({"v": 1, "lot": lot, "alias": alias, "amount": amount, "nonce": nonce})


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
    """Return where accepted bids, and what the auctioneer did in a hall, break the announced terms."""
    return (sealed_problems if terms["format"] == "sealed" else open_problems)(lot, terms, events)


def open_problems(lot: str, terms: dict[str, Any], events: list[dict[str, Any]]) -> list[str]:
    """Return where ascending bids, online or on a floor, break the announced terms."""
    problems: list[str] = []
    now: dict[str, Any] = {"price": None, "leader": "", "ends_at": "", "open": False, "closed": False}
    now |= {"bids": [], "calls": 0, "called_at": "", "last": "", "starts_at": terms["starts_at"]}
    for event in events:
        kind, name = event["kind"], f"{lot} #{event['seq']}"
        if kind in BIDS:
            problems += [f"{name}: {problem}" for problem in _bid_problems(terms, event, now)]
            _lead(now, [*now["bids"], event])
        elif kind in ("opened", "extended", "resumed", "rescheduled"):
            problems += [f"{name}: {problem}" for problem in _time_problems(terms, event, now)]
            _follow_times(event, now)
        elif kind in ("called", "voided"):
            problems += [f"{name}: {problem}" for problem in _floor_problems(terms, event, now)]
            _follow_floor(event, now)
        elif kind == "result":
            problems += _result_problems(lot, terms, event, now)
        else:
            if kind == "closed":
                problems += [f"{name}: {problem}" for problem in _close_problems(terms, event, now)]
            now |= {"open": False, "closed": kind == "closed", "calls": 0, "called_at": ""}
        now["last"] = kind
    strangers = [event for event in events if event["source"] == "floor" and terms["format"] != "hybrid"]
    return problems + [f"{lot} #{e['seq']}: comes from a floor the announcement does not name" for e in strangers]


def _time_problems(terms: dict[str, Any], event: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return what is wrong with an event that says when the bidding is."""
    kind, problems = event["kind"], []
    if kind == "rescheduled":
        return _schedule_problems(terms, event, now)
    if event["payload"]["ends_at"] < now["ends_at"]:
        problems.append("the end moves backwards")
    if kind == "opened" and event["arrived_at"] != now["starts_at"]:
        problems.append("opened at another time than announced")
    if kind == "extended" and now["last"] not in BIDS and "ground" not in event["payload"]:
        problems.append("neither a bid nor the auctioneer moved the end")
    return problems


def _follow_times(event: dict[str, Any], now: dict[str, Any]) -> None:
    """Take over the times an event sets; after new times of a postponed lot its opening is still to come."""
    said = event["payload"]
    now |= {"starts_at": said.get("starts_at", now["starts_at"]), "ends_at": said["ends_at"]}
    now["open"] = event["kind"] != "rescheduled"


def _schedule_problems(terms: dict[str, Any], event: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return what is wrong with the new times of a postponed lot: they follow a postponement, and lie ahead."""
    said, problems = event["payload"], []
    was = (now["starts_at"], now["ends_at"] or terms["ends_at"])
    if now["last"] != "postponed" or (said["was_starts_at"], said["was_ends_at"]) != was:
        problems.append("sets new times without a postponement of the times before")
    if not event["arrived_at"] < said["starts_at"] < said["ends_at"]:
        problems.append("sets times that are over, or end before they begin")
    return problems


def _lead(now: dict[str, Any], bids: list[dict[str, Any]]) -> None:
    """Let the last of the bids that stand lead, and the calls begin anew."""
    price, leader = (bids[-1]["amount"], bids[-1]["alias"]) if bids else (None, "")
    now |= {"bids": bids, "price": price, "leader": leader, "calls": 0, "called_at": ""}


def _follow_floor(event: dict[str, Any], now: dict[str, Any]) -> None:
    """Count a call, or strike a voided bid: of a bidder that is not entitled every one."""
    payload = event["payload"]
    if event["kind"] == "called":
        now |= {"calls": payload["call"], "called_at": event["arrived_at"]}
        return
    is_barred = payload["ground"] == "not_entitled"
    barred = {bid["alias"] for bid in now["bids"] if is_barred and bid["seq"] == payload["seq"]}
    _lead(now, [bid for bid in now["bids"] if bid["seq"] != payload["seq"] and bid["alias"] not in barred])


def _floor_problems(terms: dict[str, Any], event: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return what is wrong with a call or a void where the lot stood."""
    payload, last = event["payload"], now["bids"][-1] if now["bids"] else None
    if event["kind"] == "voided":
        if last is None or last["seq"] != payload["seq"] or now["closed"]:
            return ["voids another bid than the last that stands"]
        is_slip = payload["ground"] == "mistyped" and last["source"] != "floor"
        return ["a bid that came online cannot have been mistyped in the hall"] if is_slip else []
    problems = []
    if not now["open"] or event["arrived_at"] >= now["ends_at"]:
        problems.append("a call outside the open time")
    if last is None or payload["price"] != now["price"] or payload["call"] != now["calls"] + 1 or payload["call"] > 3:
        problems.append("a call out of turn, or of another price")
    return problems + _pause_problems(terms, event, now)


def _pause_problems(terms: dict[str, Any], event: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return whether a call or the hammer came before the announced pause after the last call was over."""
    if not now["called_at"]:
        return []
    passed = datetime.fromisoformat(event["arrived_at"][:-1]) - datetime.fromisoformat(now["called_at"][:-1])
    is_early = passed.total_seconds() < terms.get("call_pause_seconds", 0)
    return ["earlier than the announced pause after a call"] if is_early else []


def _close_problems(terms: dict[str, Any], event: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return what is wrong with a close: it comes with the end, or by the hammer after the third call."""
    if not event["payload"].get("hammered"):
        return ["closed before its end"] if event["arrived_at"] < now["ends_at"] else []
    problems = [] if now["calls"] == 3 else ["the hammer fell without three calls"]
    if not now["open"] or event["arrived_at"] >= now["ends_at"]:
        problems.append("the hammer fell outside the open time")
    return problems + _pause_problems(terms, event, now)


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
    if not now["open"] or not now["starts_at"] <= event["arrived_at"] < now["ends_at"]:
        problems.append("bid outside the open time")
    return problems


def sealed_problems(lot: str, terms: dict[str, Any], events: list[dict[str, Any]]) -> list[str]:
    """Return where sealed bids break the announced terms: their times, what was opened, the result."""
    problems: list[str] = []
    now: dict[str, Any] = {"ends_at": "", "open": False, "closed": False, "sealed": {}, "opened": []}
    now |= {"last": "", "starts_at": terms["starts_at"]}
    for event in events:
        kind, alias, name = event["kind"], event["alias"], f"{lot} #{event['seq']}"
        if kind in SEALED:
            problems += [f"{name}: {problem}" for problem in _submission_problems(terms, event, now)]
            now["sealed"].pop(alias, None)  # a replacement goes to the end of the order
            if kind != "sealed_withdrawn":
                now["sealed"][alias] = event
        elif kind == "revealed":
            problems += [f"{name}: {problem}" for problem in _reveal_problems(lot, terms, event, now)]
            now["opened"].append(event)
        elif kind in ("opened", "resumed", "rescheduled"):
            problems += [f"{name}: {problem}" for problem in _time_problems(terms, event, now)]
            _follow_times(event, now)
        elif kind == "result":
            problems += _opening_problems(lot, event, now)
            problems += _result_problems(lot, terms, event, _best_opened(now))
        else:
            now |= {"open": False, "closed": now["closed"] or kind == "closed"}
            if kind not in ("suspended", "withdrawn", "closed", "postponed"):
                problems.append(f"{name}: an event of another format")
        now["last"] = kind
    return problems


def _submission_problems(terms: dict[str, Any], event: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return what is wrong with one sealed bid, replacement or withdrawal where the lot stood."""
    problems = []
    if (event["alias"] in now["sealed"]) == (event["kind"] == "sealed"):
        problems.append("does not follow from what the bidder had sealed before")
    if event["amount"] is not None or set(event["payload"]) != SAID[event["kind"]]:
        problems.append("bears something else than a commitment")
    if not now["open"] or not now["starts_at"] <= event["arrived_at"] < now["ends_at"]:
        problems.append("bid outside the open time")
    return problems


def _reveal_problems(lot: str, terms: dict[str, Any], event: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return what is wrong with one opened bid: its turn, its commitment, its amount."""
    problems, place = [], len(now["opened"])
    standing = list(now["sealed"].values())
    if not now["closed"]:
        problems.append("opened before the close")
    if place >= len(standing) or standing[place]["alias"] != event["alias"]:
        return [*problems, "opened out of turn, or without standing"]
    sealed, opened = standing[place], event["payload"]
    commitment = sealed_commitment(lot, event["alias"], event["amount"], opened["nonce"])
    if opened["of"] != sealed["seq"] or commitment != sealed["payload"]["commitment"]:
        problems.append(f"is not what was committed to at #{sealed['seq']}")
    if event["amount"] < terms["start_price"]:
        problems.append(f"{event['amount']} is below the start price {terms['start_price']}")
    return problems


def _opening_problems(lot: str, event: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return the numbers that still had a standing bid nobody opened when the result was written."""
    opened = {each["alias"] for each in now["opened"]}
    left = [alias for alias in now["sealed"] if alias not in opened]
    return [f"{lot} #{event['seq']}: the bid of {alias} was not opened" for alias in left]


def _best_opened(now: dict[str, Any]) -> dict[str, Any]:
    """Return price and leader of opened bids: highest, then best priority right, then earliest final submission."""
    best = min(now["opened"], key=lambda each: (-each["amount"], each["payload"].get("rank", LAST_RANK)), default=None)
    leads = {"price": best["amount"], "leader": best["alias"]} if best else {"price": None, "leader": ""}
    return leads | {"closed": now["closed"], "bidders": len(now["opened"])}


def _result_problems(lot: str, terms: dict[str, Any], event: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return where the result does not follow from the bids and the reserve."""
    problems, result, seq = [], event["payload"], event["seq"]
    price, leader = now["price"], now["leader"]
    if not now["closed"]:
        problems.append(f"{lot} #{seq}: a result before the close")
    if result["outcome"] == "sold" and (result["price"] != price or result["alias"] != leader):
        problems.append(f"{lot} #{seq}: sold to another than the leader or at another price")
    if "bidders" in now:
        problems += [f"{lot} #{seq}: {problem}" for problem in _unsold_problems(terms, result, now)]
    reserve = result.get("reserve")
    if terms.get("reserve_commitment"):
        if reserve is None or fingerprint({"v": 1, "lot": lot, **reserve}) != terms["reserve_commitment"]:
            problems.append(f"{lot} #{seq}: the reserve is not the one committed to in the announcement")
        elif result["outcome"] == "sold" and price is not None and price < reserve["amount"]:
            problems.append(f"{lot} #{seq}: sold below the reserve")
    return problems


def _unsold_problems(terms: dict[str, Any], result: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return where opened bids lead to another outcome, or another reason for none, than the result says."""
    why: str | None = None
    reserve = (result.get("reserve") or {}).get("amount")
    if now["price"] is None:
        why = "no_bids"
    elif now["bidders"] < 2 and not terms["single_bidder"]:
        why = "single_bidder"
    elif reserve is not None and now["price"] < reserve:
        why = "below_reserve"
    return [] if result.get("why") == why else [f"the bids lead to {why or 'a sale'}, not to {result.get('why')}"]


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
    if end["seq"] > len(events):
        problems.append(f"{lot} #{len(events) + 1}: missing, though the end names number {end['seq']}")
    elif end["seq"] != len(events) or end["head"] != hashes.get(end["seq"], ""):
        problems.append(f"{lot}: the end names another head than the last event")
    for anchor in end["anchors"]:
        if hashes.get(anchor["seq"]) != anchor["head"]:
            problems.append(f"{lot} #{anchor['seq']}: differs from the anchor taken at {anchor['taken_at']}")
    return problems + rule_problems(lot, terms, events)


USAGE = """用法：python3 verifier.py 记录文件.jsonl（在拍品的核验页下载记录；只需要 Python）
Usage: python3 verifier.py record.jsonl (download the record on the lot's page; needs only Python)"""
UNREADABLE = "无法读取记录文件：{path}（应为从平台下载的 .jsonl 文件）\nCannot be read as a record: {path}"


def say(words: str) -> None:
    """Print a line; what the terminal cannot show of it is marked."""
    coding = sys.stdout.encoding or "utf-8"
    print(words.encode(coding, "replace").decode(coding))  # noqa: T201


def is_record(lines: list[Any]) -> bool:
    """Tell whether the lines are of a record, be it altered or torn: objects, one its lot, its end or an event."""
    if not all(isinstance(line, dict) for line in lines):
        return False
    return any(line.get("record") in ("lot", "end") or "prev" in line for line in lines)


def main(arguments: list[str]) -> int:
    """Check one file and say what was found, in Chinese and English; 2 where there is nothing to check."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        say(USAGE)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            lines = [json.loads(line) for line in file if line.strip()]
    except (OSError, ValueError):
        say(UNREADABLE.format(path=arguments[0]))
        return 2
    if not is_record(lines):
        say(UNREADABLE.format(path=arguments[0]))
        return 2
    problems = record_problems(lines)
    if problems:
        say(f"记录已被改动或不完整，发现 {len(problems)} 处问题：")
        say(f"Altered, or not whole; problems found: {len(problems)}")
    for problem in problems:
        say(problem)
    if not problems:
        lot, count, head = lines[0]["lot"], len(lines) - 2, lines[-1]["head"]
        say(f"{lot}：记录完整，共 {count} 条，与规则相符，末条指纹 {head}")
        say(f"{lot}: {count} events, intact, head {head}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
