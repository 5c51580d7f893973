"""The table of a run: printed, and kept in var/faults/report.md."""

import os
import platform
from collections.abc import Sequence

from django.utils import timezone

from tests.crowd.house import FOLDER
from tests.faults.auction.scene import Found

PATH, PATH_OF_SOME = FOLDER / "report.md", FOLDER / "report-of-some.md"
HEAD = (
    "fault | what was injected | bids sent | accepted | refused | unanswered | lost | duplicated | violations | seconds"
)


def lines(found: Sequence[Found]) -> list[str]:
    """Return the report: when and where, a row for each fault, and every problem in words."""
    said = [f"| {HEAD} |", "|" + "---|" * (HEAD.count("|") + 1), *map(row, found)]
    problems = [f"- {each.fault}: {problem}" for each in found for problem in each.verdict.problems]
    return [machine(), "", *said, "", verdict(found), *problems]


def row(each: Found) -> str:
    ours = each.verdict
    counts = [ours.sent, ours.accepted, ours.refused, ours.unanswered]
    wrong = [len(ours.lost), len(ours.duplicated), len(ours.violations)]
    cells = [each.fault, each.injected, *counts, *wrong, f"{each.seconds:.1f}"]
    return f"| {' | '.join(map(str, cells))} |"


def verdict(found: Sequence[Found]) -> str:
    """Return one line: how many bids went through how many faults, and what went wrong."""
    sent, accepted = (sum(getattr(each.verdict, name) for each in found) for name in ("sent", "accepted"))
    lost, doubled, broken = (
        sum(len(getattr(each.verdict, name)) for each in found) for name in ("lost", "duplicated", "violations")
    )
    return (
        f"{len(found)} faults, {sent:,} bids sent, {accepted:,} accepted: "
        f"lost {lost}, duplicated {doubled}, violations {broken}."
    )


def machine() -> str:
    load = f"load {os.getloadavg()[0]:.1f}"
    return f"{timezone.localtime():%Y-%m-%d %H:%M}, {os.cpu_count()} cores, Python {platform.python_version()}, {load}"


def is_clean(found: Sequence[Found]) -> bool:
    return bool(found) and not any(each.verdict.problems for each in found)
