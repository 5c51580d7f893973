"""What one would use instead, with the same texts and questions: SQLite's FTS5, Wagtail, PostgreSQL's trigrams.

Each is a context that loads the texts and gives a function which asks for 20 hits and returns how many it got.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice
from pathlib import Path

import psycopg
from django.db import connection
from django.db.models import Model
from django.utils import timezone
from modelsearch.abstract_models import TextIDGenericRelation
from wagtail.search.backends import get_search_backend
from wagtail.search.index import Indexed, SearchField
from wagtail.search.models import IndexEntry

from cms.bare.place import owner
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome
from tests import databases
from tests.bench.texts import WHOLE_FROM, documents_in

Ask = Callable[[str], int]
BATCH = 1_000
HITS = 20
PROGRAMS = Path("/usr/lib/postgresql")  # where Debian puts them
EXTENSIONS = "/usr/share/postgresql/{}/extension/pg_trgm.control"


class NotHere(Exception):
    """This machine lacks what the comparison needs; the message says what to install."""


@contextmanager
def fts5(texts: Path) -> Iterator[Ask]:
    """SQLite's FTS5 with trigrams, in memory, by BM25. For what is shorter than a trigram it reads everything."""
    base = sqlite3.connect(":memory:")
    base.execute('CREATE VIRTUAL TABLE t USING fts5(title, summary, tokenize="trigram")')
    base.executemany("INSERT INTO t VALUES (?, ?)", ((each["title"], each["summary"]) for each in documents_in(texts)))

    def ask(text: str) -> int:
        words = [f'"{word}"' for word in text.split() if len(word) >= WHOLE_FROM]
        short = [f"%{word}%" for word in text.split() if len(word) < WHOLE_FROM]
        where = (["t MATCH ?"] if words else []) + ["(title LIKE ? OR summary LIKE ?)"] * len(short)
        values = ([" AND ".join(words)] if words else []) + [each for each in short for _ in range(2)]
        order = "ORDER BY bm25(t)" if words else ""
        sql = f"SELECT rowid FROM t WHERE {' AND '.join(where)} {order} LIMIT {HITS}"
        return len(base.execute(sql, values).fetchall())

    try:
        yield ask
    finally:
        base.close()


@contextmanager
def wagtail(texts: Path) -> Iterator[Ask]:
    """Wagtail's database search in a database of its own."""
    home, own = connection.settings_dict["NAME"], f"bench_{os.getpid()}"
    databases.make(own)
    try:
        with wagtail_here(texts) as ask:
            yield ask
    finally:
        connection.close()
        databases.drop(own, home)


@contextmanager
def wagtail_here(texts: Path) -> Iterator[Ask]:
    """Wagtail's search over outcomes, with their summaries, in the database that is open."""
    _write_outcomes(texts)
    backend, model = get_search_backend("wagtail.search.backends.database"), _searched_by_wagtail()
    rebuilder = backend.rebuilder_class(backend.get_index_for_model(model))
    index, rows = rebuilder.start(), model._base_manager.order_by("pk").iterator(BATCH)
    while batch := list(islice(rows, BATCH)):
        index.add_items(model, batch)
    rebuilder.finish()
    connection.cursor().execute("ANALYZE")
    yield lambda text: len(list(backend.search(text, model)[:HITS]))


@cache
def _searched_by_wagtail() -> type[Model]:
    """Return outcomes as Wagtail's search would have them; the site's own are in our index only."""

    class Searched(Indexed, ResearchOutcome):
        search_fields = (SearchField("title", boost=2), SearchField("summary"))

        class Meta:
            proxy = True
            app_label = "bench"

    TextIDGenericRelation(IndexEntry).contribute_to_class(Searched, "index_entries")  # as Wagtail does when it starts
    return Searched


def _write_outcomes(texts: Path) -> None:
    now = timezone.now()
    user = User.objects.create(username="bench", email="bench@example.cn")
    institute = Organisation.objects.create(
        name="样例研究院", kind="institute", uscc="91000000MA0000011X", registered_at=now, state="verified",
        decided_at=now, region="330304",
    )  # fmt: skip
    waiting = documents_in(texts)
    while batch := list(islice(waiting, BATCH)):
        ResearchOutcome.objects.bulk_create(
            ResearchOutcome(
                number=each["id"], title=each["title"], summary=each["summary"], owner=institute, drafted_by=user,
                drafted_at=now, live=False,
            )
            for each in batch
        )  # fmt: skip


@contextmanager
def pg_trgm(texts: Path) -> Iterator[Ask]:
    """PostgreSQL's trigrams in a cluster of its own: each word by ILIKE, ordered by similarity. Raises NotHere."""
    with _cluster(programs()) as address, psycopg.connect(address, autocommit=True) as server:
        server.execute("CREATE EXTENSION pg_trgm")
        server.execute("CREATE TABLE t (id bigserial PRIMARY KEY, words text NOT NULL)")
        with server.cursor().copy("COPY t (words) FROM STDIN") as copy:
            for each in documents_in(texts):
                copy.write_row([f"{each['title']} {each['summary']}"])
        server.execute("CREATE INDEX ON t USING gin (words gin_trgm_ops)")
        server.execute("VACUUM ANALYZE t")

        def ask(text: str) -> int:
            words = [f"%{word}%" for word in text.split()]
            where = " AND ".join(["words ILIKE %s"] * len(words))
            sql = f"SELECT id FROM t WHERE {where} ORDER BY similarity(words, %s) DESC LIMIT {HITS}"
            return len(server.execute(sql, [*words, text]).fetchall())

        yield ask


def programs() -> Path:
    """Return the newest server's programs that have pg_trgm."""
    found = [path.parent for path in PROGRAMS.glob("*/bin/postgres")]
    able = [path for path in found if Path(EXTENSIONS.format(path.parent.name)).exists()]
    if not able:
        raise NotHere("no PostgreSQL server with pg_trgm; Debian: apt-get install postgresql postgresql-contrib")
    return max(able, key=lambda path: int(path.parent.name))


@contextmanager
def _cluster(programs: Path) -> Iterator[str]:
    """A server on a socket in a temporary folder, run by an unprivileged user where root asks; yields its address."""
    account = owner()
    place = Path(tempfile.mkdtemp(prefix="bench-pg-"))
    if account:
        os.chown(place, account["user"], account["group"])
    data, options = str(place / "data"), f"-c listen_addresses= -k {place} -c fsync=off -c full_page_writes=off"

    def run(name: str, *words: str) -> None:
        with (place / "log").open("ab") as log:  # a pipe would stay open as long as the server runs
            subprocess.run(
                [programs / name, "-D", data, *words], cwd="/", check=True, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, user=account.get("user"), group=account.get("group"),
                extra_groups=[] if account else None, env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            )  # fmt: skip

    try:
        run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        run("pg_ctl", "-w", "-o", options, "start")
        try:
            yield f"host={place} user=postgres dbname=postgres"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)
