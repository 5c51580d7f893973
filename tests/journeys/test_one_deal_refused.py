"""The same chain, refused at each step to everybody who is not the one: nothing moves, nothing is journalled."""

from functools import cache
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from marketplace.core.journal import Entry
from marketplace.core.stateful import Stateful
from marketplace.deals.parts import PriceProposal
from tests.factories.people import sign_in
from tests.journeys.chain import begin
from tests.journeys.wrong_people import LOGIN, STEPS, Step


def kinds_of(model: type[Stateful]) -> list[type[Stateful]]:
    """Return the concrete models below an abstract one."""
    below = [found for each in model.__subclasses__() for found in kinds_of(each)]
    return below if model._meta.abstract else [model, *below]


@cache
def states() -> str:
    """Return the question for the state of every record that has one: it is asked before and after each attempt."""
    asked = []
    for kind in kinds_of(Stateful):
        column = kind._meta.get_field("fate" if kind is PriceProposal else "state")
        key, table = column.model._meta.pk.column, column.model._meta.db_table
        asked.append(f"SELECT '{kind.__name__}', {key}::text, {column.column} FROM {table}")
    return " UNION ALL ".join(asked)


def everything() -> dict[str, Any]:
    """Return the state of every record that has one, and what the journal holds."""
    found: dict[str, Any] = {kind.__name__: [] for kind in kinds_of(Stateful)}
    with connection.cursor() as cursor:
        cursor.execute(states())
        for name, *row in sorted(cursor.fetchall()):
            found[name].append(row)
    return found | {"journal": list(Entry.objects.order_by("pk").values_list("kind", "actor__username"))}


def answer_to(user: Any, address: str, sent: dict[str, Any]) -> tuple[int | str, str]:
    """Return what somebody who posts this is answered: the status or where it leads, and the page."""
    client = Client() if user is None else sign_in(Client(), user)
    response = client.post(address, sent)
    if response.status_code == 302 and response.url.startswith(LOGIN):
        return LOGIN, ""
    if response.status_code == 302:
        response = client.get(response.url)
    return response.status_code, response.content.decode()


def wrong(step: Step, world: Any) -> list[str]:
    """Let everybody of the step try; return what was not as the table says."""
    address, before, found = reverse(step.address, args=step.key(world)), everything(), []
    for who, expected in step.answers.items():
        status, page = answer_to(world.people[who], address, step.sent(world))
        said = expected in page if isinstance(expected, str) and expected != LOGIN else status == expected
        after = everything()
        moved = {name for name in before if before[name] != after[name]}
        if not said or moved:
            found.append(f"{step.arrive.__name__}: {who} at {address} → {status}, moved {moved or 'nothing'}")
        before = after
    return found


@pytest.mark.django_db
def test_the_chain_is_refused_at_each_step_to_whoever_is_not_the_one():
    world, found = begin(), []

    for step in STEPS:
        step.arrive(world)
        found += wrong(step, world)

    assert not found, "\n".join(found)
