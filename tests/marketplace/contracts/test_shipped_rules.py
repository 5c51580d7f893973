"""The rules the platform starts with: whole, dated, sourced, and honest about what nobody checked."""

from datetime import date

import pytest

from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.floors import floors_of, formulas_for, publicity_days, tax_rule
from marketplace.core.code_lists import CodeRule
from tests.factories.people import organisation

pytestmark = pytest.mark.django_db


def test_what_is_shipped_holds_for_an_institute_of_the_district():
    institute = organisation(kind="institute", region="330304")
    floor = floors_of(institute, contract_type="ZR", signed_on=date(2026, 1, 1)).rule

    assert (floor.percent, floor.is_checked) == (70, False)
    assert floors_of(institute, contract_type="ZR", signed_on=date(2016, 1, 1)).rule.percent == 50
    assert formulas_for(institute, on=date(2026, 1, 1))[0] == "costs_and_tax"
    assert publicity_days(institute, on=date(2026, 1, 1)) == 15
    assert tax_rule("XK", on=date(2026, 1, 1)).percent == 50


def test_every_rule_has_its_source_in_both_languages():
    rules = list(SharingRule.objects.all())

    assert all(rule.source and rule.source_en and rule.note and rule.note_en for rule in rules)
    assert [rule.percent for rule in rules if rule.is_checked] == [50]


def test_no_source_says_by_itself_what_is_checked_says_to_staff():
    rows = [*SharingRule.objects.all(), *CodeRule.objects.all()]
    printed = [source for row in rows for source in (row.source, row.source_en)]

    assert len(printed) > 70
    assert [one for one in printed if "核对" in one or "checked" in one] == []
