"""One migrated template database for all test runs; each worker copies it in a fraction of a second."""

import hashlib
from importlib.metadata import version
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from cms.bare.locks import alone

ROOT = Path(__file__).resolve().parent.parent


def fingerprint() -> str:
    """Return a name for the present state of the migrations, our own and our dependencies'."""
    digest = hashlib.sha256()
    for package in ("django", "wagtail", "django-allauth", "django-taggit"):
        digest.update(version(package).encode())
    for path in sorted(ROOT.glob("*/migrations/*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def make(own: str) -> None:
    """Create the database `own` and point Django at it."""
    template = f"template_{fingerprint()}"
    home = connection.settings_dict["NAME"]
    with alone(ROOT / "var" / "test" / "template.lock"):
        with _server(home) as server:
            there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone()
        if not there:
            _migrate(home, template)
        with _server(home) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{own}" TEMPLATE "{template}"')
    _use(own)


def _migrate(home: str, template: str) -> None:
    """Make the template under another name, so that half a migration is never taken for a whole one."""
    with _server(home) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{template}_half" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{template}_half"')
    _use(f"{template}_half")
    call_command("migrate", verbosity=0, interactive=False)
    _use(home)
    with _server(home) as server:
        server.execute(f'ALTER DATABASE "{template}_half" RENAME TO "{template}"')
        _forget_older(server, template)


def _forget_older(server: psycopg.Connection, template: str) -> None:
    """Drop templates of former migrations and databases of runs that were killed."""
    names = [row[0] for row in server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%%'")]
    for name in names:
        if name != template:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def copy_of(source: str, name: str) -> None:
    """Create the database `name` as `source` is now; nobody may be connected to it meanwhile."""
    connection.close()
    with _server("postgres") as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


def drop(own: str, home: str) -> None:
    """Remove a worker's database and point Django back."""
    _use(home)
    with _server(home) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')


def _server(home: str) -> psycopg.Connection:
    parameters = {**connection.get_connection_params(), "dbname": home}
    wanted = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if name in parameters}
    return psycopg.connect(**wanted, autocommit=True)
