"""Spectators on one web process: how late frames come and what each holds; and a crowd that bids meanwhile."""

import time
from dataclasses import dataclass

from django.db import connection

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import Lot
from tests.crowd.bidders import Load
from tests.crowd.cast import Cast, registrations
from tests.crowd.judge import Verdict, judge
from tests.crowd.processes import Web
from tests.crowd.spectators import Seen, Spectators, unlike


@dataclass(frozen=True, slots=True)
class Watched:
    """What spectators saw and cost."""

    seen: Seen
    kilobytes: float  # of the web process for each of them
    problems: list[str]


@dataclass(frozen=True, slots=True)
class Crowded:
    """What came of a crowd: its bids, in milliseconds where they were accepted, and its spectators."""

    seconds: float
    verdict: Verdict
    seen: Seen
    taken: tuple[float, ...]

    def at(self, share: float) -> float:
        return self.taken[int(share * (len(self.taken) - 1))] if self.taken else 0.0


def watch(cast: Cast, web: Web, spectators: int, bids: int, pause: float = 0.5) -> Watched:
    """Let so many read one lot of one process while it is bid on."""
    lot, bidders = cast.lot(2)
    rows = registrations(bidders)
    with Spectators(web.address, lot.number, 1):  # whatever the first stream loads is not counted for the others
        before = web.kilobytes
    with Spectators(web.address, lot.number, spectators) as crowd:
        for place in range(bids):
            row = rows[place % 2]
            amount = lot.start_price + 10 * place * WAN
            actions.place_bid(lot, by=row.agent, organisation=row.organisation, amount=amount, key=str(place))
            time.sleep(pause)
        lot.refresh_from_db()
        seen = crowd.until(lot.seq)
        held = web.kilobytes - before
    return Watched(seen, held / spectators, unlike(seen, lot.seq, lot.head_hash))


def crowd(cast: Cast, streams: Web, bids: Web, bidders: int, spectators: int, seconds: float, pause: float) -> Crowded:
    """Let bidders outbid each other, each about every `pause` seconds, before so many spectators."""
    lot, everybody = cast.lot(bidders)
    with (
        Spectators(streams.address, lot.number, spectators) as readers,
        Load(lot, everybody, [bids.address], pause=pause) as load,
    ):
        time.sleep(seconds)
        load.stop()
        connection.close()
        lot = Lot.objects.get(pk=lot.pk)
        seen = readers.until(lot.seq)
    verdict = judge(lot, load.ledger.requests)
    verdict.violations += unlike(seen, lot.seq, lot.head_hash)
    accepted = [request.accepted for request in load.ledger.requests if request.accepted]
    return Crowded(seconds, verdict, seen, tuple(sorted((each.answered - each.sent) * 1000 for each in accepted)))
