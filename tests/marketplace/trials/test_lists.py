"""Lists of the pool and of trials: filtered, taken away, and as quick when they are longer."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories.asking import queries_of
from tests.factories.people import sign_in
from tests.marketplace.matching.factories import enterprise, member, outcome, person
from tests.marketplace.trials.factories import insured, requested, running_trial

pytestmark = pytest.mark.django_db


def client_of(user):
    return sign_in(Client(), user)


@pytest.mark.parametrize(("kind", "says"), [("enterprise", "选择想试用的成果"), ("institute", "单位没有入库成果")])
def test_an_empty_pool_says_where_the_offers_are(kind, says):
    home = enterprise() if kind == "enterprise" else outcome().owner
    page = client_of(member(home)).get(reverse("pool-list"))

    assert says in page.content.decode()
    assert f'href="{reverse("outcome-list")}?trial_first=yes"' in page.content.decode()
    assert not page.context["rows"]


def test_the_ledger_is_filtered_and_taken_away_as_it_is_filtered():
    first, second = running_trial().trial, requested().trial
    officer = client_of(person("officer"))

    everything = officer.get("/trials/").context["page_obj"].paginator.count
    narrowed = officer.get("/trials/", {"state": "trial_running"})
    sheet = load_workbook(BytesIO(officer.get("/trials/export/", {"state": "trial_running"}).content)).active

    assert (everything, [row[0] for row in narrowed.context["rows"]]) == (2, [first])
    lines = list(sheet.values)
    assert [line[0] for line in lines[1:]] == [first.number]
    assert lines[1][4] == first.enterprise.name
    own = client_of(member(second.enterprise)).get("/trials/").context["rows"]
    assert [row[0] for row in own] == [second]


def test_a_day_that_is_none_narrows_nothing_and_says_so():
    requested()

    page = client_of(person("officer")).get("/trials/", {"since": "2026-13-40", "state": "no such"})

    assert page.status_code == 200
    assert len(page.context["rows"]) == 1


@pytest.mark.parametrize("address", ["/trials/", "/trials/export/?format=csv", "/pool/"])
def test_a_longer_list_asks_no_more(address):
    reader = client_of(person("auditor"))
    running_trial()
    one = queries_of(reader, address)

    for _ in range(3):
        insured()

    assert queries_of(reader, address) <= one
