"""Pages of long lists: each holds what its place in the order says, from whichever end it is read."""

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from marketplace.core import clock
from marketplace.core.paging import page_of, rows_asked
from marketplace.organisations.models import Organisation
from tests.factories.people import organisation

pytestmark = pytest.mark.django_db

ORDERS = [("-id",), ("name", "id"), (F("submitted_at").desc(nulls_last=True), "-id")]


def shown(found, number, **known):
    return list(page_of(found, 2, number, **known))


@pytest.mark.parametrize("order", ORDERS)
def test_every_page_holds_its_slice(order):
    for name in ("甲", "乙", "甲", "丙", "乙", "丁", "甲"):
        organisation(name=name)
    Organisation.objects.filter(name="乙").update(submitted_at=clock.now())
    found = Organisation.objects.order_by(*order)
    whole = list(found)

    pages = [shown(found, number) for number in (1, 2, 3, 4)]

    assert pages == [whole[0:2], whole[2:4], whole[4:6], whole[6:]]
    assert shown(found, 99) == whole[6:]
    assert shown(found, "x") == whole[0:2]
    assert shown(found, 4, count=7) == whole[6:]


def test_a_late_page_is_read_from_the_end():
    for _ in range(7):
        organisation()
    found = Organisation.objects.order_by("id")

    with CaptureQueriesContext(connection) as captured:
        shown(found, 4)

    keys = captured[1]["sql"]
    assert "DESC LIMIT 1" in keys
    assert "OFFSET" not in keys


def test_an_order_that_no_key_ends_is_read_from_its_beginning():
    for _ in range(5):
        organisation(name="同名")

    assert shown(Organisation.objects.order_by("name"), 3) == list(Organisation.objects.order_by("name")[4:])


@pytest.mark.parametrize("asked", ["", "x", "0", "-50", "21", "1000", "５０", " 50"])
def test_rows_that_are_no_choice_are_fifteen(asked):
    assert rows_asked({"rows": asked}) == 15


def test_rows_are_as_chosen():
    assert [rows_asked({"rows": asked}) for asked in ("15", "50", "100")] == [15, 50, 100]
    assert rows_asked({}) == 15
    assert [rows_asked({"rows": asked}, (5, 9)) for asked in ("9", "20")] == [9, 5]
