"""What follows from payments, plans and their publicity: effect, fall, and who is told."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from marketplace.contracts.payments.actions import plan_instalment
from marketplace.contracts.sharing.actions import Part, submit_plan, withdraw_plan
from marketplace.contracts.sharing.allotting import reverse_allotment
from marketplace.contracts.sharing.approving import approve_for_department, approve_for_institute, return_plan
from marketplace.contracts.sharing.correcting import correct_line
from marketplace.contracts.sharing.distributing import distribute_receipt, pay_line
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.contracts.sharing.yearly import distribute_profit, reverse_profit
from marketplace.core import clock
from marketplace.notices.models import Notice
from marketplace.publicity.actions import answer_objection, make_objection
from marketplace.publicity.models import Publicity
from tasks.payments import remind_of_late_instalments
from tasks.publicity import end_due_publicity
from tests.factories.people import member, organisation, person
from tests.marketplace.contracts import yielding
from tests.marketplace.contracts.factories import WAN, broker
from tests.marketplace.contracts.shared import effective, house, parts, plan, published, receipt, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return house()


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def after_the_term(made):
    return clock.now() + timedelta(days=(Publicity.objects.of(made).get().ends_on - clock.today()).days + 1)


def test_the_sweep_lets_a_plan_take_effect_and_those_it_pays_hear_of_it(here, commit):
    made = commit(lambda: published(here))
    assert told("publicity.plan_begun") == {here.first.pk, here.second.pk}

    commit(end_due_publicity)
    made.refresh_from_db()
    assert made.state == "in_publicity"
    with clock.moved_to(after_the_term(made)):
        commit(end_due_publicity)

    made.refresh_from_db()
    assert made.state == "effective"
    assert told("plan.enacted") == {here.first.pk, here.second.pk, here.finance.pk, here.manager.pk}


def test_an_objection_holds_the_end_and_an_upheld_one_fells_the_plan(here, commit):
    made = published(here)
    objector = person()
    objection = commit(
        lambda: make_objection(
            Publicity.objects.of(made).get(), by=objector, organisation=None, ground="rights", text="漏列完成人"
        )
    )
    assert told("objection.to_answer") == {here.manager.pk}
    with clock.moved_to(after_the_term(made)):
        commit(end_due_publicity)
        made.refresh_from_db()
        assert made.state == "in_publicity"
        commit(lambda: answer_objection(objection, by=here.manager, is_upheld=True, answer="属实"))

    made.refresh_from_db()
    assert made.state == "objected"
    assert told("objection.answered") == {objector.pk}
    assert told("plan.objected") == {here.writer.pk}


def test_each_step_waits_for_its_person(here, commit):
    made = plan(here)
    commit(lambda: submit_plan(made, by=here.writer))
    assert told("plan.for_department") == {here.head.pk}

    commit(lambda: approve_for_department(made, by=here.head))
    assert told("plan.for_institute") == {here.manager.pk}

    commit(lambda: return_plan(made, by=here.manager, reasons="请补充"))
    assert told("plan.returned") == {here.writer.pk}


def test_a_withdrawal_is_told_to_those_it_pays_those_asked_and_those_who_objected(here, commit):
    made, objector = published(here), person()
    term = Publicity.objects.of(made).get()
    make_objection(term, by=objector, organisation=None, ground="rights", text="漏列完成人")

    commit(lambda: withdraw_plan(made, by=here.writer, reason="漏列一名完成人"))

    assert told("plan.withdrawn") == {here.first.pk, here.second.pk, here.head.pk, here.manager.pk}
    assert told("objection.lapsed") == {objector.pk}
    titles = [notice.title for notice in Notice.objects.filter(kind__in=["plan.withdrawn", "objection.lapsed"])]
    assert not any("漏列" in title for title in titles)


def test_before_the_institute_was_asked_its_managers_hear_of_no_withdrawal(here, commit):
    draft = plan(here)
    commit(lambda: withdraw_plan(draft, by=here.writer))
    assert told("plan.withdrawn") == set()

    made = sent(here)
    commit(lambda: withdraw_plan(made, by=here.writer, reason="重新拟定"))

    assert told("plan.withdrawn") == {here.first.pk, here.second.pk, here.head.pk}


def test_the_institutes_yes_asks_nobody_again(here, commit):
    made = sent(here)
    approve_for_department(made, by=here.head)

    commit(lambda: approve_for_institute(made, by=here.manager))

    assert told("plan.for_institute") == set()


def test_money_that_came_in_waits_for_the_others_in_finance_once_a_plan_holds(here, commit):
    commit(lambda: receipt(here))
    assert told("receipt.to_share") == set()

    effective(here)
    commit(lambda: receipt(here))

    assert told("receipt.to_share") == {here.manager.pk}


def test_inventors_hear_of_their_share_without_its_amount(here, commit):
    effective(here)
    distribution = commit(lambda: distribute_receipt(receipt(here, amount=1_000_001), by=here.finance))
    assert told("distribution.made") == {here.first.pk, here.second.pk}
    line = distribution.lines.get(share__user=here.first)

    commit(lambda: pay_line(line, by=here.finance, paid_on=clock.today(), reference="代发 1"))
    commit(lambda: reverse_receipt(distribution.receipt, by=here.finance, reason="误付"))

    assert told("payout.paid") == {here.first.pk}
    assert told("distribution.reversed") == {here.first.pk, here.second.pk}
    notice = Notice.objects.get(kind="distribution.made", user=here.first)
    assert notice.data == {}
    assert line.share.code in notice.path


def test_both_sides_hear_of_a_late_payment_once_in_two_weeks(commit):
    buyer = organisation(region="330304")
    payer = member(buyer, "finance")
    here = house(buyer_uscc=buyer.uscc)
    plan_instalment(here.contract, by=here.finance, due_on=clock.today(), amount=WAN)
    commit(remind_of_late_instalments)
    assert told("instalment.late") == set()

    for days in (1, 2):
        with clock.moved_to(clock.now() + timedelta(days=days)):
            commit(remind_of_late_instalments)

    assert told("instalment.late") == {here.finance.pk, here.manager.pk, payer.pk}
    assert Notice.objects.filter(kind="instalment.late").count() == 3
    assert "1 万元" in Notice.objects.get(user=payer, kind="instalment.late").title


def test_payees_hear_of_a_correction_and_of_a_reversal_once(here, commit):
    effective(here)
    distribution = distribute_receipt(receipt(here), by=here.finance)
    line = distribution.lines.get(share__user=here.first)
    pay_line(line, by=here.finance, paid_on=clock.today(), reference="代发 1")

    commit(lambda: correct_line(line, by=here.finance, reason="退票"))
    commit(lambda: reverse_receipt(distribution.receipt, by=here.finance, reason="误付"))

    assert told("payout.corrected") == {here.first.pk}
    notices = Notice.objects.filter(kind="distribution.reversed")
    assert sorted(notices.values_list("user", flat=True)) == sorted([here.first.pk, here.second.pk])


def test_a_reported_profit_waits_for_the_others_in_finance_and_payees_hear_of_their_share(commit):
    here = yielding.of_profit()
    with yielding.after():
        report = commit(lambda: yielding.report(here))
        commit(lambda: distribute_profit(report, by=here.finance))
        commit(lambda: reverse_profit(report, by=here.finance, reason="审计调整"))

    assert told("profit.to_share") == {here.manager.pk}
    assert told("profit.shared") == told("profit.reversed") == {here.first.pk, here.second.pk}
    assert told("distribution.made") == set()
    assert str(report.year) in Notice.objects.get(kind="profit.to_share").title


def test_holders_hear_of_their_shares(commit):
    here = yielding.of_shares()
    allotment = commit(lambda: yielding.allot(here))
    commit(lambda: reverse_allotment(allotment, by=here.finance, reason="录错"))

    assert told("allotment.entered") == told("allotment.reversed") == {here.first.pk, here.second.pk}
    share = allotment.lines.get(share__user=here.first).share
    assert share.code in Notice.objects.get(kind="allotment.entered", user=here.first).path


def with_broker():
    taken_on = broker(user=person())
    here = house(broker=taken_on)
    here.broker = taken_on
    return here


def test_a_broker_of_the_register_hears_of_the_own_fee(commit):
    here = with_broker()
    effective(here, broker=here.broker, broker_as="cost", broker_name="经纪人庚", broker_rate=Decimal("2.50"))
    distribution = commit(lambda: distribute_receipt(receipt(here, amount=WAN), by=here.finance))
    line = distribution.lines.get(share=None)
    commit(lambda: pay_line(line, by=here.finance, paid_on=clock.today(), reference="代发 1"))

    told_broker = Notice.objects.filter(user=here.broker.user).values_list("kind", "path")

    assert set(told_broker) == {("distribution.made", reverse("fee-list")), ("payout.paid", reverse("fee-list"))}


def test_a_broker_with_a_share_is_led_to_no_page_of_the_plan(commit):
    here = with_broker()
    payees = [*parts(here, institute=10), Part("broker", "经纪人庚", Decimal(10))]
    made = commit(lambda: published(here, payees=payees, broker_as="share", broker=here.broker))
    assert Notice.objects.get(user=here.broker.user).kind == "publicity.plan_begun"

    commit(lambda: withdraw_plan(made, by=here.writer, reason="重新拟定"))

    assert Notice.objects.get(user=here.broker.user, kind="plan.withdrawn").path == reverse("statement-list")
