"""One migrated template database for all test runs; each worker copies it in a fraction of a second.

A second embedded server, that of the faults and benchmarks, reads a dump of it: a tenth of what migrating takes.
"""

import hashlib
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from cms.bare.locks import alone
from cms.bare.postgres import binary

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "test"


def fingerprint() -> str:
    """Return a name for the present state of the migrations, our own and our dependencies'."""
    digest = hashlib.sha256()
    for package in ("django", "wagtail", "django-allauth", "django-taggit"):
        digest.update(version(package).encode())
    digest.update(f"{settings.REGION_CODE} {settings.REGION_NAME} {settings.REGION_NAME_EN}".encode())
    for path in sorted(ROOT.glob("*/migrations/*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def make(own: str) -> None:
    """Create the database `own` and point Django at it."""
    home = connection.settings_dict["NAME"]
    with alone(FOLDER / "template.lock"):
        template = _template(home)
        with _server(home) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{own}" TEMPLATE "{template}"')
    _use(own)


def begin() -> None:
    """Begin to migrate, where nobody has yet, while workers load the tests; the first that needs it waits for the rest.

    What goes wrong here goes wrong there again, and is told there.
    """
    if not (FOLDER / f"template_{fingerprint()}.sql").exists():
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.Popen([sys.executable, "-m", "tests.databases"], cwd=ROOT, **quiet)


def _template(home: str) -> str:
    """Return the name of the template, made if need be."""
    template = f"template_{fingerprint()}"
    with _server(home) as server:
        there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone()
    if not there:
        _make_template(home, template)
    return template


def _make_template(home: str, template: str) -> None:
    """Make the template under another name, so that half a migration is never taken for a whole one."""
    with _server(home) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{template}_half" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{template}_half"')
    dump = FOLDER / f"{template}.sql"
    if dump.exists() and _is_embedded():
        _client("psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-f", str(dump), f"{template}_half")
    else:
        _migrate(home, f"{template}_half")
        if _is_embedded():
            _dump(f"{template}_half", dump)
    with _server(home) as server:
        server.execute(f'ALTER DATABASE "{template}_half" RENAME TO "{template}"')
        _forget_older(server, template)


def _migrate(home: str, name: str) -> None:
    _use(name)
    call_command("migrate", verbosity=0, interactive=False)
    _use(home)


def _dump(name: str, dump: Path) -> None:
    for older in FOLDER.glob("template_*.sql*"):
        older.unlink()
    partial = dump.with_suffix(".sql.partial")
    _client("pg_dump", "-f", str(partial), name)
    partial.rename(dump)


def _is_embedded() -> bool:
    """Tell whether the server is one of ours, which all have the same version and the same owner."""
    return Path(str(connection.get_connection_params().get("host", ""))).name.startswith("marketplace-")


def _client(program: str, *words: str) -> None:
    """Run one of PostgreSQL's own programs on the server that Django is connected to."""
    server = ["-h", str(connection.get_connection_params()["host"]), "-U", "postgres"]
    subprocess.run([binary(program), *server, *words], check=True, timeout=120, env={"PATH": os.defpath})


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


if __name__ == "__main__":
    django.setup()
    with alone(FOLDER / "template.lock"):
        _template(connection.settings_dict["NAME"])
