"""Calls below `with_room` go over no edge of the pieces that frames are kept in."""

import resource
import threading

from cms.call_room import with_room

TIMES = 500


def nothing() -> None:
    """Be a call."""


def most_faults(depth: int, most: int = 0) -> int:
    """Return the most page faults that TIMES calls took at any of so many depths."""
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _time in range(TIMES):
        nothing()
    most = max(most, resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before)
    return most_faults(depth - 1, most) if depth else most


def in_a_thread(function, *args) -> int:
    """Return what a thread of its own returns: its frames begin where those of a request do."""
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(function(*args)))
    thread.start()
    thread.join()
    return found[0]


def test_without_room_some_depth_pays_a_fault_for_each_call():
    assert in_a_thread(most_faults, 400) >= TIMES


def test_with_room_no_depth_does():
    assert in_a_thread(with_room(most_faults), 400) < TIMES / 10
