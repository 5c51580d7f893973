"""The overview of a session: one stream for all its lots, its fallback, and how the room is."""

import asyncio
import re
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions, live, room_health
from marketplace.auctions.ladder import WAN, instant
from tasks.auctions import sweep
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, drafted, end_now, person, planned
from tests.marketplace.auctions.sealing import sealed, sealed_lot
from tests.marketplace.auctions.test_live import Reader, bid

pytestmark = pytest.mark.django_db(transaction=True)


class SessionReader(Reader):
    """A browser that follows the overview of a session."""

    def __init__(self, number):
        super().__init__("-")
        self.task.cancel()
        self.scope["path"] = f"/auctions/{number}/events/"
        self.task = asyncio.create_task(live.stream(self.scope, self.receive, self.send))

    async def see(self, price):
        async with asyncio.timeout(30):
            while not self.frames or self.frames[-1]["lots"][0]["price"] != price:
                await asyncio.sleep(0.05)


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1))


def test_a_bid_reaches_all_who_follow_by_one_watch(lot):
    one = bidder(lot)
    place = sync_to_async(bid)

    async def story():
        readers = [SessionReader(lot.session.number) for _each in range(3)]
        for reader in readers:
            await reader.see(None)
        watches = dict(live.hub().watches)
        await place(one, 160 * WAN)
        for reader in readers:
            await reader.see(160 * WAN)
            await reader.leave()
        return readers, watches, live.hub().fan_out

    readers, watches, fan_out = asyncio.run(story())

    lot.refresh_from_db()
    assert list(watches) == [lot.session.number]
    shown = readers[0].frames[-1]["lots"][0]
    assert (shown["lot"], shown["leader"], shown["price_text"]) == (lot.number, one.alias, "160 万元")
    assert (shown["head"], shown["state"]) == (lot.head_hash, "open")
    assert 0 <= fan_out < 5


def test_the_stream_of_a_session_that_is_not_announced_is_not_found():
    session = planned()
    drafted(session)

    async def story():
        reader = SessionReader(session.number)
        await reader.over()
        return reader.status

    assert asyncio.run(story()) == 404


def test_the_fallback_says_the_same_and_closes_what_is_due(lot, client):
    bid(bidder(lot), 160 * WAN)
    end_now(lot)
    address = reverse("session-state", args=[lot.session.number])

    frame = client.get(address).json()

    assert [(each["state"], each["price"]) for each in frame["lots"]] == [("sold", 160 * WAN)]
    assert client.get(reverse("session-events", args=[lot.session.number])).content.startswith(b"retry: 1000\n")
    assert client.get(reverse("session-state", args=["OLP-2020-77"])).status_code == 404


def test_an_extension_is_told_with_the_new_end(client):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=56))
    one = bidder(lot)
    address = reverse("session-detail", args=[lot.session.number])
    actions.open_lot(lot)
    before = client.get(address).content.decode()
    bid(one, 160 * WAN)

    page = client.get(address).content.decode()
    events = client.get(reverse("lot-state", args=[lot.number])).json()["events"]

    lot.refresh_from_db()
    assert f">{timezone.localtime(lot.ends_at):%H:%M:%S} 结束，已延时 1 次<" in page
    assert re.findall(r">[^<>]*已延时[^<>]*<", before) == []
    assert [event["ends_at"] for event in events if event["kind"] in ("bid", "extended")] == [
        None,
        instant(lot.ends_at),
    ]


def test_of_sealed_bids_nothing_moves_before_the_close(client):
    lot = sealed_lot(starts_at=timezone.now() - timedelta(minutes=1))
    one = bidder(lot)
    actions.open_lot(lot)
    address = reverse("session-state", args=[lot.session.number])
    before = client.get(address).json()["lots"]

    sealed(one, 170 * WAN)

    assert client.get(address).json()["lots"] == before
    end_now(lot)
    assert client.get(address).json()["lots"][0]["price"] == 170 * WAN


def test_readers_of_a_wiped_rehearsal_are_sent_away():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=2))
    organiser = person("organiser")
    rehearsal = actions.rehearse_session(
        lot.session, by=organiser, starts_at=timezone.now() + timedelta(minutes=10), lasts=timedelta(minutes=20)
    )
    wipe = sync_to_async(actions.wipe_rehearsal)

    async def story():
        readers = [SessionReader(rehearsal.number), Reader(rehearsal.lots_seen)]
        await readers[0].see(None)
        await readers[1].reach(0)
        await wipe(rehearsal, by=organiser)
        for reader in readers:
            await reader.over()
        again = SessionReader(rehearsal.number)
        await again.over()
        return again.status

    rehearsal.lots_seen = rehearsal.lots.get().number
    assert asyncio.run(story()) == 404


def test_staff_see_how_the_room_is_and_nobodys_name(lot, client):
    one = bidder(lot)

    async def story():
        reader = SessionReader(lot.session.number)
        await reader.see(None)
        async with asyncio.timeout(30):
            while [each["readers"] for each in await sync_to_async(room_health.rooms)(timezone.now()) or []] != [1]:
                await asyncio.sleep(0.1)
        seen = await sync_to_async(room_health.rooms)(timezone.now())
        await reader.leave()
        return seen

    seen = asyncio.run(story())
    sweep()
    sign_in(client, person("organiser"))
    bid(one, 160 * WAN)
    page = client.get(reverse("session-manage", args=[lot.session.number]))

    assert [each["readers"] for each in seen] == [1]
    assert set(seen[0]) == {"at", "readers", "fan_out"}
    room = page.context["room"]
    assert room["swept"] < 15
    assert room["quiet"] < 60
    assert "运行状况" in page.content.decode()
    assert room_health.rooms(timezone.now() + timedelta(seconds=60)) == []


def test_the_room_of_sealed_bids_tells_no_event_before_the_close():
    lot = sealed_lot(starts_at=timezone.now() - timedelta(minutes=1))
    sealed(bidder(lot), 170 * WAN)

    room = room_health.room_of(lot.session, timezone.now())

    assert (room["last_event"], room["quiet"]) == (None, None)


def test_without_the_store_of_marks_the_page_says_so(lot, client, settings):
    room_health.connection_for_marks.cache_clear()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    sign_in(client, person("organiser"))

    page = client.get(reverse("session-manage", args=[lot.session.number]))

    room_health.connection_for_marks.cache_clear()
    assert "状态存储不可用" in page.content.decode()
