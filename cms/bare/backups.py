"""`make backup` and `make restore FROM=…`: all that a house cannot make again, in a folder anybody can look into.

A backup is a folder: `database.dump` (pg_dump's own format), the uploads, the keys of sealed bids and, of a bare
machine, its generated settings; `backup.json` says when and of what it was made, `SHA256SUMS` is read by
`sha256sum -c`. Not in it: the index (built anew), Redis (what it was told stands in the database), mails that were
sent. The database is read first: a file is written before the row that names it.

Works on a bare machine, running or not, and with `DATABASE_URL` and `DATA_DIR` of a deployment.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from cms.bare import machine
from cms.bare.house import another_runs
from cms.bare.place import ServerFailed
from cms.bare.postgres import binary

FOLDER = "backups"
DUMP, ABOUT, SUMS = "database.dump", "backup.json", "SHA256SUMS"
UPLOADS = ("private", "media")
KEPT = (*UPLOADS, "keys", machine.STATE, "demo.loaded", "sign-ins.txt")
ROOMS = ("marketplace", "cms", "search", "tasks")
VARIABLES = {"dbname": "PGDATABASE"}  # libpq's name of a word of an address, where it is not PG and the word


class NoBackup(Exception):
    """A backup was not made or not brought back; the message says why."""


def back_up(url: str, data: Path, to: Path) -> Path:
    """Write a backup of a database and the files beside it into a new folder under `to`, and return that folder.

    Half a backup never bears the name of one. Raises NoBackup.
    """
    made_at = datetime.now(UTC)
    whole = to / f"marketplace-{made_at:%Y%m%dT%H%M%SZ}"
    half = whole.with_suffix(".partial")
    half.mkdir(parents=True, mode=0o700)
    try:
        about = {"made_at": made_at.isoformat(timespec="seconds"), "migrations": applied(url)}
        _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={half / DUMP}")
        for name in KEPT:
            _copy(data / name, half / name)
        (half / ABOUT).write_text(json.dumps(about, indent=1) + "\n", "utf-8")
        (half / SUMS).write_text("".join(f"{digest}  {name}\n" for name, digest in sums_of(half).items()), "utf-8")
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    return half.rename(whole)


def check(source: Path) -> None:
    """Raise NoBackup unless a folder is a whole backup, unchanged, and not of a newer house than this one."""
    if not all((source / name).is_file() for name in (DUMP, ABOUT, SUMS)):
        raise NoBackup(f"{source} is no backup: {DUMP}, {ABOUT} or {SUMS} is not in it.")
    noted = (line.split("  ", 1) for line in (source / SUMS).read_text("utf-8").splitlines())
    wanted = {name: digest for digest, name in noted}
    found = sums_of(source)
    if wrong := sorted(name for name in wanted | found if wanted.get(name) != found.get(name)):
        raise NoBackup(f"The backup is not as it was made; changed, missing or added: {', '.join(wrong[:5])}")
    here = known()
    for name in json.loads((source / ABOUT).read_text("utf-8"))["migrations"]:
        room, number = _numbered(name)
        if number > here[room]:
            raise NoBackup(f"The backup is of a newer house than this one, which does not know {name}. Update first.")


def bring_back_files(source: Path, data: Path) -> None:
    """Copy the files of a backup into a data folder that has none of them. Raises NoBackup."""
    if there := [name for name in (*UPLOADS, "keys", machine.STATE) if _holds_something(data / name)]:
        raise NoBackup(
            f"{data} holds data already ({', '.join(there)}). Restore into an empty folder, or move it away."
        )
    for name in KEPT:
        _copy(source / name, data / name)


def bring_back_database(url: str, source: Path) -> None:
    """Read the database of a backup into one that is empty; all of it or nothing. Raises NoBackup."""
    require_empty(url)
    words = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run(url, "pg_restore", *words, f"--dbname={conninfo_to_dict(url)['dbname']}", str(source / DUMP))


def require_empty(url: str) -> None:
    with psycopg.connect(url) as server:
        (tables,) = server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() or (0,)
    if tables:
        raise NoBackup("The database is not empty. A backup is read into an empty one only.")


def applied(url: str) -> list[str]:
    """Return the steps of our own migrations a database has taken, as room.name."""
    with psycopg.connect(url) as server:
        if server.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            raise NoBackup("The database is empty; there is nothing to back up.")
        rows = server.execute("SELECT app, name FROM django_migrations WHERE app = ANY(%s)", [list(ROOMS)]).fetchall()
    return sorted(f"{room}.{name}" for room, name in rows)


def known() -> dict[str, int]:
    """Return the number of the newest of our own migrations, by room.

    Numbers, not names: a step that stood for others is gone once a later one stands for more.
    """
    return {
        room: max(int(path.name[:4]) for path in (machine.ROOT / room / "migrations").glob("[0-9]*.py"))
        for room in ROOMS
    }


def _numbered(name: str) -> tuple[str, int]:
    room, _, step = name.partition(".")
    return room, int(step[:4])


def sums_of(folder: Path) -> dict[str, str]:
    """Return {name: SHA-256 in hex} of the files of a backup, but for the list of sums itself."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / SUMS)
    found = {}
    for path in files:
        with path.open("rb") as content:
            found[path.relative_to(folder).as_posix()] = hashlib.file_digest(content, "sha256").hexdigest()
    return found


def _holds_something(path: Path) -> bool:
    return any(each.is_file() for each in path.rglob("*")) if path.is_dir() else path.exists()


def _copy(source: Path, to: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, to, dirs_exist_ok=True)
    elif source.exists():
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, to)


def _run(url: str, program: str, *words: str) -> None:
    """Run one of PostgreSQL's programs; the address goes by the environment, where no other user reads it."""
    facts = {VARIABLES.get(word, f"PG{word.upper()}"): str(value) for word, value in conninfo_to_dict(url).items()}
    done = subprocess.run(
        [binary(program), *words], env={**os.environ, **facts}, text=True, capture_output=True, check=False
    )
    if done.returncode:
        raise NoBackup(f"{program} failed:\n{done.stderr.strip()[-800:]}")


def _size(folder: Path) -> str:
    return f"{sum(path.stat().st_size for path in folder.rglob('*') if path.is_file()) / 1_000_000:,.1f} MB"


def backup(data: Path) -> None:
    if machine.is_bare():
        if not (data / machine.STATE).exists():
            raise NoBackup(f"There is no house in {data} yet; make run makes one.")
        machine.settle()
    made = back_up(os.environ["DATABASE_URL"], data, Path(os.environ.get("TO") or data / FOLDER).resolve())
    print(f"{made} ({_size(made)}). It holds confidential papers and keys: keep it where only the district reads it.")
    print(f"To bring it back into an empty house: make restore FROM={made}")


def restore(data: Path) -> None:
    if not os.environ.get("FROM"):
        raise NoBackup("Say which backup: make restore FROM=var/backups/marketplace-…")
    if another_runs(data):
        raise NoBackup("The house is running. Stop it first: make stop")
    source = Path(os.environ["FROM"]).resolve()
    check(source)
    if not machine.is_bare():
        require_empty(os.environ["DATABASE_URL"])
    elif (data / "postgres").exists():
        raise NoBackup(f"There is a house in {data} already. Move that folder away, or begin anew with make reset.")
    bring_back_files(source, data)
    if machine.is_bare():
        machine.settle()
    try:
        bring_back_database(os.environ["DATABASE_URL"], source)
    except NoBackup as why:
        raise NoBackup(f"{why}\nOnly the files are back. Empty {data} (make reset), and restore again.") from why
    print("The backup is back. The next start brings it up to this version and builds the index: make run")


def main(command: str) -> int:
    try:
        {"backup": backup, "restore": restore}[command](machine.data_dir())
    except (NoBackup, ServerFailed, OSError, psycopg.Error) as why:
        print(why, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
