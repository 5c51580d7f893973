"""The pages of payments and benefit sharing, for the people who use them and for those who may not."""

import copy
import re
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.contracts.payments.actions import plan_instalment
from marketplace.contracts.payments.models import Receipt
from marketplace.contracts.sharing.actions import Part, draft_plan, file_agreement, submit_plan, withdraw_plan
from marketplace.contracts.sharing.approving import approve_for_department
from marketplace.contracts.sharing.distributing import distribute_receipt, pay_line
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.organisations.roles import Role
from tests.factories.asking import queries_of
from tests.factories.people import member, organisation, person, sign_in, staff
from tests.marketplace.contracts.factories import PDF, WAN, submitted
from tests.marketplace.contracts.shared import effective, house, parts, plan, published, receipt, sent, stand, terms
from tests.pdf_text import text_of

pytestmark = pytest.mark.usefixtures("for_now")


@pytest.fixture(scope="module")
def lasting_house(lasting):
    return house()


@pytest.fixture
def here(lasting_house, for_now):
    return copy.deepcopy(lasting_house)


def payees_typed(rows, *, initial=0, prefix="payees"):
    """Return the fields of a form's payees, [(kind, name, per cent, more)]."""
    typed = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for place, (kind, name, percent, *more) in enumerate(rows):
        fields = {"kind": kind, "name": name, "percent": percent} | (more[0] if more else {})
        typed |= {f"{prefix}-{place}-{field}": value for field, value in fields.items()}
    return typed


def test_finance_plans_and_enters_payments_on_the_page(client, here):
    sign_in(client, here.finance)
    page = reverse("payment-list", args=[here.contract.code])
    today = clock.today().isoformat()

    client.post(f"{page}plan/", {"due_on": today, "amount": "400000", "condition": "签约后十日内"})
    instalment = here.contract.instalments.get()
    typed = {"amount": "150000", "received_on": today, "bank_reference": "工行 1", "instalment": instalment.code}
    client.post(f"{page}enter/", typed)
    again = client.post(f"{page}enter/", typed)

    assert Receipt.objects.get().amount == 15 * WAN
    assert "工行 1" in again.context["form"].errors["bank_reference"][0]
    shown = client.get(page)
    assert [(row["left"], row["words"]) for row in shown.context["rows"]] == [(25 * WAN, "部分到账")]
    with clock.moved_to(clock.now() + timedelta(days=1)):
        assert client.get(page).context["rows"][0]["words"] == "逾期，部分到账"
    assert (shown.context["received"], shown.context["open"]) == (15 * WAN, 85 * WAN)
    assert "250,000.00" in shown.content.decode()
    assert f"<small>对应期次 {instalment}</small>" in shown.content.decode()


def test_the_invoice_the_strike_and_the_reversal_are_pages(client, here):
    sign_in(client, here.finance)
    one = plan_instalment(here.contract, by=here.finance, due_on=clock.today(), amount=WAN)
    entered = receipt(here)
    page = reverse("payment-list", args=[here.contract.code])

    typed = {"invoice_number": "样票 9", "invoiced_on": clock.today().isoformat()}
    assert client.post(reverse("instalment-invoice", args=[one.code]), typed).url == page
    unsaid = client.post(reverse("instalment-drop", args=[one.code]), {"reason": ""})
    assert set(unsaid.context["form"].errors) == {"reason"}
    assert client.post(reverse("instalment-drop", args=[one.code]), {"reason": "改为一次付清"}).url == page
    struck = client.get(page).content.decode().partition("已划去")[2]
    assert "改为一次付清" in struck
    refused = client.post(reverse("receipt-reverse", args=[entered.code]), {"reason": ""})
    assert client.post(reverse("receipt-reverse", args=[entered.code]), {"reason": "录错"}).url == page

    assert refused.status_code == 200
    one.refresh_from_db()
    assert (one.invoice_number, one.dropped_at is not None) == ("样票 9", True)
    assert [row["receipt"].amount for row in client.get(page).context["receipts"]] == [10 * WAN, -10 * WAN]


def test_an_instalment_is_struck_after_a_question_and_says_that_it_is_not_due(client, here):
    sign_in(client, here.finance)
    today = clock.today()
    for days in (0, 30):
        plan_instalment(here.contract, by=here.finance, due_on=today + timedelta(days=days), amount=WAN)

    answer = client.get(reverse("payment-list", args=[here.contract.code]))
    page = answer.content.decode()

    assert [row["words"] for row in answer.context["rows"]] == ["今天到期", "未到期"]
    for row in answer.context["rows"]:
        name = f"strike-{row['instalment'].code}"
        assert f'data-dialog="{name}"' in page
        assert "不能恢复" in page[page.index(f'<dialog id="{name}"') :].split("</dialog>")[0]


@pytest.mark.parametrize(
    ("who", "sees_payments", "sees_sharing"),
    [
        (lambda here: here.finance, 200, 200),
        (lambda here: here.writer, 200, 200),
        (lambda here: here.first, 200, 403),
        (lambda here: person(), 404, 404),
        (lambda here: staff(Role.OFFICER), 200, 200),
        (lambda here: staff(Role.AUDITOR), 200, 200),
        (lambda here: staff(Role.REGISTRAR), 403, 403),
    ],
)
def test_who_sees_payments_and_plans(client, here, who, sees_payments, sees_sharing):
    sign_in(client, who(here))

    assert client.get(reverse("payment-list", args=[here.contract.code])).status_code == sees_payments
    assert client.get(reverse("sharing-overview", args=[here.contract.code])).status_code == sees_sharing


def test_the_buyer_sees_payments_and_not_the_sharing(client):
    buyer = organisation(region="330304")
    here = house(buyer_uscc=buyer.uscc)
    sign_in(client, member(buyer, "finance"))

    assert client.get(reverse("payment-list", args=[here.contract.code])).status_code == 200
    assert client.get(reverse("sharing-overview", args=[here.contract.code])).status_code == 403
    assert client.get(plan(here).get_absolute_url()).status_code == 404


def plan_typed(here, rows, **changed):
    facts = {"formula": "costs_and_tax", "broker_as": "nobody", "department": "材料室"}
    return facts | {"department_head": here.head.username} | payees_typed(rows) | changed


def test_the_form_does_not_open_while_a_version_is_on_its_way(client, here):
    effective(here)
    waits = plan(here)
    sign_in(client, here.writer)
    first = DistributionPlan.objects.exclude(pk=waits.pk).get()
    address = reverse("plan-new", args=[here.contract.code])

    told = client.get(address).content.decode()

    assert "第 2 版方案正在办理，请先办结或撤回" in told
    assert f'href="{waits.get_absolute_url()}"' in told
    assert 'name="department"' not in told
    page = client.get(first.get_absolute_url()).content.decode()
    assert f'href="{address}"' not in page
    assert f'<a class="btn btn--fill" href="{waits.get_absolute_url()}">' in page

    withdraw_plan(waits, by=here.writer)
    assert client.get(address).status_code == 200
    assert f'href="{address}"' in client.get(first.get_absolute_url()).content.decode()


def test_a_plan_is_written_sent_and_published_on_its_pages(client, here):
    sign_in(client, here.writer)
    rows = [
        ("inventor", here.first.name, "40.5", {"user": here.first.username}),
        ("inventor", here.second.name, "34.5"),
        ("institute", here.institute.name, "25"),
    ]
    client.post(reverse("plan-new", args=[here.contract.code]), plan_typed(here, rows))
    made = DistributionPlan.objects.get()
    assert [(share.name, share.percent, share.user) for share in made.shares.all()] == [
        (here.first.name, Decimal("40.50"), here.first),
        (here.second.name, Decimal("34.50"), None),
        (here.institute.name, Decimal("25.00"), None),
    ]

    client.post(reverse("plan-move", args=[made.code, "submit"]))
    sign_in(client, here.head)
    client.post(reverse("plan-move", args=[made.code, "approve-department"]))
    sign_in(client, here.manager)
    client.post(reverse("plan-move", args=[made.code, "approve-institute"]))

    made.refresh_from_db()
    assert made.state == "in_publicity"
    client.logout()
    public = client.get(client.get("/publicity/").context["running"][0].get_absolute_url())
    text = public.content.decode()
    assert here.first.name in text
    assert "40.50%" in text
    assert made.get_absolute_url() not in text


@pytest.mark.parametrize(
    ("made", "words"), [(plan, "不能恢复"), (sent, "不能恢复"), (published, "姓名和分配比例不再公开")]
)
def test_a_withdrawal_asks_first_and_says_what_follows(client, here, made, words):
    plan_made = made(here)
    sign_in(client, here.writer)

    page = client.get(plan_made.get_absolute_url()).content.decode()

    dialog = page[page.index('<dialog id="withdraw-plan"') :].split("</dialog>")[0]
    assert 'data-dialog="withdraw-plan"' in page
    assert words in dialog


def test_a_manager_who_wrote_the_plan_reads_why_another_decides(client, here):
    made = draft_plan(here.contract, by=here.manager, parts=parts(here), **terms(here))
    submit_plan(made, by=here.writer)
    approve_for_department(made, by=here.head)
    sign_in(client, here.manager)

    page = client.get(made.get_absolute_url()).content.decode()

    assert 'id="kept-from"' in page
    assert "另一位管理员" in page
    assert reverse("plan-move", args=[made.code, "approve-institute"]) not in page


def test_what_was_typed_stays_when_the_form_is_refused(client, here):
    sign_in(client, here.writer)
    rows = [("inventor", "戊", "40"), ("inventor", "戊", "60", {"declaration": "副所长"})]

    answer = client.post(reverse("plan-new", args=[here.contract.code]), plan_typed(here, rows, broker_as="cost"))

    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"broker_rate", "broker_name"}
    assert list(answer.context["payees"].forms[1].errors) == ["name"]
    assert "副所长" in answer.content.decode()
    assert not DistributionPlan.objects.exists()


def test_a_share_of_many_decimals_is_refused_in_words_of_the_field(client, here):
    sign_in(client, here.writer)
    rows = [("inventor", "戊", "33.333333"), ("inventor", "己", "100.5"), ("institute", "所", "66.66")]

    answer = client.post(reverse("plan-new", args=[here.contract.code]), plan_typed(here, rows))

    wrong, above, _right = answer.context["payees"].forms
    assert wrong.errors == {"percent": ["百分比最多保留 2 位小数。"]}
    assert list(above.errors) == ["percent"]
    assert "数字总位数" not in answer.content.decode()


def test_a_draft_below_the_floor_says_why_it_cannot_be_sent(client, here):
    made = plan(here, payees=parts(here, inventors=(35, 25), institute=30))
    sign_in(client, here.manager)

    page = client.get(made.get_absolute_url())
    client.post(reverse("plan-move", args=[made.code, "submit"]))

    assert "样例依据" in page.context["below"]
    assert DistributionPlan.objects.get().state == "draft"
    upload = SimpleUploadedFile("决议.pdf", PDF, content_type="application/pdf")
    client.post(reverse("plan-agreement", args=[made.code]), {"upload": upload, "reason": "职代会决议"})
    client.post(reverse("plan-move", args=[made.code, "submit"]))
    assert DistributionPlan.objects.get().state == "at_department"


@pytest.mark.parametrize(("rest", "covered"), [("40", True), ("45", False)])
def test_who_writes_a_plan_anew_is_told_that_the_agreement_does_not_cover_it(client, here, rest, covered):
    made = plan(here, payees=parts(here, inventors=(35, 25), institute=30))
    upload = SimpleUploadedFile("决议.pdf", PDF, content_type="application/pdf")
    file_agreement(made, by=here.manager, upload=upload, reason="职代会决议")
    sign_in(client, here.writer)
    rows = [("inventor", here.first.name, str(100 - int(rest))), ("institute", here.institute.name, rest)]

    page = client.post(reverse("plan-change", args=[made.code]), plan_typed(here, rows), follow=True)

    said = " ".join(map(str, page.context["messages"]))
    made.refresh_from_db()
    assert made.has_agreement == covered
    assert ("不适用于现在的方案" in said) != covered
    assert ("方案可以送审" in said) == covered


def test_a_draft_below_the_floor_of_the_law_is_offered_no_agreement(client, here):
    made = plan(here, payees=parts(here, inventors=(25, 24), institute=41))
    sign_in(client, here.manager)

    page = client.get(made.get_absolute_url())

    assert "不得低于 50.00%" in page.context["below"]
    assert f"{page.context['check'].floor}%" in page.context["below"]
    assert reverse("plan-agreement", args=[made.code]) not in page.content.decode()


def test_a_plan_is_returned_with_reasons(client, here):
    made = sent(here)
    sign_in(client, here.head)

    client.post(reverse("plan-return", args=[made.code]), {"reasons": "分工不清"})

    made.refresh_from_db()
    assert (made.state, made.decisions.get().reasons) == ("returned", "分工不清")
    assert "分工不清" in client.get(made.get_absolute_url()).content.decode()


def test_finance_tries_costs_before_it_shares_out(client, here):
    effective(here)
    entered = receipt(here, amount=1_000_000)
    sign_in(client, here.finance)
    address = reverse("receipt-distribute", args=[entered.code])

    tried = client.post(address, {"direct_cost": "1000", "tax": "500"})
    assert [line["amount"] for line in tried.context["lines"]] == [340_000, 255_000, 85_000, 170_000]
    assert not Distribution.objects.exists()
    client.post(address, {"direct_cost": "1000", "tax": "500", "share_out": "yes", "seen": tried.context["seen"]})

    distribution = Distribution.objects.get()
    assert (distribution.net, distribution.made_by) == (850_000, here.finance)
    assert client.get(address).url == distribution.get_absolute_url()
    line = distribution.lines.first()
    client.post(reverse("line-pay", args=[line.code]), {"paid_on": clock.today().isoformat(), "reference": "代发 1"})
    line.refresh_from_db()
    assert line.state == "paid"


def test_what_is_shared_out_was_shown_with_these_costs(client, here):
    effective(here)
    entered = receipt(here, amount=19_500_001)
    sign_in(client, here.finance)
    address = reverse("receipt-distribute", args=[entered.code])
    first = client.get(address)
    typed = {"direct_cost": "10000.50", "tax": "3000", "share_out": "yes"}

    refused = client.post(address, typed | {"seen": first.context["seen"]})
    unmarked = client.post(address, typed)

    assert not Distribution.objects.exists()
    for page in (refused, unmarked):
        assert "181,999.51" in " ".join(map(str, page.context["messages"]))
        assert sum(line["amount"] for line in page.context["lines"]) == 18_199_951
    dialog = refused.content.decode().split('<dialog id="share-out"')[1].split("</dialog>")[0]
    assert "181,999.51 元" in dialog
    assert "127,399.66 元" in dialog  # the inventors together
    client.post(address, typed | {"seen": refused.context["seen"]})
    assert Distribution.objects.get().net == 18_199_951


def test_an_old_page_lands_on_what_was_shared_out_and_says_that_its_costs_count_for_nothing(client, here):
    effective(here)
    entered = receipt(here, amount=1_000_000)
    sign_in(client, here.manager)
    address = reverse("receipt-distribute", args=[entered.code])
    seen = client.get(address).context["seen"]
    made = distribute_receipt(entered, by=here.finance, direct_cost=100_000)

    typed = {"share_out": "yes", "seen": seen}
    other = client.post(address, typed | {"direct_cost": "2000"}, follow=True)
    same = client.post(address, typed | {"direct_cost": "1000"}, follow=True)
    looked = client.get(address, follow=True)

    assert other.redirect_chain[-1][0] == made.get_absolute_url()
    said = [" ".join(map(str, page.context["messages"])) for page in (other, same, looked)]
    assert "1,000.00 元" in said[0]
    assert "没有采用" in said[0]
    assert "相同" in said[1]
    assert said[2] == ""
    assert Distribution.objects.get().direct_cost == 100_000


def test_the_page_of_a_payment_without_a_plan_says_so(client, here):
    sign_in(client, here.finance)

    page = client.get(reverse("receipt-distribute", args=[receipt(here).code]))

    assert page.context["plan"] is None
    assert page.status_code == 200


@pytest.fixture
def paid(here):
    """A payment of 10,000.01 yuan shared out, the first inventor paid."""
    effective(here)
    here.distribution = distribute_receipt(receipt(here, amount=1_000_001), by=here.finance)
    here.line = here.distribution.lines.get(share__user=here.first)
    pay_line(here.line, by=here.finance, paid_on=clock.today(), reference="代发 1")
    here.statement = reverse("statement-detail", args=[here.line.share.code])
    return here


@pytest.mark.parametrize(
    ("who", "status", "is_noted"),
    [
        (lambda here: here.first, 200, False),
        (lambda here: here.second, 404, False),
        (lambda here: here.finance, 200, True),
        (lambda here: here.manager, 200, True),
        (lambda here: here.writer, 404, False),
        (lambda here: here.head, 404, False),
        (lambda here: person(), 404, False),
        (lambda here: staff(Role.OFFICER), 404, False),
        (lambda here: staff(Role.FINANCE), 404, False),
        (lambda here: staff(Role.AUDITOR), 200, True),
    ],
)
def test_a_statement_is_private(client, paid, who, status, is_noted):
    sign_in(client, who(paid))

    assert client.get(paid.statement).status_code == status
    assert client.get(f"{paid.statement}pdf/").status_code == status

    assert Entry.objects.filter(kind="statement.read").count() == (2 if is_noted else 0)


def test_a_statement_is_written_in_both_languages_and_as_pdf(client, paid):
    sign_in(client, paid.first)

    chinese = client.get(f"{paid.statement}pdf/", headers={"accept-language": "zh-hans"}).content
    english = client.get(f"/en{paid.statement}pdf/").content
    page = client.get(f"/en{paid.statement}").content.decode()

    text = text_of(chinese)
    for words in (
        "发明人戊",
        "智能锁装配线视觉检测开发合同",
        "样例研究所",
        "4,000.01",
        "10,000.01",
        "2,000.01",
        "40.00%",
        "生效中(v1)",
    ):
        assert words in text
    assert "收益分配对账单" in text
    assert "Statementofsharedincome" in text_of(english)
    assert "¥4,000.01" in page
    assert paid.second.name not in text


def test_a_statement_without_a_payment_says_so_instead_of_an_empty_table(client, here):
    made = sent(here)
    sign_in(client, here.first)

    page = client.get(reverse("statement-detail", args=[made.shares.get(user=here.first).code])).content.decode()

    assert "尚无到账分配" in page
    assert "<table" not in page


def test_payouts_have_a_row_of_their_sum(client, paid):
    sign_in(client, paid.finance)

    shared_out = client.get(paid.distribution.get_absolute_url())
    statement = client.get(paid.statement).content.decode()

    assert shared_out.context["total"] == paid.distribution.net
    foot = shared_out.content.decode().split("<tfoot")[1]
    assert "合计" in foot
    assert "10,000.01" in foot
    last = statement.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[-1]
    assert "合计" in last
    assert "4,000.01" in last


def test_what_was_taken_back_is_not_in_the_sum(client, paid):
    reverse_receipt(paid.distribution.receipt, by=paid.finance, reason="录错")
    sign_in(client, paid.finance)

    page = client.get(paid.distribution.get_absolute_url())

    assert (page.context["total"], page.context["are_all"]) == (0, False)
    assert "有效明细合计" in page.content.decode()


def test_my_statements_are_mine(client, paid):
    sign_in(client, paid.first)

    mine = client.get("/sharing/statements/").context["statements"]

    assert [(one.counted, one.paid) for one in mine] == [(400_001, 400_001)]
    sign_in(client, paid.writer)
    assert client.get("/sharing/statements/").context["statements"] == []


def test_many_statements_are_paged(client, paid, monkeypatch):
    monkeypatch.setattr("marketplace.contracts.sharing.views.statements.PAGE", 1)
    other = SimpleNamespace(**vars(paid))
    other.contract, _by = submitted(seller=paid.institute, by=paid.manager, contract_type="ZR", sub_type="ZR-patent")
    sent(other)
    sign_in(client, paid.first)

    first, second = (client.get("/sharing/statements/", {"page": page}) for page in (1, 2))

    shown = [[one.share.plan.contract for one in page.context["statements"]] for page in (first, second)]
    assert shown == [[other.contract], [paid.contract]]
    assert 'rel="next"' in first.content.decode()


def test_a_statement_goes_by_the_latest_plan_and_is_counted_once(client, paid):
    later = sent(paid)
    sign_in(client, paid.first)

    page = client.get("/sharing/statements/").context["page_obj"]

    assert (later.version, [share.plan for share in page], page.paginator.count) == (2, [later], 1)


def test_a_plan_not_sent_is_no_statement_and_who_is_first_named_later_has_one(client, paid):
    joined = member(paid.institute, "bidder", name="发明人庚")
    third = Part("inventor", joined.name, Decimal(10), user=joined)
    later = plan(paid, payees=[*parts(paid, inventors=(40, 20)), third])
    counted = []

    for _look in range(2):
        for one in (paid.first, joined):
            sign_in(client, one)
            page = client.get("/sharing/statements/").context["page_obj"]
            counted.append((len(page), page.paginator.count))
        if later.submitted_at is None:
            submit_plan(later, by=paid.writer)

    assert counted == [(1, 1), (0, 0), (1, 1), (1, 1)]


def calculated(client, rows, query="", **changed):
    typed = {"amount": "1.000001", "formula": "costs_and_tax", "broker_as": "nobody", "contract_type": "ZR"}
    typed |= {"signed_on": "2024-05-01"} | payees_typed(rows) | changed
    return client.post(f"/sharing/calculator/{query}", typed)


def test_the_calculator_shows_every_payees_money_and_the_floor(client, here):
    sign_in(client, here.first)

    answer = calculated(client, [("inventor", "", "60"), ("institute", "", "40")], direct_cost="0.1", tax="0.05")

    found = answer.context["found"]
    assert found.income.net == 850_001
    assert [fen for _payee, fen in found.rows] == [510_001, 340_000]
    assert (found.check.is_met, found.check.floor) == (False, 70)
    text = answer.content.decode()
    assert "样例依据" in text
    assert "5,100.01" in text
    assert 'value="1.000001"' in text
    assert not DistributionPlan.objects.exists()


@pytest.mark.parametrize(
    ("kind", "broker_as", "lacks"), [("broker", "share", 0), ("department", "share", 1), ("broker", "nobody", 1)]
)
def test_the_calculator_says_what_a_plan_would_be_refused_for(client, here, kind, broker_as, lacks):
    sign_in(client, here.first)

    answer = calculated(client, [("inventor", "", "90"), (kind, "", "10")], broker_as=broker_as)

    assert len(answer.context["lacks"]) == lacks
    assert ("须同时成立" in answer.content.decode()) == bool(lacks)


def test_the_calculator_begins_with_a_contract(client, here):
    sign_in(client, here.writer)

    page = client.get(f"/sharing/calculator/?contract={here.contract.code}")

    assert page.context["form"].initial["amount"] == 100 * WAN
    assert page.context["seller"] == here.institute
    sign_in(client, person())
    assert client.get(f"/sharing/calculator/?contract={here.contract.code}").status_code == 404
    assert client.get("/sharing/calculator/").status_code == 200


def test_per_cents_that_are_not_whole_are_told_and_share_nothing(client, here):
    sign_in(client, here.writer)

    answer = calculated(client, [("inventor", "", "60"), ("institute", "", "30")])

    assert answer.context["found"].rows == []
    assert "90" in answer.content.decode()


@pytest.mark.parametrize(
    ("percent", "direct_cost", "tones", "said"),
    [
        ("30", "0", ["go"], ""),
        ("30", "1.000001", ["stop", "wait"], "没有可分配的"),
        ("20", "0", ["stop", "wait"], "90"),
    ],
)
def test_the_calculator_is_green_only_where_something_whole_is_shared(client, here, percent, direct_cost, tones, said):
    sign_in(client, here.writer)

    answer = calculated(client, [("inventor", "", "70"), ("institute", "", percent)], direct_cost=direct_cost)

    result = answer.content.decode().split('id="result"')[1].split("</section>")[0]
    assert re.findall('data-tone="(.*?)"', result) == tones
    assert said in result


def test_the_sum_of_statements_stands_below_them_where_all_are_shown(client, here, monkeypatch):
    def paid(house_):
        made = published(house_, payees=parts(house_))
        stand(made)
        distribute_receipt(receipt(house_, amount=WAN), by=house_.finance)

    other = house()
    other.first = here.first
    paid(here)
    sign_in(client, here.first)
    assert client.get(reverse("statement-list")).context["sums"] is None, "one needs none"
    paid(other)

    page = client.get(reverse("statement-list"))

    statements = page.context["statements"]
    assert all(one.share.plan.contract.code in page.content.decode() for one in statements)
    assert page.context["sums"] == {"counted": sum(one.counted for one in statements), "paid": 0}
    assert page.context["sums"]["counted"] > statements[0].counted > 0
    monkeypatch.setattr("marketplace.contracts.sharing.views.statements.PAGE", 1)
    assert client.get(reverse("statement-list")).context["sums"] is None, "of a part it would mislead"


def test_the_calculator_asks_who_is_there_to_sign_in(client):
    assert client.get("/sharing/calculator/").url.startswith("/accounts/login/")


def test_more_payments_and_lines_ask_no_more_often(client, here):
    effective(here)
    sign_in(client, here.finance)
    due = clock.today() + timedelta(days=3)
    plan_instalment(here.contract, by=here.finance, due_on=due, amount=WAN)
    distribute_receipt(receipt(here), by=here.finance)
    addresses = [reverse(name, args=[here.contract.code]) for name in ("payment-list", "sharing-overview")]
    before = [queries_of(client, address) for address in addresses]

    for _turn in range(3):
        plan_instalment(here.contract, by=here.finance, due_on=due, amount=WAN)
        distribute_receipt(receipt(here), by=here.finance)

    assert [queries_of(client, address) for address in addresses] == before


def test_more_statements_and_terms_of_publicity_ask_no_more_often(client, here):
    def another():
        other = house()
        other.first = here.first
        made = published(other, payees=parts(other))
        stand(made)
        distribute_receipt(receipt(other), by=other.finance)
        published(other)

    another()
    sign_in(client, here.first)
    addresses = ["/sharing/statements/", "/publicity/"]
    before = [queries_of(client, address) for address in addresses]

    another()
    another()

    assert [queries_of(client, address) for address in addresses] == before
    assert len(client.get("/sharing/statements/").context["statements"]) == 3


def test_plans_in_publicity_show_their_way(client, here):
    made = published(here)
    sign_in(client, here.first)

    page = client.get(made.get_absolute_url())

    assert [step["state"] for step in page.context["steps"]] == ["done", "done", "done", "current", ""]
    assert page.context["publicity"].is_running


TWICE = [("inventor", "样例一", "40"), ("institute", "样例二", "20"), ("inventor", " 样例一 ", "40")]


def says_it_in_the_row(answer, words):
    """Tell whether the third payee's name is marked and says `words`, with all that was typed still there."""
    rows, page = answer.context["payees"], answer.content.decode()
    marked = re.search(r'<input[^>]*name="payees-2-name"[^>]*>', page)
    return (
        [list(form.errors) for form in rows] == [[], [], ["name"]]
        and words in rows.forms[2].errors["name"][0]
        and 'aria-invalid="true"' in marked[0]
        and all(f'value="{percent}"' in page for _kind, _name, percent in TWICE)
    )


@pytest.mark.parametrize(("prefix", "words"), [("", "第 1 行已有"), ("/en", "Row 1 has this payee already")])
def test_a_payee_named_twice_is_said_in_its_row(client, here, prefix, words):
    sign_in(client, here.writer)
    terms = {"amount": "10", "formula": "costs_and_tax", "broker_as": "nobody", "contract_type": "ZR"}
    terms |= {"signed_on": "2024-05-01"}

    tried = client.post(f"{prefix}/sharing/calculator/", terms | payees_typed(TWICE))
    planned = client.post(f"{prefix}/contracts/{here.contract.code}/sharing/new/", plan_typed(here, TWICE))

    assert says_it_in_the_row(tried, words)
    assert says_it_in_the_row(planned, words)
    assert not here.contract.plans.exists()


def test_a_payee_taken_away_is_not_named_twice(client, here):
    sign_in(client, here.writer)
    gone = [*TWICE[:2], (*TWICE[2], {"DELETE": "on"})]

    answer = calculated(client, gone)

    assert answer.context["found"] is not None
