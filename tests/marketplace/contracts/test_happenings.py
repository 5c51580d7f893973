"""What happened to a contract is told to each reader who may see it, and the same is not planned twice unasked."""

from datetime import timedelta

import pytest

from marketplace.contracts.happenings import FOLDED_FROM, history
from marketplace.contracts.payments.actions import enter_receipt, plan_instalment
from marketplace.contracts.performance.actions import accept_milestone, plan_milestone, report_milestone
from marketplace.contracts.performance.refusals import PlannedAlready
from marketplace.contracts.performance.terminating import declare_termination, propose_termination
from marketplace.core import clock
from marketplace.core.journal import Kind
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, broker, organisation, person, registered, scan
from tests.marketplace.contracts.shared import effective, house

pytestmark = pytest.mark.django_db


def lived():
    """Return a contract that was planned, done, paid and declared ended, and its readers by name."""
    buyer, known = organisation(kind="enterprise"), broker(user=person())
    contract, seller = registered(buyer_uscc=buyer.uscc, broker=known)
    purchaser = person(member_of=buyer, roles=["manager"])
    plan_instalment(contract, by=seller, due_on=clock.today(), amount=3 * WAN)
    enter_receipt(contract, by=seller, amount=2 * WAN, received_on=clock.today(), bank_reference="1")
    milestone = plan_milestone(contract, by=seller, title="交付样机", due_on=clock.today())
    report_milestone(milestone, by=seller, account="完成", upload=scan())
    accept_milestone(milestone, by=purchaser)
    reason = {"reason": "逾期", "ends_on": clock.today()}
    propose_termination(contract, by=seller, organisation=contract.seller, **reason)
    declare_termination(contract, by=purchaser, organisation=contract.buyer, upload=scan(), **reason)
    readers = {
        "seller": seller,
        "buyer": purchaser,
        "officer": person("officer"),
        "registrar": person("registrar"),
        "broker": known.user,
    }
    return contract, readers


def kinds(contract, user):
    return {str(line["title"]) for line in history(contract, user)}


def test_each_reader_reads_what_they_may_see():
    contract, readers = lived()
    paid = {str(Kind.INSTALMENT_PLANNED.label), str(Kind.RECEIPT_ENTERED.label)}
    done = {str(each.label) for each in (Kind.CONTRACT_MILESTONE_PLANNED, Kind.CONTRACT_END_PROPOSED)}
    ended = str(Kind.CONTRACT_TERMINATED.label)
    seen = {who: kinds(contract, user) for who, user in readers.items()}

    assert all(paid | done | {ended} <= seen[who] for who in ("seller", "buyer", "officer"))
    assert not (paid | done) & (seen["registrar"] | seen["broker"])
    assert (ended in seen["registrar"], ended in seen["broker"]) == (True, False)
    assert any("30,000.00" in line["detail"] for line in history(contract, readers["buyer"]))


def test_the_plan_of_sharing_is_told_inside_the_institute_only():
    here = house()
    effective(here)

    inside, outside = kinds(here.contract, here.manager), kinds(here.contract, person("registrar"))

    assert str(Kind.PLAN_DRAFTED.label) in inside - outside


def test_many_of_a_kind_stand_in_one_line_and_cost_no_more(client, django_assert_max_num_queries):
    contract, readers = lived()
    seller = readers["seller"]
    before = len(history(contract, seller))
    with django_assert_max_num_queries(20) as few:
        history(contract, seller)
    for number in range(FOLDED_FROM - 1):
        when = {"received_on": clock.today(), "bank_reference": f"更多{number}"}
        enter_receipt(contract, by=seller, amount=WAN, **when)

    with django_assert_max_num_queries(len(few)):
        lines = history(contract, seller)

    assert len(lines) == before
    assert [len(line["others"]) for line in lines if line.get("others")] == [FOLDED_FROM - 1]
    sign_in(client, seller)
    assert f"同类记录还有 {FOLDED_FROM - 1} 条" in client.get(f"/contracts/{contract.code}/").content.decode()


def test_the_same_is_planned_once_unless_it_is_said_to_be_another(client):
    contract, seller = registered()
    day = clock.today() + timedelta(days=5)
    plan_milestone(contract, by=seller, title="交付样机", due_on=day)
    with pytest.raises(PlannedAlready):
        plan_milestone(contract, by=seller, title=" 交付样机 ", due_on=day)
    plan_milestone(contract, by=seller, title="交付样机", due_on=day + timedelta(days=1))
    sign_in(client, seller)
    here, typed = f"/contracts/{contract.code}/milestones/plan/", {"title": "交付样机", "due_on": day.isoformat()}

    plain = client.get(here).content.decode()
    asked = client.post(here, typed)
    done = client.post(here, typed | {"is_another": "on"})

    assert 'type="checkbox" name="is_another"' not in plain
    assert 'type="checkbox" name="is_another"' in asked.content.decode()
    assert "交付样机" in asked.content.decode()
    assert done.status_code == 302
    assert contract.milestones.count() == 3
    assert seller.get_short_name() in client.get(f"/contracts/{contract.code}/performance/").content.decode()
