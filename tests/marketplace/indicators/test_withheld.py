"""A sum of one or two contracts is not shown to who may not open them; how many they are is, and staff read all."""

import csv
import io

import pytest
from django.contrib.auth.models import AnonymousUser

from cms.portal import tiles as portal
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import grant_contract_change, request_contract_change
from marketplace.core import clock
from marketplace.indicators.actions import set_targets
from marketplace.indicators.figures import INDICATORS
from marketplace.indicators.indicator import Unit
from marketplace.indicators.periods import Period
from marketplace.indicators.withheld import _of_rows, withheld_from
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, person, scan
from tests.marketplace.deals.factories import outcome
from tests.marketplace.indicators.test_board import register_at, wenzhou
from tests.pdf_text import text_of

pytestmark = pytest.mark.django_db

VISITOR, MAY, HALF = AnonymousUser(), Period.parse("2025-05"), Period.parse("2025-H1")
TOO_FEW = "少于 3 份，不单列金额"
SUMS = {"contract-total", "technical-total", "outgoing-total", "incoming-total"}


def register(*amounts, month=5):
    return [register_at((2025, month, day), amount=amount) for day, amount in enumerate(amounts, start=1)]


def test_every_figure_that_is_a_sum_of_contracts_is_looked_at():
    sums = {each.slug for each in INDICATORS if each.records == "contracts" and each.unit == Unit.FEN}

    assert set(_of_rows()) == sums


@pytest.mark.parametrize(("amounts", "kept"), [((), set()), ((70,), SUMS), ((70, 80), SUMS), ((70, 80, 90), set())])
def test_a_sum_is_withheld_where_one_or_two_contracts_make_it(amounts, kept):
    register(*amounts)

    assert withheld_from(VISITOR, MAY) == kept
    assert withheld_from(person("editor"), MAY) == kept
    assert withheld_from(person("registrar"), MAY) == withheld_from(person("auditor"), MAY) == set()


def test_a_part_of_enough_contracts_that_is_of_few_is_withheld_alone():
    register(70, 80, 90)
    offered = outcome()
    register_at((2025, 5, 9), amount=50, seller=offered.owner, outcome=offered)

    assert withheld_from(VISITOR, MAY) == {"landed-technical"}


def test_of_two_contracts_one_of_which_was_changed_two_are_counted():
    first, _second = register(70, 80)
    with clock.moved_to(wenzhou(2025, 5, 20, 10)):
        stands = {"begins_on": first.begins_on, "ends_on": first.ends_on, "reasons": "补充协议"}
        items = [Item("开发", 60 * WAN, True)]
        request_contract_change(first, upload=scan(), by=first.drafted_by, items=items, **stands)
        grant_contract_change(first, by=person("registrar"))

    assert withheld_from(VISITOR, MAY) == SUMS


def test_the_board_shows_no_such_sum_in_figures_months_and_rows(client):
    register(71, 82)
    register(93, month=4)

    board = client.get("/board/?period=2025-05")
    page = board.content.decode()

    tiles = {tile["indicator"].slug: tile for tile in board.context["tiles"]}
    assert (tiles["contract-count"]["value"], tiles["contract-total"]["value"]) == (2, None)
    assert tiles["contract-total"]["former"]["value"] is None
    assert tiles["contract-total"]["change"] == ""
    assert tiles["contract-count"]["former"]["value"] == 1
    assert TOO_FEW in page
    assert [row["total"] for row in board.context["types"]] == [None]
    assert {bar["total"] for bar in board.context["bars"]} == {0}
    assert "最高" not in board.context["chart_title"]
    assert not [amount for amount in ("153", "93", "71", "82") if f">{amount}" in page or f"{amount} 万元" in page]

    sign_in(client, person("officer"))
    staff = client.get("/board/?period=2025-05")
    assert {tile["indicator"].slug: tile for tile in staff.context["tiles"]}["contract-total"]["value"] == 153 * WAN
    assert TOO_FEW not in staff.content.decode()
    assert [bar["total"] for bar in staff.context["bars"]][-2:] == [93 * WAN, 153 * WAN]


def test_how_far_a_target_is_reached_tells_no_such_sum(client):
    register(71)
    set_targets(2025, by=person("officer"), targets={"contract-total": 400 * WAN, "contract-count": 10})

    with clock.moved_to(wenzhou(2025, 7, 2, 9)):
        board = client.get("/board/?period=2025-Q3").content.decode()
        report = client.get("/board/report/?period=2025-Q3").content.decode()

    assert "当年累计 1 份" in board
    assert not [page for page in (board, report) if "71 万元" in page or "17.8%" in page or "17.7%" in page]


@pytest.mark.parametrize("period", ["2025-05", "2025-H1", "2025"])
def test_the_report_tells_no_such_sum_on_page_paper_and_in_tables(client, period):
    register(71, 82)
    address = f"/board/report/?period={period}"

    page = client.get(address).context["text"]
    table = client.get(f"{address}&format=csv").content.decode("utf-8-sig")
    paper = text_of(client.get(f"{address}&format=pdf").content)

    assert f"认定登记技术合同 2 份；技术合同登记额 （{TOO_FEW}），其中技术交易额 （{TOO_FEW}）。" in page
    lines = {line["代码"]: list(line.values())[3] for line in csv.DictReader(io.StringIO(table))}
    assert (lines["K01"], lines["K02"], lines["K03"]) == ("2", TOO_FEW, TOO_FEW)
    assert not [said for said in (page, table, paper) if "153" in said]

    sign_in(client, person("auditor"))
    assert "技术合同登记额 153 万元" in client.get(address).context["text"]


def test_the_year_before_is_withheld_as_well(client):
    register_at((2024, 5, 1), amount=77)
    register(71, 82, 93)

    rows = client.get("/board/report/?period=2025-05").context["rows"]

    total = next(row for row in rows if row[0].indicator.slug == "contract-total")
    assert total[1:4] == ("246 万元", TOO_FEW, "")


def test_the_home_page_tells_no_such_sum():
    year = clock.today().year
    register_at((year, 1, 5), amount=71)

    contracts, landed, *_rest = portal.tiles()

    assert (contracts["fen"], contracts["value"]) == (None, "—")
    assert TOO_FEW in contracts["delta"]
    assert "0 万元" in landed["delta"]
