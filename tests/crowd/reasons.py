"""Whether the reason of each refusal was true at some instant between request and answer (§5, 5 and 8)."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from marketplace.auctions.ladder import least_amount, read_instant
from marketplace.auctions.models import Lot
from tests.crowd.ledger import Attempt, Request

MOST_REFUSED = 20  # in a minute, before what cannot be accepted has to wait


class Reasons:
    """The course of one lot, and the refusals held against it."""

    def __init__(self, lot: Lot, requests: Sequence[Request]) -> None:
        self.lot, self.requests = lot, requests
        self.events = list(lot.events.order_by("seq"))
        # an event may be seen from its decision on, and hides the one before it from its own commit on: that is
        # before its bidder is told, and before the next event is decided, which waits for the lot's lock
        self.seen = [event.decided_at.timestamp() for event in self.events]
        answers = [request.accepted for request in requests if request.accepted]
        self.told = {answer.body["seq"]: answer.answered for answer in answers}
        self.prices: list[int | None] = []
        price = None
        for event in self.events:
            price = event.amount if event.is_bid else price
            self.prices.append(price)

    def untrue(self) -> list[str]:
        """Return a line for each refusal whose reason never held, and for each answer that ought not to be."""
        return [
            f"{self.lot.number}: {request.amount} by {request.bidder.alias} was answered {attempt.status}"
            f" {attempt.body.get('code', '')}: {why}"
            for request in self.requests
            for attempt in request.attempts
            if attempt.status not in (0, 201) and (why := self._why_not(request, attempt))
        ]

    def _why_not(self, request: Request, attempt: Attempt) -> str:
        """Return what is wrong with one refusal, or an empty text."""
        if attempt.status >= 500:
            return "" if attempt.status == 503 else "a fault"
        code = attempt.body.get("code", "")
        check = getattr(self, f"_is_{code}", None)
        if check is None:
            return "an answer nobody expects"
        return "" if check(request, attempt) else "it was not so"

    def _is_too_low(self, request: Request, attempt: Attempt) -> bool:
        told, seq = attempt.body, attempt.body["seq"]
        if seq > len(self.events):
            return False
        least = least_amount(self.lot.start_price, self.lot.increment_ladder, self.prices[seq - 1] if seq else None)
        came = not seq or self.seen[seq - 1] <= attempt.answered
        return came and told["least"] == least and request.amount < least

    def _is_leads_already(self, request: Request, attempt: Attempt) -> bool:
        leads = [(at, event.alias) for at, event in enumerate(self.events) if event.is_bid]
        for (at, alias), (after, _other) in pairwise([*leads, (len(self.events), "")]):
            if alias == request.bidder.alias and self._overlaps(at, after, attempt):
                return True
        return False

    def _overlaps(self, first: int, hidden_by: int, attempt: Attempt) -> bool:
        """Tell whether what held from one event until another could be seen while a request was under way."""
        return self.seen[first] <= attempt.answered and attempt.sent <= self._committed(hidden_by)

    def _committed(self, place: int) -> float:
        """Return the latest instant at which an event was committed, as far as what followed tells."""
        if place >= len(self.seen):
            return math.inf
        later = next((at for at in self.seen[place + 1 :] if at > self.seen[place]), math.inf)
        return min(later, self.told.get(self.events[place].seq, math.inf))

    def _is_ended(self, request: Request, attempt: Attempt) -> bool:
        """Nobody who arrived before the end hears that it is over."""
        arrived = read_instant(attempt.body["arrived_at"])
        return arrived >= self.lot.ends_at and attempt.body["ends_at"] == f"{self.lot.ends_at:%Y-%m-%dT%H:%M:%S.%fZ}"

    def _is_not_open_yet(self, request: Request, attempt: Attempt) -> bool:
        return read_instant(attempt.body["arrived_at"]) < self.lot.starts_at

    def _is_suspended(self, request: Request, attempt: Attempt) -> bool:
        return any(self._overlaps(first, last, attempt) for first, last in self._intervals("suspended", "resumed"))

    def _is_withdrawn(self, request: Request, attempt: Attempt) -> bool:
        return any(self._overlaps(first, last, attempt) for first, last in self._intervals("withdrawn", ""))

    def _intervals(self, begins: str, ends: str) -> Iterator[tuple[int, int]]:
        for at, event in enumerate(self.events):
            if event.kind == begins:
                later = (place for place in range(at, len(self.events)) if self.events[place].kind == ends)
                yield at, next(later, len(self.events))

    def _is_key_reused(self, request: Request, attempt: Attempt) -> bool:
        return any(
            other.key == request.key and other.bidder == request.bidder and other.amount != request.amount
            for other in self.requests
        )

    def _is_refused_too_often(self, request: Request, attempt: Attempt) -> bool:
        """The limit holds up only whom it told no often enough, and only what could not be accepted."""
        before = [
            each
            for other in self.requests
            if other.bidder == request.bidder
            for place, each in enumerate(other.attempts)
            if each.sent < attempt.answered and (400 <= each.status < 500 or place or other.accepted)
        ]
        least = attempt.body.get("least", 0)
        hopeless = request.amount < least or request.accepted is not None or self._is_leads_already(request, attempt)
        closed = self._is_suspended(request, attempt) or self._is_withdrawn(request, attempt)
        return len(before) > MOST_REFUSED and (hopeless or closed or self.lot.ends_at.timestamp() <= attempt.answered)
