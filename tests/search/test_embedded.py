"""What only the embedded engine promises: one writing process, readers in others, generations on disk."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from search.embedded import EmbeddedEngine
from search.engine import Drop, IndexOutdated, WriterBusy
from tests.search.documents import outcome, question

ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from pathlib import Path
from search.embedded import EmbeddedEngine
from tests.search.documents import outcome
engine = EmbeddedEngine(Path(sys.argv[1]))
for line in sys.stdin:
    what, number = line.split()
    if what == "put":
        engine.apply([outcome(int(number), "别的进程")])
    else:
        with engine.rebuild("outcome") as fresh:
            fresh.apply([outcome(int(number), "重建", version=9)])
    print("done", flush=True)
"""


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "search"


@pytest.fixture
def writer(directory):
    """Another process that writes when told to."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:

        def tell(what, number):
            process.stdin.write(f"{what} {number}\n")
            process.stdin.flush()
            assert process.stdout.readline() == "done\n"

        yield tell
        process.kill()


def test_readers_see_another_process_commit_and_swap_within_two_seconds(directory, writer):
    reader = EmbeddedEngine(directory)
    assert reader.search(question()).ids == []

    for what, number, expected in [
        ("put", 1, ["OH-0001"]),
        ("put", 2, ["OH-0002", "OH-0001"]),
        ("rebuild", 3, ["OH-0003"]),
        ("put", 4, ["OH-0004", "OH-0003"]),
    ]:
        writer(what, number)
        started = time.monotonic()
        while reader.search(question()).ids != expected:
            assert time.monotonic() - started < 2
        assert time.monotonic() - started < 2


def test_a_second_writer_is_refused_with_a_reason(directory, writer):
    writer("put", 1)
    second = EmbeddedEngine(directory)

    with pytest.raises(WriterBusy, match="only the indexing worker may"):
        second.apply([outcome(2, "第二个")])
    with pytest.raises(WriterBusy), second.rebuild("outcome"):
        pass

    assert second.search(question()).ids == ["OH-0001"]


def test_a_closed_engine_lets_another_write(directory):
    first, second = EmbeddedEngine(directory), EmbeddedEngine(directory)
    first.apply([outcome(1, "甲")])
    first.close()

    assert second.apply([outcome(2, "乙")]).applied == 1
    assert second.search(question()).ids == ["OH-0002", "OH-0001"]
    second.close()


def test_a_killed_writer_leaves_a_usable_index(directory):
    script = WRITER.replace('print("done", flush=True)', "import os; os.kill(os.getpid(), 9)")
    command = [sys.executable, "-c", script, str(directory)]
    killed = subprocess.run(command, input="put 1\n", text=True, cwd=ROOT, check=False)
    engine = EmbeddedEngine(directory)

    assert killed.returncode == -9
    assert engine.apply([outcome(2, "乙")]).applied == 1
    assert engine.search(question()).ids == ["OH-0002", "OH-0001"]
    engine.close()


def test_an_index_of_another_schema_says_so_until_it_is_rebuilt(directory):
    engine = EmbeddedEngine(directory)
    engine.apply([outcome(1, "甲")])
    engine.close()
    (directory / "outcome" / "current").write_text("00000000-1")

    with pytest.raises(IndexOutdated):
        engine.search(question())
    with pytest.raises(IndexOutdated):
        engine.apply([outcome(2, "乙")])
    assert not engine.health().ok
    assert not engine.health().kinds[0].current

    with engine.rebuild("outcome") as fresh:
        fresh.apply([outcome(1, "甲")])
        assert engine.apply([outcome(3, "丙")]).applied == 1

    assert engine.health().ok
    assert engine.search(question()).ids == ["OH-0003", "OH-0001"]
    engine.close()


def test_tombstones_are_forgotten_after_a_day(directory, monkeypatch):
    engine = EmbeddedEngine(directory)
    engine.apply([outcome(1, "甲"), Drop("outcome", "OH-0001", 5)])
    engine.close()
    day_after = time.time() + 24 * 3600 + 60
    monkeypatch.setattr(time, "time", lambda: day_after)
    engine = EmbeddedEngine(directory)

    engine.apply([outcome(2, "乙")])

    assert engine.apply([outcome(1, "甲", version=4)]).applied == 1
    engine.close()


def test_generations_nobody_needs_are_removed_after_a_day(directory):
    engine = EmbeddedEngine(directory)
    names = []
    for number in range(3):
        with engine.rebuild("outcome") as fresh:
            fresh.apply([outcome(number, "甲")])
        names.append(fresh.generation)
    old = time.time() - 25 * 3600
    os.utime(directory / "outcome" / names[0], (old, old))

    with engine.rebuild("outcome") as fresh:
        fresh.apply([outcome(9, "乙")])

    left = {path.name for path in (directory / "outcome").iterdir() if path.is_dir()}
    assert left == {names[1], names[2], fresh.generation}
    engine.close()
