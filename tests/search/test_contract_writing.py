"""What every engine does with operations: versions, tombstones, bad documents, rebuilds under live updates."""

import threading

import pytest

from search.engine import Drop, Put
from search.schema import KINDS
from tests.search.documents import library, outcome, question


def found(engine, text=""):
    engine.refresh()
    return sorted(engine.search(question(text, limit=2000)).ids)


def test_a_round_trip(engine):
    report = engine.apply([outcome(1, "智能锁"), outcome(2, "阀门")])

    assert (report.applied, report.stale, report.failed) == (2, 0, [])
    assert found(engine) == ["OH-0001", "OH-0002"]
    assert found(engine, "阀门") == ["OH-0002"]


def test_a_newer_put_takes_the_place_of_an_older(engine):
    engine.apply([outcome(1, "旧的锁", version=1)])
    engine.apply([outcome(1, "新的阀门", version=2)])

    assert found(engine, "锁") == []
    assert found(engine, "阀门") == ["OH-0001"]


def test_a_stale_put_loses_and_is_counted(engine):
    engine.apply([outcome(1, "新的阀门", version=7)])

    report = engine.apply([outcome(1, "旧的锁", version=6)])

    assert (report.applied, report.stale, report.failed) == (0, 1, [])
    assert found(engine, "锁") == []


def test_a_stale_drop_loses(engine):
    engine.apply([outcome(1, "智能锁", version=7)])

    report = engine.apply([Drop("outcome", "OH-0001", 6)])

    assert (report.applied, report.stale) == (0, 1)
    assert found(engine) == ["OH-0001"]


def test_a_put_older_than_the_drop_does_not_bring_it_back(engine):
    engine.apply([outcome(1, "智能锁", version=1)])
    engine.apply([Drop("outcome", "OH-0001", 5)])

    report = engine.apply([outcome(1, "智能锁", version=4)])

    assert (report.applied, report.stale) == (0, 1)
    assert found(engine) == []
    assert engine.apply([outcome(1, "智能锁", version=6)]).applied == 1
    assert found(engine) == ["OH-0001"]


def test_a_drop_that_comes_before_the_put_wins(engine):
    assert engine.apply([Drop("outcome", "OH-0001", 5)]).failed == []

    assert engine.apply([outcome(1, "智能锁", version=4)]).stale == 1
    assert found(engine) == []


def test_versions_count_inside_one_batch(engine):
    report = engine.apply([outcome(1, "甲", version=2), outcome(1, "乙", version=1), outcome(1, "丙", version=3)])

    assert (report.applied, report.stale) == (2, 1)
    assert found(engine, "丙") == ["OH-0001"]
    assert found(engine) == ["OH-0001"]


def test_the_same_operations_twice_change_nothing(engine):
    ops = [*library(), Drop("outcome", "OH-0003", 2)]
    engine.apply(ops)
    before = found(engine)

    report = engine.apply(ops)

    assert report.failed == []
    assert found(engine) == before
    assert len(before) == 19


def test_one_bad_document_in_a_thousand_fails_alone(engine):
    ops = [outcome(number, f"成果{number}") for number in range(1000)]
    ops[500] = Put("outcome", "OH-0500", 1, {**ops[500].doc, "trl": "seven"})

    report = engine.apply(ops)

    assert (report.applied, report.stale) == (999, 0)
    (failure,) = report.failed
    assert (failure.id, failure.reason) == ("OH-0500", "trl: an integer is wanted.")
    assert len(found(engine)) == 999


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"colour": "red"}, "colour: no such field in outcome."),
        ({"visibility": None}, "visibility: a list of keys is wanted, so that it is decided who may find this."),
        ({"visibility": "public"}, "visibility: a list of keys is wanted, so that it is decided who may find this."),
        ({"summary": 5}, "summary: a text or a list of texts is wanted."),
        ({"mode": [1]}, "mode: a code or a list of codes is wanted."),
        ({"price_low": 2**63}, "price_low: an integer is wanted."),
    ],
)
def test_a_bad_document_says_which_field(engine, change, reason):
    report = engine.apply([outcome(1, "智能锁", **change)])

    assert [failure.reason for failure in report.failed] == [reason]
    assert found(engine) == []


def test_an_unknown_kind_fails_alone(engine):
    report = engine.apply([Put("poem", "1", 1, {}), outcome(1, "智能锁")])

    assert (report.applied, len(report.failed)) == (1, 1)


def test_kinds_are_apart(engine):
    need = Put("need", "abc", 1, {"title": "智能锁降功耗", "budget_high": 8, "visibility": ["public"]})
    engine.apply([outcome(1, "智能锁"), need])
    engine.refresh()

    assert engine.search(question("智能锁")).ids == ["OH-0001"]
    assert engine.search(question("智能锁", kind="need")).ids == ["abc"]


def test_a_rebuild_replaces_what_was_there(engine):
    engine.apply([outcome(1, "旧的"), outcome(2, "留下的")])
    before = engine.health().kinds[0].generation

    with engine.rebuild("outcome") as fresh:
        report = fresh.apply([outcome(2, "留下的", version=3), outcome(3, "新的", version=3)])
        assert (report.applied, fresh.count()) == (2, 2)
        assert found(engine) == ["OH-0001", "OH-0002"]

    assert found(engine) == ["OH-0002", "OH-0003"]
    assert engine.health().kinds[0].generation not in ("", before)


def test_a_rebuild_that_fails_leaves_all_as_it_was(engine):
    engine.apply([outcome(1, "旧的")])

    def fail_halfway():
        with engine.rebuild("outcome") as fresh:
            fresh.apply([outcome(2, "新的")])
            raise RuntimeError("no luck")

    with pytest.raises(RuntimeError, match="no luck"):
        fail_halfway()

    assert found(engine) == ["OH-0001"]
    assert engine.apply([outcome(3, "后来的")]).applied == 1
    assert found(engine) == ["OH-0001", "OH-0003"]


def test_a_drop_before_or_during_a_rebuild_is_not_undone_by_it(engine):
    engine.apply([outcome(1, "早先撤下"), outcome(2, "中途撤下")])
    engine.apply([Drop("outcome", "OH-0001", 9)])

    with engine.rebuild("outcome") as fresh:
        engine.apply([Drop("outcome", "OH-0002", 9)])
        report = fresh.apply([outcome(1, "早先撤下", version=8), outcome(2, "中途撤下", version=8)])

    assert (report.applied, report.stale) == (0, 2)
    assert found(engine) == []
    assert engine.apply([outcome(1, "早先撤下", version=8)]).stale == 1


@pytest.mark.long
def test_a_rebuild_under_500_live_updates_loses_none_and_is_never_empty(engine):
    engine.apply([outcome(number, f"成果{number}") for number in range(300)])
    engine.refresh()
    half, done = threading.Event(), threading.Event()
    seen_least, troubles = [], []

    def update():
        for start in range(0, 500, 5):
            report = engine.apply([outcome(number, f"更新{number}", version=10) for number in range(start, start + 5)])
            troubles.extend(report.failed)
            if start == 250:
                half.set()
        done.set()

    def watch():
        while not done.wait(0.02):
            seen_least.append(engine.search(question(limit=1)).total)

    threads = [threading.Thread(target=update), threading.Thread(target=watch)]
    with engine.rebuild("outcome") as fresh:
        for thread in threads:
            thread.start()
        for start in range(0, 300, 10):
            fresh.apply([outcome(number, f"成果{number}", version=5) for number in range(start, start + 10)])
        assert half.wait(300)  # so that some come before the fresh one takes over, and some after
    for thread in threads:
        thread.join(timeout=300)
    engine.refresh()

    assert troubles == []
    assert min(seen_least) >= 300
    assert engine.search(question("更新", limit=1)).total == 500
    assert engine.search(question(limit=1)).total == 500


def test_health_counts_what_can_be_found(engine):
    engine.apply([*library(), Drop("outcome", "OH-0003", 2)])
    engine.refresh()

    health = engine.health()

    assert health.ok
    assert {kind.kind: kind.documents for kind in health.kinds} == dict.fromkeys(KINDS, 0) | {"outcome": 19}
    assert all(kind.current for kind in health.kinds)
