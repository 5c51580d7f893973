"""`make bench-auction`: what a bid costs by five ways, contested closes, spectators, and a crowd.

What is told are ratios of one run; the published goals stand beside them. It ends with 1 where a bid was lost,
doubled or wrongly refused; slowness is told and fails nothing, because it is the machine's as well.
"""

import argparse
import sys
from collections.abc import Iterable


def options() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=int, default=6, help="of each way")
    asked.add_argument("--clients", type=int, nargs="+", default=[16, 64])
    asked.add_argument("--closes", type=int, default=40)
    asked.add_argument("--spectators", type=int, default=5000, help="on one process")
    asked.add_argument("--bidders", type=int, default=500, help="of the crowd")
    asked.add_argument("--viewers", type=int, default=3000, help="of the crowd")
    asked.add_argument("--crowd-seconds", type=int, default=60, help="300 for the published target")
    asked.add_argument("--pause", type=float, default=20, help="seconds between two bids of one of the crowd")
    asked.add_argument("--tiny", action="store_true", help="a moment of everything: that it works, nothing else")
    found = asked.parse_args()
    if found.tiny:
        found.seconds, found.clients, found.closes, found.spectators = 0.3, [4], 2, 50
        found.bidders, found.viewers, found.crowd_seconds, found.pause = 8, 50, 2, 0.3
    return found


def say(lines: Iterable[str]) -> None:
    print("\n" + "\n".join(lines), flush=True)


def main() -> int:
    asked = options()
    from tests.crowd.house import house

    with house() as ours:
        return run(ours, asked)


def run(ours, asked: argparse.Namespace) -> int:
    from tests.bench.auction import closes, table, ways
    from tests.crowd.cast import Cast
    from tests.crowd.processes import Web

    say([table.machine()])
    cast, web = Cast(), Web(ours, "bench", DJANGO_SETTINGS_MODULE="tests.bench.auction.settings")
    web.start()
    try:
        bidders = 4 * max(asked.clients)  # so many that nobody is refused twenty times a minute
        hot, other = ways.Hot(cast, bidders), ways.Hot(cast, bidders)
        for clients in asked.clients:
            say(table.of_ways(ways.all_ways(ours, hot, other, web.address, clients, asked.seconds), clients))
        ended = closes.contested(cast, asked.closes)
        say(table.of_closes(ended))
        problems = crowds(ours, asked, cast, web)
    finally:
        web.stop()
    say(problems or ["Nothing lost, nothing doubled, nobody in time refused."])
    return 1 if problems or ended.in_time_refused else 0


def crowds(ours, asked: argparse.Namespace, cast, web) -> list[str]:
    """Measure spectators and the crowd; return what went wrong."""
    from tests.bench.auction import table, watching
    from tests.crowd.processes import Web

    if not asked.tiny:
        web.stop()
        web.start()  # so that its memory is that of a process that has done nothing yet
    watched = watching.watch(cast, web, asked.spectators, 1 if asked.tiny else 30)
    say(table.of_watched(watched))
    second = Web(ours, "bids")
    second.start()
    try:
        crowd = watching.crowd(cast, web, second, asked.bidders, asked.viewers, asked.crowd_seconds, asked.pause)
    finally:
        second.stop()
    say(table.of_crowd(crowd, asked.bidders))
    return watched.problems + crowd.verdict.problems


if __name__ == "__main__":
    sys.exit(main())
