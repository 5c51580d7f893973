"""The cheap faults and one more that changes by the day, on real processes; all of them run by `make faults`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cores import all_cores

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.long
@pytest.mark.timeout(400)  # a first run makes its own servers
def test_the_faults_of_the_day_leave_everything_whole():
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    few = {"FAULTS_BIDDERS": "40", "FAULTS_SPECTATORS": "300", "FAULTS_EXTENSIONS": "60"}

    with all_cores():
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.auction", "--short"],
            cwd=ROOT, env=kept | few, capture_output=True, text=True, timeout=380, check=False,
        )  # fmt: skip

    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    assert "lost 0, duplicated 0, violations 0." in done.stdout
