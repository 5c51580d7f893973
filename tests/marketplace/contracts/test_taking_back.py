"""Before something is taken back it is said what was paid of it and to whom; afterwards the statements say why."""

import copy

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation

from marketplace.contracts.sharing.allotting import reverse_allotment
from marketplace.contracts.sharing.correcting import correct_line
from marketplace.contracts.sharing.distributing import distribute_receipt, pay_line, reclaim_line
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.contracts.sharing.statement import statement_of
from marketplace.contracts.sharing.yearly import distribute_profit
from marketplace.core import clock
from marketplace.organisations.roles import MemberRole
from tests.factories.people import member, sign_in
from tests.marketplace.contracts import yielding
from tests.marketplace.contracts.shared import effective, house, parts, receipt
from tests.pdf_text import text_of

REASON = "审计调整"


@pytest.fixture(scope="module")
def lasting_house(lasting):
    here = house()
    effective(here)
    here.receipt = receipt(here, amount=1_000_001)
    here.distribution = distribute_receipt(here.receipt, by=here.finance)
    here.line = here.distribution.lines.get(share__user=here.first)
    return here


@pytest.fixture
def here(lasting_house, for_now):
    """A payment of 10,000.01 yuan shared out, the first inventor paid."""
    return copy.deepcopy(lasting_house)


def paid(here, line=None):
    pay_line(line or here.line, by=here.finance, paid_on=clock.today(), reference="代发 7")


def test_reversing_a_payment_says_before_who_was_paid_and_has_to_pay_back(client, here):
    paid(here)
    sign_in(client, here.finance)
    address = reverse("receipt-reverse", args=[here.receipt.code])

    page = client.get(address).content.decode()
    done = client.post(address, {"reason": REASON}, follow=True)
    again = client.get(address, follow=True)

    asked = page.split('<dialog id="sure"')[1].split("</dialog>")[0]
    for part in (page.split('<dialog id="sure"')[0], asked):
        assert "发明人戊已于" in part
        assert "4,000.01 元（代发 7），须追回" in part
        assert "尚未发放的 3 笔将取消" in part
    assert "待办" in " ".join(map(str, done.context["messages"]))
    assert "已经冲销" in " ".join(map(str, again.context["messages"]))
    assert "追回 1 笔发放" in client.get("/desk/").content.decode()


def test_what_was_not_shared_out_says_so(client, here):
    sign_in(client, here.finance)

    page = client.get(reverse("receipt-reverse", args=[receipt(here).code])).content.decode()

    assert "尚未从中分配" in page
    assert "须追回" not in page


@pytest.mark.django_db
def test_taking_a_profit_back_says_before_who_was_paid_and_the_statement_says_why(client):
    here = yielding.of_profit()
    with yielding.after():
        report = yielding.report(here)
        distribution = distribute_profit(report, by=here.finance)
        paid(here, distribution.lines.get(share__user=here.first))
        sign_in(client, here.manager)
        address = reverse("profit-reverse", args=[report.code])
        page = client.get(address).content.decode()
        client.post(address, {"reason": REASON})
        again = client.get(address, follow=True)
        desk = client.get("/desk/").content.decode()
        sign_in(client, here.second)
        code = distribution.lines.get(share__user=here.second).share.code
        shown = client.get(reverse("statement-detail", args=[code])).content.decode()
        text = text_of(client.get(reverse("statement-pdf", args=[code])).content)

    assert "发明人戊已于" in page
    assert "350.00 元（代发 7），须追回" in page
    assert "撤回" in " ".join(map(str, again.context["messages"]))
    assert "追回 1 笔发放" in desk
    for said in (shown, text):
        assert "已取消：利润已撤回" in said
        assert "到账已冲销" not in said
        assert "营业利润（元）" in said
        assert "净收入" not in said
        assert REASON in said


def test_the_statement_says_why_a_payment_was_reversed(client, here):
    reverse_receipt(here.receipt, by=here.finance, reason=REASON)
    sign_in(client, here.first)

    page = client.get(reverse("statement-detail", args=[here.line.share.code])).content.decode()

    assert "已取消：到账已冲销" in page
    assert "净收入（元）" in page
    assert f"的到账已于 {clock.today():%Y-%m-%d} 冲销：{REASON}" in page


@pytest.mark.django_db
def test_the_statement_says_why_shares_were_taken_back(client):
    here = yielding.of_shares()
    made = yielding.allot(here)
    reverse_allotment(made, by=here.finance, reason=REASON)
    sign_in(client, here.first)
    share = made.lines.get(share__user=here.first).share

    assert REASON in client.get(reverse("statement-detail", args=[share.code])).content.decode()
    assert len(statement_of(share).allotted) == 1


@pytest.fixture(scope="module")
def lasting_own(lasting):
    here = house()
    here.first = member(here.institute, "finance", name="财务兼发明人")
    effective(here, payees=parts(here))
    here.distribution = distribute_receipt(receipt(here), by=here.finance)
    here.line = here.distribution.lines.get(share__user=here.first)
    return here


@pytest.fixture
def own(lasting_own, for_now):
    """A distribution by which somebody of finance is paid who is an inventor as well."""
    return copy.deepcopy(lasting_own)


def refused(verb, line, *, by, **given):
    with translation.override("zh-hans"), pytest.raises(PermissionDenied) as error:
        verb(line, by=by, **given)
    return str(error.value)


def test_nobody_notes_or_corrects_money_to_themselves(client, own):
    given = {"paid_on": clock.today(), "reference": "代发 1"}

    said = refused(pay_line, own.line, by=own.first, **given)
    assert f"{own.finance.name}、{own.manager.name}" in said or f"{own.manager.name}、{own.finance.name}" in said
    assert own.first.name not in said
    assert own.writer.name not in said
    other = own.distribution.lines.get(share__user=own.second)
    pay_line(other, by=own.first, **given | {"reference": "代发 2"})
    pay_line(own.line, by=own.finance, **given)
    refused(correct_line, own.line, by=own.first, reason="账号有误")
    reverse_receipt(own.distribution.receipt, by=own.first, reason="录错")
    own.line.refresh_from_db()
    refused(reclaim_line, own.line, by=own.first, **given)

    own.line.refresh_from_db()
    assert own.line.state == "to_reclaim"


def test_the_page_offers_the_own_line_to_nobody_and_says_who_could(client, own):
    sign_in(client, own.first)

    page = client.get(own.distribution.get_absolute_url()).content.decode()
    blocked = client.get(reverse("line-pay", args=[own.line.code]))

    other = own.distribution.lines.get(share__user=own.second)
    assert reverse("line-pay", args=[own.line.code]) not in page
    assert reverse("line-pay", args=[other.code]) in page
    assert own.finance.name in page.split('id="kept-from"')[1].split("</p>")[0]
    assert blocked.status_code == 403
    sign_in(client, own.finance)
    elsewhere = client.get(own.distribution.get_absolute_url()).content.decode()
    assert reverse("line-pay", args=[own.line.code]) in elsewhere
    assert 'id="kept-from"' not in elsewhere


def test_where_nobody_else_could_it_is_said_what_to_do(own):
    for other in (own.finance, own.manager):
        other.memberships.update(roles=[MemberRole.PUBLISHER])

    assert "把财务角色授予另一名成员" in refused(pay_line, own.line, by=own.first, paid_on=clock.today(), reference="1")


@pytest.mark.parametrize("verb", ["line-pay", "line-reclaim"])
def test_a_line_that_was_paid_says_so_before_the_form(client, here, verb):
    paid(here)
    sign_in(client, here.finance)

    answer = client.get(reverse(verb, args=[here.line.code]), follow=True)

    assert answer.redirect_chain == [(here.distribution.get_absolute_url(), 302)]
    assert "已发放" in " ".join(map(str, answer.context["messages"]))


def test_a_line_that_was_not_paid_is_not_corrected_and_says_so_before_the_form(client, here):
    sign_in(client, here.finance)

    answer = client.get(reverse("line-correct", args=[here.line.code]), follow=True)

    assert answer.redirect_chain == [(here.distribution.get_absolute_url(), 302)]
    assert "待发放" in " ".join(map(str, answer.context["messages"]))


def test_the_page_of_members_says_what_finance_does(client, here):
    sign_in(client, here.manager)

    page = client.get(reverse("organisation-members", args=[here.institute.code])).content.decode()

    assert "录入和冲销到账" in page
    assert "查看款项" not in page
