"""What a case has at hand: the house, its web processes, the cast; and what came of it."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import close_old_connections, connection
from django.db.utils import Error

from marketplace.auctions.models import Lot
from tests.crowd.bidders import Load
from tests.crowd.cast import Cast
from tests.crowd.house import House
from tests.crowd.judge import Verdict, judge
from tests.crowd.ledger import Bidder, Ledger
from tests.crowd.processes import Process, Web, until

Case = Callable[["Scene"], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """One case: what is done to the engine, and whether it takes a few seconds only."""

    name: str
    run: Case
    is_cheap: bool


FAULTS: list[Fault] = []


def fault(name: str, *, cheap: bool = False) -> Callable[[Case], Case]:
    """Enter a case in the list."""

    def enter(case: Case) -> Case:
        FAULTS.append(Fault(name, case, cheap))
        return case

    return enter


@dataclass
class Found:
    """A row of the report."""

    fault: str
    injected: str
    verdict: Verdict
    seconds: float


@dataclass
class Stage:
    """What all cases of a run share."""

    house: House
    cast: Cast = field(default_factory=Cast)
    webs: list[Web] = field(default_factory=list)

    def web(self, number: int) -> Web:
        """Return a running web process; started when it is first wanted, and again where a case left it dead."""
        while len(self.webs) <= number:
            self.webs.append(Web(self.house, f"web{len(self.webs)}"))
        web = self.webs[number]
        if web.process is None or web.process.poll() is not None:
            web.start()
        return web

    def leave(self) -> None:
        for web in self.webs:
            web.stop()


class Scene:
    """One case while it runs."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.house, self.cast = stage, stage.house, stage.cast
        self.verdict, self.injected = Verdict(), ""
        self.processes: list[Process] = []

    def web(self, number: int = 0) -> Web:
        return self.stage.web(number)

    def both_webs(self) -> list[str]:
        """Return the addresses of two running web processes."""
        return [self.web(0).address, self.web(1).address]

    def load(self, lot: Lot, bidders: Sequence[Bidder], *, webs: Sequence[str] = (), **facts: Any) -> Load:
        """Return bidders who use these addresses, or both web processes."""
        return Load(lot, bidders, webs or self.both_webs(), **facts)

    def start(self, process: Process) -> Process:
        """Start a process that ends with the case."""
        process.start()
        self.processes.append(process)
        return process

    def judge(self, lot: Lot, ledger: Ledger) -> Lot:
        """Hold the tables against what the crowd was told; return the lot as it stands."""
        fresh_connection()
        self.verdict += judge(lot, ledger.requests)
        return Lot.objects.get(pk=lot.pk)

    def expect(self, holds: object, otherwise: str) -> None:
        """Note a violation unless something holds."""
        if not holds:
            self.verdict.violations.append(otherwise)

    def leave(self) -> None:
        for process in self.processes:
            process.kill()


def fresh_connection() -> None:
    """Give up a connection that its server may have left."""
    connection.close()


def until_database_answers() -> None:
    """Wait until PostgreSQL takes connections again."""

    def answers() -> bool:
        try:
            connection.close()
            connection.ensure_connection()
        except Error:
            return False
        return True

    until(answers, "PostgreSQL answers")


@contextmanager
def beside(*jobs: Callable[[], object]) -> Iterator[list[object]]:
    """Run jobs in threads of their own, each with a connection of its own; wait for them at the end of the block."""
    results: list[object] = [None] * len(jobs)

    def run(place: int, job: Callable[[], object]) -> None:
        try:
            results[place] = job()
        except Exception as error:  # noqa: BLE001  # the case looks at what each gave
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    yield results
    for thread in threads:
        thread.join(120)


def play(stage: Stage, case: Fault) -> Found:
    """Run one case; what breaks inside it is a violation as well."""
    begun, scene = time.monotonic(), Scene(stage)
    close_old_connections()
    try:
        case.run(scene)
    except Exception as error:  # noqa: BLE001  # the other cases still run, and the report tells it
        scene.verdict.violations.append(f"the case itself failed: {type(error).__name__}: {error}"[:600])
    finally:
        scene.leave()
        fresh_connection()
    return Found(case.name, scene.injected, scene.verdict, time.monotonic() - begun)
