"""A request has a thread to itself, and the next one gets it when it is free."""

import asyncio
import threading

from asgiref.sync import sync_to_async

from cms import kept_threads


async def a_request(beside: asyncio.Barrier | None = None) -> int:
    """Return the thread that the code of one request ran in."""
    async with kept_threads.one_for_a_request():
        number = await sync_to_async(threading.get_ident)()
        if beside is not None:
            await beside.wait()
        assert await sync_to_async(threading.get_ident)() == number
    return number


def test_the_next_request_has_the_thread_of_the_one_before(monkeypatch):
    monkeypatch.setattr(kept_threads, "_free", type(kept_threads._free)())

    async def one_after_the_other() -> list[int]:
        return [await a_request() for _time in range(3)]

    assert len(set(asyncio.run(one_after_the_other()))) == 1


def test_requests_beside_each_other_have_a_thread_each():
    async def three_at_once() -> list[int]:
        beside = asyncio.Barrier(3)
        return await asyncio.gather(*(a_request(beside) for _each in range(3)))

    assert len(set(asyncio.run(three_at_once()))) == 3


def test_no_more_are_kept_than_wanted(monkeypatch):
    monkeypatch.setattr(kept_threads, "_free", type(kept_threads._free)())
    monkeypatch.setattr(kept_threads, "MOST_KEPT", 2)

    async def five_at_once() -> None:
        beside = asyncio.Barrier(5)
        await asyncio.gather(*(a_request(beside) for _each in range(5)))

    asyncio.run(five_at_once())

    assert len(kept_threads._free) == 2
