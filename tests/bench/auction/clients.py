"""Many clients for a while: processes with some threads each, as the site has them; what each call took."""

import multiprocessing
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections

PROCESSES = 4
Call = Callable[[], bool]  # makes one call; tells whether the bid was accepted


@dataclass(frozen=True, slots=True)
class Rate:
    """What so many clients got done."""

    seconds: float
    taken: tuple[float, ...]  # milliseconds of each call, in order of size
    accepted: int

    def __add__(self, other: "Rate") -> "Rate":
        taken = tuple(sorted(self.taken + other.taken))
        return Rate(self.seconds + other.seconds, taken, self.accepted + other.accepted)

    @property
    def calls(self) -> float:
        """Return decided calls per second."""
        return len(self.taken) / self.seconds

    @property
    def bids(self) -> float:
        """Return accepted bids per second."""
        return self.accepted / self.seconds

    def at(self, share: float) -> float:
        """Return the milliseconds that this share of the calls took at most."""
        return self.taken[int(share * (len(self.taken) - 1))] if self.taken else 0.0


def measure(make: Callable[[int], Call], clients: int, seconds: float) -> Rate:
    """Let `clients` call for so long; `make(number)` gives each its call.

    Calls that are under way at the end are waited for, and the time of the last is the end: 64 calls of a slow way, got
    done after the end and told as done before, were a fifth of all it did.
    """
    begins = time.time() + 1 + clients / 30  # less than a web process keeps an idle line

    def job(number: int) -> Callable[[], list[tuple[float, float, bool]]]:
        call = make(number)

        def calls() -> list[tuple[float, float, bool]]:
            found = []
            call()  # connects, and loads what a first call loads
            time.sleep(max(0.0, begins - time.time()))
            while time.time() < begins + seconds:
                begun = time.perf_counter()
                accepted = call()
                found.append((time.time(), (time.perf_counter() - begun) * 1000, accepted))
            return found

        return calls

    found = gather(job, clients, seconds)
    lasted = max((ended for ended, _took, _accepted in found), default=begins + seconds) - begins
    taken = tuple(sorted(took for _ended, took, _accepted in found))
    return Rate(lasted, taken, sum(accepted for _ended, _took, accepted in found))


def gather(make: Callable[[int], Callable[[], list[Any]]], clients: int, seconds: float) -> list[Any]:
    """Let each client do its job, in threads of a few processes; return all results together."""
    connections.close_all()
    context, pipes = multiprocessing.get_context("fork"), []
    for process in range(min(PROCESSES, clients)):
        ours, theirs = context.Pipe(duplex=False)
        numbers = range(process, clients, min(PROCESSES, clients))
        context.Process(target=_serve, args=(theirs, make, numbers), daemon=True).start()
        theirs.close()
        pipes.append(ours)
    results: list[Any] = []
    for pipe in pipes:
        assert pipe.poll(seconds + 180), "a client process did not come to an end"
        some, failures = pipe.recv()
        assert not failures, failures[0]
        results += some
    return results


def _serve(pipe: Any, make: Callable[[int], Callable[[], list[Any]]], numbers: range) -> None:
    """Do the jobs of one process, and send what they gave."""
    found: list[Any] = []
    failures: list[str] = []

    def run(number: int) -> None:
        try:
            found.extend(make(number)())
        except Exception:  # noqa: BLE001  # whoever measures is told
            failures.append(traceback.format_exc())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipe.send((found, failures))
    pipe.close()
