"""Lists, boards, desks and figures ask the database as often over three hundred contracts as over twenty.

Of twenty there are some in each state: a desk asks nothing about a kind of which there is none.

How long they take is told by `make bench-lists`.
"""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core import clock
from tests.bench.lists.growing import grow
from tests.bench.lists.measuring import Asked, Size, table
from tests.bench.lists.pages import Page, clients, pages
from tests.factories.world import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.long]

# as many rows as a reader may choose: more to show, nothing more to ask
LONGER = [
    Page("registrar", f"{reverse('contract-queue')}?rows=100"),
    Page("officer", f"{reverse('board-records', args=['contract-total'])}?period={clock.today().year}&rows=50"),
    Page("officer", f"{reverse('board-records', args=['shared-income'])}?period={clock.today().year}&rows=50"),
]


def asked(world, browsers, *, looks=1):
    """Return {page: its queries at the last of so many looks}, and refuse a page that does not open."""
    found = {}
    for page in [*pages(world), *LONGER]:
        for _look in range(looks):
            cache.clear()  # what is remembered for seconds is asked each time, however long this takes
            with CaptureQueriesContext(connection) as captured:
                assert browsers[page.role].get(page.address).status_code == 200, page
        # the row of a session is written every five minutes, by whichever page comes then
        found[page] = [each["sql"] for each in captured if each["sql"].startswith("SELECT")]
    return found


def test_a_long_register_is_asked_no_more_often_than_a_short_one():
    world = make_world()
    grow(world, 20, 200)
    browsers = clients(world)
    few = asked(world, browsers, looks=2)  # what the process keeps after a first look is not counted

    grow(world, 300, 3000, first=21)
    many = asked(world, browsers)

    more = {page: _new(many[page], few[page]) for page in few if len(many[page]) > len(few[page])}
    assert more == {}
    assert max(len(queries) for queries in many.values()) < 200


def _new(many, few):
    """Return the queries that were not asked before, so that a failure says which."""
    known = [_shape(query) for query in few]
    return [query for query in many if _shape(query) not in known]


def _shape(query):
    return re.sub(r"'[^']*'|[0-9]+|, (?=[0-9')])", "", query)


def test_the_table_tells_ratios_and_marks_what_is_over_the_limit():
    sizes = [Size(10, 100), Size(300, 3000), Size(10_000, 100_000)]
    taken = {10: Asked([9.0, 10.0, 11.0], 8), 300: Asked([10.8, 12.0, 99.0], 8), 10_000: Asked([18.0, 18.0, 18.0], 9)}

    lines = table({Page("officer", "/deals/"): taken}, sizes)

    assert lines[0] == "| page | as | queries | 10, ms | 300 : 10 | 10,000 : 10 | 10,000 : 300 |"
    assert lines[2] == "| `/deals/` | officer | 8 / 9 | 10 | 1.20 | **1.80** | **1.50** |"
