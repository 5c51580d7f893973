"""The stream of a lot: first frame, each change, resume, and no growth with the number of readers."""

import asyncio
import json
import threading
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.utils import timezone

from marketplace.auctions import actions, live
from marketplace.auctions.hub import Hub, look
from marketplace.auctions.ladder import WAN
from tests.marketplace.auctions.making import announced_lot, bidder, end_now
from tests.marketplace.auctions.sealing import sealed
from tests.marketplace.auctions.test_sealed_secrets import AMOUNT, filled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1))


class Reader:
    """A browser that listens to one lot."""

    def __init__(self, number, *, after=None, last_id=None):
        query = f"after={after}" if after is not None else ""
        headers = [(b"last-event-id", str(last_id).encode())] if last_id is not None else []
        self.scope = {
            "type": "http", "method": "GET", "path": f"/lots/{number}/events/",
            "query_string": query.encode(), "headers": headers,
        }  # fmt: skip
        self.status, self.frames, self.beats, self.gone = None, [], 0, asyncio.Event()
        self.task = asyncio.create_task(live.stream(self.scope, self.receive, self.send))

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.status = message.get("status", self.status)
        for block in message.get("body", b"").decode().split("\n\n"):
            if block.startswith("event: beat"):
                self.beats += 1
                continue
            data = [line[6:] for line in block.split("\n") if line.startswith("data: ")]
            self.frames += [json.loads(text) for text in data]

    async def reach(self, seq):
        async with asyncio.timeout(30):
            while not self.frames or self.frames[-1]["seq"] < seq:
                await asyncio.sleep(0.05)

    async def leave(self):
        self.gone.set()
        await self.over()

    async def over(self):
        async with asyncio.timeout(30):
            await self.task

    @property
    def seen(self):
        return [event["seq"] for frame in self.frames for event in frame["events"]]


def bid(registration, amount):
    actions.place_bid(
        registration.lot, by=registration.agent, organisation=registration.organisation, amount=amount, key=str(amount)
    )


def test_sends_each_event_once_in_order_and_resumes(lot):
    first, second = bidder(lot), bidder(lot)
    place = sync_to_async(bid)

    async def story():
        stays, leaves = Reader(lot.number), Reader(lot.number)
        await place(first, 160 * WAN)
        await leaves.reach(2)
        await leaves.leave()
        await place(second, 165 * WAN)
        await place(first, 170 * WAN)
        await stays.reach(4)
        resumes = Reader(lot.number, last_id=2)
        await resumes.reach(4)
        await stays.leave()
        await resumes.leave()
        return stays, leaves, resumes

    stays, leaves, resumes = asyncio.run(story())

    assert stays.seen == [1, 2, 3, 4]
    assert leaves.seen == [1, 2]
    assert resumes.seen == [3, 4]
    last = stays.frames[-1]
    lot.refresh_from_db()
    assert (last["price"], last["leader"], last["head"]) == (170 * WAN, first.alias, lot.head_hash)
    assert last["next"] == [175 * WAN, 180 * WAN, 190 * WAN]
    assert last["price_text"] == "170 万元"


def test_a_quiet_stream_beats_so_that_a_dead_line_is_noticed(lot, monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)

    async def story():
        reader = Reader(lot.number)
        async with asyncio.timeout(30):
            while reader.beats < 3:
                await asyncio.sleep(0.05)
        await reader.leave()
        return reader

    assert len(asyncio.run(story()).frames) == 1


def test_readers_of_a_watch_that_fails_are_sent_away_and_come_again(lot):
    async def story():
        stays = Reader(lot.number)
        await stays.reach(0)
        live.hub().watches[lot.number].task.cancel()
        await stays.over()
        again = Reader(lot.number)
        await again.reach(0)
        await again.leave()
        return stays, again

    assert [reader.status for reader in asyncio.run(story())] == [200, 200]


def test_a_cache_that_is_down_does_not_silence_the_stream(lot, settings):
    settings.DEMO = True
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    }
    one = bidder(lot)

    async def story():
        reader = Reader(lot.number)
        await reader.reach(0)
        await sync_to_async(bid)(one, 160 * WAN)
        await reader.reach(2)
        await reader.leave()
        return reader

    assert asyncio.run(story()).seen == [1, 2]


def test_listening_ends_with_its_last_reader_at_whatever_moment_it_is_told():
    """Its client awaits asyncio.wait_for, which before Python 3.12 drops a cancellation that meets the result."""

    async def told_after(steps):
        house = Hub()
        house.watches["OH-2026-01"] = None
        listening = asyncio.create_task(house.listen())
        for _step in range(steps):
            await asyncio.sleep(0)
        house.watches.clear()
        listening.cancel()
        _done, goes_on = await asyncio.wait({listening}, timeout=5)
        for task in goes_on:
            task.cancel()
        return bool(goes_on)

    async def story():
        return [steps for steps in range(60) if await told_after(steps)]

    assert asyncio.run(story()) == []


def test_unknown_and_unannounced_lots_have_no_stream(lot):
    async def story():
        reader = Reader("OH-1999-01")
        await reader.over()
        return reader.status

    assert asyncio.run(story()) == 404


def test_threads_and_connections_do_not_grow_with_streams(lot):
    def connections():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return cursor.fetchone()[0]

    async def measure(number):
        readers = [Reader(lot.number) for _place in range(number)]
        await asyncio.gather(*(reader.reach(0) for reader in readers))
        held = threading.active_count(), await sync_to_async(connections)()
        await asyncio.gather(*(reader.leave() for reader in readers))
        return held

    few, many = asyncio.run(measure(2)), asyncio.run(measure(200))

    assert many[0] <= few[0] + 1
    assert many[1] <= few[1] + 1  # the one look of the process may be under way at either moment, or at neither


def test_the_stream_does_not_move_with_a_sealed_bid_and_tells_everything_after_the_close():
    lot, _first, _second, third = filled()
    before = look(lot.number, 0)[:2]

    sealed(third, 170 * WAN)

    assert look(lot.number, 0)[:2] == before
    assert before[1] == []
    end_now(lot)
    standing, events, _at = look(lot.number, 0)
    assert (standing["state"], standing["seq"]) == ("sold", len(events))
    assert [event["amount"] for event in events if event["kind"] == "revealed"] == [AMOUNT, 170 * WAN]
