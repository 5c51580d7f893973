"""Bidders as programs: each a thread with a connection of its own, who repeats a bid until it is decided."""

import contextlib
import http.client
import json
import random
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

from marketplace.auctions import actions
from marketplace.auctions.ladder import least_amount
from marketplace.auctions.models import BidderRegistration, Lot
from marketplace.auctions.receipts import receipt_of
from tests.crowd.ledger import Attempt, Bidder, Ledger, Request
from tests.crowd.processes import until

PATIENCE = 30.0  # seconds a bidder waits for an answer
INSISTS = 60.0  # seconds a bidder repeats a bid that nobody decides


class Line:
    """One connection to a web process, made anew whenever it broke."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.door = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)

    def send(self, path: str, body: bytes, headers: dict[str, str]) -> Attempt:
        """Post once; an answer that does not come back whole is none."""
        attempt = Attempt(sent=time.time(), answered=0)
        try:
            self.door.request("POST", path, body, headers)
            answer = self.door.getresponse()
            attempt.body = json.loads(answer.read())
            attempt.status = answer.status
        except (OSError, http.client.HTTPException, ValueError):
            self.door.close()
        attempt.answered = time.time()
        return attempt

    def bid(self, lot: str, request: Request, **facts: Any) -> Attempt:
        """Send a bid once and note it."""
        body = json.dumps({"amount": request.amount, "confirmed": True} | facts).encode()
        headers = {
            "Authorization": f"Bearer {request.bidder.token}",
            "Idempotency-Key": request.key,
            "Content-Type": "application/json",
        }
        attempt = self.send(f"/api/v1/lots/{lot}/bids", body, headers)
        request.attempts.append(attempt)
        return attempt


class Load:
    """Bidders who outbid each other on one lot until told to stop."""

    def __init__(
        self, lot: Lot, bidders: Sequence[Bidder], addresses: Sequence[str], *, pause: float = 0.05, jump: int = 30
    ) -> None:
        self.lot, self.addresses, self.pause, self.jump = lot, addresses, pause, jump
        self.ledger, self.ends = Ledger(), threading.Event()
        self.price, self.leader, self.highest = lot.price, lot.leader_alias, lot.price or 0
        self.threads = [
            threading.Thread(target=self._bid_on, args=(bidder, number), daemon=True)
            for number, bidder in enumerate(bidders)
        ]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Let everybody finish the bid it is at, and return then."""
        self.ends.set()
        for thread in self.threads:
            thread.join(INSISTS + PATIENCE)
        assert not any(thread.is_alive() for thread in self.threads), "a bidder did not come to an end"

    def until_accepted(self, more: int, seconds: float = 60) -> None:
        """Wait for so many more accepted bids."""
        wanted = self.ledger.accepted + more
        until(lambda: self.ledger.accepted >= wanted, f"{more} more accepted bids", seconds)

    def _bid_on(self, bidder: Bidder, number: int) -> None:
        chance = random.Random(number)
        line_number, lines = number % len(self.addresses), [Line(each) for each in self.addresses]
        self.ends.wait(self.pause * 2 * chance.random())  # a crowd does not begin in one instant
        while not self.ends.is_set():
            if self.leader == bidder.alias and chance.random() < 0.95:
                self.ends.wait(self.pause * (0.5 + chance.random()))
                continue
            request = self.ledger.add(Request(bidder, self._amount(chance)))
            line_number = self._insist(request, lines, line_number)
            self.ends.wait(self.pause * 2 * chance.random())

    def _amount(self, chance: random.Random) -> int:
        """Return an amount: mostly just above whatever was sent so far, else near the price, now and then too low."""
        least = least_amount(self.lot.start_price, self.lot.increment_ladder, self.price)
        if chance.random() < 0.8:
            self.highest = max(least, least_amount(0, self.lot.increment_ladder, self.highest))
            return self.highest
        return least + 1_000_000 * chance.randrange(-1 if chance.random() < 0.25 else 0, self.jump)

    def _insist(self, request: Request, lines: list[Line], number: int) -> int:
        """Repeat a bid under its key, at the next web process each time, until it is decided."""
        end = time.monotonic() + INSISTS
        while time.monotonic() < end:
            attempt = lines[number].bid(self.lot.number, request)
            if attempt.decides:
                self._learn(attempt, request.bidder)
                break
            number = (number + 1) % len(lines)
            time.sleep(0.1)
        return number

    def _learn(self, attempt: Attempt, bidder: Bidder) -> None:
        price = attempt.body.get("amount" if attempt.status == 201 else "price")
        if isinstance(price, int) and price > (self.price or 0):
            self.price = price
            self.leader = bidder.alias if attempt.status == 201 else ""
        elif attempt.body.get("code") == "leads_already":
            self.leader = bidder.alias
        if attempt.body.get("code") in ("ended", "withdrawn"):
            self.ends.set()


def at_once(lot: Lot, sendings: Sequence[tuple[Request, str]], *, at: float | None = None, within: float = 0.0) -> None:
    """Send each request to its address until it is decided.

    All begin in the same instant (`at`: seconds since 1970), or one after the other `within` so many seconds of it.
    """
    barrier = threading.Barrier(len(sendings))

    def send(place: int, request: Request, address: str) -> None:
        line, end = Line(address), time.monotonic() + INSISTS
        with contextlib.suppress(OSError):
            line.door.connect()
        barrier.wait(120)
        if at is not None:
            time.sleep(max(0.0, at + within * place / len(sendings) - time.time()))
        while not line.bid(lot.number, request).decides and time.monotonic() < end:
            time.sleep(0.2)
        line.door.close()

    threads = [threading.Thread(target=send, args=(place, *each), daemon=True) for place, each in enumerate(sendings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(INSISTS + 2 * PATIENCE)


def decided(lot: Lot, ledger: Ledger, bidder: Bidder, row: BidderRegistration, amount: int, *, at: datetime) -> str:
    """Have a bid decided as if it arrived `at`, note it as an answer of the API; return "accepted" or the reason."""
    request, sent = ledger.add(Request(bidder, amount)), time.time()
    told = actions.decide_bid(lot, row, amount=amount, key=request.key, arrived_at=at)
    accepted = told["accepted"]
    body = told | ({"receipt": receipt_of(told)} if accepted else {"code": told["reason"]})
    request.attempts.append(Attempt(sent, time.time(), 201 if accepted else 409, body))
    return "accepted" if accepted else told["reason"]
