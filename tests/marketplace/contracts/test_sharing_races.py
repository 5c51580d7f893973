"""Two people at the same moment, on real threads and real rows: money is entered, shared and paid once."""

import copy

import pytest

from marketplace.contracts.payments.actions import enter_receipt
from marketplace.contracts.payments.models import Receipt, received_of
from marketplace.contracts.payments.refusals import (
    EnteredAlready,
    ReceivedAboveTotal,
    ReferenceElsewhere,
    ReversedAlready,
)
from marketplace.contracts.sharing.actions import withdraw_plan
from marketplace.contracts.sharing.allotments import ShareAllotment
from marketplace.contracts.sharing.allotting import allot_shares
from marketplace.contracts.sharing.approving import approve_for_department, approve_for_institute, enact_plan
from marketplace.contracts.sharing.correcting import correct_line
from marketplace.contracts.sharing.distributing import distribute_receipt, pay_line
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.payouts import Distribution, PayoutLine
from marketplace.contracts.sharing.profits import ProfitReport
from marketplace.contracts.sharing.refusals import (
    AllottedAlready,
    DistributedAlready,
    PaymentTakenBack,
    PlanOnItsWay,
    ProfitShared,
    YearReported,
)
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.contracts.sharing.yearly import distribute_profit, report_profit
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.publicity.actions import NoLongerPublic, answer_objection, make_objection
from marketplace.publicity.models import Publicity
from tests.factories.people import member, person
from tests.marketplace.contracts import yielding
from tests.marketplace.contracts.factories import WAN, scan, submitted
from tests.marketplace.contracts.shared import ITEMS, effective, house, plan, published, receipt, sent
from tests.marketplace.contracts.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def own(row):
    """Return the row as another request would have read it."""
    return type(row)._base_manager.get(pk=row.pk)


def entering(here, amount, reference):
    contract = own(here.contract)
    return lambda: enter_receipt(
        contract, by=here.finance, amount=amount, received_on=clock.today(), bank_reference=reference
    )


def test_two_enter_the_same_payment_once():
    here = house()

    answers = at_once(entering(here, WAN, "工行 1"), entering(here, WAN, "工行 1"))

    assert [each for each in answers if isinstance(each, type)] == [EnteredAlready]
    assert received_of(here.contract) == WAN


def test_one_transfer_on_two_contracts_at_once_is_entered_once():
    here = house()
    other = copy.copy(here)
    facts = {"contract_type": "ZR", "sub_type": "ZR-patent", "seller_region": "330304"}
    other.contract, _by = submitted(seller=here.institute, by=here.manager, items=ITEMS, **facts)

    answers = at_once(entering(here, WAN, "工行 1"), entering(other, WAN, "工行 1"))

    assert [each for each in answers if isinstance(each, type)] == [ReferenceElsewhere]
    assert Receipt.objects.count() == 1


def test_two_payments_do_not_exceed_the_total_together():
    here = house()

    answers = at_once(entering(here, 60 * WAN, "工行 1"), entering(here, 60 * WAN, "工行 2"))

    assert [each for each in answers if isinstance(each, type)] == [ReceivedAboveTotal]
    assert received_of(here.contract) == 60 * WAN


def test_two_share_one_payment_out_once():
    here = house()
    effective(here)
    one, two = own(entered := receipt(here)), own(entered)

    answers = at_once(
        lambda: distribute_receipt(one, by=here.finance), lambda: distribute_receipt(two, by=here.manager)
    )

    assert [each for each in answers if isinstance(each, type)] == [DistributedAlready]
    assert Distribution.objects.get().lines.count() == 4


def test_two_pay_one_line_once():
    here = house()
    effective(here)
    line = distribute_receipt(receipt(here), by=here.finance).lines.first()
    one, two = own(line), own(line)

    answers = at_once(
        lambda: pay_line(one, by=here.finance, paid_on=clock.today(), reference="代发 1"),
        lambda: pay_line(two, by=here.manager, paid_on=clock.today(), reference="代发 2"),
    )

    assert set(answers) == {None, WrongState}
    assert Entry.objects.about(line).filter(kind="payout.paid").count() == 1


def test_a_payment_is_reversed_once():
    here = house()
    one, two = own(entered := receipt(here)), own(entered)

    answers = at_once(
        lambda: reverse_receipt(one, by=here.finance, reason="录错"),
        lambda: reverse_receipt(two, by=here.manager, reason="录错"),
    )

    assert [each for each in answers if isinstance(each, type)] == [ReversedAlready]
    assert Receipt.objects.filter(reverses=entered).count() == 1


def test_a_payment_reversed_while_it_is_shared_leaves_nothing_to_pay():
    here = house()
    effective(here)
    one, two = own(entered := receipt(here)), own(entered)

    answers = at_once(
        lambda: distribute_receipt(one, by=here.finance), lambda: reverse_receipt(two, by=here.manager, reason="录错")
    )

    assert [each for each in answers if isinstance(each, type)] in ([], [PaymentTakenBack])
    assert not PayoutLine.objects.exclude(state="cancelled").exists()


def test_a_payment_reversed_while_a_line_is_paid_asks_for_it_back():
    here = house()
    effective(here)
    line = distribute_receipt(receipt(here), by=here.finance).lines.first()
    one, two = own(line), own(line.distribution.receipt)

    at_once(
        lambda: pay_line(one, by=here.finance, paid_on=clock.today(), reference="代发 1"),
        lambda: reverse_receipt(two, by=here.manager, reason="录错"),
    )

    line.refresh_from_db()
    assert line.state == ("to_reclaim" if line.reference else "cancelled")
    assert not PayoutLine.objects.filter(state__in=["payable", "paid"]).exists()


def test_two_managers_approve_one_plan_once():
    here = house()
    made = sent(here)
    approve_for_department(made, by=here.head)
    other = member(here.institute, "manager")
    one, two = own(made), own(made)

    answers = at_once(lambda: approve_for_institute(one, by=here.manager), lambda: approve_for_institute(two, by=other))

    assert [each for each in answers if isinstance(each, type)] == [WrongState]
    assert Publicity.objects.of(made).count() == 1
    assert made.decisions.count() == 2


def test_two_begin_one_plan():
    here = house()

    answers = at_once(lambda: plan(here), lambda: plan(here))

    assert [each for each in answers if isinstance(each, type)] == [PlanOnItsWay]
    assert DistributionPlan.objects.count() == 1


def test_the_end_of_a_publicity_told_twice_lets_the_plan_take_effect_once():
    here = house()
    made = sent(here)
    approve_for_department(made, by=here.head)
    approve_for_institute(made, by=here.manager)
    Publicity.objects.of(made).update(state="ended", ended_at=clock.now())
    one, two = own(made), own(made)

    answers = at_once(lambda: enact_plan(one), lambda: enact_plan(two))

    assert sorted(answers) == [False, True]
    assert Entry.objects.about(made).filter(kind="plan.enacted").count() == 1


def test_two_report_one_year_once():
    last = clock.today().year - 1
    here = yielding.of_profit(profit_from=last)
    one, two = own(here.contract), own(here.contract)

    answers = at_once(
        lambda: report_profit(one, by=here.finance, upload=scan(), year=last, profit=WAN),
        lambda: report_profit(two, by=here.manager, upload=scan(), year=last, profit=WAN),
    )

    assert [each for each in answers if isinstance(each, type)] == [YearReported]
    assert ProfitReport.objects.get().profit == WAN


def test_two_share_one_year_out_once():
    here = yielding.of_profit()
    with yielding.after():
        one, two = own(made := yielding.report(here)), own(made)

        answers = at_once(
            lambda: distribute_profit(one, by=here.finance), lambda: distribute_profit(two, by=here.manager)
        )

    assert [each for each in answers if isinstance(each, type)] == [ProfitShared]
    assert sum(line.amount for line in Distribution.objects.get().lines.all()) == made.profit


def test_two_enter_the_shares_once():
    here = yielding.of_shares()
    one, two = own(here.contract), own(here.contract)
    facts = yielding.FORMED | {"registered_on": clock.today()}

    answers = at_once(
        lambda: allot_shares(one, by=here.finance, upload=scan(), **facts),
        lambda: allot_shares(two, by=here.manager, upload=scan(), **facts),
    )

    assert [each for each in answers if isinstance(each, type)] == [AllottedAlready]
    assert ShareAllotment.objects.get().lines.count() == 4


def test_two_correct_one_line_once():
    here = house()
    effective(here)
    line = distribute_receipt(receipt(here), by=here.finance).lines.first()
    pay_line(line, by=here.finance, paid_on=clock.today(), reference="代发 1")
    one, two = own(line), own(line)

    answers = at_once(
        lambda: correct_line(one, by=here.finance, reason="退票"),
        lambda: correct_line(two, by=here.manager, reason="退票"),
    )

    assert [each for each in answers if isinstance(each, type)] == [WrongState]
    assert sum(each.amount for each in line.distribution.lines.all()) == line.distribution.net


def test_an_objection_is_answered_or_falls_and_never_waits_for_ever():
    here = house()
    made = published(here)
    term = Publicity.objects.of(made).get()
    objection = make_objection(term, by=person(), organisation=None, ground="rights", text="漏列完成人")

    answers = at_once(
        lambda: withdraw_plan(own(made), by=here.writer, reason="重新拟定"),
        lambda: answer_objection(own(objection), by=here.manager, is_upheld=False, answer="不属实"),
    )

    objection.refresh_from_db()
    assert own(made).state == "withdrawn"
    assert objection.state == ("lapsed" if NoLongerPublic in answers else "dismissed")
