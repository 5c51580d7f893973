"""How long each page takes over registers of several sizes, asked by turns so that the machine's moods fall on all."""

import os
import statistics
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bench.lists.growing import grow
from tests.bench.lists.pages import Page, clients, pages
from tests.databases import copy_of

LIMIT = 1.3


@dataclass(frozen=True)
class Size:
    """One register: so many contracts and deals each, so many journal entries."""

    contracts: int
    entries: int

    @property
    def database(self) -> str:
        return f"bench_{os.getpid()}_{self.contracts}"


@dataclass
class Asked:
    """What one page took over one size: milliseconds, and how many queries."""

    taken: list[float]
    queries: int = 0

    @property
    def middle(self) -> float:
        return statistics.median(self.taken)

    def times(self, other: "Asked") -> float:
        """Return how many times as long it took as another size, asked a moment before: the median of the pairs."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.taken, other.taken, strict=True))


Found = dict[Page, dict[int, Asked]]


KEPT: dict[str, Any] = {}  # a connection to each database, so that going from one to another costs nothing


def use(name: str) -> None:
    """Go on in another database, by the connection that was opened to it before."""
    KEPT[connection.settings_dict["NAME"]] = connection.connection
    connection.settings_dict["NAME"], connection.connection = name, KEPT.get(name)


def leave() -> None:
    """Close the connections to all databases."""
    for name in list(KEPT):
        use(name)
        connection.close()
    KEPT.clear()


def make(world: SimpleNamespace, sizes: list[Size]) -> None:
    """Copy the world's database for each size, and grow it there; people and their sessions are the same in all."""
    home = connection.settings_dict["NAME"]
    for size in sizes:
        copy_of(home, size.database)
        use(size.database)
        began = time.perf_counter()
        grow(world, size.contracts, size.entries)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")  # as the server does by itself within minutes
        print(
            f"{size.contracts:,} contracts, {size.entries:,} entries: {time.perf_counter() - began:.1f} s", flush=True
        )
        use(home)


def measure(world: SimpleNamespace, sizes: list[Size], rounds: int, *, only: str = "") -> Found:
    """Ask each page in each size, by turns; the first round warms and counts the queries."""
    browsers, found = clients(world), {}
    make(world, sizes)
    home = connection.settings_dict["NAME"]
    for page in (each for each in pages(world) if only in each.address):
        found[page] = {size.contracts: Asked([]) for size in sizes}
    for turn in range(rounds + 1):
        for page, asked in found.items():
            for size in sizes:
                use(size.database)
                _ask(browsers[page.role], page, asked[size.contracts], counts=turn == 0)
    use(home)
    leave()
    return found


def _ask(browser: Client, page: Page, asked: Asked, *, counts: bool) -> None:
    if counts:
        browser.get(page.address)
        with CaptureQueriesContext(connection) as captured:
            browser.get(page.address)
        asked.queries = len(captured)
        return
    began = time.perf_counter()
    answer = browser.get(page.address)
    asked.taken.append((time.perf_counter() - began) * 1000)
    assert answer.status_code == 200, page


def table(found: Found, sizes: list[Size]) -> list[str]:
    """Return the table: queries, the median over the smallest register, and how many times it the others take."""
    small, *others = [size.contracts for size in sizes]
    heads = "".join(f" {size:,} : {small:,} |" for size in others)
    last = f" {others[-1]:,} : {others[0]:,} |" if len(others) > 1 else ""
    lines = [f"| page | as | queries | {small:,}, ms |{heads}{last}", "|---" * (4 + len(others) + bool(last)) + "|"]
    for page, asked in found.items():
        counts = sorted({each.queries for each in asked.values()})
        ratios = [asked[size].times(asked[small]) for size in others]
        ratios += [asked[others[-1]].times(asked[others[0]])] if last else []
        shown = "".join(f" {f'**{ratio:.2f}**' if ratio > LIMIT else f'{ratio:.2f}'} |" for ratio in ratios)
        told = f"`{page.address}` | {page.role} | {' / '.join(map(str, counts))} | {asked[small].middle:.0f}"
        lines.append(f"| {told} |{shown}")
    return lines
