"""One bid by five ways on one hot lot: the SQL function alone, our action, the ORM, our HTTP bid, an empty POST."""

import os
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.db import connection
from psycopg.adapt import Dumper

from cms.bare.postgres import binary
from marketplace.auctions import actions
from marketplace.auctions.saying_no import BidRefused
from tests.bench.auction import plain
from tests.bench.auction.clients import Call, Rate, measure
from tests.crowd.bidders import Line
from tests.crowd.cast import Cast, registrations
from tests.crowd.house import House
from tests.crowd.ledger import Bidder, Request

TURNS = 3
LADDER = [{"from": 0, "step": 1}]  # so that amounts may follow the clock, and nearly every bid can be accepted


class Hot:
    """A lot everybody bids on; amounts rise with the clock, a fen each microsecond."""

    def __init__(self, cast: Cast, bidders: int) -> None:
        self.lot, self.bidders = cast.lot(bidders, increment_ladder=LADDER, lasts=timedelta(hours=3))
        self.rows = registrations(self.bidders)
        self.begun = time.time_ns() // 1000
        actions.open_lot(self.lot)

    def amount(self) -> int:
        return self.lot.start_price + time.time_ns() // 1000 - self.begun

    def pick(self, number: int) -> Callable[[], int]:
        """Return a function that gives client `number` one of its bidders at a time."""
        chance, own = random.Random(number), range(number % len(self.bidders), len(self.bidders), 16)
        return lambda: chance.choice(own)


class Late(int):
    """An amount that is read off the clock when it is sent to the database: no client overtakes another."""


def late(hot: Hot) -> Late:
    """Return such an amount for the connection of this thread."""

    class AtTheClock(Dumper):
        def dump(self, obj: Late) -> bytes:
            return str(hot.amount()).encode()

    connection.ensure_connection()
    connection.connection.adapters.register_dumper(Late, AtTheClock)
    return Late(hot.amount())


def by_action(hot: Hot) -> Callable[[int], Call]:
    """Bid by the action of the house, with its rule, its receipt and its wake-up."""

    def make(number: int) -> Call:
        pick, amount = hot.pick(number), late(hot)

        def call() -> bool:
            row = hot.rows[pick()]
            try:
                actions.place_bid(hot.lot, by=row.agent, organisation=row.organisation, amount=amount, key=uuid4().hex)
            except BidRefused:
                return False
            return True

        return call

    return make


def by_orm(hot: Hot) -> Callable[[int], Call]:
    """Bid the plain way."""

    def make(number: int) -> Call:
        pick = hot.pick(number)
        return lambda: plain.place_bid(hot.lot.pk, hot.rows[pick()].pk, hot.amount, uuid4().hex)

    return make


def by_http(hot: Hot, address: str) -> Callable[[int], Call]:
    """Bid by the interface for programs."""

    def make(number: int) -> Call:
        pick, line = hot.pick(number), Line(address)

        def call() -> bool:
            attempt = line.bid(hot.lot.number, Request(hot.bidders[pick()], hot.amount()))
            if attempt.status == 0:  # the server closed a line that was idle
                attempt = line.bid(hot.lot.number, Request(hot.bidders[pick()], hot.amount()))
            assert attempt.status in (201, 409), (attempt.status, attempt.body)
            return attempt.status == 201

        return call

    return make


def by_nothing(bidders: Sequence[Bidder], address: str) -> Callable[[int], Call]:
    """Post the same request to an address that only asks who sends it."""

    def make(number: int) -> Call:
        line, chance = Line(address), random.Random(number)

        def call() -> bool:
            bidder = chance.choice(bidders)
            headers = {"Authorization": f"Bearer {bidder.token}", "Content-Type": "application/json"}
            headers["Idempotency-Key"] = uuid4().hex
            body = b'{"amount": 1234567890, "confirmed": true}'
            attempt = line.send("/api/bench/empty", body, headers)
            if attempt.status == 0:
                attempt = line.send("/api/bench/empty", body, headers)
            assert attempt.status == 200, (attempt.status, attempt.body)
            return True

        return call

    return make


SCRIPT = """\
\\set place random(0, {most})
CALL place_bid_and_keep({lot}, (ARRAY{rows})[1 + (:client_id + 16 * :place) % {number}], gen_random_uuid()::text,
    {start} + (extract(epoch FROM clock_timestamp()) * 1000000)::bigint - {begun}, NULL);
"""


def raw(house: House, hot: Hot, clients: int, seconds: float) -> Rate:
    """Call the function itself by pgbench, with prepared statements; for a second at least."""
    seconds = max(1, round(seconds))
    bids = hot.lot.events.filter(kind="bid").count()
    numbers, first = [row.pk for row in hot.rows], hot.lot
    words = SCRIPT.format(
        lot=first.pk, rows=numbers, number=len(numbers), most=len(numbers) // 16, start=first.start_price,
        begun=hot.begun,
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="pgbench-") as folder:
        script = Path(folder) / "bid.sql"
        script.write_text(words)
        command = [binary("pgbench"), "-h", str(house.place.sockets), "-U", "postgres", "-n", "-M", "prepared", "-l"]
        command += ["-c", str(clients), "-j", "2", "-T", str(seconds), "-f", str(script), house.database]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, env={"PATH": os.defpath})
        logs = [line.split() for log in Path(folder).glob("pgbench_log.*") for line in log.read_text().splitlines()]
    ended = [int(words[4]) + int(words[5]) / 1_000_000 for words in logs]
    taken = [int(words[2]) / 1_000_000 for words in logs]
    lasted = max(ended) - min(end - took for end, took in zip(ended, taken, strict=True))  # as `measure` counts it
    milliseconds = tuple(sorted(took * 1000 for took in taken))
    return Rate(lasted, milliseconds, hot.lot.events.filter(kind="bid").count() - bids)


def all_ways(house: House, hot: Hot, other: Hot, address: str, clients: int, seconds: float) -> dict[str, Rate]:
    """Measure all ways by turns, so that what else the machine does meets each of them alike.

    The plain way has a lot of its own, whose record it leaves unsound.
    """
    ways: dict[str, Callable[[float], Rate]] = {
        "raw function": lambda some: raw(house, hot, clients, some),
        "our action": lambda some: measure(by_action(hot), clients, some),
        "plain ORM": lambda some: measure(by_orm(other), clients, some),
        "HTTP bid": lambda some: measure(by_http(hot, address), clients, some),
        "empty POST": lambda some: measure(by_nothing(hot.bidders, address), clients, some),
    }
    found = {name: Rate(0, (), 0) for name in ways}
    for some in turns(seconds):
        for name, way in ways.items():
            found[name] += way(some)
    return found


def turns(seconds: float) -> list[float]:
    """Return how long each turn takes: whole seconds, as pgbench wants them, unless there is not even one."""
    if seconds < 1:
        return [seconds]
    each, left = divmod(int(seconds), TURNS)
    return [each + (turn < left) for turn in range(min(TURNS, int(seconds)))]
