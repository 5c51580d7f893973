"""`make bench-lists`: every list, board, desk and figure over registers of three sizes; medians, as ratios of one run.

Ten contracts, a full page of everything, and ten thousand with a hundred thousand journal entries. A list of ten shows
ten rows where a longer one shows a page of fifteen or fifty: the last column compares pages of the same length.
"""

import argparse
import os

import django


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--contracts", type=int, default=10_000)
    asked.add_argument("--entries", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--only", default="", help="pages whose address has this in it")
    options = asked.parse_args()
    from tests import plugin  # noqa: F401 gives the run its environment and its servers

    django.setup()
    run(options)


def run(options: argparse.Namespace) -> None:
    from django.db import connection

    from tests import databases
    from tests.bench.lists import measuring
    from tests.emptying import keep_shipped_rules
    from tests.factories.world import make_world
    from tests.standing_site import keep_made_site

    home, own = connection.settings_dict["NAME"], f"bench_{os.getpid()}"
    databases.make(own)
    sizes = [measuring.Size(10, 100), measuring.Size(300, 3_000), measuring.Size(options.contracts, options.entries)]
    try:
        keep_shipped_rules()
        keep_made_site()
        found = measuring.measure(make_world(), sizes, options.rounds, only=options.only)
        print("\n".join(measuring.table(found, sizes)))
    finally:
        for name in [own, *(size.database for size in sizes)]:
            databases.drop(name, home)


if __name__ == "__main__":
    main()
