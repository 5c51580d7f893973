"""A change that is asked for has the working days of a review: in the queue, and on the desks of those who decide."""

from datetime import date, datetime, timedelta

import pytest

from marketplace.contracts.amending import answer_contract_change
from marketplace.contracts.amounts import Item
from marketplace.contracts.changes import ContractChange
from marketplace.contracts.changing import request_contract_change
from marketplace.contracts.dated import RegistrationRule
from marketplace.core import clock
from marketplace.desk.collecting import collect
from marketplace.desk.rows import Reader
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, organisation, person, registered, scan

pytestmark = pytest.mark.django_db
MONDAY = datetime.fromisoformat("2026-06-01T10:00+08:00")
SMALL, LARGE = [Item("开发", 60 * WAN, True)], [Item("开发", 900 * WAN, True)]


def asked(*, items=SMALL, at=MONDAY, **how):
    with clock.moved_to(at):
        contract, manager = registered(**how)
        validity = {"begins_on": contract.begins_on, "ends_on": contract.ends_on}
        request_contract_change(contract, upload=scan(), by=manager, items=items, reasons="补充协议", **validity)
    return contract


def rows(user, contract):
    found = collect(Reader(user, None, clock.now()))
    return [(row.due, row.working_days) for row in found if row.url == f"{contract.get_absolute_url()}#changes"]


def test_a_change_has_the_days_of_a_review_and_of_a_second_one_where_it_is_large():
    small, large = asked(), asked(items=LARGE)
    registrar, second = person("registrar"), person("second_reviewer")

    with clock.moved_to(MONDAY + timedelta(hours=1)):
        assert rows(registrar, small) == rows(second, small) == [(date(2026, 6, 23), 15)]
        assert (rows(registrar, large), rows(second, large)) == ([], [(date(2026, 7, 14), 30)])


def test_a_new_rule_moves_no_change_that_waits():
    contract = asked()
    RegistrationRule.objects.create(kind="usual", holds_from="2026-01-01", days=5, note="五日", source="样例")

    with clock.moved_to(MONDAY + timedelta(hours=1)):
        assert rows(person("registrar"), contract) == [(date(2026, 6, 23), 15)]
    assert asked().changes.get().review_days == 5


def test_days_count_from_the_consent_of_a_buyer_on_the_platform():
    buyer = organisation(kind="enterprise")
    purchaser = person(member_of=buyer, roles=["manager"])
    contract = asked(buyer_uscc=buyer.uscc)
    with clock.moved_to(MONDAY + timedelta(days=3)):
        answer_contract_change(contract, by=purchaser, agrees=True)
        assert rows(person("registrar"), contract) == [(date(2026, 6, 26), 15)]


def test_what_is_over_its_term_is_shown_as_over():
    contract = asked()

    with clock.moved_to(MONDAY + timedelta(days=24)):  # two working days after
        assert rows(person("registrar"), contract) == [(date(2026, 6, 23), -2)]


def test_own_changes_and_those_one_reviewed_first_are_not_on_the_desk():
    seller = organisation()
    own = person("registrar", member_of=seller, roles=[])
    contract, large = asked(seller=seller), asked(items=LARGE)
    second = person("second_reviewer")
    large.first_reviewed_by = second
    large.save(update_fields=["first_reviewed_by"])

    with clock.moved_to(MONDAY + timedelta(hours=1)):
        assert rows(own, contract) == rows(second, large) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_has_the_fewest_days_left_first(client, django_assert_max_num_queries, count):
    large = asked(items=LARGE, at=MONDAY - timedelta(days=7))
    made = [asked(at=MONDAY + timedelta(days=place)) for place in range(count)]
    sign_in(client, person("registrar"))

    with clock.moved_to(MONDAY + timedelta(days=4)):
        client.get("/contracts/queue/?of=changes")
        with django_assert_max_num_queries(22):
            page = client.get("/contracts/queue/?of=changes")

    # asked for a week later, and due before the large one, which has 30 days
    assert [row["change"].contract_id for row in page.context["rows"]] == [*(one.pk for one in made), large.pk]
    assert [row["clock"].limit for row in page.context["rows"]] == [*[15] * count, 30]


def test_it_shows_what_is_over(client):
    asked()
    sign_in(client, person("registrar"))

    with clock.moved_to(MONDAY + timedelta(days=24)):
        page = client.get("/contracts/queue/?of=changes").content.decode()

    assert 'data-tone="stop"' in page
    assert "2026-06-23" in page
    assert ContractChange.objects.get().state == "requested"
