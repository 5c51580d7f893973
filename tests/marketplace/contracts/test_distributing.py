"""Each payment is shared out once, by the plan that held for it, to the fen; a reversal takes it back."""

import copy
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from marketplace.contracts.sharing.actions import Part, submit_plan
from marketplace.contracts.sharing.approving import approve_for_department, approve_for_institute
from marketplace.contracts.sharing.distributing import distribute_receipt, pay_line, plan_for, reclaim_line
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.contracts.sharing.refusals import (
    DayOfPayout,
    DistributedAlready,
    NoPlanInEffect,
    NothingToShare,
    PaymentTakenBack,
    ReferenceMissing,
)
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from tests.marketplace.contracts.factories import WAN
from tests.marketplace.contracts.shared import effective, house, parts, plan, receipt, stand

pytestmark = pytest.mark.usefixtures("for_now")


@pytest.fixture(scope="module")
def lasting_houses(lasting):
    """Return a house without a plan, and one whose plan is in effect."""
    bare, sharing = house(), house()
    sharing.plan = effective(sharing)
    return bare, sharing


@pytest.fixture
def bare(lasting_houses, for_now):
    return copy.deepcopy(lasting_houses[0])


@pytest.fixture
def here(lasting_houses, for_now):
    return copy.deepcopy(lasting_houses[1])


def shared(here, *, amount=10 * WAN, **costs):
    return distribute_receipt(receipt(here, amount=amount), by=here.finance, **costs)


def amounts(distribution):
    return {line.payee: line.amount for line in distribution.lines.all()}


def test_a_payment_is_shared_by_the_plan_to_the_fen(here):
    distribution = shared(here, amount=1_000_001, direct_cost=100_000, tax=33_333)

    assert distribution.net == 866_668
    assert amounts(distribution) == {
        "发明人戊": 346_667,
        "发明人己": 260_000,
        "材料室": 86_667,
        "样例研究所": 173_334,
    }
    assert sum(amounts(distribution).values()) == distribution.net
    assert distribution.to_inventors == 606_667
    assert Entry.objects.about(distribution).get(kind="distribution.made").data["net"] == 866_668


def test_half_of_an_inventors_cash_is_noted_for_tax_and_nobody_elses(here):
    lines = {line.payee: line for line in shared(here, amount=1_000_001).lines.all()}

    assert lines["发明人戊"].tax_counted == 200_001  # half of 4,000.01 yuan, half a fen up
    assert lines["发明人戊"].tax_rule.percent == 50
    assert lines["材料室"].tax_rule is None
    assert lines["样例研究所"].tax_counted is None


def test_a_broker_paid_as_a_cost_comes_before_the_sharing(bare):
    effective(bare, broker_as="cost", broker_name="经纪人庚", broker_rate=Decimal("2.50"))

    distribution = distribute_receipt(receipt(bare, amount=1_000_000), by=bare.finance, tax=75_000)

    assert (distribution.broker_cost, distribution.net) == (25_000, 900_000)
    assert amounts(distribution) == {
        "发明人戊": 360_000,
        "发明人己": 270_000,
        "材料室": 90_000,
        "样例研究所": 180_000,
        "经纪人庚": 25_000,
    }


def test_a_broker_paid_by_a_share_is_a_payee(bare):
    payees = [*parts(bare, institute=15), Part("broker", "经纪人庚", Decimal(5))]
    effective(bare, payees=payees, broker_as="share")

    distribution = distribute_receipt(receipt(bare, amount=1_000_000), by=bare.finance)

    assert (distribution.broker_cost, amounts(distribution)["经纪人庚"]) == (0, 50_000)


def test_who_gets_less_than_a_fen_has_no_line(here):
    distribution = shared(here, amount=1)

    assert amounts(distribution) == {"发明人戊": 1}


def test_a_payment_is_shared_once(here):
    distribution = shared(here)

    with pytest.raises(DistributedAlready):
        distribute_receipt(distribution.receipt, by=here.finance)

    assert Distribution.objects.count() == 1


def test_without_a_plan_in_effect_nothing_is_shared(bare):
    submit_plan(plan(bare), by=bare.writer)

    with pytest.raises(NoPlanInEffect):
        distribute_receipt(receipt(bare), by=bare.finance)


def test_costs_leave_something_to_share(here):
    entered = receipt(here, amount=1000)

    with pytest.raises(NothingToShare, match=r"10\.00"):
        distribute_receipt(entered, by=here.finance, direct_cost=600, tax=400)

    assert distribute_receipt(entered, by=here.finance, direct_cost=600, tax=399).net == 1


def test_earlier_receipts_keep_the_version_that_held(here):
    first = here.plan
    before = receipt(here)
    began = first.effective_on
    second = plan(here, payees=parts(here, inventors=(50, 20)))
    submit_plan(second, by=here.writer)
    approve_for_department(second, by=here.head)
    with clock.moved_to(clock.now() + timedelta(days=60)):
        approve_for_institute(second, by=here.manager)
        stand(second)
    second.refresh_from_db()
    with clock.moved_to(clock.now() + timedelta(days=200)):
        during = receipt(here, received_on=second.effective_on - timedelta(days=1))
        after = receipt(here, received_on=second.effective_on)

        assert before.received_on < began
        assert [plan_for(each) for each in (before, during, after)] == [first, first, second]
        assert distribute_receipt(during, by=here.finance).plan == first
        assert amounts(distribute_receipt(after, by=here.finance))["发明人戊"] == 5 * WAN


def test_only_finance_and_managers_share_money_out(here):
    entered = receipt(here)

    for stranger in (here.writer, here.first, here.head):
        with pytest.raises(PermissionDenied):
            distribute_receipt(entered, by=stranger)

    assert distribute_receipt(entered, by=here.manager).made_by == here.manager


def test_a_line_is_paid_once_with_its_day_and_reference(here):
    line = shared(here).lines.first()
    today = clock.today()
    with pytest.raises(ReferenceMissing):
        pay_line(line, by=here.finance, paid_on=today, reference=" ")
    for day in (today - timedelta(days=1), today + timedelta(days=1)):
        with pytest.raises(DayOfPayout):
            pay_line(line, by=here.finance, paid_on=day, reference="代发 1")
    with pytest.raises(PermissionDenied):
        pay_line(line, by=here.first, paid_on=today, reference="代发 1")

    pay_line(line, by=here.finance, paid_on=today, reference="代发 1")
    with pytest.raises(WrongState):
        pay_line(line, by=here.finance, paid_on=today, reference="代发 2")

    line.refresh_from_db()
    assert (line.state, line.reference, line.paid_by) == ("paid", "代发 1", here.finance)
    assert Entry.objects.about(line).filter(kind="payout.paid").count() == 1


def test_a_reversal_cancels_what_is_open_and_asks_back_what_was_paid(here):
    distribution = shared(here)
    paid, *others = distribution.lines.all()
    pay_line(paid, by=here.finance, paid_on=clock.today(), reference="代发 1")

    reverse_receipt(distribution.receipt, by=here.finance, reason="买方误付")

    paid.refresh_from_db()
    distribution.refresh_from_db()
    assert distribution.reversed_at is not None
    assert paid.state == "to_reclaim"
    assert {line.state for line in distribution.lines.exclude(pk=paid.pk)} == {"cancelled"}
    assert len(others) == 3
    with pytest.raises(WrongState):
        pay_line(others[0], by=here.finance, paid_on=clock.today(), reference="代发 2")

    reclaim_line(paid, by=here.finance, paid_on=clock.today(), reference="退回 1")

    paid.refresh_from_db()
    assert (paid.state, paid.reclaim_reference) == ("reclaimed", "退回 1")


def test_what_was_taken_back_is_not_shared_and_may_come_again(here):
    entered = receipt(here, bank_reference="工行 7")
    row = reverse_receipt(entered, by=here.finance, reason="录错")

    for each in (entered, row):
        with pytest.raises(PaymentTakenBack):
            distribute_receipt(each, by=here.finance)

    assert distribute_receipt(receipt(here, bank_reference="工行 7"), by=here.finance).net == 10 * WAN
