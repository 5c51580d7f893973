"""Rebuilds that are asked for: one at a time, seen while they run, and their end is kept."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.roles import Role
from search import documents, rebuilding
from search.engine import Query
from search.engines import get_engine
from search.models import IndexRun
from search.rebuilding import RebuildRunning, ask_for_rebuild, carry_out
from search.visibility import Visibility
from tasks import delivery
from tasks import rebuilding as tasks_rebuilding
from tasks.app import app
from tasks.lag import behind, failed
from tasks.models import Delivery
from tests.factories import people
from tests.marketplace.auctions import making

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def index(tmp_path, settings):
    """An empty embedded index in place of the process's own."""
    settings.SEARCH_DIR = tmp_path / "search"
    engine = get_engine()
    yield engine
    engine.close()


@pytest.fixture
def officer():
    return people.staff(Role.OFFICER)


def public_outcome():
    return making.outcome(published_at=timezone.now(), expires_on="2099-01-01", state="available")


def found():
    return get_engine().search(Query(kind="outcome", visibility=Visibility.public())).total


def test_a_rebuild_that_was_asked_for_is_carried_out_and_told(officer):
    public_outcome()
    run = ask_for_rebuild("outcome", by=officer)
    seen = []

    carry_out(run, between=lambda run: seen.append(IndexRun.objects.get(pk=run.pk).done))

    run.refresh_from_db()
    rows = documents.SOURCES["outcome"].rows().count()
    assert (run.done, run.total, run.error, run.asked_by) == (rows, rows, "", officer)
    assert run.started_at <= run.ended_at
    assert seen == [rows]
    assert found() == rows
    assert Entry.objects.get(kind=Kind.INDEX_REBUILD_ASKED).data == {"index": "outcome"}


def test_a_second_one_is_refused_while_the_first_has_not_ended(officer):
    first = ask_for_rebuild("outcome", by=officer)

    with pytest.raises(RebuildRunning):
        ask_for_rebuild("outcome", by=officer)
    ask_for_rebuild("need", by=officer)
    carry_out(first)
    second = ask_for_rebuild("outcome", by=officer)

    assert IndexRun.objects.filter(kind="outcome").count() == 2
    assert second.ended_at is None


def test_one_that_gives_no_sign_of_life_makes_room(officer):
    with clock.moved_to(clock.now() - rebuilding.SIGN_OF_LIFE - timedelta(seconds=1)):
        lost = ask_for_rebuild("outcome", by=officer)

    again = ask_for_rebuild("outcome", by=officer)
    carry_out(IndexRun.objects.get(pk=lost.pk))  # its message arrives after all

    lost.refresh_from_db()
    assert (lost.error, lost.started_at) == (rebuilding.LOST, None)
    assert IndexRun.objects.get(kind="outcome", ended_at=None) == again


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EDITOR, Role.REGISTRAR])
def test_only_officers_ask(role):
    with pytest.raises(PermissionDenied):
        ask_for_rebuild("outcome", by=people.staff(role))

    assert not IndexRun.objects.exists()


def test_documents_that_fail_are_named_and_the_old_index_stays(officer, monkeypatch):
    outcome = public_outcome()
    carry_out(ask_for_rebuild("outcome", by=officer))
    before = found()
    good = documents.SOURCES["outcome"]
    bad = documents.Source(good.kind, good.model, good.key, good.rows, lambda row: good.build(row) | {"trl": "seven"})
    monkeypatch.setitem(documents.SOURCES, "outcome", bad)
    run = ask_for_rebuild("outcome", by=officer)

    carry_out(run)

    run.refresh_from_db()
    assert outcome.number in [failure["id"] for failure in run.failures]
    assert run.ended_at is not None
    assert run.error
    assert found() == before > 0


def test_the_command_keeps_its_runs_too():
    call_command("rebuild_index", "need")

    run = IndexRun.objects.get()
    assert (run.kind, run.asked_by, run.error) == ("need", None, "")


def test_what_changes_during_a_rebuild_is_indexed_meanwhile(officer, monkeypatch):
    first, late = public_outcome(), public_outcome()
    carry_out(ask_for_rebuild("outcome", by=officer))
    run = ask_for_rebuild("outcome", by=officer)
    entry = Entry.objects.create(kind=Kind.OUTCOME_WITHDRAWN, subject=late, actor=None, recorded_at=clock.now())
    type(late).objects.filter(pk=late.pk).update(state="withdrawn")
    waiting = Delivery.objects.create(entry=entry, consequence="index.index_subject", due_at=clock.now())
    assert behind()["outcome"].changes == 1
    assert behind()["need"].changes == 0

    tasks_rebuilding.rebuild_index(run.pk)

    waiting.refresh_from_db()
    assert waiting.done_at is not None
    assert behind()["outcome"].changes == 0
    assert first.number in [row.number for row in documents.outcomes()]


@pytest.fixture
def eager():
    """Celery carries out at once what it is sent."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_what_was_asked_for_reaches_the_index_worker(officer, eager, django_capture_on_commit_callbacks):
    with delivery.at_once(), django_capture_on_commit_callbacks(execute=True):
        run = ask_for_rebuild("need", by=officer)

    run.refresh_from_db()
    assert (run.error, run.ended_at is not None) == ("", True)
    assert app.amqp.router.route({}, tasks_rebuilding.rebuild_index.name)["queue"].name == "index"


def test_a_change_that_failed_is_named_until_it_is_done(officer):
    outcome = public_outcome()
    entry = Entry.objects.create(kind=Kind.OUTCOME_PUBLISHED, subject=outcome, actor=None, recorded_at=clock.now())
    stuck = Delivery.objects.create(
        entry=entry, consequence="index.index_subject", due_at=clock.now(), attempts=10, error="IndexIncomplete: no"
    )

    assert [each.pk for each in failed()] == [stuck.pk]
    assert behind()["outcome"].since == entry.recorded_at
    delivery.attempt(stuck.pk)

    assert list(failed()) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_the_same_moment_one_is_refused():
    officers, ready, told = [people.staff(Role.OFFICER) for _ in range(2)], threading.Barrier(2), []

    def ask(officer):
        ready.wait()
        try:
            told.append(ask_for_rebuild("outcome", by=officer).asked_by)
        except RebuildRunning:
            told.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told, key=bool)[0] is None
    assert IndexRun.objects.get().asked_by in told
