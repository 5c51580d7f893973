"""The rules the platform starts with: whole, dated, sourced, and honest about what nobody checked."""

from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

from marketplace import migrations
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.floors import floor_rule, formulas_for, publicity_days, tax_rule
from tests.factories.people import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped():
    """Put in force what the migration ships, whatever a race emptied before."""
    name = next(path.stem for path in Path(migrations.__file__).parent.glob("*_benefit_sharing.py"))
    SharingRule.objects.all().delete()
    for rule in import_module(f"marketplace.migrations.{name}").RULES:
        made = SharingRule(**rule)
        made.full_clean()
        made.save()


@pytest.mark.usefixtures("shipped")
def test_what_is_shipped_holds_for_an_institute_of_the_district():
    institute = organisation(kind="institute", region="330304")
    floor = floor_rule(institute, contract_type="ZR", signed_on=date(2026, 1, 1))

    assert (floor.percent, floor.is_checked) == (70, False)
    assert floor_rule(institute, contract_type="ZR", signed_on=date(2016, 1, 1)).percent == 50
    assert formulas_for(institute, on=date(2026, 1, 1))[0] == "costs_and_tax"
    assert publicity_days(institute, on=date(2026, 1, 1)) == 15
    assert tax_rule("XK", on=date(2026, 1, 1)).percent == 50


@pytest.mark.usefixtures("shipped")
def test_every_rule_has_its_source_in_both_languages():
    rules = list(SharingRule.objects.all())

    assert all(rule.source and rule.source_en and rule.note and rule.note_en for rule in rules)
    assert [rule.percent for rule in rules if rule.is_checked] == [50]
