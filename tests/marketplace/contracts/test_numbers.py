"""Numbers the authority returned: compared row by row, taken over in one piece, never twice."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.utils import translation
from openpyxl import Workbook, load_workbook

from marketplace.contracts.actions import register_contract, submit_contract
from marketplace.contracts.dated import RegistrationRule
from marketplace.contracts.ending import cancel_contract
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.numbers import rules
from marketplace.contracts.numbers.actions import rows_of, take_over_numbers, upload_numbers
from marketplace.contracts.numbers.columns import key_of
from marketplace.contracts.numbers.judging import judge
from marketplace.contracts.numbers.models import NumberImport
from marketplace.contracts.numbers.reasons import why
from marketplace.contracts.numbers.refusals import ColumnsMissing, NothingGood, TooManyRows
from marketplace.contracts.writing import attach_signed_file, change_contract
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import why_not
from marketplace.deals.actions import terminate_deal
from tests.factories.people import sign_in
from tests.factories.rules import verbs
from tests.marketplace.contracts.factories import (
    WAN,
    Item,
    drafted,
    facts,
    number_of,
    organisation,
    person,
    registered,
    scan,
    second_review,
    submitted,
)
from tests.marketplace.deals.factories import priced

pytestmark = pytest.mark.django_db

HEADINGS = ("合同登记编号", "平台编码", "项目名称", "合同成交总额（元） totalamount", "技术交易额（元）")
SMALL = [Item("软件开发", 100 * WAN, True), Item("设备", 20 * WAN, False)]
LARGE = [Item("软件开发", 600 * WAN, True)]


def csv_of(*rows, headings=HEADINGS):
    lines = [",".join(str(cell) for cell in line) for line in (headings, *rows)]
    return SimpleUploadedFile("回传.csv", "\n".join(lines).encode(), content_type="text/csv")


def row(contract, number, *, by_title=False, total=1_200_000, technical=1_000_000):
    return (number, "" if by_title else contract.code, contract.project_name, total, technical)


def small(**how):
    return submitted(items=SMALL, **how)[0]


def verdicts(batch, user):
    return [str(each.verdict) for each in judge(rows_of(batch), user=user, today=clock.today())]


def test_rows_are_matched_by_code_or_by_name_and_taken_over(django_assert_max_num_queries):
    by_code, by_name = small(), small(project_name="只按名称匹配的合同")
    registrar = person("registrar")
    batch = upload_numbers(
        by=registrar,
        upload=csv_of(row(by_code, number_of(71)), row(by_name, number_of(72), by_title=True)),
    )

    with django_assert_max_num_queries(8):
        seen = verdicts(batch, registrar)
    count = take_over_numbers(batch, by=registrar)

    by_code.refresh_from_db()
    by_name.refresh_from_db()
    assert (seen, count) == (["good", "good"], 2)
    assert [by_code.number, by_name.number] == [number_of(71), number_of(72)]
    assert [by_code.state, by_name.state] == ["registered", "registered"]
    assert [each.verdict for each in batch.rows.all()] == ["taken", "taken"]
    assert Entry.objects.get(kind=Kind.NUMBERS_TAKEN_OVER).data == {"registered": 2, "rows": 2}


def test_each_row_says_what_it_comes_to_and_why():
    registrar = person("registrar")
    own = small(seller=(house := organisation()), by=person(member_of=house, roles=["manager"]))
    registrar_of_house = person("registrar", member_of=house)
    stands = registered(items=SMALL, number=number_of(80))[0]
    other = registered(items=SMALL, number=number_of(81))[0]
    waits, large, taken, draft = small(), submitted(items=LARGE)[0], small(), drafted(items=SMALL)[0]
    differing, badly, elsewhere, unread = small(), small(), small(), small()
    batch = upload_numbers(
        by=registrar,
        upload=csv_of(
            row(stands, number_of(80)),
            row(other, number_of(82)),
            row(waits, number_of(83)),
            row(large, number_of(84), total=6_000_000, technical=6_000_000),
            row(taken, number_of(80)[:-2] + "81"),
            row(draft, number_of(85)),
            row(differing, number_of(86), total=1_300_000),
            row(badly, "12"),
            row(elsewhere, f"{clock.today().year}110000000087"),
            row(unread, number_of(88), total="约百万"),
            row(unread, "", total=5),
            row(own, number_of(89)),
        ),
    )

    judged = judge(rows_of(batch), user=registrar_of_house, today=clock.today())

    assert [str(each.verdict) for each in judged] == [
        *("known", "other", "good", "second", "number", "unknown", "differs", "number", "number"),
        *("unreadable", "unreadable", "own"),
    ]
    with translation.override("en"):
        reasons = [why(each) for each in judged]
    assert reasons[1] == f"It stands in the register as {number_of(81)}."
    assert reasons[2] == ""
    assert "second review" in reasons[3]
    assert reasons[4] == "Another contract is registered under this number."
    assert reasons[6] == "“合同成交总额（元） totalamount”: ¥1,300,000.00 in the sheet, ¥1,200,000.00 here."
    assert "division 110000" in reasons[8]
    assert reasons[9] == "“合同成交总额（元） totalamount”: “约百万” is not an amount of money."
    assert reasons[10] == "“合同登记编号” is empty in this row."
    assert "own organisation" in reasons[11]


def test_what_is_wrong_is_said_under_the_headings_of_the_sheet_itself(client):
    registrar, contract = person("registrar"), small()
    called = ("登记号", "平台编码", "合同名称", "成交额（万元）", "技术交易额 （万元）")
    sheet = csv_of(
        row(contract, number_of(91), total=130, technical=90),
        row(small(), number_of(92), total="约百万", technical="一半"),
        row(small(), "", total=120, technical=100),
        row(small(), number_of(93), total="", technical=100),
        row(small(), number_of(94), total=120, technical=90),
        headings=called,
    )
    batch = upload_numbers(by=registrar, upload=sheet)

    said = [why(each) for each in judge(rows_of(batch), user=registrar, today=clock.today())]

    assert said == [
        "“成交额（万元）”：回传表为 1,300,000.00 元，本平台为 1,200,000.00 元。"
        "“技术交易额 （万元）”：回传表为 900,000.00 元，本平台为 1,000,000.00 元。",
        "“成交额（万元）”：“约百万”不是金额。“技术交易额 （万元）”：“一半”不是金额。",
        "“登记号”一栏为空。",
        "“成交额（万元）”一栏为空。",
        "“技术交易额 （万元）”：回传表为 900,000.00 元，本平台为 1,000,000.00 元。",
    ]
    sign_in(client, registrar)
    assert "“成交额（万元）”：回传表为" in client.get(batch.get_absolute_url()).content.decode()


def test_rows_kept_before_their_headings_were_are_told_in_our_own_words():
    registrar = person("registrar")
    batch = upload_numbers(by=registrar, upload=csv_of(row(small(), number_of(95), total=7)))
    kept = batch.rows.get()
    del kept.said["headings"]
    kept.save()

    assert why(judge(rows_of(batch), user=registrar, today=clock.today())[0]).startswith("“合同成交额”：回传表为")


def test_of_a_number_that_lacks_digits_a_row_says_the_length():
    registrar = person("registrar")
    batch = upload_numbers(by=registrar, upload=csv_of(row(small(), f"{clock.today().year}0000000047")))

    judged = judge(rows_of(batch), user=registrar, today=clock.today())

    assert why(judged[0]).startswith("编号为 14 位，现行登记编号为 16 位。")


def test_a_contract_of_the_registrars_own_organisation_is_not_registered_with_the_others():
    house = organisation()
    registrar = person("registrar", member_of=house)
    own = small(seller=house, by=person(member_of=house, roles=["manager"]))
    foreign = small()
    batch = upload_numbers(by=registrar, upload=csv_of(row(own, number_of(1)), row(foreign, number_of(2))))

    count = take_over_numbers(batch, by=registrar)

    own.refresh_from_db()
    foreign.refresh_from_db()
    assert count == 1
    assert (own.state, own.number) == ("submitted", None)
    assert foreign.number == number_of(2)
    assert [each.verdict for each in batch.rows.all()] == ["own", "taken"]


def test_the_same_file_twice_does_nothing_twice():
    contract, registrar = small(), person("registrar")
    sheet = [row(contract, number_of(5))]
    first = upload_numbers(by=registrar, upload=csv_of(*sheet))
    assert upload_numbers(by=person("registrar"), upload=csv_of(*sheet)) == first
    take_over_numbers(first, by=registrar)

    again = upload_numbers(by=registrar, upload=csv_of(*sheet))
    with pytest.raises(NothingGood):
        take_over_numbers(again, by=registrar)
    with pytest.raises(WrongState):
        take_over_numbers(first, by=registrar)

    again.refresh_from_db()
    assert (again.state, verdicts(again, registrar)) == ("compared", ["known"])
    assert Entry.objects.about(contract).filter(kind=Kind.CONTRACT_REGISTERED).count() == 1


def test_a_number_of_an_older_form_is_known_however_it_is_typed():
    contract, _manager = registered(items=SMALL, number=number_of(7))
    RegistrationRule.objects.create(
        kind="number", holds_from=clock.today(), pattern=r"T\d{5}", note="样例", source="样例"
    )
    registrar = person("registrar")
    typed = f"{number_of(7)[:4]} {number_of(7)[4:]}"

    batch = upload_numbers(upload=csv_of(row(contract, typed)), by=registrar)

    assert verdicts(batch, registrar) == ["known"]


def test_nothing_is_half_imported():
    """The database fails at the second of two contracts: the first is not registered either."""
    first, last, registrar = small(), small(), person("registrar")
    batch = upload_numbers(by=registrar, upload=csv_of(row(first, number_of(6)), row(last, number_of(7))))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION fail_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full'; END $$;"
            "CREATE TRIGGER fail_here BEFORE UPDATE ON marketplace_technologycontract FOR EACH ROW "
            f"WHEN (NEW.id = {last.pk}) EXECUTE FUNCTION fail_here()"
        )

    with pytest.raises(DatabaseError, match="disk full"):
        take_over_numbers(batch, by=registrar)

    first.refresh_from_db()
    batch.refresh_from_db()
    assert (first.state, first.number, batch.state) == ("submitted", None, "compared")
    assert not Entry.objects.filter(kind=Kind.CONTRACT_REGISTERED).exists()


def test_a_contract_whose_deal_ended_is_left_out():
    deal, seller, _buyer = priced()
    contract = draft_contract_from_deal(deal, by=seller.manager, organisation=seller.organisation)
    change_contract(contract, by=seller.manager, items=SMALL, **(facts() | {"buyer_uscc": deal.buyer.uscc}))
    attach_signed_file(contract, by=seller.manager, upload=scan())
    submit_contract(contract, by=seller.manager)
    deal.refresh_from_db()
    terminate_deal(deal, by=seller.manager, organisation=seller.organisation, reason="双方不再合作")
    batch = upload_numbers(by=(registrar := person("registrar")), upload=csv_of(row(contract, number_of(13))))

    judged = judge(rows_of(batch), user=registrar, today=clock.today())

    assert str(judged[0].verdict) == "state"
    with translation.override("en"):
        assert why(judged[0]) == "The deal of this contract has ended."


def test_a_number_or_a_contract_named_twice_is_not_taken_over():
    one, two, three = small(), small(), small()
    registrar = person("registrar")
    batch = upload_numbers(
        by=registrar,
        upload=csv_of(
            row(one, number_of(1)), row(two, number_of(1)), row(three, number_of(2)), row(three, number_of(3))
        ),
    )

    assert verdicts(batch, registrar) == ["twice"] * 4


def test_a_name_of_several_contracts_matches_none():
    small(project_name="同名合同")
    twin, registrar = small(project_name="同名合同"), person("registrar")
    batch = upload_numbers(by=registrar, upload=csv_of(row(twin, number_of(1), by_title=True)))

    judged = judge(rows_of(batch), user=registrar, today=clock.today())

    assert str(judged[0].verdict) == "unknown"
    with translation.override("en"):
        assert "Several contracts" in why(judged[0])


def test_of_contracts_of_one_name_the_row_means_that_which_has_its_number():
    named = small(project_name="同名合同")
    register_contract(named, by=person("registrar"), number=number_of(31))
    twin, registrar = small(project_name="同名合同"), person("registrar")
    sheet = csv_of(row(twin, number_of(31), by_title=True), row(twin, number_of(32), by_title=True))

    judged = judge(rows_of(upload_numbers(by=registrar, upload=sheet)), user=registrar, today=clock.today())

    assert [(str(each.verdict), each.contract) for each in judged] == [("known", named), ("unknown", None)]


def test_a_large_contract_is_taken_over_by_its_second_reviewer():
    contract = submitted(items=LARGE)[0]
    first = second_review(contract, by=person("registrar", "second_reviewer"))
    second = person("second_reviewer")
    sheet = csv_of(row(contract, number_of(9), total=6_000_000, technical=6_000_000))
    batch = upload_numbers(by=first, upload=sheet)

    seen = verdicts(batch, first), verdicts(batch, second)
    take_over_numbers(batch, by=second)

    contract.refresh_from_db()
    assert seen == (["second"], ["good"])
    assert contract.number == number_of(9)


def test_a_contract_that_ended_is_not_registered_again():
    contract, manager = registered(items=SMALL, number=number_of(10))
    cancel_contract(contract, by=manager, reasons="双方解除", benefits_enjoyed=False)
    batch = upload_numbers(by=(registrar := person("registrar")), upload=csv_of(row(contract, number_of(11))))

    assert verdicts(batch, registrar) == ["other"]


def test_amounts_in_ten_thousands_and_xlsx_are_read():
    contract, registrar = small(), person("registrar")
    book = Workbook()
    book.active.append(["某区登记结果"])
    book.active.append(["登记编号", "合同名称", "合同成交额（万元）"])
    book.active.append([int(number_of(12)), contract.project_name, 120])
    buffer = io.BytesIO()
    book.save(buffer)

    batch = upload_numbers(by=registrar, upload=SimpleUploadedFile("回传.xlsx", buffer.getvalue()))

    assert verdicts(batch, registrar) == ["good"]


def test_a_sheet_without_the_needed_columns_or_too_long_is_refused():
    registrar = person("registrar")
    with translation.override("en"), pytest.raises(ColumnsMissing, match="lacks: total amount"):
        upload_numbers(by=registrar, upload=csv_of(("1", "x"), headings=("合同登记编号", "项目名称")))
    with pytest.raises(TooManyRows, match="501"):
        upload_numbers(by=registrar, upload=csv_of(*[("1", "x", "y", 1, 1)] * 501))
    assert not NumberImport.objects.exists()


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("合同登记编号", "number"),
        ("项目名称 projectname", "title"),
        ("买方行政区划代码", ""),
        ("合同成交总额（万元）", "total"),
        ("技术交易额（元） technicalamount", "technical"),
        ("技术领域 techarea", ""),
    ],
)
def test_which_column_a_heading_names(heading, key):
    assert key_of(heading) == key


def test_who_compares_and_takes_over():
    batch = upload_numbers(by=person("registrar"), upload=csv_of(row(small(), number_of(1))))
    people = {
        "registrar": person("registrar"),
        "second reviewer": person("second_reviewer"),
        "officer": person("officer"),
        "auditor": person("auditor"),
        "manager": person(member_of=organisation(), roles=["manager"]),
    }

    def allowed(rule, *of):
        return {who for who, user in people.items() if why_not(rule, user, *of) is None}

    assert verbs(rules) == {"upload_numbers", "take_over_numbers", "see_numbers"}
    assert allowed(rules.upload_numbers) == {"registrar", "second reviewer"}
    assert allowed(rules.take_over_numbers, batch) == {"registrar", "second reviewer"}
    assert allowed(rules.see_numbers) == {"registrar", "second reviewer", "officer", "auditor"}
    with pytest.raises(PermissionDenied):
        take_over_numbers(batch, by=people["officer"])


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_pages_from_upload_to_numbers(client, language):
    good, differs = small(), small()
    sign_in(client, person("registrar"))
    sheet = csv_of(row(good, number_of(21)), row(differs, number_of(22), total=7))

    uploaded = client.post(f"{language}/contracts/numbers/", {"file": sheet}, follow=True)
    page = uploaded.content.decode()
    address = uploaded.redirect_chain[-1][0]
    table = load_workbook(io.BytesIO(client.get(f"{address}export/").content)).active
    taken = client.post(f"{address}take-over/", follow=True)

    good.refresh_from_db()
    assert good.number == number_of(21)
    assert [(each["value"], each["count"]) for each in uploaded.context["counts"]] == [("good", 1), ("differs", 1)]
    assert "7.00" in page
    assert table.cell(row=3, column=6).value == 1_200_000
    assert [(each["value"], each["count"]) for each in taken.context["counts"]] == [("taken", 1), ("differs", 1)]
    assert ("amount differs" if language else "金额不符") in page


def test_a_refused_file_is_said_beside_the_field_in_both_languages(client):
    sign_in(client, person("registrar"))

    def refused(prefix):
        sheet = csv_of(("1", "x"), headings=("合同登记编号", "项目名称"))
        return client.post(f"{prefix}/contracts/numbers/", {"file": sheet}).content.decode()

    assert "表中缺少" in refused("")
    assert "The sheet lacks" in refused("/en")


@pytest.mark.parametrize(
    ("name", "content"),
    [("回传.xlsx", b"\x93\xfa\x15\xd8" * 9), ("回传.xlsx", b"no sheet"), ("回传.pdf", b"%PDF-1.4\n1 0 obj\n%%EOF\n")],
)
def test_a_file_that_is_no_table_is_called_so_beside_the_field(client, name, content):
    sign_in(client, person("registrar"))

    answer = client.post("/contracts/numbers/", {"file": SimpleUploadedFile(name, content)})

    assert answer.context["form"].errors == {"file": ["这不是 XLSX 或 CSV 文件，请另存为 XLSX 再上传。"]}
    assert "这不是 XLSX 或 CSV 文件" in answer.content.decode()
    assert not NumberImport.objects.exists()


def test_a_longer_sheet_asks_no_more(client, django_assert_max_num_queries):
    sign_in(client, person("registrar"))
    by = person("registrar")
    few = upload_numbers(by=by, upload=csv_of(row(small(), number_of(30))))
    many = upload_numbers(by=by, upload=csv_of(*[row(small(), number_of(31 + at)) for at in range(3)]))
    client.get(few.get_absolute_url())
    with django_assert_max_num_queries(50) as asked:
        client.get(few.get_absolute_url())

    with django_assert_max_num_queries(len(asked)):
        client.get(many.get_absolute_url())


def judged(batch, user):
    return [(str(each.verdict), why(each)) for each in judge(rows_of(batch), user=user, today=clock.today())]


@pytest.mark.parametrize("number", ["2.02633E+15", "2.02633030400001E+15", "2.02633e15", "２.02633E+15", "2E+15"])
def test_a_number_that_excel_shortened_is_said_to_be_one(number):
    registrar = person("registrar")
    batch = upload_numbers(by=registrar, upload=csv_of(row(small(), number)))

    [(verdict, said)] = judged(batch, registrar)

    assert verdict == "number"
    assert "Excel" in said
    assert "不是" not in said


def test_what_is_no_number_at_all_was_not_shortened():
    registrar = person("registrar")
    batch = upload_numbers(by=registrar, upload=csv_of(row(small(), "12E456")))

    [(verdict, said)] = judged(batch, registrar)

    assert verdict == "number"
    assert "Excel" not in said


def test_numbers_whose_last_digits_became_0_are_known_where_two_contracts_have_the_same():
    registrar = person("registrar")
    rounded, whole = number_of(120), number_of(123)
    twice = small()
    batch = upload_numbers(
        by=registrar,
        upload=csv_of(row(small(), rounded), row(small(), rounded), row(small(), whole), row(small(), number_of(0))),
    )
    same = upload_numbers(by=registrar, upload=csv_of(row(twice, rounded), row(twice, rounded)))
    alone = upload_numbers(by=registrar, upload=csv_of(row(small(), rounded)))

    assert [verdict for verdict, _said in judged(batch, registrar)] == ["number", "number", "good", "number"]
    assert ["Excel" in said for _verdict, said in judged(batch, registrar)] == [True, True, False, True]
    assert verdicts(same, registrar) == ["twice", "twice"]
    assert verdicts(alone, registrar) == ["good"]


def test_a_sheet_whose_numbers_all_end_with_0_warns_and_lets_the_registrar_decide(client):
    registrar = person("registrar")
    sign_in(client, registrar)
    tens = upload_numbers(by=registrar, upload=csv_of(row(small(), number_of(130)), row(small(), number_of(140))))
    others = upload_numbers(by=registrar, upload=csv_of(row(small(), number_of(130)), row(small(), number_of(141))))

    assert client.get(tens.get_absolute_url()).context["may_be_short"] is True
    assert client.get(others.get_absolute_url()).context["may_be_short"] is False
    assert take_over_numbers(tens, by=registrar) == 2


def test_a_shortened_number_is_refused_on_the_page_of_the_contract_with_its_reason(client):
    contract = small()
    sign_in(client, person("registrar"))

    page = client.post(f"/contracts/{contract.code}/register/", {"number": "2.02633E+15"})

    assert "Excel" in page.context["form"].errors["number"][0]
    contract.refresh_from_db()
    assert contract.number is None


def test_the_list_to_fill_in_keeps_what_is_typed_into_it_as_text(client):
    contract = small()
    sign_in(client, person("registrar"))

    sheet = load_workbook(io.BytesIO(client.get("/contracts/export/?waiting=1").content)).active

    cells = {head.value.split()[0]: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["合同登记编号"].value, cells["合同登记编号"].number_format) == (None, "@")
    assert (cells["买方统一社会信用代码"].value, cells["平台编码"].value) == (contract.buyer_uscc, contract.code)
    assert cells["买方统一社会信用代码"].number_format == cells["平台编码"].number_format == "@"
    assert cells["合同成交总额（元）"].number_format != "@"
    assert cells["合同签订日期"].value.date() == contract.signed_on
