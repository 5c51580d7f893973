"""What the crowd sent and what it was told: the one side of every comparison with the tables."""

import threading
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class Bidder:
    """Somebody who may bid on a lot by a program."""

    registration: int
    alias: str
    token: str


@dataclass(slots=True)
class Attempt:
    """One sending of a request; status 0: no answer came back."""

    sent: float  # seconds since 1970, by the clock the database lives by
    answered: float
    status: int = 0
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def decides(self) -> bool:
        """Tell whether the answer says what became of the bid: 5xx and silence do not."""
        return 0 < self.status < 500


@dataclass(slots=True)
class Request:
    """One bid that somebody means: sent under one key until it is decided."""

    bidder: Bidder
    amount: int
    key: str = field(default_factory=lambda: uuid4().hex)
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def decision(self) -> Attempt | None:
        """Return the first answer that decides."""
        return next((each for each in self.attempts if each.decides), None)

    @property
    def accepted(self) -> Attempt | None:
        return next((each for each in self.attempts if each.status == 201), None)


class Ledger:
    """All requests on one lot, from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []

    def add(self, request: Request) -> Request:
        with self._lock:
            self._requests.append(request)
        return request

    @property
    def requests(self) -> list[Request]:
        with self._lock:
            return list(self._requests)

    @property
    def accepted(self) -> int:
        return sum(request.accepted is not None for request in self.requests)
