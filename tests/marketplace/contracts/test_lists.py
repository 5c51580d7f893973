"""Lists of contracts: the queue, the filter, the order, the export."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from marketplace.contracts import national
from marketplace.contracts.amounts import Item, Joint
from marketplace.contracts.numbers.columns import places_of
from marketplace.core import clock
from marketplace.core.classifications import TechnicalField
from tests.factories import people
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, drafted, number_of, organisation, person, registered, submitted

pytestmark = pytest.mark.django_db


def test_only_registrars_see_the_queue(client):
    waiting, _ = submitted()
    registered()
    sign_in(client, person("officer"))
    assert client.get("/contracts/queue/").status_code == 403
    sign_in(client, person("registrar"))

    answer = client.get("/contracts/queue/")

    assert [row["contract"] for row in answer.context["rows"]] == [waiting]


def test_the_export_follows_the_filter_and_the_national_order(client):
    contract, manager = registered(number=number_of(8))
    drafted(seller=contract.seller, by=manager)
    sign_in(client, manager)

    answer = client.get("/contracts/export/?state=registered&format=csv")

    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [head.split(" ")[0] for head in lines[0][:2]] == ["项目名称", "合同类型"]
    assert lines[0][9] == "合同成交总额（元） totalamount"
    assert len(lines) == 2
    assert lines[1][9:11] == ["6000000.00", "4800000.00"]
    assert lines[1][lines[0].index("合同登记编号")] == number_of(8)


def test_a_registrar_chooses_how_many_rows_the_queue_shows(client, monkeypatch):
    monkeypatch.setattr("marketplace.core.paging.ROWS", (1, 2, 3))
    waiting = [submitted()[0] for _ in range(3)]
    sign_in(client, person("registrar"))

    pages = {rows: client.get("/contracts/queue/", {"rows": rows}) for rows in ("", "2", "9")}
    rest = client.get("/contracts/queue/?rows=2&page=2")

    shown = {rows: [row["contract"] for row in page.context["rows"]] for rows, page in pages.items()}
    assert shown == {"": waiting[:1], "2": waiting[:2], "9": waiting[:1]}
    assert [row["contract"] for row in rest.context["rows"]] == waiting[2:]
    words = rest.content.decode()
    assert 'href="?rows=3"' in words
    assert '<a href="?rows=2" aria-current="true">2</a>' in words
    assert 'href="?rows=2&amp;page=1"' in words
    assert "Rows on a page" in client.get("/en/contracts/queue/").content.decode()


def test_no_choice_of_rows_where_all_fit(client):
    submitted()
    sign_in(client, person("registrar"))

    assert "每页行数" not in client.get("/contracts/queue/").content.decode()


@pytest.mark.parametrize("path", ["/contracts/", "/contracts/queue/"])
def test_a_longer_list_asks_no_more(client, path, django_assert_max_num_queries):
    sign_in(client, person("registrar"))
    submitted()
    client.get(path)
    with django_assert_max_num_queries(50) as few:
        client.get(path)
    for _ in range(2):
        submitted()

    with django_assert_max_num_queries(len(few)):
        client.get(path)


@pytest.mark.parametrize(
    ("order", "expected"),
    [("", ["b", "c", "a"]), ("total", ["b", "c", "a"]), ("technical", ["b", "c", "a"]), ("due", ["a", "c", "b"])],
)
def test_the_list_is_sorted_as_asked_and_exported_alike(client, order, expected):
    seller = organisation()
    by = person(member_of=seller, roles=["manager"])
    for title, amount, days in (("a", 10, 9), ("b", 30, 2), ("c", 20, 5)):
        with clock.moved_to(clock.now() - timedelta(days=days)):
            submitted(seller=seller, by=by, project_name=title, items=[Item("开发", amount * WAN, True)])
    sign_in(client, by)

    page = client.get(f"/contracts/?order={order}")
    table = client.get(f"/contracts/export/?order={order}&format=csv").content.decode("utf-8-sig")

    assert [row["contract"].project_name for row in page.context["rows"]] == expected
    assert [line[0] for line in list(csv.reader(io.StringIO(table)))[1:]] == expected


def names_on(client, asked):
    page = client.get("/contracts/", asked)
    return {row["contract"].project_name for row in page.context["rows"]}, page.content.decode()


def test_words_and_a_type_are_looked_for_among_what_the_reader_sees(client):
    seller, buyer = organisation(name="瓯海样例研究所"), organisation(kind="enterprise", name="瑞锁（样例）公司")
    by = person(member_of=seller, roles=["manager"])
    given = {"seller": seller, "by": by}
    registered(number=number_of(631), project_name="甲 100% 项目", buyer_uscc=buyer.uscc, **given)
    consulting, _ = drafted(project_name="乙项目", contract_type="ZX", sub_type="ZX-consulting", **given)
    drafted(project_name="丙项目", joint=[joint(name="共同样例大学")], **given)
    registered(project_name="别人的甲项目")
    sign_in(client, by)

    found = {
        words: names_on(client, {"q": words})[0]
        for words in (
            "甲",
            "000631",
            "瑞锁",
            "瑞锁（样例）",
            "瑞锁(样例)",
            "研究所",
            "共同样例",
            "100%",
            "１００％",
            consulting.code.upper(),
        )
    }
    by_type, page = names_on(client, {"type": "ZX", "q": "项目", "state": "draft", "order": "total"})
    exported = client.get("/contracts/export/?q=甲&format=csv").content.decode("utf-8-sig")

    first, mine = {"甲 100% 项目"}, {"甲 100% 项目", "乙项目", "丙项目"}
    assert (
        found["甲"]
        == found["000631"]
        == found["瑞锁"]
        == found["瑞锁（样例）"]
        == found["瑞锁(样例)"]
        == found["100%"]
        == found["１００％"]
        == first
    )
    assert (found["研究所"], found["共同样例"]) == (mine, {"丙项目"})
    assert by_type == found[consulting.code.upper()] == {"乙项目"}
    assert all(kept in page for kept in ('name="q" value="项目"', '<option value="ZX" selected>', '"total" selected>'))
    assert len(exported.splitlines()) == 2


def test_the_pages_of_a_search_keep_its_words_and_an_empty_one_says_where_it_looked(
    client, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("marketplace.contracts.views.PAGE", 1)
    sign_in(client, person("registrar"))
    asked = {"q": "检测", "type": "KF"}
    submitted()
    client.get("/contracts/", asked)
    with django_assert_max_num_queries(50) as few:
        client.get("/contracts/", asked)
    for _ in range(2):
        submitted()

    with django_assert_max_num_queries(len(few)):
        page = client.get("/contracts/", asked | {"page": "2"}).content.decode()
    empty = client.get("/en/contracts/", {"q": "没有这个"}).content.decode()

    assert "q=%E6%A3%80%E6%B5%8B&amp;type=KF&amp;page=3" in page
    assert "No contract fits this filter." in empty
    assert "names of the parties" in empty
    assert 'href="/en/contracts/">See all contracts' in empty


@pytest.mark.parametrize(
    ("role", "words", "chinese"),
    [
        ("officer", "All technology contracts of the platform", "平台上的全部技术合同"),
        ("auditor", "All technology contracts of the platform", "平台上的全部技术合同"),
        ("registrar", "All technology contracts that were submitted", "全部已提交登记的技术合同"),
        ("", "Technology contracts you sell, buy or broker.", "您作为卖方、买方或经纪人的技术合同"),
    ],
)
def test_the_list_says_truly_whose_contracts_it_holds(client, role, words, chinese):
    sign_in(client, person(*filter(None, [role])))

    assert words in client.get("/en/contracts/").content.decode()
    assert chinese in client.get("/contracts/").content.decode()


def test_amounts_of_a_spreadsheet_can_be_added_up(client):
    _, manager = registered()
    sign_in(client, manager)

    sheet = load_workbook(io.BytesIO(client.get("/contracts/export/").content)).active

    assert [cell.value for cell in sheet[2]][9:11] == [6_000_000, 4_800_000]


def joint(percent="33.33", **changed):
    given = {"name": "样例大学（外区）", "uscc": people.uscc(), "region": "330302", "percent": Decimal(percent)}
    return Joint(**given | changed)


def opened(client):
    """Return the export as dictionaries of its headings."""
    sheet = load_workbook(io.BytesIO(client.get("/contracts/export/").content)).active
    heads, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, line, strict=True)) for line in lines]


def test_joint_sellers_stand_behind_the_national_fields_with_their_parts(client):
    others = [joint(), joint("33.34", name="样例所（外区）")]
    items = [Item("开发", 100_001, True), Item("样机", 50_000, False)]
    contract, manager = drafted(items=items, joint=others)
    sign_in(client, manager)

    (row,) = opened(client)

    first = contract.seller.name
    assert row["卖方名称"] == first
    assert row["合同成交总额（元） totalamount"] == 1500.01
    assert row["共同卖方及份额"] == f"{first} 33.33%；样例大学（外区） 33.33%；样例所（外区） 33.34%"
    assert row["共同卖方成交总额（元）"] == f"{first} 499.95；样例大学（外区） 499.95；样例所（外区） 500.11"
    technical = [Decimal(each.rsplit(" ", 1)[1]) for each in row["共同卖方技术交易额（元）"].split("；")]
    assert sum(technical) == Decimal("1000.01")


def test_who_sells_alone_has_no_joint_sellers_in_the_export(client):
    _, manager = drafted()
    sign_in(client, manager)

    (row,) = opened(client)

    assert {row[head] for head in row if head.startswith("共同卖方")} == {None}


@pytest.mark.parametrize(("level", "expected"), [(1, "{0}"), (2, "{0}/{1}")])
def test_the_technical_field_is_exported_with_both_levels(client, level, expected):
    top = TechnicalField.objects.create(code="T9", name="样例领域", name_en="Sample")
    below = TechnicalField.objects.create(code="T901", name="样例分支", name_en="Branch", parent=top)
    _, manager = drafted(field=top if level == 1 else below)
    sign_in(client, manager)

    (row,) = opened(client)

    assert row["技术领域 techarea"] == expected.format(top, below)


def test_numbers_returned_in_our_own_export_still_find_their_columns():
    places = places_of(national.headings())

    heads = {key: national.headings()[place] for key, place in places.items()}
    assert heads["number"] == "合同登记编号"
    assert (heads["total"], heads["technical"]) == (
        "合同成交总额（元） totalamount",
        "技术交易额（元） technicalamount",
    )


def test_a_longer_export_asks_no_more(client, django_assert_max_num_queries):
    contract, manager = drafted(joint=[joint()])
    sign_in(client, manager)
    opened(client)
    with django_assert_max_num_queries(60) as few:
        opened(client)
    for _ in range(2):
        drafted(seller=contract.seller, by=manager, joint=[joint()])

    with django_assert_max_num_queries(len(few)):
        opened(client)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "锁 电池"}, {"lock"}),
        ({"q": "锁 阀"}, set()),
        ({"q": "91000000MA10000414"}, {"valve"}),
        ({"q": "91000000 ma1000041-4"}, set()),
        ({"q": "91000000ma10000414"}, {"valve"}),
        ({"since": "2026-03-01"}, {"valve"}),
        ({"until": "2026-02-28"}, {"lock"}),
        ({"since": "2026-02-01", "until": "2026-03-01"}, {"lock", "valve"}),
        ({"day": "registered", "since": "2026-01-01"}, set()),
        ({"least": "50"}, {"valve"}),
        ({"most": "500000元"}, {"lock"}),
        ({"least": "30", "most": "30"}, {"lock"}),
        ({"size": "large"}, set()),
        ({"size": "other", "least": "31"}, {"valve"}),
    ],
)
def test_a_list_is_narrowed_by_words_codes_days_amounts_and_size(client, asked, found):
    house = organisation(kind="institute")
    manager = people.member(house, "manager")
    facts = {
        "lock": {
            "project_name": "智能锁电池",
            "signed_on": date(2026, 2, 1),
            "items": [Item("许可费", 30 * WAN, True)],
        },
        "valve": {
            "project_name": "阀门密封",
            "signed_on": date(2026, 3, 1),
            "items": [Item("许可费", 60 * WAN, True)],
            "buyer_name": "样例企业01（外区）",
            "buyer_uscc": "91000000MA10000414",
        },
    }
    made = {name: drafted(seller=house, by=manager, **given)[0].pk for name, given in facts.items()}
    sign_in(client, manager)

    rows = client.get("/contracts/", asked).context["rows"]

    assert {row["contract"].pk for row in rows} == {made[name] for name in found}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"since": "2026-13-01"}, "日期"),
        ({"since": "2026-03-01", "until": "2026-02-01"}, "早于"),
        ({"least": "many"}, "金额"),
        ({"least": "5", "most": "4"}, "上限小于下限"),
    ],
)
def test_what_was_typed_wrongly_is_said_beside_its_field_and_stays(client, asked, words):
    contract, manager = drafted()
    sign_in(client, manager)

    answer = client.get("/contracts/", asked)

    assert [row["contract"] for row in answer.context["rows"]] in ([contract], [])
    (errors,) = answer.context["more"].errors.values()
    assert words in str(errors)
    page = answer.content.decode()
    assert str(errors[0]) in page
    assert f'value="{list(asked.values())[-1]}"' in page
