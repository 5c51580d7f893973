"""Targets of a year: officers set them, board and report say how far each figure has come."""

import csv
import io
import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.indicators import actions
from marketplace.indicators.periods import Period
from marketplace.indicators.report import report_of
from marketplace.indicators.report_page import _paper
from marketplace.indicators.targets import COUNTED, Progress, YearTarget, progress_of, targets_of
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, broker, person
from tests.marketplace.indicators.test_board import register_at, wenzhou

pytestmark = pytest.mark.django_db
ADDRESS = "/board/targets/2025/"
MIDYEAR = date(2025, 7, 2)  # 183 of 365 days


def set_targets(**targets):
    named = {slug.replace("_", "-"): value for slug, value in targets.items()}
    actions.set_targets(2025, by=person("officer"), targets=named)


def test_a_figure_counts_from_the_first_of_january_to_the_end_of_the_period_or_today():
    register_at((2024, 12, 31), amount=300)
    register_at((2025, 2, 1), amount=100)
    register_at((2025, 8, 1), amount=50)
    set_targets(contract_total=400 * WAN)

    def reached(code, today):
        return progress_of(Period.parse(code), today)["contract-total"].reached

    assert reached("2025-Q1", date(2025, 12, 1)) == 100 * WAN
    assert reached("2025-Q2", date(2025, 12, 1)) == 100 * WAN
    assert reached("2025", date(2025, 7, 2)) == 100 * WAN
    assert reached("2025", date(2025, 12, 1)) == 150 * WAN
    assert progress_of(Period.parse("2024"), MIDYEAR) == {}


def test_how_it_lies_to_the_calendar():
    assert Progress(400, 300, MIDYEAR).share == 0.75
    assert Progress(400, 300, MIDYEAR).ahead == pytest.approx(0.75 - 183 / 365)
    assert Progress(400, 300, MIDYEAR).pace == "快于时序进度 24.9 个百分点"
    assert Progress(400, 100, MIDYEAR).pace == "慢于时序进度 25.1 个百分点"
    assert Progress(400, 300, date(2024, 12, 31)).ahead == pytest.approx(-0.25)


def test_board_and_report_say_it(client):
    register_at((2025, 2, 1), amount=100)
    set_targets(contract_total=400 * WAN)
    sign_in(client, person("officer"))

    with clock.moved_to(wenzhou(2025, 7, 2, 9)):
        board = client.get("/board/?period=2025").content.decode()
        quarter = client.get("/board/?period=2025-Q3").content.decode()
        page = client.get("/board/report/?period=2025")
        sheet = client.get("/board/report/?period=2025&format=csv").content.decode("utf-8-sig")
        paper = client.get("/board/report/?period=2025&format=pdf").content

    assert "完成年度目标 400 万元 的 25.0%，慢于时序进度 25.1 个百分点" in board
    assert "当年累计" not in board
    assert "当年累计 100 万元，完成年度目标 400 万元 的 25.0%，慢于" in quarter
    assert "技术合同登记额 100 万元，完成年度目标的 25.0%" in page.context["text"]
    assert "慢于时序进度 25.1 个百分点" in page.content.decode()
    line = next(row for row in csv.DictReader(io.StringIO(sheet)) if row["代码"] == "K02")
    assert (line["年度目标"], line["完成率（以 1 为全部）"]) == ("4000000.00", "0.25")
    assert paper.startswith(b"%PDF")


def test_of_a_part_of_the_year_the_report_says_what_the_share_is_of(client):
    """The share of a target is that of the year so far: beside a quarter's amount it would be read as the quarter's."""
    register_at((2025, 2, 1), amount=100)
    register_at((2025, 4, 1), amount=60)
    set_targets(contract_total=400 * WAN)
    sign_in(client, person("officer"))

    with clock.moved_to(wenzhou(2025, 7, 2, 9)):
        quarter, year = (client.get(f"/board/report/?period={code}") for code in ("2025-Q2", "2025"))
        sheet = client.get("/board/report/?period=2025-Q2&format=csv").content.decode("utf-8-sig")
        paper = _paper(report_of(Period.parse("2025-Q2"), clock.today()))

    assert "技术合同登记额 60 万元，当年累计 160 万元，完成年度目标的 40.0%" in quarter.context["text"]
    assert "技术合同登记额 160 万元，完成年度目标的 40.0%" in year.context["text"]
    assert 'data-label="当年累计">160 万元</td>' in quarter.content.decode()
    assert "当年累计" not in year.content.decode()
    line = next(row for row in csv.DictReader(io.StringIO(sheet)) if row["代码"] == "K02")
    assert (line["当年累计"], line["年度目标"]) == ("1600000.00", "4000000.00")
    targets = paper.blocks[-2]
    assert (targets.headings[1], targets.rows[0][1:4]) == ("当年累计", ["160 万元", "400 万元", "40.0%"])


def test_what_is_counted_on_a_day_is_not_set_against_the_calendar(client):
    """Brokers with a certificate do not grow from nothing through the year: no pace is reckoned."""
    broker(valid_from=date(2024, 1, 1))
    set_targets(brokers_valid=4)

    with clock.moved_to(wenzhou(2025, 7, 2, 9)):
        board = client.get("/board/?period=2025-Q3").content.decode()
        page = client.get("/board/report/?period=2025-Q3").content.decode()
        sheet = client.get("/board/report/?period=2025-Q3&format=csv").content.decode("utf-8-sig")

    assert "完成年度目标 4 人 的 25.0%</dd>" in board
    assert not [each for each in (board, page) if "时序进度" in each]
    line = next(row for row in csv.DictReader(io.StringIO(sheet)) if row["代码"] == "K10.1")
    assert [line[head] for head in ("当年累计", "完成率（以 1 为全部）", "时序进度差（以 1 为全部）")] == [
        "",
        "0.25",
        "",
    ]


def test_without_targets_nothing_is_said_of_them(client):
    register_at((2025, 2, 1), amount=100)

    assert "年度目标" not in client.get("/board/report/?period=2025").content.decode()
    assert "年度目标" not in report_of(Period.parse("2025"), MIDYEAR).text


def test_a_change_stands_in_the_journal_and_what_stays_does_not():
    officer = person("officer")
    actions.set_targets(2025, by=officer, targets={"contract-total": 400 * WAN, "lots-sold": 5})
    actions.set_targets(2025, by=officer, targets={"contract-total": 500 * WAN, "lots-sold": 5})
    actions.set_targets(2025, by=officer, targets={"contract-total": None, "lots-sold": 5})

    assert targets_of(2025) == {"lots-sold": 5}
    entries = Entry.objects.filter(kind=Kind.TARGET_SET).order_by("id").values_list("data", flat=True)
    assert [(each["indicator"], each["before"], each["after"]) for each in entries] == [
        ("contract-total", None, 400 * WAN),
        ("lots-sold", None, 5),
        ("contract-total", 400 * WAN, 500 * WAN),
        ("contract-total", 500 * WAN, None),
    ]


@pytest.mark.parametrize("role", ["auditor", "registrar", "finance", "editor", ""])
def test_only_officers_set_them(client, role):
    somebody = person(*filter(None, [role]))
    with pytest.raises(PermissionDenied):
        actions.set_targets(2025, by=somebody, targets={"lots-sold": 5})
    sign_in(client, somebody)

    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, {"lots-sold": "5"}).status_code == 403
    assert ADDRESS not in client.get("/board/?period=2025").content.decode()
    assert not YearTarget.objects.exists()


def test_an_officer_sets_and_takes_back_on_the_page(client):
    sign_in(client, person("officer"))
    assert ADDRESS in client.get("/board/?period=2025-H1").content.decode()

    saved = client.post(ADDRESS, {"contract-total": "1.5亿", "lots-sold": "5"})

    assert saved.url == "/board/?period=2025"
    assert targets_of(2025) == {"contract-total": 15_000 * WAN, "lots-sold": 5}
    assert 'value="15000"' in client.get(ADDRESS).content.decode()
    client.post(ADDRESS, {"contract-total": "", "lots-sold": "5"})
    assert targets_of(2025) == {"lots-sold": 5}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("contract-total", "很多"),
        ("contract-total", "0"),
        ("lots-sold", "-1"),
        ("lots-sold", "2.5"),
        ("lots-sold", "1e9"),
    ],
)
def test_what_is_no_target_is_told_beside_its_field_and_nothing_is_lost(client, field, typed):
    sign_in(client, person("officer"))

    answer = client.post(ADDRESS, {"trials-started": "7", field: typed})

    assert list(answer.context["form"].errors) == [field]
    assert 'value="7"' in answer.content.decode()
    assert not YearTarget.objects.exists()


@pytest.mark.parametrize("year", ["1999", "2100", "99999"])
def test_other_years_have_no_page(client, year):
    sign_in(client, person("officer"))

    assert client.get(f"/board/targets/{year}/").status_code == 404


def test_only_what_adds_up_over_a_year_has_a_target():
    assert {"contract-total", "brokers-valid", "sessions-held"} <= {each.slug for each in COUNTED}
    assert not {"sell-through", "days-to-conversion", "inventors-share"} & {each.slug for each in COUNTED}


def test_the_database_holds_one_target_above_nothing():
    YearTarget.objects.create(year=2025, indicator="lots-sold", value=5)
    for wrong in ({"indicator": "lots-sold", "value": 6}, {"indicator": "lots-offered", "value": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            YearTarget.objects.create(year=2025, **wrong)


def typed_over(page, **typed):
    """Return what a browser sends from a page of targets on which some fields were typed over."""
    inputs = re.findall(r'<input[^>]* name="([^"]+)"(?:[^>]* value="([^"]*)")?', page.content.decode())
    kept = {name: value for name, value in inputs if name.removeprefix("initial-") in {each.slug for each in COUNTED}}
    return kept | {name.replace("_", "-"): value for name, value in typed.items()}


def test_what_somebody_else_set_meanwhile_is_not_set_back(client):
    set_targets(contract_total=400 * WAN, lots_sold=5)
    sign_in(client, person("officer"))
    opened = client.get(ADDRESS)
    set_targets(contract_total=500 * WAN)

    saved = client.post(ADDRESS, typed_over(opened, lots_sold="6"))

    assert saved.status_code == 302
    assert targets_of(2025) == {"contract-total": 500 * WAN, "lots-sold": 6}


def test_what_two_set_at_once_is_asked_again_and_then_stands(client):
    set_targets(contract_total=400 * WAN, lots_sold=5)
    sign_in(client, person("officer"))
    opened = client.get(ADDRESS)
    set_targets(contract_total=500 * WAN)
    set_targets(lots_sold=None)

    asked = client.post(ADDRESS, typed_over(opened, contract_total="600", lots_sold="7"))

    errors = asked.context["form"].errors
    assert set(errors) == {"contract-total", "lots-sold"}
    assert "500" in str(errors["contract-total"])
    assert targets_of(2025) == {"contract-total": 500 * WAN}
    sent_again = typed_over(asked)
    assert (sent_again["contract-total"], sent_again["initial-contract-total"]) == ("600", "500")
    client.post(ADDRESS, sent_again)
    assert targets_of(2025) == {"contract-total": 600 * WAN, "lots-sold": 7}
