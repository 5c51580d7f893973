"""Floors of what is shared: net income, shares formed by the technology, the operating profit of years."""

import copy
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from marketplace.contracts.sharing.actions import change_plan, file_agreement, submit_plan
from marketplace.contracts.sharing.approving import approve_for_department, approve_for_institute
from marketplace.contracts.sharing.calculator import Tried, reckon
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.distributing import distribute_receipt
from marketplace.contracts.sharing.floors import floors_of
from marketplace.contracts.sharing.refusals import (
    BelowBothFloors,
    BelowFloor,
    BelowTheLaw,
    BrokerRateMissing,
    PlanIncomplete,
    SharedOtherwise,
    YearsOfProfit,
)
from marketplace.publicity.models import Publicity
from tests.factories.people import sign_in
from tests.marketplace.contracts import shared
from tests.marketplace.contracts.factories import WAN, scan

LAW = {"kind": "floor", "holds_from": date(2015, 10, 1), "note": "说明", "source": "第四十五条", "source_en": "Art. 45"}


@pytest.fixture(scope="module")
def lasting_house(lasting):
    made = shared.house()
    SharingRule.objects.filter(concerns__in=("shares", "profit")).delete()
    SharingRule.objects.create(**LAW, concerns="shares", percent=50)
    SharingRule.objects.create(**LAW, concerns="profit", percent=5, years=3, years_most=5)
    return made


@pytest.fixture
def here(lasting_house, for_now):
    return copy.deepcopy(lasting_house)


def payees(here, inventors):
    first, second = Decimal(inventors) / 2, Decimal(inventors) - Decimal(inventors) / 2
    rest = Decimal(100) - Decimal(inventors)
    made = shared.parts(here, inventors=(first, second), department=rest / 2, institute=rest - rest / 2)
    return [part for part in made if part.percent]


def plan(here, inventors, **how):
    return shared.plan(here, payees=payees(here, inventors), **how)


@pytest.mark.parametrize(
    ("basis", "years", "kept", "broken"), [("income", None, 70, 60), ("shares", None, 50, 49), ("profit", 3, 5, 4)]
)
def test_each_basis_has_its_own_floor(here, basis, years, kept, broken):
    low = plan(here, broken, basis=basis, profit_years=years)
    with pytest.raises(BelowFloor):
        submit_plan(low, by=here.writer)

    change_plan(low, by=here.writer, parts=payees(here, kept), **shared.terms(here, basis=basis, profit_years=years))
    submit_plan(low, by=here.writer)

    assert (low.state, low.floor_percent) == ("at_department", kept)


@pytest.mark.parametrize(("years", "fits"), [(2, False), (3, True), (5, True), (6, False)])
def test_the_profit_is_shared_for_the_years_of_the_law(here, years, fits):
    made = plan(here, 5, basis="profit", profit_years=years)

    if fits:
        submit_plan(made, by=here.writer)
    else:
        with translation.override("en"), pytest.raises(PlanIncomplete, match="for 3 to 5 years"):
            submit_plan(made, by=here.writer)

    made.refresh_from_db()
    assert made.state == ("at_department" if fits else "draft")


def test_years_belong_to_profit_only(here):
    with pytest.raises(YearsOfProfit):
        plan(here, 70, basis="profit")
    with pytest.raises(YearsOfProfit):
        plan(here, 70, basis="shares", profit_years=3)


def test_less_than_the_units_own_floor_on_shares_needs_its_agreement(here):
    own = LAW | {"concerns": "shares", "percent": 60, "gives_way": True, "organisation": here.institute}
    SharingRule.objects.create(**own)
    made = plan(here, 55, basis="shares")
    with pytest.raises(BelowFloor):
        submit_plan(made, by=here.writer)

    file_agreement(made, by=here.manager, upload=scan(), reason="与完成人约定")
    submit_plan(made, by=here.writer)

    assert made.state == "at_department"


@pytest.mark.parametrize(
    ("basis", "inventors", "facts", "source"),
    [
        ("shares", 40, {}, "第四十五条"),
        ("profit", 4, {"profit_years": 3}, "第四十五条"),
        ("income", 49, {}, "50.*样例依据"),
    ],
)
def test_no_agreement_goes_below_the_floor_of_the_law(here, basis, inventors, facts, source):
    made = plan(here, inventors, basis=basis, **facts)

    with pytest.raises(BelowTheLaw, match=source):
        file_agreement(made, by=here.manager, upload=scan(), reason="与完成人约定")
    with pytest.raises(BelowTheLaw, match=source):
        submit_plan(made, by=here.writer)

    made.refresh_from_db()
    assert (made.state, made.agreement_file) == ("draft", None)


@pytest.mark.parametrize(("percent", "refusal"), [(50, BelowTheLaw), (60, BelowBothFloors)])
def test_two_floors_are_told_only_where_one_is_above_the_other(here, percent, refusal):
    own = LAW | {"concerns": "shares", "percent": percent, "gives_way": True, "organisation": here.institute}
    SharingRule.objects.create(**own | {"holds_from": date(2016, 1, 1), "source": "本所规定"})

    with pytest.raises(BelowTheLaw) as refused:
        submit_plan(plan(here, 40, basis="shares"), by=here.writer)

    assert type(refused.value) is refusal
    assert ("60.00%（本所规定）" in str(refused.value)) is (percent == 60)
    assert "50.00%（第四十五条）" in str(refused.value)


def test_a_broker_paid_as_a_cost_has_a_rate(here):
    with pytest.raises(BrokerRateMissing):
        plan(here, 70, broker_as="cost", broker_name="经纪人庚")

    assert not here.contract.plans.exists()


def test_a_rule_about_every_contract_says_nothing_of_shares_and_profit(here):
    SharingRule.objects.create(**LAW | {"holds_from": date(2016, 1, 1)}, organisation=here.institute, percent=80)
    asked = {"contract_type": "ZR", "signed_on": date(2026, 1, 1), "region": "330304"}

    found = {
        basis: floors_of(here.institute, **asked, basis=basis).rule.percent for basis in ("income", "shares", "profit")
    }

    assert found == {"income": 80, "shares": 50, "profit": 5}


def test_payments_are_not_shared_by_a_plan_about_shares(here):
    made = plan(here, 60, basis="shares")
    submit_plan(made, by=here.writer)
    approve_for_department(made, by=here.head)
    approve_for_institute(made, by=here.manager)
    facts = {str(label): words for label, words in Publicity.objects.of(made).get().subject.publicity_facts()}
    shared.stand(made)
    receipt = shared.receipt(here)

    with pytest.raises(SharedOtherwise):
        distribute_receipt(receipt, by=here.finance)

    assert any("股份" in words or "shares" in words for words in facts.values())


@pytest.mark.django_db
def test_a_floor_on_profit_says_its_years_and_others_none():
    with pytest.raises(ValidationError) as lacking:
        SharingRule(**LAW, concerns="profit", percent=5).full_clean()
    assert "years" in lacking.value.message_dict
    with pytest.raises(ValidationError) as turned:
        SharingRule(**LAW, concerns="profit", percent=5, years=5, years_most=3).full_clean()
    assert "years_most" in turned.value.message_dict
    other = SharingRule(**LAW, concerns="shares", percent=50, years=3, years_most=5)

    other.full_clean()

    assert (other.years, other.years_most) == (None, None)


def test_the_calculator_shares_shares_whole(here):
    terms = {"basis": "shares", "formula": "costs_and_tax", "broker_as": "cost", "broker_rate": Decimal(3)}
    tried = [Tried("inventor", "甲", Decimal(45)), Tried("institute", "所", Decimal(55))]

    found = reckon(
        tried,
        amount=100 * WAN,
        direct_cost=10 * WAN,
        tax=WAN,
        terms=terms,
        contract_type="ZR",
        signed_on=date(2026, 1, 1),
        seller=here.institute,
    )

    assert found.income.net == 100 * WAN
    assert [fen for _payee, fen in found.rows] == [45 * WAN, 55 * WAN]
    assert (found.check.floor, found.check.is_met) == (50, False)


@pytest.mark.parametrize(
    ("prefix", "said"), [("", "约定的比例不得低于 50.00%"), ("/en", "50.00% is the least that may be agreed on")]
)
def test_the_page_says_what_is_shared_and_why_not(client, here, prefix, said):
    made = plan(here, 40, basis="shares")
    sign_in(client, here.writer)

    page = client.get(f"{prefix}/sharing/plans/{made.code}/").content.decode()

    assert said in page
    assert ("shares or capital" if prefix else "股份") in page


@pytest.mark.parametrize("stage", ["department", "institute"])
def test_a_plan_that_was_sent_below_the_law_is_not_approved(here, stage):
    law = SharingRule.objects.filter(kind="floor", region="", concerns="shares")
    kept = list(law)
    law.delete()
    made = plan(here, 40, basis="shares")
    submit_plan(made, by=here.writer)  # as before the rule was entered
    if stage == "institute":
        approve_for_department(made, by=here.head)
    SharingRule.objects.bulk_create(kept)

    approve, by = {
        "department": (approve_for_department, here.head), "institute": (approve_for_institute, here.manager)
    }[stage]  # fmt: skip
    with pytest.raises(BelowTheLaw):
        approve(made, by=by)

    made.refresh_from_db()
    assert made.state == f"at_{stage}"


@pytest.mark.django_db
def test_a_floor_of_the_whole_country_gives_way_to_no_agreement():
    rule = SharingRule(**LAW, concerns="transfers", percent=50, gives_way=True)

    with pytest.raises(ValidationError) as refused:
        rule.full_clean()

    assert list(refused.value.error_dict) == ["gives_way"]
    with pytest.raises(IntegrityError), transaction.atomic():
        rule.save()
    rule.region = "33"
    rule.full_clean()


@pytest.mark.django_db
def test_shipped_floors_of_provinces_give_way_and_those_of_the_law_do_not():
    shipped = SharingRule.objects.filter(kind="floor")

    assert {(rule.region, rule.gives_way) for rule in shipped} == {("", False), ("33", True)}


@pytest.mark.django_db
def test_the_law_is_shipped_unchecked():
    shipped = SharingRule.objects.filter(kind="floor", concerns__in=("shares", "profit"))
    by = {rule.concerns: rule for rule in shipped}

    assert (by["shares"].percent, by["shares"].years, by["shares"].is_checked) == (50, None, False)
    assert (by["profit"].percent, by["profit"].years, by["profit"].years_most) == (5, 3, 5)
    assert "第四十五条" in by["profit"].source
