"""Plans: whole per cents, the floor of the day of signing, two approvals of two people, publicity, versions."""

import copy
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.contracts.sharing.actions import (
    Part,
    change_plan,
    draft_plan,
    file_agreement,
    submit_plan,
    withdraw_plan,
)
from marketplace.contracts.sharing.approving import (
    approve_for_department,
    approve_for_institute,
    drop_objected_plan,
    enact_plan,
    return_plan,
)
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.floors import floors_of, formulas_for, publicity_days, tax_rule
from marketplace.contracts.sharing.keeping import keep_sharing_rule
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.refusals import (
    BelowFloor,
    DecidedByThem,
    NoFormula,
    NoPublicityTerm,
    PayeeTwice,
    PlanIncomplete,
    PlanOnItsWay,
    ReasonOfAgreement,
    ReasonsForReturn,
)
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.organisations.models import Membership, User
from marketplace.organisations.roles import Role
from marketplace.publicity.actions import answer_objection, make_objection
from marketplace.publicity.models import Publicity
from tests.factories.people import join, member, organisation, person, staff
from tests.marketplace.contracts.factories import PDF
from tests.marketplace.contracts.shared import (
    PROVINCIAL,
    effective,
    house,
    parts,
    plan,
    published,
    sent,
    stand,
    terms,
)

pytestmark = pytest.mark.usefixtures("for_now")


@pytest.fixture(scope="module")
def lasting_house(lasting):
    return house()


@pytest.fixture
def here(lasting_house, for_now):
    return copy.deepcopy(lasting_house)


def paper():
    return SimpleUploadedFile("单位决议.pdf", PDF, content_type="application/pdf")


def below(here):
    """Return payees whose inventors get 60 % together."""
    return parts(here, inventors=(35, 25), institute=30)


@pytest.mark.parametrize(
    ("payees", "words"),
    [
        (lambda here: parts(here, institute="19.99"), "99.99"),
        (lambda here: parts(here, institute="20.01"), "100.01"),
        (lambda here: [Part("institute", "样例研究所", Decimal(100))], "完成人"),
        (lambda here: parts(here, is_leader=True), "领导职务"),
        (lambda here: [*parts(here, institute=10), Part("broker", "经纪人", Decimal(10))], "经纪人"),
        (
            lambda here: [*parts(here, institute=10), Part("other", "室主任丁", Decimal(10), user=here.head)],
            "部门审批人是本方案受益人",
        ),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_sent(here, payees, words):
    made = plan(here, payees=payees(here))

    with pytest.raises(PlanIncomplete, match=words):
        submit_plan(made, by=here.writer)

    made.refresh_from_db()
    assert (made.state, made.round) == ("draft", 0)


def test_sixty_per_cent_where_the_floor_is_seventy_is_refused(here):
    made = plan(here, payees=below(here))

    with pytest.raises(BelowFloor, match=r"60(\.00)?%.*70(\.00)?%.*样例依据"):
        submit_plan(made, by=here.writer)

    assert DistributionPlan.objects.get(pk=made.pk).state == "draft"


def test_less_is_sent_with_the_units_agreement_on_file_and_published_with_its_reason(here):
    made = plan(here, payees=below(here))

    file_agreement(made, by=here.manager, upload=paper(), reason="职工代表大会决议")
    submit_plan(made, by=here.writer)

    made.refresh_from_db()
    assert (made.state, made.agreement_by, made.floor_percent) == ("at_department", here.manager, Decimal(70))
    assert made.agreement_file.is_confidential
    assert "职工代表大会决议" in dict(made.publicity_facts()).values()


@pytest.mark.parametrize(
    ("inventors", "rest", "covers"), [((35, 25), 40, True), ((40, 25), 35, True), ((35, 24), 41, False)]
)
def test_an_agreement_covers_no_less_than_it_was_given_for(here, inventors, rest, covers):
    made = plan(here, payees=below(here))
    file_agreement(made, by=here.manager, upload=paper(), reason="职工代表大会决议")
    filed = made.agreement_file

    payees = parts(here, inventors=inventors, department=10, institute=rest - 10)
    change_plan(made, by=here.writer, parts=payees, **terms(here))

    made = DistributionPlan.objects.get(pk=made.pk)
    filed.refresh_from_db()
    assert (made.has_agreement, filed.withdrawn_at is None) == (covers, covers)
    if not covers:
        with pytest.raises(BelowFloor):
            submit_plan(made, by=here.writer)


def test_an_agreement_needs_a_reason_and_a_manager(here):
    made = plan(here, payees=below(here))

    with pytest.raises(ReasonOfAgreement):
        file_agreement(made, by=here.manager, upload=paper(), reason=" ")
    with pytest.raises(PermissionDenied, match="管理员存档"):
        file_agreement(made, by=here.writer, upload=paper(), reason="决议")

    assert not DistributionPlan.objects.get(pk=made.pk).has_agreement


@pytest.mark.parametrize(
    ("signed_on", "contract_type", "region", "percent"),
    [
        (date(2015, 9, 30), "ZR", "330304", None),
        (date(2015, 10, 1), "ZR", "330304", 50),
        (PROVINCIAL - timedelta(days=1), "XK", "330304", 50),
        (PROVINCIAL, "XK", "330304", 70),
        (PROVINCIAL, "XK", "110108", 50),
        (PROVINCIAL, "KF", "330304", None),
    ],
)
def test_the_floor_is_that_of_the_day_of_signing(here, signed_on, contract_type, region, percent):
    rule = floors_of(here.institute, contract_type=contract_type, signed_on=signed_on, region=region).rule

    assert (None if rule is None else rule.percent) == percent


def test_the_institutes_own_rule_counts_where_it_is_higher_and_for_itself_only(here):
    said = {"kind": "floor", "holds_from": date(2020, 1, 1), "note": "本所办法", "source": "本所办法第 8 条"}
    SharingRule.objects.create(**said, organisation=here.institute, percent=80)
    other = organisation(kind="institute", region="330304")
    asked = {"contract_type": "ZR", "signed_on": date(2024, 1, 1)}

    assert floors_of(here.institute, **asked).rule.percent == 80
    assert floors_of(other, **asked).rule.percent == 70
    assert floors_of(None, **asked).rule.percent == 70
    assert floors_of(organisation(kind="enterprise", region="330304"), **asked).rule is None


def test_a_newer_rule_of_the_same_scope_stands_in_the_place_of_the_older(here):
    said = {"kind": "floor", "concerns": "transfers", "region": "33", "note": "修订", "source": "修订稿"}
    SharingRule.objects.create(**said, holds_from=date(2030, 1, 1), percent=60)

    assert floors_of(here.institute, contract_type="ZR", signed_on=date(2029, 12, 31)).rule.percent == 70
    assert floors_of(here.institute, contract_type="ZR", signed_on=date(2030, 1, 1)).rule.percent == 60


def test_a_rule_corrected_later_does_not_change_a_plan_that_was_judged(here):
    made = sent(here)

    rule = SharingRule.objects.get(percent=70, kind="floor")
    rule.percent = Decimal(90)
    keep_sharing_rule(rule, by=staff(Role.OFFICER))

    made.refresh_from_db()
    assert made.floor_percent == 70
    assert Entry.objects.about(rule).get(kind="sharing_rule.changed").data["percent"] == "90"


def test_only_officers_keep_rules(here):
    rule = SharingRule.objects.filter(kind="floor").first()

    for stranger in (here.manager, staff(Role.REGISTRAR), staff(Role.AUDITOR)):
        with pytest.raises(PermissionDenied):
            keep_sharing_rule(rule, by=stranger)


def test_formulas_terms_and_taxes_hold_from_their_day(here):
    assert set(formulas_for(here.institute, on=date(2020, 1, 1))) == {"costs_and_tax", "costs", "payment"}
    assert formulas_for(here.institute, on=date(2015, 1, 1)) == []
    assert publicity_days(here.institute, on=date(2018, 6, 30)) is None
    assert publicity_days(here.institute, on=date(2018, 7, 1)) == 15
    assert tax_rule("ZR", on=date(2018, 6, 30)) is None
    assert tax_rule("ZR", on=date(2018, 7, 1)).percent == 50
    assert tax_rule("KF", on=date(2018, 7, 1)) is None


def test_a_formula_that_does_not_hold_is_refused(here):
    SharingRule.objects.filter(formula="payment").delete()

    with pytest.raises(NoFormula):
        plan(here, formula="payment")


def test_a_payee_stands_in_a_plan_once(here):
    twice = [Part("inventor", here.first.name, Decimal(50)), Part("inventor", f" {here.first.name}", Decimal(50))]

    with pytest.raises(PayeeTwice):
        plan(here, payees=twice)

    assert not DistributionPlan.objects.exists()


def test_without_a_term_nothing_is_published(here):
    made = sent(here)
    approve_for_department(made, by=here.head)
    SharingRule.objects.filter(kind="term").delete()

    with pytest.raises(NoPublicityTerm):
        approve_for_institute(made, by=here.manager)

    assert DistributionPlan.objects.get(pk=made.pk).state == "at_institute"


def test_a_plan_takes_effect_after_two_approvals_and_its_publicity(here):
    made = sent(here)
    approve_for_department(made, by=here.head)
    publicity = approve_for_institute(made, by=here.manager)

    assert made.state == "in_publicity"
    assert (publicity.matter, publicity.subject) == ("distribution", made)
    assert not enact_plan(made)  # its publicity still runs
    stand(made)

    made.refresh_from_db()
    assert (made.state, made.effective_on) == ("effective", publicity.ends_on + timedelta(days=1))
    assert [each.stage for each in made.decisions.order_by("pk")] == ["department", "institute"]
    assert not enact_plan(made)


def test_the_same_person_does_not_approve_twice(here):
    made = sent(here, department_head=here.manager)
    approve_for_department(made, by=here.manager)

    with pytest.raises(DecidedByThem):
        approve_for_institute(made, by=here.manager)

    made.refresh_from_db()
    assert made.state == "at_institute"
    assert approve_for_institute(made, by=member(here.institute, "manager")).is_running


def test_nobody_approves_out_of_turn_or_what_pays_them(here):
    made = sent(here)
    paid = member(here.institute, "manager", name="兼任所长")
    made.shares.filter(name=here.first.name).update(user=paid)
    for stranger in (here.manager, here.writer, here.first):
        with pytest.raises(PermissionDenied):
            approve_for_department(made, by=stranger)
    with pytest.raises(WrongState):
        approve_for_institute(made, by=here.manager)
    approve_for_department(made, by=here.head)

    for stranger in (here.head, here.finance):
        with pytest.raises(PermissionDenied):
            approve_for_institute(made, by=stranger)
    with pytest.raises(PermissionDenied, match="本人有关"):
        approve_for_institute(made, by=paid)

    assert made.decisions.count() == 1


def test_a_returned_plan_is_written_anew_and_decided_afresh(here):
    made = sent(here)
    approve_for_department(made, by=here.head)
    with pytest.raises(ReasonsForReturn):
        return_plan(made, by=here.manager, reasons=" ")
    return_plan(made, by=here.manager, reasons="请写明课题组内部分工")

    change_plan(made, by=here.writer, parts=parts(here, inventors=(45, 25)), **terms(here))
    submit_plan(made, by=here.writer)

    assert (made.state, made.round) == ("at_department", 2)
    approve_for_department(made, by=here.head)  # the first round's decisions do not stand in the way
    assert approve_for_institute(made, by=here.manager).is_running


def test_what_was_sent_is_not_written_any_more(here):
    made = sent(here)

    with pytest.raises(WrongState):
        change_plan(made, by=here.writer, parts=parts(here), **terms(here))
    with pytest.raises(WrongState):
        file_agreement(made, by=here.manager, upload=paper(), reason="决议")


def test_one_version_is_on_its_way_and_the_next_replaces_the_one_in_effect(here):
    first = effective(here)
    second = plan(here, payees=parts(here, inventors=(50, 20)))
    with pytest.raises(PlanOnItsWay, match="2"):
        plan(here)
    submit_plan(second, by=here.writer)
    approve_for_department(second, by=here.head)
    approve_for_institute(second, by=here.manager)
    with clock.moved_to(clock.now() + timedelta(days=60)):
        stand(second)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.version) == ("superseded", "effective", 2)
    assert first.superseded_on == second.effective_on
    assert DistributionPlan.objects.current().get() == second


def test_an_upheld_objection_fells_the_plan(here):
    made = published(here)
    publicity = Publicity.objects.of(made).get()
    objection = make_objection(publicity, by=person(), organisation=None, ground="rights", text="漏列完成人")
    with pytest.raises(PermissionDenied):
        answer_objection(objection, by=staff(Role.ORGANISER), is_upheld=True, answer="属实")

    answer_objection(objection, by=here.manager, is_upheld=True, answer="属实，重新拟定。")
    assert drop_objected_plan(made, by=here.manager)

    made.refresh_from_db()
    assert made.state == "objected"
    assert not drop_objected_plan(made, by=here.manager)
    assert plan(here).version == 2


def test_whoever_approved_a_plan_leaves_objections_to_a_manager_who_did_not(here):
    made = published(here)
    publicity = Publicity.objects.of(made).get()
    objection = make_objection(publicity, by=person(), organisation=None, ground="rights", text="漏列完成人")
    member(made.contract.seller, "manager", name="副所长庚")
    with pytest.raises(PermissionDenied, match="副所长庚"):
        answer_objection(objection, by=here.manager, is_upheld=False, answer="不属实")
    other = User.objects.get(name="副所长庚")

    answer_objection(objection, by=other, is_upheld=False, answer="经核查，完成人齐全。")

    assert objection.answered_by == other


@pytest.mark.parametrize("other", ["paid", "objects", "left"])
def test_where_no_other_manager_is_free_the_approver_answers(here, other):
    made = published(here)
    publicity = Publicity.objects.of(made).get()
    second = person()
    objection = make_objection(publicity, by=second, organisation=None, ground="rights", text="漏列完成人")
    if other == "paid":
        second = here.first
    Membership.objects.filter(user=second, organisation=here.institute).delete()
    join(second, here.institute, "manager")
    if other == "left":
        User.objects.filter(pk=second.pk).update(is_active=False)

    answer_objection(objection, by=here.manager, is_upheld=False, answer="经核查，完成人齐全。")

    assert objection.answered_by == here.manager


def test_a_withdrawn_plan_leaves_the_publicity(here):
    made = published(here)

    withdraw_plan(made, by=here.writer, reason="重新拟定")

    assert made.state == "withdrawn"
    assert Publicity.objects.of(made).get().state == "stopped"
    with pytest.raises(WrongState):
        withdraw_plan(effective(here), by=here.writer)


@pytest.mark.parametrize(("steps", "is_refused"), [(0, False), (1, True), (2, True)])
def test_a_beneficiary_withdraws_alone_only_before_the_department_approved(here, steps, is_refused):
    made = sent(here)
    made.shares.filter(name=here.first.name).update(user=here.writer)
    for act, by in [(approve_for_department, here.head), (approve_for_institute, here.manager)][:steps]:
        act(made, by=by)

    if is_refused:
        with pytest.raises(PermissionDenied, match="所在部门已批准"):
            withdraw_plan(made, by=here.writer, reason="重新拟定")
        withdraw_plan(made, by=here.manager, reason="重新拟定")
    else:
        withdraw_plan(made, by=here.writer, reason="重新拟定")

    assert DistributionPlan.objects.get(pk=made.pk).state == "withdrawn"


@pytest.mark.parametrize("is_first", [True, False])
def test_whoever_wrote_a_plan_does_not_give_the_last_approval(here, is_first):
    by = here.manager if is_first else here.writer
    made = draft_plan(here.contract, by=by, parts=parts(here), **terms(here))
    if not is_first:
        change_plan(made, by=here.manager, parts=parts(here, inventors=(45, 25)), **terms(here))
    submit_plan(made, by=here.writer)
    approve_for_department(made, by=here.head)

    with pytest.raises(PermissionDenied, match="拟定"):
        approve_for_institute(made, by=here.manager)

    assert approve_for_institute(made, by=member(here.institute, "manager")).is_running


def test_an_enterprise_shares_as_it_agreed(here):
    here.institute.kind = "enterprise"
    here.institute.save()

    with pytest.raises(PermissionDenied, match="企业"):
        plan(here)
