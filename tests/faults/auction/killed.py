"""Processes killed, paused and restarted while bids arrive."""

import time
from contextlib import suppress
from datetime import timedelta

import redis
from django.conf import settings

from marketplace.auctions.models import Lot
from tests.crowd.cast import wait_until
from tests.crowd.processes import until
from tests.crowd.spectators import Spectators, unlike, unrecorded
from tests.faults.auction.dumping import dumped, snapshot
from tests.faults.auction.scene import Scene, fault, fresh_connection, until_database_answers

KILLS = 4
NO_EXTENSION = {"extension_window": timedelta(0), "most_extensions": 0}


@fault("a web worker killed while it takes bids")
def web_worker_killed(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(16)
    web = scene.web(0)
    with scene.load(lot, bidders) as load:
        for _time in range(3):
            load.until_accepted(10)
            web.kill()
            time.sleep(0.3)
            web.start()
        load.until_accepted(10)
    scene.injected = "3 × SIGKILL of one of two web processes amid POSTs, started again"
    scene.judge(lot, load.ledger)


@fault("PostgreSQL killed and started again")
def database_killed(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(16)
    killed = 0
    with Spectators(scene.web(0).address, lot.number, 50) as crowd, scene.load(lot, bidders) as load:
        for _time in range(KILLS):
            load.until_accepted(15)
            killed += scene.house.kill_database()
            time.sleep(0.5)
            scene.house.start_database()
            until_database_answers()
        load.until_accepted(10)
        load.stop()
        fresh_connection()
        lot = Lot.objects.get(pk=lot.pk)
        crowd.connect()
        seen = crowd.until(lot.seq)
        hashes = dict(lot.events.values_list("seq", "hash"))
    scene.injected = f"{KILLS} × SIGKILL of all processes of the server at once ({killed}), recovery, on; 50 spectators"
    scene.verdict.violations += unlike(seen, lot.seq, lot.head_hash) + unrecorded(seen, hashes)
    scene.judge(lot, load.ledger)


@fault("PostgreSQL paused 5 s at the end instant")
def database_paused(scene: Scene) -> None:
    scene.both_webs()
    lot, bidders = scene.cast.lot(16, ends_in=5, **NO_EXTENSION)
    with scene.load(lot, bidders, pause=0.02) as load:
        wait_until(lot.ends_at - timedelta(milliseconds=200))
        with scene.house.paused_database():
            time.sleep(5)
        until(lambda: Lot.objects.get(pk=lot.pk).state in ("sold", "unsold"), "the lot is closed by whoever bids late")
    scene.injected = "SIGSTOP of every process of the server from 0.2 s before the end for 5 s"
    lot = scene.judge(lot, load.ledger)
    late = [
        request for request in load.ledger.requests if request.decision and request.decision.body.get("code") == "ended"
    ]
    scene.expect(late, "nobody bid after the end, so the case showed nothing")
    scene.expect(lot.events.filter(kind="result").count() == 1, "not exactly one result")


@fault("Valkey killed, flushed and started again")
def valkey_killed(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(12)
    with Spectators(scene.web(0).address, lot.number, 100) as crowd, scene.load(lot, bidders) as load:
        load.until_accepted(10)
        scene.house.kill_valkey()
        load.until_accepted(15)
        scene.house.start_valkey()
        load.until_accepted(10)
        with redis.from_url(settings.REDIS_URL) as client, suppress(redis.RedisError):
            client.flushall()
        load.until_accepted(10)
        load.stop()
        fresh_connection()
        lot = Lot.objects.get(pk=lot.pk)
        seen = crowd.until(lot.seq)
    scene.injected = "SIGKILL, 15 bids without it, started, 10 bids, FLUSHALL, 10 bids; 100 spectators all the while"
    scene.verdict.violations += unlike(seen, lot.seq, lot.head_hash)
    scene.judge(lot, load.ledger)


@fault("a long transaction and a dump during bidding")
def dump_during_bidding(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(16)
    with scene.load(lot, bidders) as load:
        load.until_accepted(10)
        with snapshot(lot) as look:
            size = dumped(scene.house)
            load.until_accepted(30)
            scene.verdict.violations += look()
        load.until_accepted(5)
    longest = max(each.answered - each.sent for request in load.ledger.requests for each in request.attempts)
    scene.injected = (
        f"pg_dump of everything ({size / 1e6:.1f} MB) inside a snapshot held over 30 bids; slowest {longest:.1f} s"
    )
    scene.expect(longest < 10, f"a bid took {longest:.1f} s beside the dump")
    scene.judge(lot, load.ledger)
