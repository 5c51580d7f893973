"""Two roles in the database: the owner migrates; web and workers may do all they need, and not rewrite the record.

What no program that faces the net may do, no fault of it can do: change or delete what was recorded, write an event
of a lot by itself, or decide a bid at an instant of its choice (auction-engine.md §2).
"""

from urllib.parse import unquote, urlsplit

from django.db import connection, transaction
from psycopg import sql

WRITTEN_BY_FUNCTIONS = ("marketplace_lotevent", "marketplace_bidanswer", "marketplace_sealedbid")
APPEND_ONLY = (
    "marketplace_entry",
    "marketplace_lotanchor",
    "marketplace_announcementamendment",
    "marketplace_saleconfirmation",
    "marketplace_roomacceptance",
    "marketplace_registerrow",
    "marketplace_coowneranswer",
    *WRITTEN_BY_FUNCTIONS,
)
OWNERS_FUNCTIONS = ("decide_bid", "decide_sealed_bid", "append_lot_event", "write_lot_event")


class NoRole(Exception):
    """The role does not exist and may not be made, or is the owner; the message says what to do."""


def make_web_role(url: str) -> None:
    """Make the role that `url` names, where there is none, and give it its rights. Repeatable after each migration.

    Raises NoRole where the address names no role, the owner itself, or one that this connection may not make.
    """
    parts = urlsplit(url)
    name = unquote(parts.username or "")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        owner, may_make = cursor.fetchone()
        if name in ("", owner):
            raise NoRole(f"DATABASE_WEB_URL must name another role than the owner of the tables ({owner}).")
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        if not cursor.fetchone():
            if not may_make:
                raise NoRole(f"The role {name} does not exist, and {owner} may not make it: CREATE ROLE {name} LOGIN.")
            _execute("CREATE ROLE {} LOGIN", name)
        if parts.password and may_make:
            secret = connection.connection.pgconn.encrypt_password(
                unquote(parts.password).encode(), name.encode(), b"scram-sha-256"
            )
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), secret.decode()))
        grant(name)


def grant(name: str) -> None:
    """Give the role `name` its rights to everything that is there now, and take those it must not have."""
    _execute("GRANT USAGE ON SCHEMA public TO {}", name)
    _execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}", name)
    _execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}", name)
    for table in APPEND_ONLY:
        _execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {{}}", name)
    for table in WRITTEN_BY_FUNCTIONS:
        _execute(f"REVOKE INSERT ON {table} FROM {{}}", name)
    for function in OWNERS_FUNCTIONS:
        _execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC, {{}}", name)


def _execute(text: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(text).format(sql.Identifier(name)))
