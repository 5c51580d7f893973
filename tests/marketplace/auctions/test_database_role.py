"""Web and workers as the database sees them: a sale goes through, and the record cannot be rewritten."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from cms.database_roles import APPEND_ONLY, NoRole, grant, make_web_role
from marketplace.auctions import actions
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.locking import lot_now
from tests.marketplace.auctions.making import announced_lot, bidder, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_web(db: Any) -> Any:
    """Return a function that puts on the web's role for the rest of the test."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE web_of_the_test")  # goes with the test's transaction
    grant("web_of_the_test")

    def put_on() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE web_of_the_test")

    return put_on


def bid(lot, registration, amount, key):
    return actions.place_bid(
        lot, by=registration.agent, organisation=registration.organisation, amount=amount * WAN, key=key
    )


def test_a_sale_from_the_first_bid_to_the_confirmation_needs_no_more(as_web, django_capture_on_commit_callbacks):
    lot = announced_lot(starts_at=lot_now() - timedelta(hours=1), lasts=timedelta(hours=1, seconds=1))
    first, second, organiser = bidder(lot), bidder(lot), person("organiser")
    as_web()

    with django_capture_on_commit_callbacks(execute=True):
        bid(lot, first, 160, "a")
        bid(lot, second, 165, "b")  # moves the end
        lot.refresh_from_db()
        actions.suspend_lot(lot, by=organiser, ground="fault")
        actions.resume_lot(lot, by=organiser)

    assert lot_problems(lot) == []
    assert [event.kind for event in lot.events.order_by("seq")] == [
        "opened", "bid", "extended", "bid", "extended", "suspended", "resumed",
    ]  # fmt: skip


def test_a_lot_is_closed_and_its_sale_confirmed(as_web):
    lot = announced_lot(starts_at=lot_now() - timedelta(hours=2), lasts=timedelta(hours=1))
    winner = bidder(lot)
    actions.decide_bid(lot, winner, amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    organiser = person("organiser")
    as_web()

    assert actions.close_lot(lot)
    actions.confirm_sale(lot, by=organiser)

    assert lot.state == lot.State.CONFIRMED
    assert lot_problems(lot) == []


def test_the_web_waits_for_the_disk_and_may_bid_so(as_web):
    as_web()

    with connection.cursor() as cursor:
        cursor.execute("SELECT keep_record()")
        cursor.execute(
            "SELECT has_function_privilege('place_bid_and_keep(bigint, bigint, text, bigint, jsonb)', 'EXECUTE')"
        )
        assert cursor.fetchone() == (True,)


REWRITES = {
    "an event changed": "UPDATE marketplace_lotevent SET amount = 1",
    "an event deleted": "DELETE FROM marketplace_lotevent",
    "events cut off": "TRUNCATE marketplace_lotevent",
    "an event written by hand": "INSERT INTO marketplace_lotevent SELECT * FROM marketplace_lotevent",
    "an answer changed": "UPDATE marketplace_bidanswer SET amount = 1",
    "an answer written by hand": "INSERT INTO marketplace_bidanswer SELECT * FROM marketplace_bidanswer",
    "an anchor moved": "UPDATE marketplace_lotanchor SET seq = 1",
    "an anchor deleted": "DELETE FROM marketplace_lotanchor",
    "the journal changed": "UPDATE marketplace_entry SET kind = ''",
    "the journal deleted": "DELETE FROM marketplace_entry",
    "a bid decided at an instant of one's choice": (
        "SELECT decide_bid(1, 1, 'k', 1, 'online', '2020-01-01', '2020-01-01')"
    ),
    "an event appended": "SELECT append_lot_event(1, 'bid', 'online', 'B1', 1, now(), now(), '{}')",
    "an event written": "SELECT write_lot_event(1, 'L', 0, '', 'bid', 'online', 'B1', 1, now(), now(), '{}', NULL)",
    "a bid appended as a step of the sale": "SELECT append_lot_step(1, 'bid', 'online', 'B1', 1, now(), '{}')",
    "a trigger taken away": "DROP TRIGGER lotevent_append_only ON marketplace_lotevent",
    "triggers passed by": "SET session_replication_role = replica",
}


@pytest.mark.parametrize("rewriting", REWRITES)
def test_the_record_cannot_be_rewritten(as_web, rewriting):
    as_web()

    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REWRITES[rewriting])

    assert isinstance(refused.value.__cause__, InsufficientPrivilege)


def test_everything_else_may_be_written(as_web):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT ("
            "has_table_privilege('web_of_the_test', oid, 'SELECT') AND has_table_privilege('web_of_the_test', oid, "
            "'INSERT') AND has_table_privilege('web_of_the_test', oid, 'UPDATE') AND "
            "has_table_privilege('web_of_the_test', oid, 'DELETE'))"
        )
        kept = {row[0] for row in cursor.fetchall()}

    assert kept == set(APPEND_ONLY)


def test_what_triggers_keep_from_everybody_is_kept_from_the_web(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_append_only'")
        assert {row[0] for row in cursor.fetchall()} == set(APPEND_ONLY)


def test_the_role_is_made_with_its_password_and_once(as_web):
    make_web_role("postgresql://maker:letters9@host/marketplace")
    make_web_role("postgresql://maker:letters9@host/marketplace")

    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcanlogin, rolpassword LIKE 'SCRAM-SHA-256$%%' FROM pg_authid WHERE rolname = 'maker'")
        assert cursor.fetchall() == [(True, True)]


@pytest.mark.parametrize("url", ["postgresql://postgres@/marketplace", "postgresql:///marketplace"])
def test_the_owner_cannot_be_the_role_of_the_web(db, url):
    with pytest.raises(NoRole):
        make_web_role(url)
