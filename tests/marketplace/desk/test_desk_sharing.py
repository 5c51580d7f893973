"""What payments and benefit sharing put on whose desk, and when it leaves."""

from datetime import timedelta

import pytest

from marketplace.contracts.payments.actions import plan_instalment
from marketplace.contracts.sharing.actions import draft_plan, submit_plan
from marketplace.contracts.sharing.approving import approve_for_department, approve_for_institute
from marketplace.contracts.sharing.distributing import distribute_receipt, pay_line
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.core import clock
from marketplace.desk.piles import rows_of
from marketplace.desk.rows import Reader
from marketplace.desk.waiting import publicity, sharing
from marketplace.publicity.actions import make_objection
from marketplace.publicity.models import Publicity
from tests.factories.people import member, person
from tests.marketplace.contracts.factories import WAN
from tests.marketplace.contracts.shared import effective, house, parts, plan, published, receipt, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return house()


def titles(user, at=None, waiting=sharing.waiting):
    user.forget_roles()
    return [row.title for row in rows_of(waiting(Reader(user, None, at or clock.now())))]


def everybody(here):
    return {name: titles(getattr(here, name)) for name in ("manager", "finance", "writer", "head", "first")}


def test_a_plan_waits_for_one_after_the_other(here):
    made = plan(here)
    assert {name for name, rows in everybody(here).items() if rows} == {"writer"}
    submit_plan(made, by=here.writer)
    assert {name for name, rows in everybody(here).items() if rows} == {"head"}
    approve_for_department(made, by=here.head)
    assert {name for name, rows in everybody(here).items() if rows} == {"manager"}
    approve_for_institute(made, by=here.manager)

    assert {name for name, rows in everybody(here).items() if rows} == set()


def test_a_manager_who_approved_for_the_department_or_is_paid_has_no_row(here):
    made = plan(here, department_head=here.manager)
    submit_plan(made, by=here.writer)
    other = member(here.institute, "manager")
    paid = member(here.institute, "manager")
    made.shares.filter(user=here.first).update(user=paid)
    approve_for_department(made, by=here.manager)

    assert (titles(here.manager), titles(paid)) == ([], [])
    assert [title.partition("：")[0] for title in titles(other)] == ["审批分配方案"]


def test_a_lone_manager_who_wrote_the_plan_reads_what_is_missing_and_no_task(here):
    made = draft_plan(here.contract, by=here.manager, parts=parts(here), **terms(here))
    assert [title.partition("：")[0] for title in titles(here.manager)] == ["完善分配方案"]
    submit_plan(made, by=here.manager)
    assert [title.partition("：")[0] for title in titles(here.manager)] == ["须有另一位管理员加入，现无人可审批"]
    approve_for_department(made, by=here.head)
    assert [title.partition("：")[0] for title in titles(here.manager)] == ["须有另一位管理员加入，现无人可审批"]
    assert (titles(here.writer), titles(here.finance)) == ([], [])

    other = member(here.institute, "manager")

    assert titles(here.manager) == []
    assert [title.partition("：")[0] for title in titles(other)] == ["审批分配方案"]
    approve_for_institute(made, by=other)
    assert titles(other) == []


def test_a_late_payment_waits_until_it_came_in_whole(here):
    instalment = plan_instalment(here.contract, by=here.finance, due_on=clock.today(), amount=WAN)
    later = clock.now() + timedelta(days=2)
    assert titles(here.finance) == []
    assert titles(here.finance, later) == [f"催收逾期款项：{here.contract}"]
    assert titles(here.writer, later) == []
    receipt(here, amount=WAN - 300_000, instalment=instalment)
    here.finance.forget_roles()
    late = next(
        row for row in rows_of(sharing.waiting(Reader(here.finance, None, later))) if row.title.startswith("催收")
    )
    assert late.about == (here.contract.buyer_name, "尚欠 3,000.00 元")

    receipt(here, amount=300_000, instalment=instalment)

    assert titles(here.finance, later) == [f"拟定分配方案：{here.contract}"]


def test_money_is_shared_out_then_paid_then_gone(here):
    entered = receipt(here)
    assert titles(here.finance) == titles(here.writer) == [f"拟定分配方案：{here.contract}"]
    effective(here)
    assert titles(here.finance) == [f"分配到账：{here.contract}"]
    assert titles(here.first) == []

    distribution = distribute_receipt(entered, by=here.finance)
    assert titles(here.finance) == titles(here.manager) == [f"发放 4 笔分配款：{here.contract}"]
    first, *others = distribution.lines.all()
    pay_line(first, by=here.finance, paid_on=clock.today(), reference="1")
    assert titles(here.finance) == [f"发放 3 笔分配款：{here.contract}"]
    reverse_receipt(entered, by=here.finance, reason="误付")

    assert len(others) == 3
    assert titles(here.finance) == [f"追回 1 笔发放：{here.contract}"]


def test_an_objection_to_a_plan_waits_for_managers_it_does_not_pay(here):
    made = published(here)
    make_objection(Publicity.objects.of(made).get(), by=person(), organisation=None, ground="rights", text="漏列")

    assert len(titles(here.manager, waiting=publicity.waiting)) == 1
    for other in (here.finance, here.head, here.first, member(house().institute, "manager")):
        assert titles(other, waiting=publicity.waiting) == []


def test_an_objection_waits_for_a_manager_who_did_not_approve_however_many_wait_elsewhere(here):
    theirs = published(house())
    for _number in range(21):
        make_objection(
            Publicity.objects.of(theirs).get(), by=person(), organisation=None, ground="rights", text="漏列完成人"
        )
    made = published(here)
    make_objection(Publicity.objects.of(made).get(), by=person(), organisation=None, ground="rights", text="漏列完成人")
    alone = titles(here.manager, waiting=publicity.waiting)
    other = member(here.institute, "manager")

    assert len(alone) == 1
    assert titles(here.manager, waiting=publicity.waiting) == []
    assert titles(other, waiting=publicity.waiting) == alone
