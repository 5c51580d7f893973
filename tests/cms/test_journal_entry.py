"""The page of one entry of the journal: what happened to which record, its data in words, nothing that is veiled."""

import re

import pytest
from django.utils.html import strip_tags

from cms.staff.entry_data import told
from marketplace.core import clock, journal
from marketplace.core.journal import Entry, Kind
from marketplace.notices.models import Notice
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.staff import appoint_staff, set_up_groups
from tests.factories import people
from tests.marketplace.auctions.making import announced_lot, bidder
from tests.marketplace.contracts.factories import drafted

pytestmark = pytest.mark.django_db
ROW = re.compile(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", re.DOTALL)


@pytest.fixture
def shown(client, site):
    """Return how an auditor reads the page of an entry: {label: its markup}."""
    set_up_groups()
    people.sign_in(client, people.staff(Role.AUDITOR, is_staff=True))

    def read(entry):
        page = client.get(f"/admin/journal/inspect/{entry.pk}/").content.decode()
        rows = [(label.strip(), value.strip()) for label, value in ROW.findall(page)]
        assert len(dict(rows)) == len(rows), "two rows of one name"
        return dict(rows)

    return read


def test_a_record_has_its_name_and_leads_to_its_page(shown):
    lot = announced_lot()
    entry = journal.record(Kind.LOT_CONFIRMED, lot, by=None, number=lot.number, price=8_000_000)

    rows = shown(entry)

    assert rows["事项代码"] == "lot.confirmed"
    assert rows["事项"] == entry.label
    assert f'<a href="{lot.get_absolute_url()}">' in rows["记录"]
    assert str(lot) in strip_tags(rows["记录"])
    assert "<li>价格：8 万元<" in rows["数据"]


def test_a_record_kept_by_its_code_has_its_name_and_leads_to_its_page_for_who_may_open_it():
    contract, _manager = drafted()
    data = {"contract": contract.code}

    ((_name, read),) = told(data, people.staff(Role.AUDITOR))
    ((_name, hidden),) = told(data, people.staff(Role.LIAISON))

    assert read == f'<a href="{contract.get_absolute_url()}">{contract} ({contract.code})</a>'
    assert hidden == contract.code


def test_a_record_whose_name_is_a_code_says_what_it_is_about(shown):
    one = bidder(announced_lot())

    rows = shown(journal.record(Kind.REGISTRATION_ADMITTED, one, by=None))

    assert f"{one.code} · {one.lot}" in strip_tags(rows["记录"])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"amount": 8_000_000}, "8 万元"),
        ({"amount_fen": 8_000_000}, "8 万元"),
        ({"to_inventors": 8_000_000}, "8 万元"),
        ({"output": 8_000_000}, "8 万元"),
        ({"due": "2026-12-01"}, "2026-12-01"),
        ({"seq": 8}, "8"),
        ({"missing": ["a", "b"]}, "a、b"),
        ({"is_working": False}, "否"),
        ({"before": None}, "—"),
        ({"change": {"price": 100, "state": "open"}}, "价格：1"),
    ],
)
def test_data_are_words(data, words):
    ((_name, said),) = told(data)

    assert words in said


def test_a_notice_about_a_secret_lot_tells_neither_its_reader_nor_what_it_is_about(shown):
    lot = announced_lot()
    reader = people.person(name="样例竞买人")
    cause = journal.record(Kind.LOT_RESCINDED, bidder(lot), by=None)
    notice = Notice.objects.create(
        user=reader,
        kind="lot.sold",
        entry=cause,
        subject=lot,
        path="/",
        data={"lot": lot.number, "price_fen": 100},
        created_at=clock.now(),
    )
    entry = journal.record(Kind.NOTICE_MAILED, notice, by=None, entry=cause.pk, user=reader.pk)

    rows = shown(entry)

    assert "<a " not in rows["记录"]
    assert rows["数据"] == "—"
    assert lot.number not in str(rows)


def test_a_change_of_roles_says_in_words_what_was_given_and_what_was_taken(shown):
    somebody = people.staff(Role.REGISTRAR, Role.EDITOR)
    appoint_staff(somebody, by=people.staff(Role.OFFICER), roles=["registrar", "finance"])

    data = shown(Entry.objects.get(kind="staff.appointed"))["数据"]

    assert "<li>新增角色：平台财务<" in data
    assert f"<li>撤销角色：{Role.EDITOR.label}<" in data
    assert f"<li>原有角色：{Role.REGISTRAR.label}、{Role.EDITOR.label}<" in data
    assert "registrar" not in data


def test_an_entry_from_before_the_former_roles_were_kept_is_read_as_well(shown):
    entry = journal.record(Kind.STAFF_APPOINTED, people.person(), by=None, roles=["finance"])

    assert "平台财务" in shown(entry)["数据"]
    assert "新增" not in shown(entry)["数据"]


def test_roles_of_a_member_are_those_inside_the_organisation(shown):
    house = people.organisation()
    membership = people.join(people.person(), house, MemberRole.FINANCE)
    entry = journal.record(Kind.MEMBERSHIP_CHANGED, membership, by=None, on_behalf_of=house, roles=["finance"])

    assert f"：{MemberRole.FINANCE.label}<" in shown(entry)["数据"]
    assert "平台财务" not in shown(entry)["数据"]
