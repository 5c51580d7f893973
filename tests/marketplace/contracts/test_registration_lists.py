"""Registration lists: one size on one paper, large ones reviewed twice, void with the first revoked registration."""

import io
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation
from openpyxl import load_workbook

from marketplace.contracts.actions import register_contract
from marketplace.contracts.changing import grant_contract_change, request_contract_change
from marketplace.contracts.ending import cancel_contract, revoke_contract
from marketplace.contracts.lists import rules
from marketplace.contracts.lists.actions import (
    issue_registration_list,
    make_registration_list,
    refuse_registration_list,
)
from marketplace.contracts.lists.models import RegistrationList
from marketplace.contracts.lists.refusals import NothingChosen, NotInRegister, SizesMixed
from marketplace.contracts.objecting import object_to_decision, re_examine_contract
from marketplace.contracts.refusals import ReasonsMissing
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import why_not
from marketplace.desk.collecting import collect
from marketplace.desk.rows import Reader
from tests.factories.people import sign_in
from tests.factories.rules import verbs
from tests.marketplace.contracts.factories import (
    WAN,
    Item,
    number_of,
    organisation,
    person,
    registered,
    scan,
    second_review,
    submitted,
)
from tests.pdf_text import embedded_fonts, text_of

pytestmark = pytest.mark.django_db

PURPOSE = "增值税免税备案"


def large(*, number, amount=600, **how):
    contract, _by = submitted(items=[Item("工艺开发", amount * WAN, True)], **how)
    second_review(contract)
    register_contract(contract, by=person("second_reviewer"), number=number)
    return contract


def listed(*contracts, by=None):
    return make_registration_list(by=by or person("registrar"), contracts=contracts, purpose=PURPOSE)


def test_a_list_bears_numbers_and_amounts_of_its_day():
    one, two = registered(number=number_of(2))[0], registered(number=number_of(1))[0]

    made = listed(one, two)
    again = listed(one)

    year = clock.today().year
    assert (made.state, made.number, again.number) == ("issued", f"QD-{year}-0001", f"QD-{year}-0002")
    assert [line.number for line in made.lines.all()] == [number_of(1), number_of(2)]
    assert [(line.total, line.technical) for line in made.lines.all()] == [(600 * WAN, 480 * WAN)] * 2


def test_large_contracts_and_others_are_not_mixed():
    with translation.override("en"), pytest.raises(SizesMixed, match="“大额” is large, “一般” is not"):
        listed(large(number=number_of(1), project_name="大额"), registered(number=number_of(2), project_name="一般")[0])

    assert not RegistrationList.objects.exists()


def test_the_threshold_itself_is_large():
    made = listed(large(number=number_of(1), amount=500))

    assert (made.is_large, made.state, made.number) == (True, "awaiting", None)


def test_a_list_of_large_contracts_is_issued_by_another_person():
    maker = person("registrar", "second_reviewer")
    made = listed(large(number=number_of(1)), by=maker)
    with pytest.raises(PermissionDenied):
        issue_registration_list(made, by=maker)

    issue_registration_list(made, by=person("second_reviewer"))

    assert made.state == "issued"
    assert made.number == f"QD-{clock.today().year}-0001"
    with pytest.raises(WrongState):
        issue_registration_list(made, by=person("second_reviewer"))


def test_a_list_is_refused_with_reasons_and_takes_no_number():
    made = listed(large(number=number_of(1)))
    with pytest.raises(ReasonsMissing):
        refuse_registration_list(made, by=person("second_reviewer"), reasons=" ")

    refuse_registration_list(made, by=person("second_reviewer"), reasons="缺少一份合同")

    made.refresh_from_db()
    assert (made.state, made.number, made.reasons) == ("refused", None, "缺少一份合同")


def test_every_list_of_a_revoked_contract_dies_and_no_other():
    contract, other = registered()[0], registered()[0]
    lists = [listed(contract, other), listed(contract), listed(other)]

    revoke_contract(contract, by=person("officer"), reasons="虚假材料")

    for each in lists:
        each.refresh_from_db()
    assert [each.state for each in lists] == ["void", "void", "issued"]
    assert lists[0].fell_with == contract
    assert lists[0].number is not None
    assert Entry.objects.filter(kind=Kind.REGISTRATION_LIST_VOIDED).count() == 2


def test_a_waiting_list_dies_too_and_is_not_issued_any_more():
    contract = large(number=number_of(1))
    made = listed(contract)

    revoke_contract(contract, by=person("officer"), reasons="虚假材料")

    with pytest.raises(WrongState):
        issue_registration_list(made, by=person("second_reviewer"))


def test_a_registration_that_falls_by_an_objection_voids_its_lists():
    contract, manager = registered()
    made = listed(contract)
    object_to_decision(contract, by=manager, reasons="登记有误")

    re_examine_contract(contract, by=person("second_reviewer"), upheld=False, reasons="异议成立")

    made.refresh_from_db()
    assert (made.state, made.fell_with) == ("void", contract)


def test_a_cancelled_contract_leaves_its_lists_and_comes_on_no_new_one():
    contract, manager = registered(project_name="已注销的合同")
    made = listed(contract)
    cancel_contract(contract, by=manager, reasons="双方解除", benefits_enjoyed=False)

    with translation.override("en"), pytest.raises(NotInRegister, match="“已注销的合同” does not stand"):
        listed(contract)

    made.refresh_from_db()
    assert made.state == "issued"


def test_nothing_chosen_and_contracts_without_number_are_refused():
    with pytest.raises(NothingChosen):
        listed()
    with pytest.raises(NotInRegister):
        listed(submitted()[0])


def test_nobody_lists_contracts_of_their_own_organisation():
    house = organisation()
    contract = registered(seller=house, by=person(member_of=house, roles=["manager"]))[0]
    with pytest.raises(PermissionDenied):
        listed(contract, by=person("registrar", member_of=house))

    reviewed = listed(large(number=number_of(7), seller=house, by=person(member_of=house, roles=["manager"])))
    with pytest.raises(PermissionDenied):
        issue_registration_list(reviewed, by=person("second_reviewer", member_of=house))


def test_who_makes_reviews_and_sees_lists():
    made = listed(large(number=number_of(1)))
    people = {
        "registrar": person("registrar"),
        "second reviewer": person("second_reviewer"),
        "officer": person("officer"),
        "auditor": person("auditor"),
        "manager": person(member_of=organisation(), roles=["manager"]),
    }

    def allowed(rule, *of):
        return {who for who, user in people.items() if why_not(rule, user, *of) is None}

    assert verbs(rules) == {
        "make_registration_list",
        "issue_registration_list",
        "refuse_registration_list",
        "see_lists",
    }
    assert allowed(rules.make_registration_list) == {"registrar"}
    assert allowed(rules.issue_registration_list, made) == {"second reviewer"}
    assert allowed(rules.refuse_registration_list, made) == {"second reviewer"}
    assert allowed(rules.see_lists) == set(people) - {"manager"}


def test_the_desk_shows_a_list_to_those_who_may_review_it():
    house = organisation()
    contract = large(number=number_of(1), seller=house, by=person(member_of=house, roles=["manager"]))
    maker = person("registrar", "second_reviewer")
    made = listed(contract, by=maker)

    def has_row(user):
        return made.get_absolute_url() in [row.url for row in collect(Reader(user, None, clock.now()))]

    assert has_row(person("second_reviewer"))
    assert not has_row(maker)
    assert not has_row(person("registrar"))
    assert not has_row(person("second_reviewer", member_of=house))


def test_the_paper_in_both_languages_with_chinese_glyphs(client):
    one, two = registered(number=number_of(1))[0], registered(number=number_of(2), project_name="泵阀铸件清洗")[0]
    made = listed(one, two)
    sign_in(client, person("registrar"))

    answer = client.get(f"/contracts/lists/{made.code}/pdf/")
    english = client.get(f"/en/contracts/lists/{made.code}/pdf/").content

    chinese = text_of(answer.content)
    assert answer["Content-Type"] == "application/pdf"
    for words in (
        "登记清单",
        "技术合同",
        made.number,
        number_of(1),
        number_of(2),
        "泵阀铸件清洗",
        PURPOSE,
        "12,000,000.00",
        "瓯海区技术合同登记机构",
        f"出具日期{timezone.localdate(made.issued_at).isoformat()}",
        f"出具人{made.issued_by.get_short_name()}",
    ):
        assert words in chinese, words
    assert "Registrationlist" in text_of(english)
    assert "NotoSansSC-Regular" in embedded_fonts(answer.content)


def test_a_list_that_is_void_has_no_paper_and_its_code_says_so(client):
    contract = registered()[0]
    made = listed(contract)
    before = client.get(f"/verify/{made.code}/?lang=en").content.decode()
    revoke_contract(contract, by=person("officer"), reasons="虚假材料")
    after = client.get(f"/verify/{made.code}/?lang=en").content.decode()
    sign_in(client, person("registrar"))

    paper = client.get(f"/contracts/lists/{made.code}/pdf/")

    assert paper.status_code == 404
    assert "Registration list valid" in before
    assert contract.number in before
    assert "6,000,000" not in before
    assert "Registration list no longer valid" in after


@pytest.mark.parametrize(("prefix", "said"), [("", "清单只能"), ("/en", "A list holds either")])
def test_the_pages_from_choosing_to_the_list(client, prefix, said):
    small, big = registered(number=number_of(1))[0], large(number=number_of(2))
    sign_in(client, person("registrar"))
    page = client.get(f"{prefix}/contracts/lists/new/")
    big_page = client.get(f"{prefix}/contracts/lists/new/?size=large")

    mixed = client.post(f"{prefix}/contracts/lists/new/", {"contracts": [small.code, big.code], "purpose": PURPOSE})
    made = client.post(f"{prefix}/contracts/lists/new/", {"contracts": [small.code], "purpose": PURPOSE}, follow=True)

    assert list(page.context["contracts"]) == [small]
    assert list(big_page.context["contracts"]) == [big]
    assert said in mixed.content.decode()
    assert made.context["made"].state == "issued"
    assert made.context["made"].number in made.content.decode()
    assert ("<dt>制单人</dt>" if not prefix else "<dt>Made by</dt>") in made.content.decode()


def test_a_list_without_a_tick_is_refused_beside_the_ticks(client):
    registered(number=number_of(1))
    sign_in(client, person("registrar"))

    page = client.post("/contracts/lists/new/", {"purpose": PURPOSE, "size": "other"}).content.decode()
    neither = client.post("/contracts/lists/new/", {"size": "other"}).context["form"]

    assert re.search(r'<div id="id_contracts_error"><p class="error">.*?选择', page, re.DOTALL)
    assert re.search(r'name="contracts" value="\w+" aria-invalid="true" aria-describedby="id_contracts_error"', page)
    assert f'value="{PURPOSE}"' in page
    assert set(neither.errors) == {"contracts", "purpose"}


def test_what_is_ticked_stays_while_one_looks_for_others(client, monkeypatch):
    monkeypatch.setattr("marketplace.contracts.lists.views.ROWS", (1, 2))
    one, two, three = (registered(number=number_of(each), project_name=f"项目{each}")[0] for each in (1, 2, 3))
    sign_in(client, person("registrar"))
    path = "/contracts/lists/new/"

    first = client.get(path)
    more = client.post(path, {"contracts": [one.code], "purpose": PURPOSE, "look": "2", "text": "", "rows": "1"})
    searched = client.post(
        path, {"contracts": [one.code], "purpose": PURPOSE, "look": "", "text": "项目2", "rows": "2"}
    )

    assert first.context["contracts"] == [three]
    assert more.context["contracts"] == [one, three, two]
    assert searched.context["contracts"] == [one, two]
    for page in (more, searched):
        words = page.content.decode()
        assert f'value="{one.code}" checked' in words
        assert words.count(" checked") == 1
        assert f'value="{PURPOSE}"' in words
        assert not page.context["form"].is_bound
        assert '<input type="hidden" name="rows" value="2">' in words
    assert [page.content.decode().count("此前已勾选") for page in (more, searched)] == [0, 1]
    assert not RegistrationList.objects.exists()


def test_tables_of_one_list_and_of_all(client):
    made = listed(registered(number=number_of(1))[0])
    sign_in(client, person("registrar"))

    one = load_workbook(io.BytesIO(client.get(f"/contracts/lists/{made.code}/table/").content)).active
    every = load_workbook(io.BytesIO(client.get("/contracts/lists/export/").content)).active

    heads = [cell.value for cell in one[1]]
    assert one.cell(row=2, column=heads.index("合同登记编号") + 1).value == number_of(1)
    assert [cell.value for cell in every[2]][:3] == [made.number, "已出具", PURPOSE]
    assert [cell.value for cell in every[2]][-2:] == [6_000_000, 4_800_000]


def test_the_table_of_a_list_keeps_its_amounts_when_a_contract_was_changed_since(client):
    contract, manager = registered(number=number_of(1))
    made = listed(contract)
    stands = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议"}
    request_contract_change(contract, upload=scan(), by=manager, items=[Item("开发", 100 * WAN, True)], **stands)
    grant_contract_change(contract, by=person("registrar"), reasons="")
    sign_in(client, person("registrar"))

    sheet = load_workbook(io.BytesIO(client.get(f"/contracts/lists/{made.code}/table/").content)).active

    row = dict(zip([cell.value for cell in sheet[1]], [cell.value for cell in sheet[2]], strict=True))
    assert row["合同成交总额（元） totalamount"] == 6_000_000
    assert row["技术交易额（元） technicalamount"] == 4_800_000
    assert row["状态"] == "已变更", "what it is now is said beside"


@pytest.mark.parametrize("path", ["/contracts/lists/", "/contracts/lists/new/"])
def test_more_lists_ask_no_more(client, path, django_assert_max_num_queries):
    sign_in(client, person("registrar"))
    listed(registered()[0])
    client.get(path)
    with django_assert_max_num_queries(50) as few:
        client.get(path)
    for _ in range(2):
        listed(registered()[0], registered()[0])

    with django_assert_max_num_queries(len(few)):
        client.get(path)
