"""The profit of the years a plan names: reported with its proof, shared out once and whole, taken back."""

import copy
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.contracts.sharing import refusals
from marketplace.contracts.sharing.distributing import pay_line
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.contracts.sharing.profits import ProfitReport
from marketplace.contracts.sharing.statement import statement_of
from marketplace.contracts.sharing.yearly import distribute_profit, reverse_profit
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.money import MOST
from tests.factories.asking import queries_of
from tests.factories.people import sign_in
from tests.marketplace.contracts import yielding
from tests.marketplace.contracts.factories import scan
from tests.marketplace.desk.test_desk_yields import titles
from tests.pdf_text import text_of

pytestmark = pytest.mark.usefixtures("for_now")


@pytest.fixture(scope="module")
def lasting_house(lasting):
    return yielding.of_profit()


@pytest.fixture
def here(lasting_house, for_now):
    """A house whose plan shares 6 per cent of the profit of three years; it is the spring after the first of them."""
    with yielding.after():
        yield copy.deepcopy(lasting_house)


def amounts(distribution):
    return {line.payee: line.amount for line in distribution.lines.all()}


def test_the_profit_of_a_year_is_shared_whole_by_the_plan(here):
    distribution = distribute_profit(yielding.report(here), by=here.finance)

    assert amounts(distribution) == {"发明人戊": 35_000, "发明人己": 25_000, "材料室": 470_001, "样例研究所": 470_000}
    assert (distribution.net, distribution.to_inventors, distribution.plan) == (1_000_001, 60_000, here.plan)
    assert {line.tax_rule for line in distribution.lines.all()} == {None}
    assert Entry.objects.about(distribution).get(kind="distribution.made").data["net"] == 1_000_001


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(profit=st.integers(1, MOST))
def test_no_fen_is_lost_and_the_inventors_keep_their_floor(here, profit):
    with transaction.atomic():
        distribution = distribute_profit(yielding.report(here, profit=profit), by=here.finance)
        found = amounts(distribution)
        transaction.set_rollback(True)

    assert sum(found.values()) == profit
    exact = {"发明人戊": Decimal("3.5"), "发明人己": Decimal("2.5"), "材料室": 47, "样例研究所": 47}
    assert all(abs(found.get(name, 0) - Decimal(profit) * percent / 100) < 1 for name, percent in exact.items())
    assert distribution.to_inventors + 2 > profit * here.plan.floor_percent / 100


@pytest.mark.parametrize(
    ("later", "refusal", "said"),
    [
        (-1, refusals.YearNotNamed, "these years only"),
        (3, refusals.YearNotNamed, "these years only"),
        (1, refusals.YearNotOver, "is not over yet"),
    ],
)
def test_only_years_the_plan_names_that_are_over(here, later, refusal, said):
    with translation.override("en"), pytest.raises(refusal, match=said):
        yielding.report(here, year=here.plan.profit_from + later)

    assert not ProfitReport.objects.exists()


def test_a_year_is_reported_once_by_who_keeps_the_money(here):
    with pytest.raises(PermissionDenied):
        yielding.report(here, by=here.writer)
    yielding.report(here)
    with pytest.raises(refusals.YearReported):
        yielding.report(here)
    other = yielding.of_shares()
    with pytest.raises(refusals.NotOfProfit):
        yielding.report_profit(other.contract, by=other.finance, year=2026, profit=1, upload=scan())

    assert ProfitReport.objects.count() == 1


@pytest.mark.parametrize(("typed", "profit"), [("0", 0), ("-1000", -100_000), ("−1,000.50", -100_050), ("－1", -100)])
def test_a_year_without_a_profit_is_reported_and_done(client, here, typed, profit):
    sign_in(client, here.finance)
    assert titles(here.finance) == ["Report the operating profit"]
    year = here.plan.profit_from
    address = reverse("profit-report", args=[here.contract.code])

    done = client.post(address, {"year": year, "profit": typed, "upload": scan()}, follow=True)

    made = ProfitReport.objects.get()
    assert made.profit == profit
    page = done.content.decode()
    assert "本年度没有利润" in " ".join(map(str, done.context["messages"]))
    assert f"{year} 年没有利润" in page
    assert 'id="share-out"' not in page
    assert titles(here.finance) == []
    with pytest.raises(refusals.NoProfit):
        distribute_profit(made, by=here.finance)
    with pytest.raises(refusals.YearReported):
        yielding.report(here)
    assert "无利润，不分配" in client.get(here.plan.get_absolute_url()).content.decode()
    sign_in(client, here.first)
    share = here.plan.shares.get(user=here.first)
    assert f"{year} 年：已报送没有利润" in client.get(reverse("statement-detail", args=[share.code])).content.decode()
    assert f"{year}年：已报送没有利润" in text_of(client.get(reverse("statement-pdf", args=[share.code])).content)
    reverse_profit(made, by=here.finance, reason="审计调整")
    assert statement_of(share).without_profit == []
    assert yielding.report(here).profit == 1_000_001


def test_what_is_no_amount_is_no_loss(client, here):
    sign_in(client, here.finance)
    typed = {"year": here.plan.profit_from, "upload": scan()}

    for wrong in ("-", "--5", "-abc", ""):
        page = client.post(reverse("profit-report", args=[here.contract.code]), typed | {"profit": wrong})
        assert page.context["form"].errors["profit"], wrong

    assert not ProfitReport.objects.exists()


def test_a_profit_is_shared_once(here):
    made = yielding.report(here)
    distribute_profit(made, by=here.finance)
    with pytest.raises(refusals.ProfitShared):
        distribute_profit(made, by=here.finance)
    with pytest.raises(PermissionDenied):
        distribute_profit(made, by=here.first)

    assert Distribution.objects.count() == 1


def test_a_line_is_paid_after_the_year_it_is_of(here):
    line = distribute_profit(yielding.report(here), by=here.finance).lines.get(share__user=here.first)
    with translation.override("en"), pytest.raises(refusals.DayOfYearsPayout, match=str(here.plan.profit_from)):
        pay_line(line, by=here.finance, paid_on=clock.today() - timedelta(days=90), reference="代发 1")

    pay_line(line, by=here.finance, paid_on=clock.today(), reference="代发 1")

    line.refresh_from_db()
    assert line.state == "paid"


def test_a_profit_taken_back_lets_what_was_shared_fall_and_may_come_again(here):
    first = yielding.report(here)
    distribution = distribute_profit(first, by=here.finance)
    paid = distribution.lines.get(share__user=here.first)
    pay_line(paid, by=here.finance, paid_on=clock.today(), reference="代发 1")
    with pytest.raises(refusals.ReasonOfTakingBack):
        reverse_profit(first, by=here.finance, reason="")

    reverse_profit(first, by=here.finance, reason="审计调整")
    with pytest.raises(refusals.TakenBackAlready):
        reverse_profit(first, by=here.finance, reason="审计调整")
    with pytest.raises(refusals.ProfitTakenBack):
        distribute_profit(first, by=here.finance)
    second = distribute_profit(yielding.report(here, profit=900_000), by=here.finance)

    paid.refresh_from_db()
    assert paid.state == "to_reclaim"
    assert set(distribution.lines.exclude(pk=paid.pk).values_list("state", flat=True)) == {"cancelled"}
    assert amounts(second)["发明人戊"] == 31_500
    assert Entry.objects.about(first).filter(kind="profit.reversed").count() == 1


def test_the_database_keeps_a_report(here):
    made = yielding.report(here)

    for change in ({"profit": 1}, {"year": 2020}):
        with pytest.raises(DatabaseError, match="not changed or deleted"), transaction.atomic():
            ProfitReport.objects.filter(pk=made.pk).update(**change)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_year_is_reported_and_shared_on_its_pages(client, here, prefix):
    sign_in(client, here.finance)
    plan, first = here.plan.get_absolute_url(), here.plan.profit_from
    address, overview = (reverse(name, args=[here.contract.code]) for name in ("profit-report", "sharing-overview"))
    assert f"{address}?year={first}" in client.get(prefix + plan).content.decode()
    typed = {"year": first, "profit": "10000.01"}

    refused = client.post(prefix + address, typed | {"upload": scan(), "year": first + 1})
    answer = client.post(prefix + address, typed | {"upload": scan()})
    preview = client.get(answer.url)
    shared = client.post(answer.url)

    assert str(first + 1) in str(refused.context["form"].errors["year"])
    assert [line["amount"] for line in preview.context["lines"]] == [35_000, 25_000, 470_001, 470_000]
    page = client.get(shared.url).content.decode()
    assert "10,000.01" in page
    assert str(first) in page
    assert client.get(answer.url).url == shared.url
    assert shared.url in client.get(prefix + plan).content.decode()
    assert shared.url in client.get(prefix + overview).content.decode()


def test_more_reports_on_a_plan_ask_no_more_often(client, here):
    distribute_profit(yielding.report(here), by=here.finance)
    sign_in(client, here.finance)
    before = queries_of(client, here.plan.get_absolute_url())

    for _turn in range(2):
        reverse_profit(ProfitReport.objects.standing().get(), by=here.finance, reason="录错")
        distribute_profit(yielding.report(here), by=here.finance)

    assert queries_of(client, here.plan.get_absolute_url()) == before


def test_the_statement_tells_the_year(client, here):
    distribution = distribute_profit(yielding.report(here), by=here.finance)
    share = distribution.lines.get(share__user=here.first).share
    sign_in(client, here.first)

    text = text_of(client.get(reverse("statement-pdf", args=[share.code])).content)
    page = client.get(here.plan.get_absolute_url())

    assert statement_of(share).counted == 35_000
    assert "350.00" in text
    assert f"{here.plan.profit_from}年" in text
    assert all("report" not in row for row in page.context["years"])
