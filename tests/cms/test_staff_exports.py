"""What listings of the admin hand out is for people: words, yuan, times of the district, a file a spreadsheet opens."""

import csv
from datetime import date, datetime
from io import BytesIO, StringIO
from urllib.parse import unquote

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from marketplace.core import clock, journal
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories import people
from tests.marketplace.auctions.making import announced_lot, bidder
from tests.marketplace.contracts.factories import broker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def admin(site):
    set_up_groups()


@pytest.fixture
def auditor(client):
    return people.sign_in(client, people.staff(Role.AUDITOR, is_staff=True))


def exported(reader, listing):
    """Return the rows of a listing's CSV, each under its headings."""
    content = reader.get(f"/admin/{listing}/?export=csv").getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


def test_amounts_are_yuan_and_states_are_words(auditor):
    deposit = bidder(announced_lot()).deposit

    (row,) = exported(auditor, "deposits")

    assert row["附言"] == deposit.reference
    assert [row["状态"], row["应缴金额（元）"]] == [deposit.get_state_display(), str(deposit.amount // 100)]
    assert [row["已抵作价款（元）"], row["已退还（元）"], row["不予退还（元）"]] == ["0", "0", "0"]
    assert row["到账时间"] == timezone.localtime(deposit.received_at).strftime("%Y-%m-%d %H:%M")


def test_a_spreadsheet_gets_numbers_to_sum(auditor):
    deposit = bidder(announced_lot()).deposit

    book = load_workbook(BytesIO(auditor.get("/admin/deposits/?export=xlsx").getvalue()))

    head, row = book.active.iter_rows(values_only=True)
    assert row[head.index("应缴金额（元）")] == deposit.amount / 100


def test_a_spreadsheet_gets_times_of_the_district_and_days_to_sort(auditor):
    deposit = bidder(announced_lot()).deposit
    broker()

    sheets = {
        listing: load_workbook(BytesIO(auditor.get(f"/admin/{listing}/?export=xlsx").getvalue())).active
        for listing in ("deposits", "journal", "brokers")
    }

    head, row = sheets["deposits"].iter_rows()
    place = [cell.value for cell in head].index("到账时间")
    local = timezone.localtime(deposit.received_at).replace(tzinfo=None, microsecond=0)
    assert (row[place].value, row[place].number_format) == (local, "yyyy-mm-dd hh:mm")
    assert sheets["deposits"].column_dimensions[head[place].column_letter].width == 17
    when = next(column for column in sheets["journal"].iter_cols() if "时间" in str(column[0].value))
    assert {type(cell.value) for cell in when[1:]} == {datetime}
    heads, line = sheets["brokers"].iter_rows()
    place = [cell.value for cell in heads].index("有效期起")
    assert (line[place].value.date(), line[place].number_format) == (date(2024, 10, 1), "yyyy-mm-dd")
    assert line[[cell.value for cell in heads].index("状态")].value == "有效"


def test_the_journal_names_what_happened_and_to_what(auditor):
    announced_lot()

    rows = exported(auditor, "journal")

    assert ("专场公告", "session.announced", "专场") in {
        (row["事项"], row["事项代码"], row["记录类型"]) for row in rows
    }


def test_the_journal_exports_record_code_and_data_in_words_as_its_page_does(auditor):
    lot = announced_lot()
    entry = journal.record(Kind.LOT_CONFIRMED, lot, by=None, number=lot.number, price=8_000_000)
    journal.record(Kind.STAFF_APPOINTED, people.person(), by=None, former=[], roles=["finance"])

    last, row = exported(auditor, "journal")[:2]

    assert (row["记录"], row["公开编号"]) == (f"拍品：{lot}", lot.number)
    assert "价格：8 万元" in row["数据"]
    assert "新增角色：平台财务" in last["数据"]
    assert row["条目序号（按此排列）"] == str(entry.pk)


def test_the_spreadsheet_of_the_journal_opens(auditor):
    announced_lot()

    book = load_workbook(BytesIO(auditor.get("/admin/journal/?export=xlsx").getvalue()))

    head, row, *_others = book.active.iter_rows(values_only=True)
    assert row[head.index("记录")]


def test_the_journal_is_filtered_by_kind_and_person_and_stands_by_number(auditor):
    li, wang = people.person(name="李样例"), people.person(name="王样例")
    for by in (li, wang):
        for kind in (Kind.STAFF_LOCKED, Kind.STAFF_UNLOCKED):
            journal.record(kind, by, by=by, **({"reason": "left"} if kind == Kind.STAFF_LOCKED else {}))

    def found(**asked):
        return [entry.pk for entry in auditor.get("/admin/journal/", asked).context["object_list"]]

    all_of_them = list(Entry.objects.order_by("-pk").values_list("pk", flat=True))
    assert found() == all_of_them
    assert found(kind="staff.locked", person="李样") == [all_of_them[3]]
    assert found(person=wang.username) == all_of_them[:2]
    assert found(person="nobody at all") == []


def test_a_consent_is_called_by_its_notice(auditor):
    person = people.person()

    row = next(row for row in exported(auditor, "consents") if row["人员"] == str(person))

    assert row["提示"] == "个人信息保护说明"
    assert "个人信息保护" in auditor.get("/admin/consents/").content.decode()


def test_what_begins_like_a_formula_stays_words(auditor):
    people.organisation(name="=1+1")

    names = {row["单位名称"] for row in exported(auditor, "organisations")}

    assert "'=1+1" in names


def test_an_empty_list_speaks_the_readers_language(client):
    officer = people.sign_in(client, people.staff(Role.OFFICER, is_staff=True))

    page = officer.get("/admin/calendar/").content.decode()

    assert "还没有" in page
    assert "There are no" not in page


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("listing", "name"),
    [("contracts", "技术合同"), ("organisations", "单位"), ("snippets/marketplace/researchoutcome", "科技成果")],
)
def test_a_file_is_called_by_the_listing_and_the_day(auditor, listing, name, form):
    answer = auditor.get(f"/admin/{listing}/?export={form}")

    called = answer["Content-Disposition"].removeprefix("attachment; filename*=utf-8''")
    assert unquote(called) == f"{name}-{clock.today():%Y-%m-%d}.{form}"


def test_an_english_reader_gets_an_english_name(client):
    reader = people.staff(Role.AUDITOR, is_staff=True)
    UserProfile.objects.create(user=reader, preferred_language="en")

    answer = people.sign_in(client, reader).get("/admin/contracts/?export=csv")

    assert f'filename="Technology_contracts-{clock.today():%Y-%m-%d}.csv"' in answer["Content-Disposition"]
