"""A figure is the sum of the records it opens, and nothing else."""

import csv
import io
from datetime import date, datetime
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest

from marketplace.brokers.actions import reinstate_broker, renew_broker, revoke_broker, suspend_broker
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import grant_contract_change, request_contract_change
from marketplace.contracts.models import TechnologyContract
from marketplace.core import clock
from marketplace.indicators import queries
from marketplace.indicators.actions import set_targets
from marketplace.indicators.figures import BY_SLUG, INDICATORS
from marketplace.indicators.indicator import Unit
from marketplace.indicators.periods import Period
from marketplace.indicators.views import _change
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, broker, person, registered, scan, submitted

MAY = Period("month", date(2025, 5, 1))


def wenzhou(*when):
    return datetime(*when, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("code", "first", "last", "before"),
    [
        ("2025-05", date(2025, 5, 1), date(2025, 5, 31), "2025-04"),
        ("2025-01", date(2025, 1, 1), date(2025, 1, 31), "2024-12"),
        ("2025-Q1", date(2025, 1, 1), date(2025, 3, 31), "2024-Q4"),
        ("2025-H1", date(2025, 1, 1), date(2025, 6, 30), "2024-H2"),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "2023"),
    ],
)
def test_periods_are_known_by_their_codes(code, first, last, before):
    period = Period.parse(code)

    assert (period.first, period.last, period.previous().code, period.code) == (first, last, before, code)
    assert period.previous().following() == period


@pytest.mark.parametrize("code", ["2025-h1", "２０２５-H1", "２０２５－ｈ１", " 2025-H1 "])
def test_a_code_may_be_typed_in_any_width_and_case(code):
    assert Period.parse(code) == Period.parse("2025-H1")


@pytest.mark.parametrize("code", ["", "2025-13", "2025-Q5", "2025-H3", "abc", "1925", "2025-05-01"])
def test_anything_else_is_no_period(code):
    assert Period.parse(code) is None


def register_at(day, *, amount=100, technical=True, **how):
    with clock.moved_to(wenzhou(*day, 10)):
        return registered(
            items=[Item("开发", amount * WAN, True), *([] if technical else [Item("设备", WAN, False)])], **how
        )[0]


def contracts_of(measured):
    return {row.contract for row in measured.records}


@pytest.mark.django_db
def test_only_what_was_registered_in_the_period_counts():
    first = register_at((2025, 5, 1), amount=100)
    last = register_at((2025, 5, 31), amount=200, technical=False)
    register_at((2025, 4, 30))
    register_at((2025, 6, 1))
    with clock.moved_to(wenzhou(2025, 5, 20, 9)):
        submitted()

    assert contracts_of(queries.contract_count(MAY)) == {first, last}
    assert queries.contract_count(MAY).value == 2
    assert queries.contract_total(MAY).value == 301 * WAN
    assert queries.technical_total(MAY).value == 300 * WAN


@pytest.mark.django_db
def test_out_of_and_into_the_district():
    both = register_at((2025, 5, 2), amount=10)
    incoming = register_at((2025, 5, 3), amount=20, seller_region="110108")
    outgoing = register_at((2025, 5, 4), amount=40, buyer_region="110108")

    assert contracts_of(queries.outgoing_total(MAY)) == {both, outgoing}
    assert queries.outgoing_total(MAY).value == 50 * WAN
    assert queries.incoming_total(MAY).value == 30 * WAN
    assert queries.contract_total(MAY).value == 70 * WAN
    assert contracts_of(queries.incoming_total(MAY)) == {both, incoming}


@pytest.mark.django_db
def test_brokers_new_and_valid():
    with clock.moved_to(wenzhou(2025, 5, 31, 23, 59)):
        in_may = broker(valid_until=date(2026, 5, 31))
    with clock.moved_to(wenzhou(2025, 6, 1, 0, 0)):
        in_june = broker(valid_until=date(2025, 6, 29))

    assert list(queries.brokers_new(MAY).records) == [in_may]
    assert set(queries.brokers_valid(MAY).records) == {in_may, in_june}
    assert list(queries.brokers_valid(Period.parse("2025-H1")).records) == [in_may]


@pytest.mark.django_db
def test_what_is_decided_about_a_certificate_later_leaves_the_figure_of_a_past_period():
    officer = person("officer")
    with clock.moved_to(wenzhou(2025, 1, 10, 9)):
        steady, suspended, back, revoked = (broker(valid_until=date(2027, 1, 1)) for _number in range(4))
        renewed = broker(valid_until=date(2025, 5, 30))
    with clock.moved_to(wenzhou(2025, 5, 20, 9)):
        suspend_broker(back, by=officer, reason="核查")
    with clock.moved_to(wenzhou(2025, 6, 1, 0)):
        suspend_broker(suspended, by=officer, reason="投诉")
        reinstate_broker(back, by=officer, reason="核实")
        revoke_broker(revoked, by=officer, reason="吊销")
        renew_broker(renewed, by=officer, valid_until=date(2026, 5, 30))

    in_may, in_june = queries.brokers_valid(MAY), queries.brokers_valid(Period.parse("2025-06"))

    assert set(in_may.records) == {steady, suspended, revoked}
    assert set(in_june.records) == {steady, back, renewed}
    assert (in_may.value, in_june.value) == (3, 3)


@pytest.mark.django_db
def test_a_broker_is_new_when_filed_also_where_the_certificate_becomes_valid_later(client):
    """K10: first filed in the period; the list says both days, so that the figure can be checked."""
    with clock.moved_to(wenzhou(2025, 5, 7, 15, 20)):
        later = broker(valid_from=date(2030, 1, 1), valid_until=None)

    page = client.get("/board/brokers-new/?period=2025-05")
    sheet = client.get("/board/brokers-new/?period=2025-05&format=csv").content.decode("utf-8-sig")

    assert (page.context["value"], list(page.context["rows"])) == (1, [later])
    assert queries.brokers_valid(MAY).value == 0
    said = page.content.decode()
    assert "新增备案经纪人" in said
    assert "新增持证" not in said
    assert "含证书尚未生效的" in said
    assert ">2030-01-01</time>" in said
    assert ">2025-05-07 15:20</time>" in said
    [line] = csv.DictReader(io.StringIO(sheet))
    assert (line["有效期起"], line["备案时间"]) == ("2030-01-01", "2025-05-07 15:20")


@pytest.mark.django_db
@pytest.mark.parametrize("slug", BY_SLUG)
def test_an_empty_period_has_figures_without_error(slug):
    measured = BY_SLUG[slug].measure(Period.parse("2020"))

    assert measured.value in (0, None)
    assert not measured.records.exists()


@pytest.mark.django_db
def test_each_figure_of_contracts_is_the_sum_over_the_records_it_opens(client):
    register_at((2025, 5, 1), amount=100, technical=False)
    register_at((2025, 5, 9), amount=7, seller_region="110108")
    register_at((2025, 5, 10), amount=9, buyer_region="110108")
    sign_in(client, person("officer"))
    columns = {
        "contract-total": 7,
        "technical-total": 8,
        "outgoing-total": 9,
        "incoming-total": 10,
        "large-technical": 12,
    }
    board = client.get("/board/?period=2025-05")
    shown = {tile["indicator"].slug: tile for tile in board.context["tiles"]}

    for slug, column in columns.items():
        table = client.get(shown[slug]["href"] + "&format=csv").content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(table)))[1:]
        assert round(sum(float(line[column]) for line in lines[:-1]) * 100) == shown[slug]["value"]
        said = [(line[0], round(float(line[column]) * 100)) for line in lines[-1:]]
        assert said == ([("合计", shown[slug]["value"])] if shown[slug]["value"] else [])
    page = client.get(shown["contract-total"]["href"])
    assert (
        page.context["sums"]["part"] == page.context["sums"]["total"] == shown["contract-total"]["value"] == 117 * WAN
    )
    assert {slug: tile["value"] for slug, tile in shown.items()} == {
        slug: indicator.measure(MAY).value for slug, indicator in BY_SLUG.items()
    }


@pytest.mark.django_db
def test_a_page_of_a_count_says_that_its_amounts_lack_the_changes(client):
    with clock.moved_to(wenzhou(2025, 5, 1, 10)):
        contract, manager = registered(items=[Item("开发", 100 * WAN, True)])
    with clock.moved_to(wenzhou(2025, 5, 9, 10)):
        stands = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议"}
        request_contract_change(contract, upload=scan(), by=manager, items=[Item("开发", 70 * WAN, True)], **stands)
        grant_contract_change(contract, by=person("registrar"))
    sign_in(client, person("officer"))

    count, total = (client.get(f"/en/board/contract-{each}/?period=2025-05") for each in ("count", "total"))

    said = "Later changes of amounts are not among them"
    assert (count.context["sums"]["total"], total.context["sums"]["total"]) == (100 * WAN, 70 * WAN)
    assert said in count.content.decode()
    assert said not in total.content.decode()


@pytest.mark.django_db
def test_a_registration_raises_the_figure_by_exactly_its_amount(client):
    sign_in(client, person("officer"))
    before = client.get("/board/").context["tiles"][0]["value"]

    contract, _ = registered()

    board = client.get("/board/")
    tile = board.context["tiles"][0]
    assert "明细仅" not in board.content.decode()
    assert tile["value"] - before == contract.total_amount
    assert contract.project_name in client.get(tile["href"]).content.decode()


@pytest.mark.django_db
def test_the_public_sees_sums_but_opens_no_contract(client):
    contract, *_others = (register_at((2025, 5, day), amount=amount) for day, amount in ((1, 50), (2, 30), (3, 20)))

    answer = client.get("/board/?period=2025-05")

    tiles = {tile["indicator"].slug: tile for tile in answer.context["tiles"]}
    assert tiles["contract-total"]["value"] == 100 * WAN
    assert tiles["contract-total"]["href"] == ""
    assert answer.content.decode().count("明细仅主管人员、审计人员和登记员可见") == 10
    assert all(bool(tile["href"]) != bool(tile["closed"]) for tile in tiles.values())
    assert contract.project_name not in answer.content.decode()
    assert client.get("/board/contract-total/?period=2025-05").status_code == 403
    assert client.get("/board/brokers-valid/?period=2025-05").status_code == 200
    assert client.get("/board/lots-sold/?period=2025-05").status_code == 200
    assert client.get("/board/unknown/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"), [("officer", 200), ("auditor", 200), ("registrar", 200), ("finance", 403), ("editor", 403)]
)
def test_who_opens_contracts(client, role, status):
    sign_in(client, person(role))

    assert client.get("/board/contract-count/").status_code == status


@pytest.mark.django_db
def test_the_cells_of_the_tables_open_their_part(client):
    development = register_at((2025, 5, 1))
    register_at((2025, 5, 2), contract_type="XK", sub_type="XK-ordinary")
    sign_in(client, person("officer"))
    row = next(row for row in client.get("/board/?period=2025-05").context["types"] if row["contract_type"] == "KF")

    page = client.get(row["href"])

    assert [line.contract for line in page.context["rows"]] == [development]
    assert page.context["value"] == page.context["sums"]["total"] == row["total"]
    assert page.context["whole"] == 2 * row["total"]
    assert "仅看：<b>技术开发</b>" in page.content.decode().replace(" <b>", "<b>")
    assert client.get("/board/contract-total/?period=2025-05").context["narrowed"] == ""


@pytest.mark.django_db
def test_a_reader_chooses_how_many_records_a_page_shows(client, monkeypatch):
    monkeypatch.setattr("marketplace.indicators.records_page.FEW_FIRST", (1, 2, 3))
    counted = [register_at((2025, 5, day)) for day in (1, 2, 3)]
    sign_in(client, person("officer"))
    address = "/board/contract-total/?period=2025-05"

    pages = {rows: client.get(f"{address}&rows={rows}") for rows in ("", "2", "many")}

    shown = {rows: [line.contract for line in page.context["rows"]] for rows, page in pages.items()}
    assert shown == {"": counted[:1], "2": counted[:2], "many": counted[:1]}
    assert len({page.context["sums"]["total"] for page in pages.values()}) == 1  # the sums are of all records
    assert 'href="?period=2025-05&amp;rows=3"' in pages["2"].content.decode()
    assert 'href="?period=2025-05&amp;rows=2&amp;page=2"' in pages["2"].content.decode()


@pytest.mark.django_db
def test_months_without_contracts_are_drawn_as_nothing():
    register_at((2025, 5, 1), amount=30)

    months = queries.by_month(Period.parse("2025-H1"))

    assert [(row["month"].code, row["total"]) for row in months] == [
        ("2025-01", 0),
        ("2025-02", 0),
        ("2025-03", 0),
        ("2025-04", 0),
        ("2025-05", 30 * WAN),
        ("2025-06", 0),
    ]


@pytest.mark.django_db
def test_more_records_ask_no_more(client, django_assert_max_num_queries):
    sign_in(client, person("officer"))
    register_at((2025, 5, 1))
    for address in ("/board/?period=2025-05", "/board/contract-total/?period=2025-05"):
        client.get(address)
    with django_assert_max_num_queries(80) as board:
        client.get("/board/?period=2025-05")
    with django_assert_max_num_queries(80) as records:
        client.get("/board/contract-total/?period=2025-05")
    register_at((2025, 5, 2))
    register_at((2025, 5, 3))

    with django_assert_max_num_queries(len(board)):
        client.get("/board/?period=2025-05")
    with django_assert_max_num_queries(len(records)):
        client.get("/board/contract-total/?period=2025-05")


def test_every_indicator_says_what_it_counts():
    assert all(str(indicator.definition) and indicator.code.startswith("K") for indicator in INDICATORS)
    assert len(BY_SLUG) == len(INDICATORS)


def test_no_two_figures_bear_one_code():
    codes = [indicator.code for indicator in INDICATORS]

    assert sorted(codes) == sorted(set(codes))


def test_a_line_of_several_figures_counts_them_in_its_own_order():
    """Only lines of the district's list that hold several figures are counted within, each from 1 without a gap."""
    parts = {}
    for indicator in INDICATORS:
        line, _dot, part = indicator.code.partition(".")
        parts.setdefault(line, []).append(part)

    assert {line for line, found in parts.items() if found != [""]} == {"K05", "K06", "K10", "K13", "K14", "K15", "K28"}
    assert all(found == [str(n) for n in range(1, len(found) + 1)] for found in parts.values() if found != [""])


@pytest.mark.django_db
def test_each_figure_says_what_time_it_is_about(client):
    with clock.moved_to(wenzhou(2025, 5, 20, 9)):
        running = {tile["indicator"].slug: tile["when"] for tile in client.get("/board/?period=2025").context["tiles"]}
        over = {tile["indicator"].slug: tile["when"] for tile in client.get("/board/?period=2025-Q1").context["tiles"]}
        html = client.get("/board/?period=2025-Q1").content.decode()

    on_a_day = {"brokers-valid", "trial-pool", "trials-running"}
    assert {when for slug, when in running.items() if slug not in on_a_day} == {"2025 年至今"}
    assert {running[slug] for slug in on_a_day} == {"2025-05-20 当日"}
    assert {when for slug, when in over.items() if slug not in on_a_day} == {"2025 年第 1 季度"}
    assert {over[slug] for slug in on_a_day} == {"2025-03-31 当日"}
    assert html.count("2025 年第 1 季度</dd>") == len(over) - len(on_a_day)


PAGES = ["", "report/", "brokers-valid/"]


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["2025-13", "1999", "第三季度", "2025-Q5"])
@pytest.mark.parametrize("page", PAGES)
def test_a_period_there_is_not_is_told_and_the_running_one_shown(client, page, asked):
    said = f"“{asked}”不是有效期间，以下为 2025 年上半年至今的数据。"
    with clock.moved_to(wenzhou(2025, 5, 20, 9)):
        unknown = client.get(f"/board/{page}", {"period": asked})

    assert (unknown.status_code, unknown.context["period"].code) == (200, "2025-H1")
    assert unknown.context["period_notice"].startswith(said)
    assert said in unknown.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_of_a_period_there_is_and_of_none_nothing_is_told(client, page):
    with clock.moved_to(wenzhou(2025, 5, 20, 9)):
        answers = [client.get(f"/board/{page}", {"period": code}) for code in ("2025-h1", "")]

    assert not [each for each in answers if "不是有效期间" in each.content.decode()]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["report/?format=xlsx", "report/landed/?", "brokers-valid/?format=csv"])
def test_no_file_is_handed_out_of_a_period_there_is_not(client, address):
    sign_in(client, person("officer"))

    assert client.get(f"/board/{address}&period=2025-13").status_code == 404
    assert client.get(f"/board/{address}&period=2025-h1").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["2026", "2025-H2", "2025-06"])
def test_of_a_period_to_come_nothing_is_counted_or_compared(client, code):
    register_at((2025, 5, 2))
    holder = broker(valid_until=date(2031, 1, 1))
    set_targets(int(code[:4]), by=person("officer"), targets={"contract-total": 400 * WAN, "brokers-valid": 5})
    sign_in(client, person("officer"))

    with clock.moved_to(wenzhou(2025, 5, 20, 9)):
        board = client.get(f"/board/?period={code}")
        report = client.get(f"/board/report/?period={code}")
        records = client.get(f"/board/brokers-valid/?period={code}")
        contracts = client.get(f"/board/contract-total/?period={code}")
        sheet = client.get(f"/board/report/?period={code}&format=csv").content.decode("utf-8-sig")

    label = Period.parse(code).label
    assert f"{label}尚未开始，暂无数据，也不作比较。" in board.content.decode()
    assert {tile["when"] for tile in board.context["tiles"]} == {"尚未开始"}
    assert {tile["value"] for tile in board.context["tiles"]} == {None}
    assert not [
        word for word in ("比上期", "上期无", "上期为", "时序进度", "完成年度") if word in board.content.decode()
    ]
    assert "年度目标：400 万元" in board.content.decode()
    assert report.context["text"] == f"{label}\n{label}尚未开始，暂无数据，也不作比较。"
    assert {row.now for row, *_rest in report.context["rows"]} == {None}
    assert "上年同期：" not in report.content.decode()
    assert {tuple(line[3:]) for line in list(csv.reader(io.StringIO(sheet)))[1:]} == {("",) * 7}
    for page in (records, contracts):
        assert (page.context["value"], page.context["page_obj"].paginator.count) == (None, 0)
    assert holder.name not in records.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["brokers-new", "needs-solved", "lots-sold", "auction-total", "trial-amount"])
def test_nothing_is_asked_about_a_period_to_come_that_is_only_counted_or_summed(slug, django_assert_num_queries):
    year = Period.parse("2026")
    BY_SLUG[slug].over(year, date(2025, 5, 20))  # what kind of record a need is, is asked once

    with django_assert_num_queries(0):
        found = BY_SLUG[slug].over(year, date(2025, 5, 20))

    assert found.value is None


def test_a_period_to_come_is_measured_against_the_whole_one_before():
    assert Period.parse("2026").year_before(date(2025, 5, 20)) == Period.parse("2025")


@pytest.mark.parametrize(
    ("code", "today", "first", "last"),
    [
        ("2025-H2", date(2025, 12, 1), date(2025, 1, 1), date(2025, 6, 1)),
        ("2025-12", date(2025, 12, 1), date(2025, 11, 1), date(2025, 11, 1)),
        ("2025-12", date(2025, 12, 31), date(2025, 11, 1), date(2025, 11, 30)),
        ("2025-03", date(2025, 3, 30), date(2025, 2, 1), date(2025, 2, 28)),
        ("2025-Q1", date(2025, 3, 31), date(2024, 10, 1), date(2024, 12, 31)),
        ("2024", date(2024, 2, 29), date(2023, 1, 1), date(2023, 2, 28)),
        ("2025-11", date(2025, 12, 1), date(2025, 10, 1), date(2025, 10, 31)),
        ("2026-01", date(2025, 12, 1), date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_a_running_period_is_compared_with_the_same_days_of_the_one_before(code, today, first, last):
    before = Period.parse(code).period_before(today)

    assert (before.first, before.last) == (first, last)


@pytest.mark.django_db
def test_the_board_says_with_which_days_it_compares(client):
    register_at((2025, 4, 10), amount=100)
    register_at((2025, 4, 20), amount=300)
    register_at((2025, 5, 10), amount=150)
    sign_in(client, person("officer"))

    with clock.moved_to(wenzhou(2025, 5, 15, 12)):
        running = client.get("/board/?period=2025-05")
    with clock.moved_to(wenzhou(2025, 6, 1, 12)):
        over = client.get("/board/?period=2025-05")

    assert [page.context["tiles"][0]["change"] for page in (running, over)] == ["比上期 +50.0%", "比上期 −62.5%"]
    assert "上期为 2025-04-01 至 2025-04-15。" in running.content.decode()
    assert "上期为 2025-04-01 至 2025-04-30。" in over.content.decode()


@pytest.mark.parametrize(
    ("now", "change"), [(5_780_680, "+5,680.7%"), (200_000, "+100.0%"), (50_000, "−50.0%"), (-4_900_000, "−5,000.0%")]
)
def test_a_change_is_printed_as_the_report_prints_it(now, change):
    assert _change(now, 100_000, Unit.FEN).replace(" ", "") == f"比上期{change}"


@pytest.mark.django_db
def test_a_chart_of_a_year_names_every_month_once_and_the_year_below(client):
    bars = client.get("/board/?period=2025").context["bars"]

    assert [bar["label"] for bar in bars] == [f"{month}月" for month in range(1, 13)]
    assert [bar["under"] for bar in bars] == ["2025", *[""] * 11]


@pytest.mark.django_db
def test_what_has_no_technical_field_leads_to_exactly_that(client):
    register_at((2025, 5, 1))
    without = register_at((2025, 5, 2), amount=70)
    TechnologyContract.objects.filter(pk=without.pk).update(field=None)
    sign_in(client, person("auditor"))

    [row] = [each for each in client.get("/board/?period=2025-05").context["fields"] if each["field"] is None]
    records = client.get(row["href"])

    assert [each.contract for each in records.context["rows"]] == [without]
    assert (row["total"], records.context["sums"]["total"]) == (70 * WAN, 70 * WAN)


@pytest.mark.django_db
def test_a_table_to_take_away_bears_its_part_and_its_part_adds_up(client):
    register_at((2025, 5, 1), amount=100)
    register_at((2025, 5, 2), amount=70, contract_type="XK", sub_type="XK-ordinary")
    sign_in(client, person("officer"))

    whole, part = (
        client.get(f"/board/contract-total/?period=2025-05&format=csv{asked}") for asked in ("", "&contract_type=XK")
    )
    counted = client.get("/board/contract-count/?period=2025-05&format=csv")

    names = [unquote(each["Content-Disposition"]) for each in (whole, part)]
    assert [name.rpartition("-2025-05")[2] for name in names] == [".csv", "-技术许可.csv"]
    lines = [list(csv.reader(io.StringIO(each.content.decode("utf-8-sig")))) for each in (whole, part, counted)]
    assert [line[-1] for line in lines[0]] == ["计入本指标（元）", "1000000.00", "700000.00", "1700000.00"]
    assert [line[-1] for line in lines[1]] == ["计入本指标（元）", "700000.00", "700000.00"]
    assert [line[-1] for line in lines[2]] == ["计入本指标", "1", "1", "2"]
