"""What was measured, as tables to paste: ratios first, with the goals; figures of this machine beside them."""

import os
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils import timezone

from tests.bench.auction.clients import Rate
from tests.bench.auction.closes import Closes
from tests.bench.auction.watching import Crowded, Watched


def machine() -> str:
    """Describe in one line when and where this was measured."""
    model, told = "unknown processor", Path("/proc/cpuinfo")
    if told.exists():
        named = (line.split(":")[1].strip() for line in told.read_text().splitlines() if "model name" in line)
        model = next(named, model)
    load = f"load {os.getloadavg()[0]:.1f} at the start"
    return f"{timezone.localdate()}, {os.cpu_count()} cores ({model}), Python {platform.python_version()}, {load}"


def word(met: bool) -> str:
    return "**met**" if met else "**missed**"


def of_ways(ways: Mapping[str, Rate], clients: int) -> Iterator[str]:
    """Yield the lines of one number of clients: each way, and the goals as ratios."""
    yield f"| one hot lot, {clients} clients | accepted/s | calls/s | accepted | p50 ms | p99 ms |"
    yield "|---|---|---|---|---|---|"
    for name, rate in ways.items():
        share = rate.accepted / len(rate.taken) if rate.taken else 0
        times = f"{rate.at(0.5):.1f} | {rate.at(0.99):.1f}"
        yield f"| {name} | {rate.bids:.0f} | {rate.calls:.0f} | {share:.0%} | {times} |"
    yield ""
    yield f"| goal, {clients} clients | is | |"
    yield "|---|---|---|"
    raw, action, orm = ways["raw function"], ways["our action"], ways["plain ORM"]
    bid, empty = ways["HTTP bid"], ways["empty POST"]
    for name, value, goal in (
        ("action : raw function, accepted/s", ratio(action.bids, raw.bids), 0.7),
        ("action : plain ORM, accepted/s", ratio(action.bids, orm.bids), 5),
        ("HTTP bid : empty POST, calls/s, decided either way", ratio(bid.calls, empty.calls), 0.6),
    ):
        yield f"| {name} | {value:.2f} of ≥ {goal:g} | {word(value >= goal)} |"
    slow = ratio(action.at(0.99), raw.at(0.99))
    yield f"| p99 of the action : of the raw function | {slow:.2f} of ≤ 2 | {word(slow <= 2)} |"


def ratio(one: float, other: float) -> float:
    return one / other if other else 0.0


def of_closes(closes: Closes) -> Iterator[str]:
    """Yield the lines of the contested closes."""
    yield "| closes | accepted | too late | in time and refused | |"
    yield "|---|---|---|---|---|"
    verdict = word(closes.in_time_refused == 0 and closes.late > 0)
    yield f"| {closes.lots} | {closes.accepted} | {closes.late} | {closes.in_time_refused} of 0 | {verdict} |"


def of_watched(watched: Watched) -> Iterator[str]:
    """Yield the lines of the spectators of one process."""
    p50, p99, most = watched.seen.late or (0, 0, 0)
    yield f"| {watched.seen.clients:,} spectators on one process | is | |"
    yield "|---|---|---|"
    times = f"{p99:.0f} of < 1000 ms (p50 {p50:.0f}, most {most:.0f})"
    yield f"| from a bid's arrival to a spectator, p99 | {times} | {word(p99 < 1000)} |"
    yield f"| held for each | {watched.kilobytes:.0f} of ≤ 60 KB | {word(watched.kilobytes <= 60)} |"
    yield f"| events missed or out of order | {len(watched.problems)} of 0 | {word(not watched.problems)} |"


def of_crowd(crowd: Crowded, bidders: int) -> Iterator[str]:
    """Yield the lines of the crowd."""
    verdict, late = crowd.verdict, crowd.seen.late or (0, 0, 0)
    wrong = (len(verdict.lost), len(verdict.duplicated), len(verdict.violations))
    yield f"| {bidders} bidders, {crowd.seen.clients:,} spectators, {crowd.seconds:.0f} s | is | |"
    yield "|---|---|---|"
    yield f"| bids sent, accepted, refused | {verdict.sent:,}, {verdict.accepted:,}, {verdict.refused:,} | |"
    yield f"| lost, duplicated, violations | {wrong[0]}, {wrong[1]}, {wrong[2]} of 0 | {word(not any(wrong))} |"
    yield f"| accepted, p50 | {crowd.at(0.5):.0f} of < 50 ms | {word(crowd.at(0.5) < 50)} |"
    yield f"| accepted, p99 | {crowd.at(0.99):.0f} of < 500 ms | {word(crowd.at(0.99) < 500)} |"
    yield f"| from a bid's arrival to a spectator, p99 | {late[1]:.0f} of < 1000 ms | {word(late[1] < 1000)} |"
