"""`make bench-search`: search, suggestions, matching, updates and a rebuild on 100,000 made-up outcomes.

The same texts and questions go to SQLite's FTS5 with trigrams, to Wagtail's database search and, where a server with
pg_trgm is at hand, to PostgreSQL's trigrams. With ELASTICSEARCH_URL set, or `--elasticsearch` for the server the tests
use, Elasticsearch is measured as the embedded engine is. What is told are ratios of one run, and the targets beside
the figures of this machine.
"""

import argparse
import os
import tempfile
from pathlib import Path

import django


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--documents", type=int, default=100_000)
    asked.add_argument("--elasticsearch", action="store_true")
    options = asked.parse_args()
    from tests import plugin  # noqa: F401 gives the run its environment and its servers

    django.setup()
    from tests.bench.comparison import compare  # not before: it imports models

    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        wanted = options.elasticsearch or bool(os.environ.get("ELASTICSEARCH_URL"))
        compare(Path(place) / "texts.jsonl", options.documents, elasticsearch=wanted)


if __name__ == "__main__":
    main()
