"""The code of the district as a dated entry: a district that is numbered anew stays the same one, in every figure."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation

from marketplace.contracts.actions import register_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import grant_contract_change, request_contract_change
from marketplace.contracts.counting import RegisterRow
from marketplace.contracts.forms import ContractForm
from marketplace.contracts.keeping import keep_district_code
from marketplace.contracts.refusals import NumberDeviates
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.floors import floors_of
from marketplace.contracts.writing import change_contract
from marketplace.core import clock, code_lists
from marketplace.core.code_lists import CodeRule
from marketplace.core.journal import Entry, Kind
from marketplace.core.keeping import HoldsAlready
from marketplace.core.regions import district_code, district_codes, present_code, region_name
from marketplace.indicators import queries
from marketplace.indicators.periods import Period
from marketplace.organisations.roles import Role
from search.facets import region_words
from search.features import region as region_feature
from tests.factories import people
from tests.marketplace.contracts.factories import ITEMS, WAN, drafted, facts, person, registered, submitted
from tests.marketplace.contracts.test_registration import wenzhou
from tests.marketplace.deals.factories import outcome

pytestmark = pytest.mark.django_db
BEFORE, AFTER = "330304", "330399"
SINCE = date(2026, 1, 1)
YEAR = Period("year", SINCE)


def coded(code=AFTER, holds_from=SINCE, **said):
    return CodeRule(
        **{"code_list": "district", "code": code, "name": "瓯海新区", "name_en": "New Ouhai"} | said,
        holds_from=holds_from,
        source="民政部批复（样例）",
    )


def keep(entry, **at):
    keep_district_code(entry, by=people.staff(Role.OFFICER))


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


def test_an_entry_entered_wrongly_is_followed_by_a_right_one_of_the_same_day():
    keep(coded("330398"))
    keep(coded())

    assert district_codes(clock.today()) == [AFTER, BEFORE]
    rows = CodeRule.objects.filter(code_list="district").order_by("pk")
    assert [row.standing for row in rows] == ["已被取代", "已被取代", "施行中"]


@pytest.mark.parametrize(
    ("language", "names"), [("zh-hans", ["瓯海新区", "瓯海区 330304"]), ("en", ["New Ouhai", "Ouhai District 330304"])]
)
def test_the_district_is_called_as_today_and_an_earlier_code_is_told_apart(language, names):
    keep(coded())

    with translation.override(language):
        assert [region_name(AFTER), region_name(BEFORE)] == names
        assert list(region_words([BEFORE, "330302", AFTER])) == [AFTER, BEFORE, "330302"]


def test_a_code_that_has_not_begun_names_nothing_yet():
    with clock.moved_to(wenzhou(2025, 12, 1, 10)):
        keep(coded())

        assert region_name(AFTER) == "浙江省 330399"
        assert district_code(clock.today()) == BEFORE
        assert ContractForm()["buyer_region"].help_text == "GB/T 2260 六位数字，本区为 330304。"
    assert ContractForm()["buyer_region"].help_text == "GB/T 2260 六位数字，本区为 330399。"


def test_both_codes_count_for_the_district_and_the_new_one_from_its_day():
    keep(coded(holds_from=date(2026, 6, 1)))
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


def test_a_change_after_the_renumbering_leaves_the_contract_in_the_district():
    contract, manager = in_2026(3, code=BEFORE)
    keep(coded(holds_from=date(2026, 6, 1)))

    request_contract_change(
        contract, by=manager, items=[Item("开发", 500 * WAN, True)], begins_on=contract.begins_on,
        ends_on=contract.ends_on, reasons="补充协议",
    )  # fmt: skip
    grant_contract_change(contract, by=person("second_reviewer", "registrar"))

    assert figures()["incoming_total"] == figures()["contract_total"] == 500 * WAN


def test_a_code_entered_late_counts_anew_what_bore_it_already():
    in_2026(3, code=AFTER)
    in_2026(4, code=BEFORE)
    in_2026(4, code="330302")
    assert figures()["incoming_total"] == 600 * WAN

    with clock.moved_to(wenzhou(2026, 5, 4, 10)):
        keep(coded())
        keep(coded(name="瓯海"))  # of the same day, worded anew: nothing is counted twice

    assert figures() == {
        "incoming_total": 2 * 600 * WAN, "outgoing_total": 2 * 600 * WAN,
        "landed_count": 2, "contract_total": 3 * 600 * WAN,
    }  # fmt: skip
    row = RegisterRow.objects.get(kind="recounted")
    assert (row.contract.buyer_region, row.counted_on, row.count, row.total) == (AFTER, date(2026, 5, 4), 0, 0)
    assert str(row) == "重新统计 2026-05-04"


def test_of_a_code_entered_wrongly_what_was_counted_is_taken_off_again():
    in_2026(3, code="330398")
    keep(coded("330398"))
    assert figures()["incoming_total"] == 600 * WAN

    keep(coded())

    assert figures()["incoming_total"] == figures()["landed_count"] == 0


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


def test_only_officers_keep_it_it_is_not_rewritten_and_the_journal_tells():
    for role in set(Role) - {Role.OFFICER}:
        with pytest.raises(PermissionDenied):
            keep_district_code(coded(), by=people.staff(role))
    kept = CodeRule.objects.get(code_list="district")
    kept.code = AFTER
    with pytest.raises(HoldsAlready):
        keep(kept)

    code_lists.forget()
    keep(coded())

    assert Entry.objects.filter(kind=Kind.CLASSIFICATION_CHANGED).latest("pk").data["code"] == AFTER
