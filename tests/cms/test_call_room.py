"""Calls below `with_room` go over no edge of the pieces that frames are kept in."""

import asyncio
import resource
import threading

from asgiref.sync import sync_to_async

from cms import kept_threads
from cms.call_room import with_room

TIMES = 500


def nothing() -> None:
    """Be a call, and a larger one than a step of `most_faults`: at some depth it goes over the edge."""


nothing.__code__ = nothing.__code__.replace(co_stacksize=100)


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
    """Where this fails, Python has mended it: the room can go."""
    assert in_a_thread(most_faults, 400) >= TIMES


def test_with_room_no_depth_does():
    assert in_a_thread(with_room(most_faults), 400) < TIMES / 10


def test_the_code_of_a_request_has_room(monkeypatch):
    monkeypatch.setattr(kept_threads, "_free", type(kept_threads._free)())

    async def a_request() -> int:
        async with kept_threads.one_for_a_request():
            return await sync_to_async(most_faults)(400)

    assert asyncio.run(a_request()) < TIMES / 10
