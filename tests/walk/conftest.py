"""One market for all walks, and people who go through it without leaving a trace."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, TestCase
from django.test.utils import override_settings

from cms import errors, urls
from marketplace.organisations import acting
from tasks import delivery
from tests.factories.people import sign_in
from tests.factories.world import make_world
from tests.walk.fingerprint import fingerprint, writes, written_between
from tests.walk.nonsense import NonsenseHandler


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[SimpleNamespace]:
    """One world for all walkers, in an index of its own; each leaves it as it was."""
    own_index = override_settings(SEARCH_DIR=tmp_path_factory.mktemp("search"))
    with own_index, django_db_blocker.unblock(), transaction.atomic():
        with delivery.at_once(), TestCase.captureOnCommitCallbacks(execute=True):
            made = make_world()
        connection.run_on_commit = []  # carried out; each rollback to a savepoint would look through all of them
        connection.check_constraints()  # by now, or each rollback would look through all that waits for the end
        yield made
        transaction.set_rollback(True)


def keep_place() -> None:
    """Name the state every request of a walker begins in: going back to it leaves the name, as often as one likes."""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT walker")


@contextmanager
def undone() -> Iterator[None]:
    """Go back to the state the walker began in: one statement, where an atomic block of its own takes three."""
    try:
        yield
    finally:
        connection.needs_rollback, connection.run_on_commit = False, []
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK TO SAVEPOINT walker")


READ_ANYWHERE = frozenset(["lang"])


class Remembering(NonsenseHandler):
    """Asks for the person, and what they may, once: what a request changes in it is undone, and every one would ask."""

    person: Any = None

    def get_response(self, request: Any) -> Any:
        if self.person is not None and settings.SESSION_COOKIE_NAME in request.COOKIES:
            request._cached_user = copy.copy(self.person)
        return super().get_response(request)


def ask_once(person: Any) -> None:
    """Have a person know their roles, their permissions and how they read the admin: each copy knows the same."""
    person.roles  # noqa: B018  # are asked for here, as is what follows
    person.get_all_permissions()
    hasattr(person, "wagtail_userprofile")


def remembered(organisations_of: Callable[[Any], list[Any]]) -> Callable[[Any], list[Any]]:
    """Return the same for the organisations of a person, each time anew as a row that is read."""
    known: dict[int, tuple[list[Any], Any]] = {}

    def found(user: Any) -> list[Any]:
        if user.pk not in known:
            known[user.pk] = (organisations_of(user), user.member_roles)
        organisations, user.member_roles = known[user.pk]
        return [copy.copy(each) for each in organisations]

    return found


class Walker:
    """One person's browser: every request starts from the same world and the same session."""

    def __init__(self, user: Any, *, factor: bool | None = None) -> None:
        self.client = Client(raise_request_exception=False)
        self.client.handler = Remembering(enforce_csrf_checks=False)
        if user is not None:
            sign_in(self.client, user, factor=factor)
            self.client.handler.person = type(user).objects.get(pk=user.pk)
            ask_once(self.client.handler.person)
        self.jar = copy.deepcopy(self.client.cookies)
        self.standing, self.written = fingerprint(), writes()
        keep_place()

    def get(self, address: str, *, notes_changes: bool = False, **facts: Any) -> Any:
        """Return the answer; where it is asked for, with the names of the tables that reading changed as `changed`."""
        return self._send("get", notes_changes, address, **facts)

    def words_read(self, address: str) -> frozenset[str]:
        """Return the words a page looks for behind the question mark, other than those every page looks for."""
        self.client.handler.read = set()
        try:
            self.get(address)
            return frozenset(self.client.handler.read - READ_ANYWHERE)
        finally:
            self.client.handler.read = None

    def post(self, address: str, data: Any = None, **facts: Any) -> Any:
        """Return the answer, with the names of the tables it changed as `changed`."""
        return self._send("post", True, address, data or {}, **facts)

    def reads_body(self, address: str) -> bool:
        """Tell whether a form sent to this address is looked at at all."""
        self.client.handler.body_read = False
        self.post_nonsense(address, "no-such-choice")
        return self.client.handler.body_read

    def post_nonsense(self, address: str, thing: str) -> Any:
        """Return the answer to a form in which every field that is asked for holds `thing`."""
        self.client.handler.thing = thing
        try:
            return self.post(address)
        finally:
            self.client.handler.thing = None

    def _send(self, method: str, notes_changes: bool, *words: Any, **facts: Any) -> Any:
        with undone():
            answer = getattr(self.client, method)(*words, **facts)
            if notes_changes:
                before, self.written = self.written, writes()
                written = written_between(before, self.written) if before != self.written else []
                answer.changed = self._changed(written) if written else set()
        if answer.cookies:
            self.client.cookies = copy.deepcopy(self.jar)
        if settings.SESSION_COOKIE_NAME in answer.cookies or answer.status_code == 429:
            cache.clear()  # the rollback does not reach it: sessions, counted attempts
        return answer

    def _changed(self, written: list[str]) -> set[str]:
        """Return those of these tables that are not as they were: what was written may be undone already."""
        return {table for table, rows in fingerprint(written).items() if rows != self.standing[table]}


@pytest.fixture
def visit(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Walker]:
    """Return a function that gives the browser of one role, signed in with its second factor."""
    monkeypatch.setattr(acting, "_my_organisations", remembered(acting._my_organisations))
    return lambda role: Walker(world.people[role])


@pytest.fixture
def short_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer refusals without their page: those who see everything and those who see least have seen it."""
    for status in (403, 404):
        plain = lambda request, exception, status=status: HttpResponse(status=status)  # noqa: E731
        monkeypatch.setattr(urls, f"handler{status}", plain, raising=False)
    not_this_way = lambda request, allowed: HttpResponse(status=405, headers={"Allow": allowed})  # noqa: E731
    monkeypatch.setattr(errors, "wrong_method", not_this_way)
