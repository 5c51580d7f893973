"""Every address × every role: nothing breaks, and nobody gets a page that is not theirs (the table: who_may.py)."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, TestCase
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from tasks import delivery
from tests.factories.people import sign_in
from tests.factories.world import addresses_of, make_world
from tests.who_may import EVERYBODY, WHO_MAY

# Of other houses, without a page of their own here: keys of hardware and sign-in by other providers, which
# settings do not offer; and Wagtail's helpers.
NOT_OFFERED = ("mfa_remove_webauthn", "mfa_edit_webauthn", "openid_connect_", "wagtailcore_", "wagtail_serve")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """One world for all walkers; each leaves it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        with delivery.at_once(), TestCase.captureOnCommitCallbacks(execute=True):
            made = make_world()
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def walker(world: SimpleNamespace) -> Any:
    """Return a function that sends one person's requests and takes back what they did."""

    def start(role: str) -> Any:
        client = Client(raise_request_exception=False)
        if world.people[role] is not None:
            sign_in(client, world.people[role])

        def ask(address: str, method: str = "get") -> Any:
            with transaction.atomic():
                answer = getattr(client, method)(address)
                transaction.set_rollback(True)
            return answer

        return ask

    return start


def patterns(resolver: Any = None, space: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Yield (full name, pattern) of every address that has a name."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each, (*space, *([each.namespace] if each.namespace else [])))
        elif each.name:
            yield ":".join((*space, each.name)), each


def ours() -> list[str]:
    """Return the names of the portal's addresses."""
    names = {name for name, _pattern in patterns() if ":" not in name and not name.startswith("wagtail")}
    return sorted(name for name in names if not name.startswith(NOT_OFFERED))


def test_every_address_has_its_row_in_the_table():
    assert set(ours()) == set(WHO_MAY)


WALKERS = [role for role in EVERYBODY.split(", ") if role != "superuser"]


@pytest.mark.parametrize("role", WALKERS)
def test_everybody_gets_their_pages_and_no_others(world, walker, role):
    ask, wrong = walker(role), {}
    for name in ours():
        answer = ask(reverse(name, kwargs=addresses_of(world).get(name)))
        gets_it = answer.status_code == 200
        if answer.status_code >= 500 or gets_it != (role in WHO_MAY[name]):
            wrong[name] = answer.status_code

    assert wrong == {}
