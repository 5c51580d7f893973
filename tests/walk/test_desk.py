"""The desk of everybody in the market: little is asked for it, and what a pile leaves out would have made no row."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core import clock
from marketplace.desk.collecting import NOUNS, collect
from marketplace.desk.rows import Reader
from marketplace.organisations.models import User

# questions for the rows, who the reader is included: one for all piles, and few for each that is not empty
ASKED = {
    "stranger": 5,
    "institute manager": 34,
    "publisher": 19,
    "enterprise manager": 15,
    "bidder": 6,
    "broker": 7,  # proposals to point out among them
    "officer": 12,
    "registrar": 14,
    "second_reviewer": 11,
    "organiser": 9,
    "auctioneer": 5,
    "finance": 5,
    "editor": 4,
    "liaison": 7,
    "auditor": 3,
    "superuser": 4,
}
ONE_ROW_FOR_ALL = {"User", "TechBroker"}  # piles whose row is made of no record of theirs


def reader_of(world, role):
    return Reader(User.objects.get(pk=world.people[role].pk), None, clock.now())


@pytest.mark.parametrize(("role", "most"), ASKED.items())
def test_a_desk_asks_little(world, role, most):
    collect(reader_of(world, role))  # what the process keeps after a first look is not counted

    with CaptureQueriesContext(connection) as asked:
        reader = reader_of(world, role)
        assert (reader.user.roles, reader.user.member_roles) != (None, None)
        collect(reader)

    assert len(asked) <= most


@pytest.mark.parametrize("role", ASKED)
def test_an_empty_pile_holds_back_no_row(world, role):
    reader = reader_of(world, role)
    piles = [pile for waiting in NOUNS for pile in waiting(reader)]
    empty = [pile for pile in piles if not pile.among.exists() and pile.among.model.__name__ not in ONE_ROW_FOR_ALL]

    assert [row.title for pile in empty for row in pile.rows()] == []
