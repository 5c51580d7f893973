"""The report of a period says what the figures say, and each of its figures opens the records behind it."""

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from openpyxl import load_workbook

from marketplace.auctions.sessions import AuctionSession
from marketplace.brokers.leads.models import Lead
from marketplace.contracts.ending import revoke_contract
from marketplace.core import clock
from marketplace.indicators import lot_queries, need_queries
from marketplace.indicators.figures import BY_SLUG
from marketplace.indicators.periods import Period
from marketplace.indicators.report import NAMED, Row, report_of, values_of
from marketplace.indicators.report_words import SECTIONS
from marketplace.needs import actions as needs
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot
from tests.marketplace.contracts.factories import WAN, broker, organisation, person
from tests.marketplace.deals.factories import outcome
from tests.marketplace.indicators.test_board import register_at, wenzhou
from tests.marketplace.indicators.test_lots import ended
from tests.marketplace.matching.factories import need
from tests.marketplace.rewards.making import linked, standing
from tests.pdf_text import text_of

HALF = Period.parse("2025-H1")
PERIODS = ("solved/?period=2025-H2", "published/?period=2025-H1")
OVER = date(2025, 8, 1)  # the first half-year is over, the second runs


def paragraphs(period, today=OVER):
    return dict(report_of(period, today).sections())


@pytest.mark.django_db
def test_the_sentences_say_the_figures_and_how_they_changed():
    register_at((2024, 3, 1), amount=200)
    register_at((2025, 3, 1), amount=100, technical=False)
    register_at((2025, 6, 30), amount=150)

    said = paragraphs(HALF)["技术合同"]

    assert said[0] == (
        "认定登记技术合同 2 份，同比增长 100.0%；技术合同登记额 251 万元，同比增长 25.5%，"
        "其中技术交易额 250 万元，同比增长 25.0%。"
    )
    assert said[1] == "其中输出技术 251 万元，吸纳技术 251 万元。"


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (200, 100, "，同比下降 50.0%"),
        (100, 100, "，与上年同期持平"),
        (1, 100, "，同比增长 9,900.0%"),
        (0, 100, ""),
        (100, 0, ""),
    ],
)
def test_a_change_is_up_down_none_or_not_to_be_said(before, now, change):
    row = Row(BY_SLUG["contract-total"], now, before)

    assert row.end_of_a_phrase == change


def test_a_year_before_of_nothing_or_less_has_no_per_cent():
    """What was revoked may outweigh what was registered: of such a year no per cent is reckoned."""
    assert [Row(BY_SLUG["contract-total"], WAN, before).change for before in (0, -WAN, None)] == ["", "", ""]
    assert Row(BY_SLUG["contract-total"], WAN, 2 * WAN).change == "−50.0%"
    assert Row(BY_SLUG["sell-through"], 0.5, 0.625).change == "−12.5 个百分点"


@pytest.mark.django_db
def test_of_nothing_it_says_so_and_prints_no_empty_figure():
    said = report_of(Period.parse("2020-H1"), OVER).text

    assert "无认定登记的技术合同。" in said
    assert "未举办“瓯来拍”竞价活动。" in said
    assert "—" not in said
    assert "截至 2020 年 6 月 30 日，没有持有效证书的技术经纪人。" in said
    assert not re.search(r"\d", said.replace("截至 2020 年 6 月 30 日", ""))


@pytest.mark.django_db
@pytest.mark.parametrize(("today", "said"), [(OVER, "2025 年 6 月 30 日"), (date(2025, 3, 10), "2025 年 3 月 10 日")])
def test_what_is_counted_on_a_day_is_told_with_the_day(today, said):
    with clock.moved_to(wenzhou(2025, 3, 1, 9)):
        broker()

    [sentence] = dict(report_of(HALF, today).sections(lambda _indicator, words: f"<b>{words}</b>"))["技术经纪人"]

    assert sentence == f"截至 {said}，持证技术经纪人 <b>1 人</b>，期内新增备案 <b>1 人</b>。"


@pytest.mark.django_db
def test_while_a_period_runs_the_same_days_of_the_year_before_are_compared():
    register_at((2024, 3, 10), amount=100)
    register_at((2024, 3, 11), amount=300)
    register_at((2025, 2, 1), amount=150)

    running, over = (report_of(HALF, today).rows["contract-total"] for today in (date(2025, 3, 10), OVER))

    assert (running.before, over.before) == (100 * WAN, 400 * WAN)


def test_the_days_of_the_year_before():
    assert HALF.year_before(OVER) == Period.parse("2024-H1")
    running = HALF.year_before(date(2025, 3, 10))
    assert (running.first, running.last) == (date(2024, 1, 1), date(2024, 3, 10))
    leap = Period.parse("2028-02").year_before(date(2028, 2, 29))
    assert (leap.first, leap.last) == (date(2027, 2, 1), date(2027, 2, 28))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_sentence_names_figures_of_the_board(language):
    with translation.override(language):
        words = [str(sentence.words) for section in SECTIONS for sentence in section.sentences]

    named = [{name.replace("_", "-") for name, _change in NAMED.findall(sentence)} for sentence in words]
    assert all(named)
    assert set().union(*named) <= set(BY_SLUG)
    assert not any("%" in NAMED.sub("", sentence) for sentence in words)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "/en"])
def test_each_figure_opens_records_that_come_to_it(client, language):
    register_at((2025, 3, 1), amount=100)
    sign_in(client, person("officer"))

    context = client.get(f"{language}/board/report/?period=2025-H1").context

    values = values_of(HALF)
    opened = {row.indicator.slug: href for row, _now, _before, _change, href in context["rows"]}
    assert set(opened) == set(BY_SLUG)
    for slug, href in opened.items():
        assert client.get(href).context["value"] == values[slug], slug
    linked = re.findall(r'href="([^"]+)"', "".join(each for _heading, said in context["sections"] for each in said))
    assert set(linked) <= set(opened.values())
    assert opened["contract-total"] in linked


@pytest.mark.django_db
def test_a_visitor_reads_the_report_and_opens_what_is_public(client):
    for amount in (50, 30, 20):  # of fewer no amount is shown
        register_at((2025, 3, 1), amount=amount)

    answer = client.get("/board/report/?period=2025-H1")

    opened = {row.indicator.slug for row, *_said, href in answer.context["rows"] if href}
    assert opened == {slug for slug, each in BY_SLUG.items() if each.records in ("sessions", "lots", "brokers", "pool")}
    assert "技术合同登记额 <b>100 万元</b>" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("period", "title"),
    [("2025-03", "月报"), ("2025-Q1", "季报"), ("2025-H1", "半年报"), ("2025", "年报"), ("x", "半年报")],
)
def test_it_is_called_by_its_length_and_reached_from_the_board(client, period, title):
    board = client.get(f"/board/?period={period}").content.decode()
    address = re.search(r'href="(/board/report/\?period=[^"]+)"[^>]*>([^<]+)<', board)

    assert address[2] == title
    assert f"<h1>{title}</h1>" in client.get(address[1]).content.decode()


@pytest.mark.django_db
def test_the_text_to_copy_is_plain(client):
    register_at((2025, 3, 1), amount=100)
    sign_in(client, person("officer"))

    text = client.get("/board/report/?period=2025-H1").context["text"]

    assert "技术合同\n认定登记技术合同 1 份；技术合同登记额 100 万元，其中技术交易额 100 万元。" in text
    assert "<" not in text


@pytest.mark.django_db
def test_it_is_taken_away_as_paper_and_as_tables(client):
    register_at((2025, 3, 1), amount=100)
    sign_in(client, person("officer"))
    address = "/board/report/?period=2025-H1&format="

    paper = client.get(f"{address}pdf")
    lines = list(csv.DictReader(io.StringIO(client.get(f"{address}csv").content.decode("utf-8-sig"))))

    assert paper.content.startswith(b"%PDF")
    words = text_of(paper.content)
    assert "瓯海区技术转移市场" in words
    assert f"出具日期{clock.today().isoformat()}" in words
    assert client.get(f"{address}xlsx").content.startswith(b"PK")
    assert [line["代码"] for line in lines] == [each.code for each in BY_SLUG.values()]
    total = next(line for line in lines if line["代码"] == "K02")
    said = [total[head] for head in ("指标", "单位", "本期（2025 年上半年）", "上年同期（2024-01-01 至 2024-06-30）")]
    assert said == ["技术合同登记额", "元", "1000000.00", "0.00"]


@pytest.mark.django_db
def test_sessions_held_are_those_whose_last_bidding_ended():
    sold, quiet = ended(160, 165), ended()
    for lot in (sold, quiet):
        AuctionSession.objects.filter(pk=lot.session_id).update(state=AuctionSession.State.CLOSED)
    running = announced_lot(starts_at=clock.now() - timedelta(hours=1), lasts=timedelta(hours=2))
    AuctionSession.objects.filter(pk=running.session_id).update(state=AuctionSession.State.LIVE)
    AuctionSession.objects.filter(pk=quiet.session_id).update(is_practice=True)
    year = Period.containing(clock.today(), "year")

    assert [each.pk for each in lot_queries.sessions_held(year).records] == [sold.session_id]
    assert lot_queries.sessions_held(year.previous()).value == 0


@pytest.mark.django_db
def test_needs_count_when_published_and_when_solved():
    with clock.moved_to(wenzhou(2025, 5, 31, 23, 59)):
        solved, other = need(published_at=clock.now()), need(published_at=clock.now())
    with clock.moved_to(wenzhou(2025, 6, 1, 0, 0)):
        needs.solve_need(solved, by=person(member_of=solved.organisation, roles=("manager",)))
    may, june = Period.parse("2025-05"), Period.parse("2025-06")

    assert set(need_queries.needs_published(may).records) == {solved, other}
    assert need_queries.needs_published(june).value == need_queries.needs_solved(may).value == 0
    assert list(need_queries.needs_solved(june).records) == [solved]


@pytest.mark.django_db
def test_needs_solved_are_listed_with_the_moment_they_count_by(client):
    with clock.moved_to(wenzhou(2025, 2, 1, 9)):
        solved = need(published_at=clock.now())
    with clock.moved_to(wenzhou(2025, 8, 5, 14, 30)):
        needs.solve_need(solved, by=person(member_of=solved.organisation, roles=("manager",)))
    sign_in(client, person("officer"))

    page, published = (client.get(f"/board/needs-{which}").content.decode() for which in PERIODS)
    sheet = client.get("/board/needs-solved/?period=2025-H2&format=csv").content.decode("utf-8-sig")

    assert re.search(r'data-label="解决时间"><time [^>]*>[-0-9]*08-05 14:30<', page)
    assert (solved.code in published, "解决时间" in published) == (True, False)
    [line] = csv.DictReader(io.StringIO(sheet))
    assert line["解决时间"] == "2025-08-05 14:30"


@pytest.mark.django_db
def test_states_of_a_period_that_is_over_are_told_to_be_those_of_today(client):
    with clock.moved_to(wenzhou(2025, 5, 2)):
        need(published_at=clock.now())
    sign_in(client, person("officer"))

    for day, said in ((wenzhou(2025, 5, 31), "状态"), (wenzhou(2025, 6, 1), "当前状态")):
        with clock.moved_to(day):
            page = client.get("/board/needs-published/?period=2025-05").content.decode()
            sheet = client.get("/board/needs-published/?period=2025-05&format=csv").content.decode("utf-8-sig")
        assert f'scope="col">{said}</th>' in page
        assert f'data-label="{said}"' in page
        assert said in sheet.splitlines()[0].split(",")


@pytest.mark.django_db
def test_needs_behind_a_figure_are_for_those_who_supervise(client):
    """Some are anonymous: who published them is told to officers and auditors."""
    with clock.moved_to(wenzhou(2025, 5, 2)):
        need(of=organisation(name="不具名的企业"), published_at=clock.now())
    address = "/board/needs-published/?period=2025-05"

    assert client.get(address).status_code == 403
    for role, status in (("officer", 200), ("auditor", 200), ("registrar", 403), ("liaison", 403)):
        sign_in(client, person(role))
        assert client.get(address).status_code == status
    sign_in(client, person("officer"))
    assert "不具名的企业" in client.get(address).content.decode()
    assert "不具名的企业" in client.get(f"{address}&format=csv").content.decode("utf-8-sig")


@pytest.mark.django_db
def test_the_list_of_landed_outcomes_comes_to_its_figures(client):
    landed = outcome()
    register_at((2025, 3, 1), amount=100, seller=landed.owner, outcome=landed, technical=False)
    revoked = register_at((2025, 4, 1), amount=50, seller=landed.owner, outcome=landed)
    with clock.moved_to(wenzhou(2025, 7, 2, 9)):
        revoke_contract(revoked, by=person("officer"), reasons="重复登记")
    register_at((2025, 5, 1), amount=70)
    sign_in(client, person("officer"))

    def listed(code):
        sheet = client.get(f"/board/report/landed/?period={code}&format=csv").content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(sheet)))

    first, second = listed("2025-H1"), listed("2025-H2")

    assert [row["成果"] for row in first + second] == [landed.title] * 3
    for code, rows in (("2025-H1", first), ("2025-H2", second)):
        assert (
            sum(Decimal(row["技术交易额（元）"]) * 100 for row in rows)
            == values_of(Period.parse(code))["landed-technical"]
        )
    assert (second[0]["合同成交额（元）"], second[0]["进展"]) == ("-500000.00", "已撤销")
    assert listed("2025") == [row for row in first if row["登记编号"] != revoked.number]


@pytest.mark.django_db
def test_the_list_of_landed_outcomes_says_what_of_it_brokers_are_counted_for(client):
    led, late = linked(standing()), linked(standing())
    Lead.objects.filter(deal_link__deal=late.deal).update(registered_at=clock.now())
    sign_in(client, person("officer"))
    year = clock.today().year

    sheet = client.get(f"/board/report/landed/?period={year}&format=csv").content.decode("utf-8-sig")

    lines = {line["登记编号"]: line for line in csv.DictReader(io.StringIO(sheet))}
    column = "计入经纪促成额 K11（元）"
    assert [lines[each.number]["技术经纪人"] for each in (led, late)] == [led.broker.name, late.broker.name]
    assert [Decimal(lines[each.number][column]) * 100 for each in (led, late)] == [led.technical_amount, 0]
    assert values_of(Period.parse(f"{year}"))["brokered"] == led.technical_amount


@pytest.mark.django_db
def test_the_list_of_landed_outcomes_is_for_those_who_open_contracts(client):
    assert client.get("/board/report/landed/").status_code == 403
    assert "成果转化清单" not in client.get("/board/report/").content.decode()
    sign_in(client, person("registrar"))
    assert client.get("/board/report/landed/").content.startswith(b"PK")
    assert "成果转化清单（XLSX）" in client.get("/board/report/").content.decode()


@pytest.mark.django_db
def test_the_change_is_a_number_in_the_sheet(client):
    register_at((2024, 3, 1), amount=200)
    register_at((2025, 3, 1), amount=100)
    sign_in(client, person("officer"))

    sheet = load_workbook(io.BytesIO(client.get("/board/report/?period=2025-H1&format=xlsx").content)).active
    heads, *lines = sheet.values
    total = next(dict(zip(heads, line, strict=True)) for line in lines if line[0] == "K02")

    assert sheet.title == "report-2025-H1"
    assert total["同比（以 1 为全部）"] == -0.5
    assert {line[2] for line in lines} == {"元", "份", "项", "人", "件", "场", "天", "比率（以 1 为全部）"}


def test_a_period_to_come_is_not_said_to_run():
    assert Period.parse("2031-H1").label_at(OVER) == "2031 年上半年"
    assert Period.parse("2025-H2").label_at(OVER) == "2025 年下半年至今"
