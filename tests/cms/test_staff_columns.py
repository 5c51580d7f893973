"""What columns of the admin are called, and that they say what people know: times, standings, numbers."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.utils import translation

from cms import shared_words
from marketplace.contracts.dated import RegistrationRule
from marketplace.core import clock
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories import people
from tests.marketplace.deals.factories import broker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def officer(client):
    set_up_groups()
    return people.sign_in(client, people.staff(Role.OFFICER, is_staff=True))


def headings(reader, listing):
    return next(csv.reader(StringIO(reader.get(f"/admin/{listing}/?export=csv").getvalue().decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("listing", "said", "unsaid"),
    [
        ("matches", {"推荐时间"}, {"已推荐"}),
        ("invitations", {"发出时间", "答复时间"}, {"已发出", "已答复"}),
        ("trials", {"定价方式"}, {"转化价格"}),
    ],
)
def test_columns_are_called_what_they_hold(officer, listing, said, unsaid):
    names = set(headings(officer, listing))

    assert said <= names
    assert not unsaid & names


def test_a_broker_whose_certificate_ran_out_is_expired_in_list_table_and_record(officer):
    gone = broker(name="样例过期", valid_until=clock.today() - timedelta(days=1))
    broker(name="样例有效")

    listed = officer.get("/admin/brokers/").content.decode()
    table = officer.get("/admin/brokers/?export=csv").getvalue().decode("utf-8-sig")
    record = officer.get(f"/admin/brokers/inspect/{gone.pk}/").content.decode()

    row = re.search(r"<tr.{0,400}?样例过期.*?</tr>", listed, re.DOTALL)[0]
    assert "已过期" in row
    assert "已备案" not in row
    assert {line["姓名"]: line["状态"] for line in csv.DictReader(StringIO(table))} == {
        "样例过期": "已过期",
        "样例有效": "有效",
    }
    assert "已过期" in record


@pytest.mark.parametrize(
    ("pattern", "said"),
    [(r"(?P<year>\d{4})(?P<division>\d{6})\d{6}", "例如 2026330304000001"), (r"X\d{5}", "另有格式")],
)
def test_the_form_of_numbers_is_said_by_a_number(officer, pattern, said):
    RegistrationRule.objects.all().delete()
    RegistrationRule.objects.create(kind="number", holds_from="2026-01-01", pattern=pattern, note="样例", source="样例")

    page = officer.get("/admin/registration-rules/").content.decode()

    assert said in page
    assert r"\d{" not in page


def test_no_library_we_show_says_ni_or_is_sorry():
    with translation.override("zh-hans"):
        said = {entry.msgid: translation.gettext(entry.msgid) for _library, entry in shared_words._words_of_libraries()}

    assert {msgid: text for msgid, text in said.items() if re.search("你|对不起|抱歉", text)} == {}
