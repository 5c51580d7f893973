"""The end of a lot: bids at its very instant, many closers, many extensions, workers killed over it."""

import os
import time
from collections.abc import Sequence
from datetime import timedelta

import redis
from django.conf import settings
from django.utils import timezone

from marketplace.auctions.closing import close_lot
from marketplace.auctions.models import Deposit, Lot
from marketplace.core.journal import Entry, Kind
from tasks.auctions import close_due_lots
from tasks.delivery import carry_out, plan
from tasks.models import Delivery
from tests.crowd.bidders import at_once, decided
from tests.crowd.cast import registrations, wait_until
from tests.crowd.ledger import Ledger, Request
from tests.crowd.processes import beat, until, worker
from tests.faults.auction.scene import Scene, beside, fault

NO_EXTENSION = {"extension_window": timedelta(0), "most_extensions": 0}
WAN = 1_000_000
MICROSECOND = timedelta(microseconds=1)
EXTENSIONS = int(os.environ.get("FAULTS_EXTENSIONS", "500"))


@fault("bids at the end − 1 µs, the end, the end + 1 µs", cheap=True)
def at_the_microsecond(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(4, **NO_EXTENSION)
    ledger, expected = Ledger(), ["accepted", "ended", "ended", "accepted"]
    moments = [lot.ends_at - MICROSECOND, lot.ends_at, lot.ends_at + MICROSECOND, lot.ends_at - MICROSECOND]
    rows = registrations(bidders)
    for place, (bidder, at) in enumerate(zip(bidders, moments, strict=True)):
        given = decided(lot, ledger, bidder, rows[place], lot.start_price + 100 * place * WAN, at=at)
        scene.expect(given == expected[place], f"a bid at {at:%S.%f} was answered {given}, not {expected[place]}")
    scene.injected = "decide_bid with arrivals a microsecond around the end; the last arrived in time and came late"
    scene.judge(lot, ledger)


@fault("three closers and 48 bidders at the instant")
def closers_and_bidders(scene: Scene) -> None:
    webs, ledger = scene.both_webs(), Ledger()
    lot, bidders = scene.cast.lot(48, ends_in=5, **NO_EXTENSION)
    sendings = [
        (ledger.add(Request(bidder, lot.start_price + n * 10 * WAN)), webs[n % 2]) for n, bidder in enumerate(bidders)
    ]
    with beside(*(lambda: _close_when_due(lot.pk) for _closer in range(3))) as closed:
        at_once(lot, sendings, at=lot.ends_at.timestamp() - 2, within=2.1)
    scene.injected = "48 bidders from 2 s before the end to 0.1 s after it; three closers ask as fast as they can"
    lot = scene.judge(lot, ledger)
    scene.expect(sum(each is True for each in closed) <= 1, f"closed by several: {closed}")
    once(scene, lot)


def _close_when_due(pk: int) -> bool:
    lot = Lot.objects.get(pk=pk)
    until_late, did = lot.ends_at + timedelta(seconds=20), False
    wait_until(lot.ends_at - timedelta(milliseconds=300))
    while lot.state in ("announced", "open") and timezone.now() < until_late:
        did = close_lot(lot) or did
        lot.refresh_from_db()
    return did


@fault("500 extensions")
def extensions(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(24, lasts=timedelta(minutes=6))
    with scene.load(lot, bidders, pause=0.01) as load:
        load.until_accepted(EXTENSIONS, seconds=240)
    lot = scene.judge(lot, load.ledger)
    scene.injected = f"every bid in the last 5 minutes: the end moved {lot.extensions} times"
    scene.expect(lot.extensions >= EXTENSIONS, f"only {lot.extensions} extensions")


def many_lots(scene: Scene, number: int) -> list[tuple[Lot, Ledger]]:
    """Return lots that end together soon, each with two bids of three bidders."""
    scene.both_webs()
    found = []
    ends_at = timezone.now() + timedelta(seconds=2 + number * (1 + 6 * scene.cast.seconds))
    for _lot in range(number):
        starts_at, ledger = timezone.now() - timedelta(minutes=1), Ledger()
        lot, bidders = scene.cast.lot(3, lasts=ends_at - starts_at, **NO_EXTENSION)
        for place, bidder in enumerate(bidders[:2]):
            request = ledger.add(Request(bidder, lot.start_price + place * 50 * WAN))
            at_once(lot, [(request, scene.web(0).address)])
        found.append((lot, ledger))
    return found


@fault("Celery worker and beat killed during close and refund")
def worker_killed(scene: Scene) -> None:
    lots = many_lots(scene, 6)
    forget_queue()
    kills = 0
    for left in (4, 2, 0):
        one, clock = scene.start(worker(scene.house)), scene.start(beat(scene.house))
        until(lambda left=left: len(unclosed(lots)) <= left, "the worker closes lots", 120)
        if left:
            one.kill()
            clock.kill()
            kills += 1
    delivered()
    scene.injected = f"{kills} × SIGKILL of worker and beat amid the close of {len(lots)} lots, started again"
    judged_once(scene, lots)


@fault("a task delivered twice")
def task_twice(scene: Scene) -> None:
    lots = many_lots(scene, 3)
    forget_queue()
    scene.start(worker(scene.house))
    wait_until(lots[-1][0].ends_at + timedelta(milliseconds=200))
    for _time in range(2):
        close_due_lots.delay()
    until(lambda: not unclosed(lots), "the worker closes the lots", 120)
    delivered(times=2)
    scene.injected = "close_due_lots twice at once to two children of a worker; every consequence sent twice"
    judged_once(scene, lots)


def judged_once(scene: Scene, lots: Sequence[tuple[Lot, Ledger]]) -> None:
    """Judge each lot; it was closed once, told once, and only its buyer's deposit is still held."""
    for lot, ledger in lots:
        scene.judge(lot, ledger)
        once(scene, lot)
        entry = Entry.objects.about(lot).filter(kind=Kind.LOT_SOLD).first()
        scene.expect(entry and entry.notices.exists(), f"{lot.number}: nobody was told of its result")


def unclosed(lots: Sequence[tuple[Lot, Ledger]]) -> list[Lot]:
    return list(Lot.objects.filter(pk__in=[lot.pk for lot, _ledger in lots], state__in=["announced", "open"]))


def forget_queue() -> None:
    """Throw away what earlier cases left for workers, and its rows."""
    with redis.from_url(settings.REDIS_URL) as client:
        client.flushall()
    Delivery.objects.all().delete()


def delivered(*, times: int = 1) -> None:
    """Tell what the closes led to, as the sweep of beat does once every pause has passed, until all of it is told."""
    kinds = [Kind.LOT_SOLD, Kind.DEPOSIT_RELEASE_DUE]
    for entry in Entry.objects.filter(kind__in=kinds, recorded_at__gt=timezone.now() - timedelta(minutes=10)):
        plan(entry.pk)

    def told() -> bool:
        waiting = Delivery.objects.filter(done_at=None, entry__kind__in=kinds, consequence__startswith="notices")
        numbers = list(waiting.values_list("pk", flat=True))
        for number in numbers * times:
            carry_out.apply_async([number], queue="default")
        time.sleep(1)
        return not numbers

    until(told, "what follows from the closes is told", 120)


def once(scene: Scene, lot: Lot) -> None:
    """The lot was closed once, told once, and each loser's deposit asked back once."""
    kinds = list(lot.events.filter(kind__in=["closed", "result"]).values_list("kind", flat=True))
    scene.expect(sorted(kinds) == ["closed", "result"], f"{lot.number}: closed as {kinds}")
    sold = Entry.objects.about(lot).filter(kind__in=[Kind.LOT_SOLD, Kind.LOT_UNSOLD]).count()
    scene.expect(sold == 1, f"{lot.number}: its result stands {sold} times in the journal")
    for deposit in Deposit.objects.filter(lot=lot):
        asked = Entry.objects.about(deposit).filter(kind=Kind.DEPOSIT_RELEASE_DUE).count()
        scene.expect(asked == (deposit.state == "release_due"), f"{deposit}: {deposit.state}, asked back {asked} times")
