"""The benchmark itself, a moment of each way: everything is measured, nothing is lost, and the goals can be missed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.auction import table
from tests.bench.auction.clients import Rate
from tests.bench.auction.closes import Closes
from tests.bench.auction.watching import Crowded, Watched
from tests.cores import all_cores
from tests.crowd.judge import Verdict
from tests.crowd.spectators import Seen

ROOT = Path(__file__).resolve().parents[3]


def ways(**bids):
    """Return the rates of five ways: accepted bids and milliseconds in one second."""
    return {name: Rate(1, (taken,) * number, number) for name, (number, taken) in bids.items()}


def of(raw, action, orm, http, empty):
    names = ("raw function", "our action", "plain ORM", "HTTP bid", "empty POST")
    return list(
        table.of_ways(dict(zip(names, ways(a=raw, b=action, c=orm, d=http, e=empty).values(), strict=True)), 16)
    )


def test_goals_are_met_and_missed():
    good = of((100, 10), (70, 20), (14, 9), (60, 9), (100, 9))
    bad = of((100, 10), (69, 21), (14, 9), (59, 9), (100, 9))

    assert [line.rsplit("| ", 1)[1] for line in good[-4:]] == ["**met** |"] * 4
    assert [line.rsplit("| ", 1)[1] for line in bad[-4:]] == ["**missed** |"] * 4


def test_one_bid_in_time_refused_at_a_close_is_a_miss():
    assert "**met**" in list(table.of_closes(Closes(40, 200, 30, 0)))[-1]
    assert "**missed**" in list(table.of_closes(Closes(40, 200, 30, 1)))[-1]
    assert "**missed**" in list(table.of_closes(Closes(40, 200, 0, 0)))[-1]  # nobody came late: nothing was tried


def test_late_frames_and_lost_bids_are_misses():
    slow = Watched(Seen(clients=5, late=[10, 1000, 1001]), 61, ["spectator 1: #4 came after #2"])
    crowd = Crowded(60, Verdict(2, 2, 0, 0, ["#3 is gone"]), Seen(late=[1, 2, 3]), (49, 501))

    assert ["**missed**" in line for line in table.of_watched(slow)][2:] == [True] * 3
    assert ["**missed**" in line for line in table.of_crowd(crowd, 500)][3:] == [True, False, False, False]


@pytest.mark.long
@pytest.mark.timeout(400)  # a first run makes its own servers
def test_a_moment_of_everything():
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}

    with all_cores():
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.auction", "--tiny"],
            cwd=ROOT, env=kept, capture_output=True, text=True, timeout=380, check=False,
        )  # fmt: skip

    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    assert "Nothing lost, nothing doubled, nobody in time refused." in done.stdout
    assert "| lost, duplicated, violations | 0, 0, 0 of 0 | **met** |" in done.stdout
