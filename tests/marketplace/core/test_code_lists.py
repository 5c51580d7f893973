"""Code lists staff keep: what may be chosen on a day, how an entry is called, what a form offers, who changes them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation

from marketplace.brokers.schemes import BrokerScheme
from marketplace.contracts.actions import submit_contract
from marketplace.contracts.choices import SubType
from marketplace.contracts.forms import ContractForm
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.national import headings, rows
from marketplace.contracts.refusals import Incomplete
from marketplace.core import clock, code_lists
from marketplace.core.code_lists import (
    DECIDES,
    ROYALTY,
    CodeList,
    CodeRule,
    all_names,
    holding,
    name_of,
    offered,
)
from marketplace.core.journal import Entry, Kind
from marketplace.core.keeping import HoldsAlready, NotInOrder
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import EndsInThePast, keep_code
from search.facets import words_listed_in
from tests.factories import people
from tests.marketplace.contracts.factories import broker, drafted, facts

pytestmark = pytest.mark.django_db
SAID = {"source": "样例依据", "holds_from": date(2020, 1, 1)}


def entry(code="ocean", code_list=CodeList.OBJECTIVE, **facts):
    made = CodeRule.objects.create(**{"code_list": code_list, "code": code, "name": "海洋", **SAID, **facts})
    code_lists.forget()
    return made


def codes(code_list, on=None):
    return [row.code for row in holding(code_list, on or clock.today())]


def end(code, code_list=CodeList.OBJECTIVE, on=date(2021, 12, 31)):
    row = CodeRule.objects.get(code_list=code_list, code=code)
    row.holds_until = on
    row.save()
    code_lists.forget()


def test_the_lists_are_shipped_in_their_order():
    assert [len(codes(name)) for name in CodeList] == [4, 9, 13, 5, 3, 1]
    assert codes(CodeList.OBJECTIVE)[:2] == ["agriculture", "industry"]
    assert codes(CodeList.PLAN_SOURCE)[-1] == "none"
    assert not CodeRule.objects.filter(is_checked=True).exists(), "none was compared with its text"
    assert {ROYALTY} <= set(codes(CodeList.PAYMENT))


def test_an_entry_holds_from_its_day_until_its_last():
    entry(holds_from=date(2026, 3, 1), holds_until=date(2026, 8, 31))

    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 8, 31), date(2026, 9, 1)]

    assert ["ocean" in codes(CodeList.OBJECTIVE, day) for day in days] == [False, True, True, False]


def test_of_the_same_code_the_newest_that_has_begun_counts():
    tomorrow = clock.today() + timedelta(days=1)
    entry(place=1)
    entry(place=1, name="海洋与岛屿", holds_from=date(2024, 1, 1), source="修订")
    entry(place=1, name="蓝色经济", holds_from=tomorrow, holds_until=tomorrow)

    assert name_of(CodeList.OBJECTIVE, "ocean") == "海洋与岛屿"
    assert codes(CodeList.OBJECTIVE)[0] == "ocean"
    assert codes(CodeList.OBJECTIVE).count("ocean") == 1
    assert "ocean" not in codes(CodeList.OBJECTIVE, tomorrow + timedelta(days=1)), "it ended with the newest row"


def test_an_entry_entered_wrongly_is_set_right_from_the_same_day():
    entry(name="海样")
    entry(name="海洋")

    assert name_of(CodeList.OBJECTIVE, "ocean") == "海洋"


def test_a_code_no_list_has_is_printed_as_it_is():
    assert name_of(CodeList.OBJECTIVE, "lost") == "lost"
    assert TechnologyContract(objective="").get_objective_display() == ""


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "海洋"), ("en", "The sea")])
def test_an_entry_is_called_in_the_readers_language(language, name):
    entry(name_en="The sea")
    with translation.override(language):
        assert name_of(CodeList.OBJECTIVE, "ocean") == name
        assert ("ocean", name) in offered(CodeList.OBJECTIVE, clock.today())


def test_a_branch_is_offered_as_a_group_that_begins_with_itself():
    entry("863", CodeList.PLAN_SOURCE, name="八六三计划", part_of="national", place=1)

    groups = offered(CodeList.PLAN_SOURCE, clock.today())

    assert groups[0] == ("国家科技计划", [("national", "国家科技计划"), ("863", "八六三计划")])
    assert groups[1:] == [
        ("department", "部门计划"), ("provincial", "省级及计划单列市计划"), ("local", "地市县计划"), ("none", "计划外")
    ]  # fmt: skip


def test_a_form_offers_what_holds_today_and_what_the_record_has():
    contract, _by = drafted(objective="defence")
    end("defence")
    end("space")

    form = ContractForm(instance=contract)
    offers = dict(form["objective"].field.choices)

    assert offers[""] == "尚未选择"
    assert offers["defence"] == "国防（已不在代码表中）"
    assert "space" not in offers
    assert "defence" not in dict(ContractForm()["objective"].field.choices)


@pytest.mark.parametrize(("objective", "is_taken"), [("industry", True), ("space", False), ("nothing", False)])
def test_a_form_takes_what_it_offers(objective, is_taken):
    end("space")

    form = ContractForm(data=facts(objective=objective, sub_type=SubType.COMMISSIONED))

    assert ("objective" not in form.errors) == is_taken


def test_what_always_has_an_entry_is_offered_no_blank():
    assert "" not in dict(ContractForm()["plan_source"].field.choices)
    assert "" in dict(ContractForm()["payment"].field.choices)


@pytest.mark.parametrize(("level", "is_taken"), [("senior", True), ("chief", False)])
def test_a_record_takes_a_code_the_list_has_or_had(level, is_taken):
    end("senior", CodeList.BROKER_LEVEL)
    scheme = BrokerScheme(name="样例", issuer="样例协会", level=level, holds_from=date(2020, 1, 1), source="样例")

    if is_taken:
        scheme.full_clean()
    else:
        with pytest.raises(ValidationError, match="没有这个条目"):
            scheme.full_clean()


def test_listings_are_filtered_by_what_ended_too():
    end("senior", CodeList.BROKER_LEVEL)

    assert all_names(CodeList.BROKER_LEVEL) == [("junior", "初级"), ("medium", "中级"), ("senior", "高级")]


def test_a_contract_is_not_sent_with_what_ended_since_and_says_which():
    contract, by = drafted(objective="defence")
    end("defence")

    with pytest.raises(Incomplete, match="社会经济目标：“国防”已不在全国登记表的代码表中"):
        submit_contract(contract, by=by)

    assert TechnologyContract.objects.get(pk=contract.pk).state == "draft"


def test_the_national_export_names_codes_as_the_list_does_now():
    contract, _by = drafted(payment="instalments")
    entry("instalments", CodeList.PAYMENT, name="分期付款", holds_from=date(2025, 1, 1))

    assert dict(zip(headings(), rows([contract])[0], strict=True))["支付方式 paymethod"] == "分期付款"


def test_levels_occur_as_facets_under_their_names_also_those_that_ended():
    broker(level="medium")
    end("senior", CodeList.BROKER_LEVEL)

    labels = words_listed_in(CodeList.BROKER_LEVEL)

    assert list(labels(["senior", "medium", "junior"]).items()) == [
        ("junior", "初级"), ("medium", "中级"), ("senior", "高级")
    ]  # fmt: skip
    assert labels([]) == {}


def test_a_request_asks_for_the_lists_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [name_of(CodeList.OBJECTIVE, "industry"), name_of(CodeList.PAYMENT, "once")] == [
            "促进工商业发展",
            "一次支付",
        ]

    code_lists.forget()  # as the next request does
    with django_assert_num_queries(1):
        holding(CodeList.OBJECTIVE, clock.today())


def test_the_next_request_sees_what_another_process_changed(client):
    assert name_of(CodeList.OBJECTIVE, "industry") == "促进工商业发展"
    CodeRule.objects.filter(code="industry").update(name="工商业")  # no signal tells this process
    code_lists.SECONDS, kept = 3600.0, code_lists.SECONDS
    try:
        assert name_of(CodeList.OBJECTIVE, "industry") == "促进工商业发展"
        client.get("/healthz")
        assert name_of(CodeList.OBJECTIVE, "industry") == "工商业"
    finally:
        code_lists.SECONDS = kept


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": "Ocean"}, "code"),
        ({"code": "海"}, "code"),
        ({"holds_until": date(2019, 12, 31)}, "holds_until"),
        ({"part_of": "nothing"}, "part_of"),
        ({"part_of": "ocean"}, "part_of"),
        ({"code_list": "payment", "code": "royalty", "holds_until": date(2030, 1, 1)}, "holds_until"),
        ({"code_list": "plan_source", "code": "none", "holds_until": date(2030, 1, 1)}, "holds_until"),
    ],
)
def test_an_entry_that_does_not_fit_says_where(facts, field):
    made = CodeRule(**{"code_list": "objective", "code": "ocean", "name": "海洋", **SAID, **facts})

    with pytest.raises(ValidationError) as refused:
        made.full_clean()

    assert list(refused.value.error_dict) == [field]


def test_a_tree_has_two_levels():
    entry("863", CodeList.PLAN_SOURCE, part_of="national")
    deeper = CodeRule(code_list="plan_source", code="863-1", name="专题", part_of="863", **SAID)
    national = CodeRule.objects.get(code_list="plan_source", code="national")
    national.part_of = "local"

    for wrong in (deeper, national):
        with pytest.raises(ValidationError, match="一级条目"):
            wrong.full_clean()


def test_what_the_platform_decides_by_is_on_its_lists():
    assert all(code in codes(name) for name, code in DECIDES)


def test_officers_keep_the_lists_and_the_journal_tells():
    officer = people.staff(Role.OFFICER)
    made = CodeRule(code_list="objective", code="ocean", name="海洋", **SAID | {"holds_from": clock.today()})

    keep_code(made, by=officer)

    assert "ocean" in codes(CodeList.OBJECTIVE)
    said = Entry.objects.get(kind=Kind.CLASSIFICATION_CHANGED)
    assert (said.actor, said.data) == (
        officer,
        {
            "list": "objective", "code": "ocean", "name": "海洋", "parent": "",
            "holds_from": clock.today().isoformat(), "holds_until": None,
        },
    )  # fmt: skip


def test_an_entry_that_holds_is_ended_but_not_renamed():
    officer, kept = people.staff(Role.OFFICER), CodeRule.objects.get(code_list="objective", code="space")

    kept.name = "航天"
    with pytest.raises(HoldsAlready):
        keep_code(kept, by=officer)
    kept.name, kept.holds_until = "民用空间探测", clock.today()
    keep_code(kept, by=officer)

    tomorrow = clock.today() + timedelta(days=1)
    assert ["space" in codes(CodeList.OBJECTIVE, day) for day in (clock.today(), tomorrow)] == [True, False]


def test_an_entry_ends_today_at_the_earliest_and_an_end_of_the_past_may_stay():
    officer, kept = people.staff(Role.OFFICER), CodeRule.objects.get(code_list="objective", code="space")
    kept.holds_until = clock.today() - timedelta(days=1)

    with pytest.raises(EndsInThePast):
        keep_code(kept, by=officer)
    end("space")
    kept.refresh_from_db()
    kept.is_checked = True
    keep_code(kept, by=officer)

    assert CodeRule.objects.get(pk=kept.pk).is_checked


def test_the_same_entry_is_not_entered_twice():
    entry()

    with pytest.raises(NotInOrder, match="同名条目"):
        keep_code(CodeRule(code_list="objective", code="ocean", name="海洋", **SAID), by=people.staff(Role.OFFICER))


def test_each_row_says_whether_it_counts():
    tomorrow = clock.today() + timedelta(days=1)
    rows = [
        entry(name="海样"),
        entry(name="海洋"),
        entry(name="蓝色经济", holds_from=tomorrow),
        entry("sea", holds_until=date(2021, 1, 1)),
    ]

    assert [row.standing for row in rows] == ["已被取代", "施行中", "尚未施行", "已停用"]


def test_a_wrong_entry_and_a_wrong_person_are_refused():
    made = CodeRule(code_list="objective", code="Ocean", name="海洋", **SAID)

    with pytest.raises(NotInOrder):
        keep_code(made, by=people.staff(Role.OFFICER))
    made.code = "ocean"
    for role in set(Role) - {Role.OFFICER}:
        with pytest.raises(PermissionDenied):
            keep_code(made, by=people.staff(role))

    assert "ocean" not in codes(CodeList.OBJECTIVE)
