"""A backup is whole or none; what comes back is what was there, and nothing that is there is overwritten."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from cms.bare import backups
from cms.bare.backups import DUMP, SUMS, NoBackup, back_up, bring_back_database, bring_back_files, check, require_empty
from cms.bare.place import Place
from cms.bare.servers import Servers
from marketplace.core import journal
from marketplace.core.journal import Kind
from tests.factories.people import organisation, person

ROOT = Path(__file__).resolve().parent.parent
TABLES = """
    CREATE TABLE django_migrations (app text, name text);
    INSERT INTO django_migrations VALUES ('marketplace', '0002_squashed_0041_gone_since'), ('search', '0001_first');
"""


def address(name):
    return make_conninfo(os.environ["DATABASE_URL"], dbname=name)


@contextmanager
def database(name):
    """Give the address of a new database with nothing in it."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield address(name)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def url(transactional_db):
    """The address of this worker's database, with something in it."""
    house = organisation(name="样例研究所")
    journal.record(Kind.ORGANISATION_VERIFIED, house, by=person())
    return address(connection.settings_dict["NAME"])


@pytest.fixture
def empty():
    with database(f"back_{os.getpid()}") as found:
        yield found


@pytest.fixture(scope="module")
def small():
    """The address of a database with one table of ours."""
    with database(f"small_{os.getpid()}") as found:
        with psycopg.connect(found) as server:
            server.execute(TABLES)
        yield found


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder with uploads and keys, and what no backup holds."""
    folder = tmp_path_factory.mktemp("house") / "var"
    for name, text in {
        "private/2026/合同.pdf": "%PDF",
        "private/2026/SHA256SUMS": "an upload of this name",
        "media/images/a.png": "png",
        "keys/auction.key": "seed",
        "bare.env": "SECRET_KEY=x\n",
        "search/outcome/1": "index",
        "mail/1.log": "mail",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "keys" / "auction.key").chmod(0o600)
    return folder


@pytest.fixture(scope="module")
def original(small, data, tmp_path_factory):
    return back_up(small, data, tmp_path_factory.mktemp("backups"))


@pytest.fixture
def made(original, tmp_path):
    return shutil.copytree(original, tmp_path / "made")


def content(url):
    """Return of each table how many rows it has and a sum of them, and where each sequence stands."""
    with psycopg.connect(url) as server:
        tables = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        asked = sql.SQL("SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t")
        rows = {name: server.execute(asked.format(sql.Identifier(name))).fetchone() for (name,) in tables}
        return rows | dict(server.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall())


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_what_comes_back_is_what_was_there(url, empty, data, tmp_path):
    made = back_up(url, data, tmp_path / "backups")

    check(made)
    bring_back_database(empty, made)
    bring_back_files(made, tmp_path / "new")

    assert content(empty) == content(url)
    assert content(url)["marketplace_organisation"][0] == 1
    assert files(tmp_path / "new") == {
        "private/2026/合同.pdf",
        "private/2026/SHA256SUMS",
        "media/images/a.png",
        "keys/auction.key",
        "bare.env",
    }
    assert (tmp_path / "new/keys/auction.key").stat().st_mode & 0o777 == 0o600
    assert made.stat().st_mode & 0o077 == 0
    with psycopg.connect(empty) as server, pytest.raises(psycopg.Error, match="append"):
        server.execute("DELETE FROM marketplace_entry")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda made: (made / DUMP).write_bytes((made / DUMP).read_bytes()[:-1]), DUMP),
        (lambda made: (made / "keys/auction.key").unlink(), "keys/auction.key"),
        (lambda made: (made / "private/other.pdf").touch(), "private/other.pdf"),
        (lambda made: (made / SUMS).unlink(), "is no backup"),
        (lambda made: (made / "private/2026" / SUMS).write_text("other"), "private/2026/SHA256SUMS"),
    ],
)
def test_a_backup_that_changed_is_refused(made, spoil, words):
    check(made)
    spoil(made)

    with pytest.raises(NoBackup, match=words):
        check(made)


def test_a_backup_of_a_newer_house_is_refused(made, monkeypatch):
    monkeypatch.setattr(backups, "known", lambda: {"marketplace": 1, "search": 1})

    with pytest.raises(NoBackup, match=r"newer house.*marketplace\.0002"):
        check(made)


def test_nothing_that_is_there_is_overwritten(made, small, data):
    with pytest.raises(NoBackup, match="private, media, keys"):
        bring_back_files(made, data)
    with pytest.raises(NoBackup, match="not empty"):
        bring_back_database(small, made)


def test_half_a_backup_is_none(small, empty, data, tmp_path, monkeypatch):
    with pytest.raises(NoBackup, match="nothing to back up"):
        back_up(empty, data, tmp_path / "backups")
    monkeypatch.setattr(backups, "sums_of", lambda _folder: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        back_up(small, data, tmp_path / "backups")

    assert list((tmp_path / "backups").iterdir()) == []


def test_half_a_database_is_none(made, empty):
    dump = (made / DUMP).read_bytes()
    (made / DUMP).write_bytes(dump[: len(dump) - 20])

    with pytest.raises(NoBackup, match="pg_restore failed"):
        bring_back_database(empty, made)

    require_empty(empty)


def said(word, data, **variables):
    """Return the end and the words of a command of a bare machine."""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), **variables}
    words = [sys.executable, "-m", "cms.bare.backups", word]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_commands_say_what_they_lack(tmp_path):
    assert said("backup", tmp_path / "none") == (
        1,
        f"There is no house in {tmp_path / 'none'} yet; make run makes one.\n",
    )
    assert said("restore", tmp_path / "none")[1].startswith("Say which backup")
    assert said("restore", tmp_path / "none", FROM=str(tmp_path))[1].startswith(f"{tmp_path} is no backup")
    assert not (tmp_path / "none").exists()


@pytest.mark.long
def test_a_bare_machine_takes_over_a_backup_and_makes_the_next(url, data, tmp_path):
    made, new = back_up(url, data, tmp_path / "backups"), tmp_path / "new"

    assert said("restore", new, FROM=str(made)) == (
        0,
        "The backup is back. The next start brings it up to this version and builds the index: make run\n",
    )
    code, words = said("backup", new)
    (second,) = (new / "backups").iterdir()
    again = said("restore", new, FROM=str(made))
    servers = Servers(Place(new))
    there = content(servers.place.database_url)
    servers.leave()

    assert (code, str(second) in words) == (0, True)
    assert files(second) == files(made)
    assert again == (1, f"There is a house in {new} already. Move that folder away, or begin anew with make reset.\n")
    assert there == content(url)
