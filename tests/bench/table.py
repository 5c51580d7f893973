"""What was measured, as tables one can paste: ratios first, milliseconds of this machine beside them."""

import os
import platform
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from django.utils import timezone

from tests.bench.measures import Times
from tests.bench.memory import Memory
from tests.bench.ours import Ours


@dataclass(frozen=True, slots=True)
class Target:
    """What nothing may take longer than: the 95th percentile in milliseconds, or seconds of one run."""

    most: float
    unit: str = "ms"

    def verdict(self, value: float) -> str:
        """Return the share of the target that was taken, and whether that is met."""
        word = "met" if value <= self.most else "missed"
        return f"{value / self.most:.2f} of ≤ {self.most:g} {self.unit} | **{word}**"


# p95 at 100,000 outcomes, engine and Python together; held by the machine that measures
PAGE, SUGGESTION, MATCH, VISIBLE = Target(20), Target(10), Target(150), Target(2_000)
REBUILD = Target(180, "s")


def machine() -> str:
    """Describe in one line when and where this was measured."""
    model, told = "unknown processor", Path("/proc/cpuinfo")
    if told.exists():
        named = (line.split(":")[1].strip() for line in told.read_text().splitlines() if "model name" in line)
        model = next(named, model)
    parts = [f"{timezone.localdate()}", f"{os.cpu_count()} cores ({model})", f"Python {platform.python_version()}"]
    load = f"load {os.getloadavg()[0]:.1f} at the start"
    return ", ".join([*parts, f"tantivy {version('tantivy')}", f"SQLite {sqlite3.sqlite_version}", load])


def of_ours(ours: Ours) -> Iterator[str]:
    """Yield the lines of one of our engines beside the targets."""
    yield "| | of the target (p95) | | p50 | p95 | of it computing |"
    yield "|---|---|---|---|---|---|"
    for what, times, target in (
        ("search: 20 hits, 4 facets, highlights", ours.page, PAGE),
        ("suggestion", ours.suggestion, SUGGESTION),
        ("match one need, with scores and phrases", ours.match, MATCH),
        ("replace one, found by another process", ours.visible, VISIBLE),
        ("search while the index is rebuilt", ours.while_rebuilding, None),
    ):
        verdict = target.verdict(times.slow) if target else "– | "
        computing = f"{times.computing:.1f} ms" if times.computed else ""
        yield f"| {what} | {verdict} | {times.middle:.1f} ms | {times.slow:.1f} ms | {computing} |"
    yield f"| rebuild, while questions are answered | {REBUILD.verdict(ours.rebuild)} | {ours.rebuild:.0f} s | | |"
    yield f"| first build | – | | {ours.build:.0f} s | | |"


def of_memory(ours: Ours) -> Iterator[str]:
    """Yield the lines of what the two processes take."""
    yield "| MB | site loaded | at the end | of it pages of files | at most |"
    yield "|---|---|---|---|---|"
    for name, (before, after) in ours.memory.items():
        yield f"| {name} | {_cells(before, after)} |"


def _cells(before: Memory | None, after: Memory | None) -> str:
    if before is None or after is None:
        return "this system does not tell | | | "
    return f"{before.now:.0f} | {after.now:.0f} | {after.of_files:.0f} | {after.peak:.0f}"


def of_sets(ours: Mapping[str, Times], others: Mapping[str, Mapping[str, Times]]) -> Iterator[str]:
    """Yield the lines of each set of questions: every engine, 20 hits and nothing else, beside ours."""
    for name, plain in ours.items():
        yield f"| {len(plain.taken)} questions, {name} | × ours (p50) | found something | p50 | p95 |"
        yield "|---|---|---|---|---|"
        for engine, times in {"embedded engine": plain, **{key: sets[name] for key, sets in others.items()}}.items():
            ratio = "1" if times is plain else f"{times.middle / plain.middle:.2f}"
            yield f"| {engine} | {ratio} | {times.answered:.0%} | {times.middle:.1f} ms | {times.slow:.1f} ms |"
        yield ""
