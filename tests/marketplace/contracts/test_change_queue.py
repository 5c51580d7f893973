"""Changes of registered contracts that wait for the register: in its queue, the fewest working days left first."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.contracts.actions import register_contract
from marketplace.contracts.amending import answer_contract_change
from marketplace.contracts.changing import grant_contract_change, refuse_contract_change
from marketplace.contracts.correcting import correct_line_item
from marketplace.core import clock
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, number_of, organisation, person, registered, submitted
from tests.marketplace.contracts.test_reviews import asked

pytestmark = pytest.mark.django_db
CHANGES = "/contracts/queue/?of=changes"


def on(month, day):
    return clock.moved_to(datetime(2026, month, day, 10, tzinfo=ZoneInfo("Asia/Shanghai")))


def contracts():
    """Return one whose change waits since 9 March, for its buyer agreed late, and one whose waits since 4 March."""
    buyer = organisation(kind="enterprise")
    with on(3, 2):
        first, its_manager = registered(buyer_uscc=buyer.uscc, project_name="买方后同意的合同")
        second, manager = registered(project_name="先等候的合同")
        asked(first, its_manager)
    with on(3, 4):
        asked(second, manager)
    with on(3, 9):
        answer_contract_change(first, by=person(member_of=buyer, roles=["manager"]), agrees=True)
    return first, second


@pytest.mark.parametrize("role", ["registrar", "second_reviewer"])
def test_changes_wait_in_the_queue_with_their_days(client, role):
    first, second = contracts()
    with on(3, 11):
        registered(project_name="没有变更的合同")
        sign_in(client, person(role))
        answer = client.get(CHANGES)

    clocks = [(row["change"].contract, row["clock"]) for row in answer.context["rows"]]
    rows = [(contract, each.began_on.isoformat(), each.used) for contract, each in clocks]
    assert rows == [(second, "2026-03-04", 5), (first, "2026-03-09", 2)]
    page = answer.content.decode()
    assert page.index("先等候的合同") < page.index("买方后同意的合同")
    assert "没有变更的合同" not in page
    tabs = {tab["label"]: (tab["count"], tab["current"]) for tab in answer.context["tabs"]}
    assert (tabs["待决定的变更"], tabs["待登记"][1]) == ((2, True), False)


def test_what_waits_for_its_buyer_or_is_decided_is_not_there(client):
    buyer = organisation(kind="enterprise")
    waiting, manager = registered(buyer_uscc=buyer.uscc)
    asked(waiting, manager)
    decided, its_manager = registered()
    asked(decided, its_manager)
    grant_contract_change(decided, by=person("registrar"))
    sign_in(client, person("registrar"))

    answer = client.get(CHANGES)

    assert answer.context["rows"] == []
    assert "变更即列于此处" in answer.content.decode()


def test_only_the_register_sees_it(client):
    for role in ("officer", "auditor"):
        sign_in(client, person(role))
        assert client.get(CHANGES).status_code == 403


def test_the_queue_of_changes_asks_no_more_for_more(client):
    sign_in(client, person("registrar"))
    asked(*registered())
    client.get(CHANGES)
    with CaptureQueriesContext(connection) as one:
        client.get(CHANGES)
    for _more in range(2):
        asked(*registered())
    with CaptureQueriesContext(connection) as three:
        answer = client.get(CHANGES)

    assert len(answer.context["rows"]) == 3
    assert len(three) == len(one)


def test_one_word_for_a_change_that_is_refused_and_none_for_the_role_of_who_assessed(client):
    contract, manager = submitted()
    correct_line_item(contract, by=person("registrar"), position=1, technical=400 * WAN, reasons="含配套设备")
    register_contract(contract, by=person("registrar"), number=number_of(77))
    asked(contract, manager)
    refuse_contract_change(contract, by=person("second_reviewer"), reasons="协议未盖章")
    sign_in(client, manager)

    page = client.get(contract.get_absolute_url()).content.decode()

    assert "<b>不同意变更</b>" in page
    assert "已拒绝" not in page
    assert "核定技术部分" in page
    assert "登记员核定" not in page.partition('class="timeline')[0]
