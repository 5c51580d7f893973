"""The code of the district as a dated entry: a district that is numbered anew stays the same one, in every figure."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation

from marketplace.contracts.actions import register_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import grant_contract_change, request_contract_change
from marketplace.contracts.counting import figures_of
from marketplace.contracts.forms import ContractForm
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import JointSeller
from marketplace.contracts.refusals import NumberDeviates
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.floors import floors_of
from marketplace.contracts.writing import change_contract
from marketplace.core import clock, code_lists
from marketplace.core.code_lists import CodeRule
from marketplace.core.journal import Entry, Kind
from marketplace.core.keeping import HoldsAlready
from marketplace.core.regions import district_code, district_codes, in_district, lasting_code, present_code, region_name
from marketplace.indicators import queries
from marketplace.indicators.periods import Period
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import BeginsTooSoon, keep_code
from search.facets import region_words
from search.features import region as region_feature
from tests.factories import people
from tests.marketplace.contracts.factories import (
    ITEMS,
    WAN,
    credit_code,
    drafted,
    facts,
    person,
    registered,
    scan,
    submitted,
)
from tests.marketplace.contracts.test_registration import wenzhou
from tests.marketplace.deals.factories import outcome

pytestmark = pytest.mark.django_db
BEFORE, AFTER = "330304", "330399"
SINCE = date(2026, 1, 1)
YEAR = Period("year", SINCE)
DAYS = (date(2025, 12, 31), SINCE, date(2099, 1, 1))


def coded(code=AFTER, holds_from=SINCE, **said):
    facts = {"code_list": "district", "code": code, "name": "瓯海新区", "name_en": "New Ouhai"} | said
    return CodeRule(**facts, holds_from=holds_from, source="民政部批复（样例）")


def keep(entry):
    """Have an officer enter it on the day before it begins."""
    with clock.moved_to(wenzhou(entry.holds_from.year - 1, 12, 31, 10)):
        keep_code(entry, by=people.staff(Role.OFFICER))


def in_2026(month, *, code):
    """Return (a contract over an outcome, registered that month, and its manager); both parties bear the code."""
    offered, at = outcome(), wenzhou(2026, month, 12, 10)
    number = f"2026{district_code(at.date())}{offered.pk:06d}"
    with clock.moved_to(at):
        return registered(seller=offered.owner, outcome=offered, buyer_region=code, seller_region=code, number=number)


def figures():
    return {
        name: getattr(queries, name)(YEAR).value
        for name in ("incoming_total", "outgoing_total", "landed_count", "contract_total")
    }


def test_the_code_the_installation_was_set_up_with_holds_from_the_beginning():
    assert district_codes(date(1990, 1, 1)) == district_codes(clock.today()) == [BEFORE]
    assert not CodeRule.objects.get(code_list="district").is_checked


def test_each_day_has_its_code_and_knows_those_before():
    keep(coded())

    assert [district_code(day) for day in (date(2025, 12, 31), SINCE)] == [BEFORE, AFTER]
    assert [district_codes(day) for day in (date(2025, 12, 31), SINCE)] == [[BEFORE], [AFTER, BEFORE]]
    assert (present_code(BEFORE), present_code("330302")) == (AFTER, "330302")


def test_of_one_day_the_entry_of_last_counts_and_one_row_is_in_force():
    keep(coded("330398"))
    keep(coded())
    keep(coded("330397", date(2099, 1, 1)))

    assert district_codes(clock.today()) == [AFTER, BEFORE]
    rows = CodeRule.objects.filter(code_list="district").order_by("pk")
    assert [row.standing for row in rows] == ["已被取代", "已被取代", "施行中", "尚未施行"]


def test_a_condition_on_columns_knows_each_code_from_its_day():
    keep(coded())
    keep(coded("330397", date(2099, 1, 1)))
    contracts = [drafted(buyer_region=code, signed_on=day)[0] for code in (BEFORE, AFTER, "330397") for day in DAYS]

    found = TechnologyContract.objects.filter(in_district("buyer_region", "signed_on")).order_by("pk")

    assert list(found) == [*contracts[:3], *contracts[4:6], contracts[8]]


def test_without_an_entry_the_code_of_the_installation_holds():
    CodeRule.objects.filter(code_list="district").delete()
    code_lists.forget()

    assert district_codes(clock.today()) == [BEFORE]
    assert region_name(BEFORE) == "瓯海区"


@pytest.mark.parametrize(
    ("language", "names"), [("zh-hans", ["瓯海新区", "瓯海区 330304"]), ("en", ["New Ouhai", "Ouhai District 330304"])]
)
def test_the_district_is_called_as_today_and_an_earlier_code_is_told_apart(language, names):
    keep(coded())

    with translation.override(language):
        assert [region_name(AFTER), region_name(BEFORE)] == names


def test_what_is_indexed_and_asked_for_lasts_and_is_called_as_today():
    before = lasting_code(BEFORE)
    keep(coded())

    assert [before, lasting_code(BEFORE), lasting_code(AFTER)] == [BEFORE] * 3
    assert lasting_code("330302") == "330302"
    assert list(region_words(["330302", BEFORE]).items()) == [(BEFORE, "瓯海新区"), ("330302", "鹿城区")]


def test_a_code_that_has_not_begun_names_nothing_yet():
    with clock.moved_to(wenzhou(2025, 12, 1, 10)):
        keep_code(coded(), by=people.staff(Role.OFFICER))

        assert region_name(AFTER) == "浙江省 330399"
        assert district_code(clock.today()) == BEFORE
        assert ContractForm()["buyer_region"].help_text == "按 GB/T 2260 填写六位代码，本区为 330304。"
    assert ContractForm()["buyer_region"].help_text == "按 GB/T 2260 填写六位代码，本区为 330399。"


def test_both_codes_count_for_the_district_and_the_new_one_from_its_day():
    CodeRule.objects.bulk_create([coded(holds_from=date(2026, 6, 1))])
    in_2026(3, code=BEFORE)
    in_2026(4, code=AFTER)
    in_2026(7, code=BEFORE)
    in_2026(8, code=AFTER)

    assert figures() == {
        "incoming_total": 3 * 600 * WAN, "outgoing_total": 3 * 600 * WAN,
        "landed_count": 3, "contract_total": 4 * 600 * WAN,
    }  # fmt: skip
    records = queries.landed_count(YEAR).records
    assert {row.contract.buyer_region for row in records.filter(counted_on__lt=date(2026, 6, 1))} == {BEFORE}


@pytest.mark.parametrize(("code", "is_here"), [(BEFORE, True), (AFTER, False)])
def test_a_change_after_the_renumbering_leaves_a_contract_where_it_was_registered(code, is_here):
    contract, manager = in_2026(3, code=code)
    CodeRule.objects.bulk_create([coded(holds_from=date(2026, 6, 1))])
    code_lists.forget()

    with clock.moved_to(wenzhou(2026, 9, 1, 10)):
        request_contract_change(
            contract, upload=scan(), by=manager, items=[Item("开发", 500 * WAN, True)], begins_on=contract.begins_on,
            ends_on=contract.ends_on, reasons="补充协议",
        )  # fmt: skip
        grant_contract_change(contract, by=person("second_reviewer", "registrar"))

    assert (figures()["incoming_total"], figures()["landed_count"]) == ((500 * WAN, 1) if is_here else (0, 0))
    assert figures()["contract_total"] == 500 * WAN


def test_a_joint_seller_is_of_the_district_under_either_code():
    keep(coded())
    contract = registered(buyer_region="330302", seller_region="330302", number=f"{clock.today().year}{AFTER}000041")[0]
    for place, region in enumerate([BEFORE, AFTER, "330302"], start=1):
        JointSeller.objects.create(
            contract=contract, position=place, name="样例", uscc=credit_code(), region=region, percent=Decimal(10)
        )  # fmt: skip

    assert figures_of(contract)["sold_here"] == 120 * WAN


def test_what_was_counted_stays_so_a_code_begins_tomorrow_at_the_earliest():
    officer, tomorrow = people.staff(Role.OFFICER), clock.today() + timedelta(days=1)

    for day in (SINCE, clock.today()):
        with pytest.raises(BeginsTooSoon, match="最早自明天起施行"):
            keep_code(coded(holds_from=day), by=officer)
    keep_code(coded(holds_from=tomorrow), by=officer)

    assert [district_code(day) for day in (clock.today(), tomorrow)] == [BEFORE, AFTER]


def test_a_code_that_has_not_begun_is_set_right_and_one_that_has_is_not():
    keep(entry := coded("330398"))
    entry.code, entry.is_checked = AFTER, True
    with pytest.raises(HoldsAlready):
        keep_code(entry, by=people.staff(Role.OFFICER))

    keep(entry)
    entry.source = "国函〔2025〕1 号（样例）"
    keep_code(entry, by=people.staff(Role.OFFICER))  # words about it may be put right at any time

    assert district_codes(clock.today()) == [AFTER, BEFORE]


def test_a_number_is_expected_of_the_division_of_its_day():
    keep(coded())
    contract, _ = submitted()

    with pytest.raises(NumberDeviates, match="编号中的区划代码是 330304，本区是 330399"):
        register_contract(contract, by=person("registrar"), number=f"{clock.today().year}{BEFORE}000047")
    register_contract(contract, by=person("registrar"), number=f"{clock.today().year}{AFTER}000047")

    assert contract.state == "registered"


def test_a_draft_takes_the_code_its_seller_has_today():
    seller, buyer = people.organisation(region=BEFORE), people.organisation(region=BEFORE)
    contract, by = drafted(seller=seller, buyer_uscc=buyer.uscc)
    keep(coded())

    said = facts(buyer_uscc=buyer.uscc, seller_region="", buyer_region="")
    change_contract(contract, by=by, items=ITEMS, **said)

    assert (contract.seller_region, contract.buyer_region) == (AFTER, AFTER)


def test_a_floor_of_the_district_binds_under_its_new_code_too():
    said = {"kind": "floor", "holds_from": date(2024, 1, 1), "note": "区办法", "source": "样例"}
    SharingRule.objects.create(**said, region=BEFORE, percent=80)
    asked = {"contract_type": "KF", "signed_on": clock.today(), "region": AFTER}
    assert floors_of(None, **asked).rule is None

    keep(coded())

    assert floors_of(None, **asked).rule.percent == 80
    assert floors_of(None, **asked | {"signed_on": date(2025, 12, 31)}).rule is None, "then that code was nobody's"


def test_two_in_the_district_are_near_whichever_code_they_bear():
    need = SimpleNamespace(is_anonymous=False, organisation=SimpleNamespace(region=BEFORE))
    offered = SimpleNamespace(owner=SimpleNamespace(region=AFTER))
    assert region_feature(need, offered)[1] == {"same": False, "city": True}

    keep(coded())

    assert region_feature(need, offered)[1] == {"same": True, "city": True}


@pytest.mark.parametrize(
    ("said", "field"),
    [({"code": "3303"}, "code"), ({"code": "33o304"}, "code"), ({"holds_until": date(2030, 1, 1)}, "holds_until")],
)
def test_a_code_of_the_district_has_six_digits_and_no_end(said, field):
    with pytest.raises(ValidationError) as refused:
        coded(**said).full_clean()

    assert list(refused.value.error_dict) == [field]


def test_only_officers_keep_it_and_the_journal_tells():
    for role in set(Role) - {Role.OFFICER}:
        with pytest.raises(PermissionDenied):
            keep_code(coded(), by=people.staff(role))

    keep(coded())

    assert Entry.objects.filter(kind=Kind.CLASSIFICATION_CHANGED).latest("pk").data["code"] == AFTER
