"""Many at once: bidders, spectators, reconnects, slow readers."""

import os
import random
import time

from django.utils import timezone

from marketplace.auctions.models import Lot
from tests.crowd.bidders import at_once, decided
from tests.crowd.cast import registrations
from tests.crowd.ledger import Ledger, Request
from tests.crowd.spectators import Seen, Spectators, unlike
from tests.faults.auction.scene import Scene, fault, fresh_connection

WAN = 1_000_000
PAST = 600  # bids before the readers come
# the published target; a machine that cannot hold it is told smaller numbers, and the report says which
BIDDERS = int(os.environ.get("FAULTS_BIDDERS", "500"))
SPECTATORS = int(os.environ.get("FAULTS_SPECTATORS", "3000"))


@fault("500 bidders in the same second with 3,000 spectators")
def everybody_at_once(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(BIDDERS)
    webs, ledger = scene.both_webs(), Ledger()
    steps = sorted(random.Random(1).sample(range(BIDDERS * 2), BIDDERS))
    sendings = [
        (ledger.add(Request(bidder, lot.start_price + 10 * step * WAN)), webs[place % 2])
        for place, (bidder, step) in enumerate(zip(bidders, steps, strict=True))
    ]
    with Spectators(webs[0], lot.number, SPECTATORS) as crowd:
        begun = time.monotonic()
        at_once(lot, sendings, at=time.time() + 3, within=0.9)
        took = time.monotonic() - begun - 3
        fresh_connection()
        lot = Lot.objects.get(pk=lot.pk)
        seen = crowd.until(lot.seq, 60)
    scene.injected = (
        f"{BIDDERS} bidders send one bid in the same second, all decided within {took:.0f} s; "
        f"{seen.clients:,} spectators on one process, {seen.frames:,} frames"
    )
    scene.verdict.violations += unlike(seen, lot.seq, lot.head_hash)
    scene.judge(lot, ledger)


@fault("all streams cut and coming again at once")
def mass_reconnect(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(8)
    readers = SPECTATORS // 3
    with Spectators(scene.web(0).address, lot.number, readers) as crowd, scene.load(lot, bidders, pause=0.3) as load:
        for _time in range(3):
            load.until_accepted(4)
            crowd.cut()
        load.until_accepted(4)
        load.stop()
        fresh_connection()
        lot = Lot.objects.get(pk=lot.pk)
        seen = crowd.until(lot.seq, 60)
    scene.injected = (
        f"3 × {readers:,} lines cut at once, each comes again by Last-Event-ID: {seen.connections:,} in all"
    )
    scene.expect(seen.connections == 4 * readers, f"{seen.connections} connections instead of {4 * readers}")
    scene.verdict.violations += unlike(seen, lot.seq, lot.head_hash)
    scene.judge(lot, load.ledger)


@fault("slow readers")
def slow_readers(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(8)
    web, past = scene.web(0), Ledger()
    rows = registrations(bidders)
    for place in range(PAST):  # so that a first frame is too long for the buffers on the way
        amount = lot.start_price + 20 * place * WAN
        decided(lot, past, bidders[place % 2], rows[place % 2], amount, at=timezone.now())
    lot.refresh_from_db()
    before = web.kilobytes
    with Spectators(web.address, lot.number, 300, slow=150) as crowd, scene.load(lot, bidders, pause=0.2) as load:
        load.until_accepted(40, seconds=120)
        load.stop()
        grown = (web.kilobytes - before) / 1024
        fresh_connection()
        lot = Lot.objects.get(pk=lot.pk)
        quick = _of_the_quick(crowd, lot.seq)
        crowd.read()
        seen = crowd.until(lot.seq)
    scene.injected = (
        f"150 of 300 readers read nothing during 40 of {lot.seq} events, then all; the process grew by {grown:.0f} MB"
    )
    scene.expect(quick.quick == [lot.seq], "those who read waited for those who did not")
    scene.expect(grown < 100, f"the web process grew by {grown:.0f} MB")
    scene.verdict.violations += unlike(seen, lot.seq, lot.head_hash)
    for each in past.requests:
        load.ledger.add(each)
    scene.judge(lot, load.ledger)


def _of_the_quick(crowd: Spectators, seq: int) -> Seen:
    """Return what was seen once those who read know the last event, or after five seconds."""
    end = time.monotonic() + 5
    while (seen := crowd.tell()).quick != [seq] and time.monotonic() < end:
        time.sleep(0.2)
    return seen
