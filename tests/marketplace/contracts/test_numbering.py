"""Numbers of the register: those of another year or division are looked at twice, and a wrong one is put right."""

import copy
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from marketplace.contracts.actions import correct_contract_number, register_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import grant_contract_change, request_contract_change
from marketplace.contracts.dated import FIRST_FORM, RegistrationRule, number_form
from marketplace.contracts.numbering import typed_form
from marketplace.contracts.parts import ReviewDecision
from marketplace.contracts.refusals import BadNumber, NumberDeviates, NumberTaken, ReasonsMissing, SameNumber
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import number_of, person, registered, scan, submitted

SAID = {"note": "样例", "source": "样例"}


DAY = datetime(2026, 3, 10, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def in_2026():
    with clock.moved_to(DAY):
        yield


@pytest.fixture(scope="module")
def lasting_contracts(lasting):
    with clock.moved_to(DAY):
        return submitted(), registered(number=number_of(1))


@pytest.fixture
def sent(lasting_contracts, for_now):
    """Return a contract that waits for its number, and its manager."""
    return copy.deepcopy(lasting_contracts[0])


@pytest.fixture
def numbered(lasting_contracts, for_now):
    """Return a registered contract, and its manager."""
    return copy.deepcopy(lasting_contracts[1])


def entered(contract):
    contract.refresh_from_db()
    return contract.state, contract.number


@pytest.mark.parametrize(
    ("number", "unlike"),
    [
        ("2019330304000047", {"year": "2019"}),
        ("2027330304000047", {"year": "2027"}),
        ("2026330302000047", {"division": "330302"}),
        ("2019110108000047", {"year": "2019", "division": "110108"}),
        ("25330300000047", {"year": "25"}),
        ("26330200000047", {"division": "3302"}),
    ],
)
def test_a_number_of_another_year_or_division_is_not_entered_at_once(number, unlike, sent):
    contract, _ = sent

    with pytest.raises(NumberDeviates) as refused:
        register_contract(contract, by=person("registrar"), number=number)

    assert refused.value.details["unlike"] == unlike
    assert all(digits in str(refused.value) for digits in unlike.values())
    assert entered(contract) == ("submitted", None)


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("zh-hans", "编号为 14 位，现行登记编号为 16 位。"),
        ("en", "The number has 14 digits; those given today have 16. It"),
    ],
)
def test_of_a_number_that_lacks_digits_the_length_is_said_first(language, first, sent):
    contract, _ = sent

    with pytest.raises(NumberDeviates) as refused:
        register_contract(contract, by=person("registrar"), number="20260000000047")

    with translation.override(language):
        assert str(refused.value).startswith(first)
    assert entered(contract) == ("submitted", None)


def test_of_a_number_of_the_usual_length_none_is_said(sent):
    contract, _ = sent

    with pytest.raises(NumberDeviates) as refused:
        register_contract(contract, by=person("registrar"), number="2019330304000047")

    assert "digits" not in refused.value.details


@pytest.mark.parametrize("number", ["2026330304000047", "26330300000047"])
def test_a_number_of_this_year_and_the_district_needs_no_second_look(number, sent):
    contract, _ = sent

    register_contract(contract, by=person("registrar"), number=number)

    assert entered(contract) == ("registered", number)


@pytest.mark.django_db
def test_a_number_another_contract_has_is_refused_before_it_is_offered_to_confirm(client):
    taken, waits = "2019330304000047", submitted()[0]
    register_contract(submitted()[0], by=person("registrar"), number=taken, confirmed_number=taken)
    sign_in(client, person("registrar"))

    page = client.post(f"/contracts/{waits.code}/register/", {"number": taken}).content.decode()

    assert "已被" in page
    assert 'name="confirmed_number" value="' not in page


def test_a_refused_number_leaves_the_time_that_is_left_on_the_page(client, sent):
    waits, _ = sent
    sign_in(client, person("registrar"))

    page = client.post(f"/contracts/{waits.code}/register/", {"number": "12"})

    assert page.context["clock"] is not None
    assert page.context["contract"].state == "submitted"


def test_the_number_that_was_confirmed_is_entered_and_the_journal_says_so(sent):
    contract, _ = sent
    old = "2019330304000047"

    register_contract(contract, by=person("registrar"), number=old, confirmed_number=old)

    assert entered(contract) == ("registered", old)
    assert Entry.objects.about(contract).get(kind="contract.registered").data["deviates"] == ["year"]


def test_a_confirmation_holds_for_its_number_only(sent):
    contract, _ = sent

    with pytest.raises(NumberDeviates):
        register_contract(
            contract, by=person("registrar"), number="2018330304000047", confirmed_number="2019330304000047"
        )

    assert entered(contract) == ("submitted", None)


def test_digits_of_another_script_are_no_number(sent):
    contract, _ = sent

    with pytest.raises(BadNumber):
        register_contract(contract, by=person("registrar"), number="٢٠٢٦٣٣٠٣٠٤٠٠٠٠٤٧")

    assert entered(contract) == ("submitted", None)


def test_a_pattern_without_groups_asks_for_nothing_more(sent):
    RegistrationRule.objects.create(kind="number", holds_from="2001-01-01", pattern=r"\d{16}", **SAID)
    contract, _ = sent

    register_contract(contract, by=person("registrar"), number="2019110108000047")

    assert entered(contract) == ("registered", "2019110108000047")


def test_the_form_that_holds_on_the_day_decides_and_no_later_one(sent):
    RegistrationRule.objects.create(kind="number", holds_from=clock.today(), pattern=r"T\d{5}", **SAID)
    RegistrationRule.objects.create(kind="number", holds_from="2090-01-01", pattern=r"X\d{5}", **SAID)
    contract, _ = sent

    for number in (number_of(1), "X00001"):
        with pytest.raises(BadNumber):
            register_contract(contract, by=person("registrar"), number=number)
    register_contract(contract, by=person("registrar"), number="t 00001")

    assert entered(contract) == ("registered", "T00001")


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", ["", "(16"])
def test_a_form_that_is_none_is_refused_beside_its_field(pattern):
    rule = RegistrationRule(kind="number", holds_from=clock.today(), pattern=pattern, **SAID)

    with pytest.raises(ValidationError) as refused:
        rule.full_clean()

    assert list(refused.value.message_dict) == ["pattern"]


@pytest.mark.django_db
def test_the_form_that_ships_is_the_one_that_holds_without_any():
    shipped = RegistrationRule.objects.get(kind="number").pattern

    assert shipped == FIRST_FORM == number_form(date(1990, 1, 1)).pattern


def test_the_page_asks_once_more(client, sent):
    contract, _ = sent
    sign_in(client, person("registrar"))
    address, old = f"/contracts/{contract.code}/register/", "2019330304000047"

    asked = client.post(address, {"number": old})
    between = entered(contract)
    client.post(address, {"number": old, "confirmed_number": old})

    page = asked.content.decode()
    assert f'name="confirmed_number" value="{old}"' in page
    assert "2019" in asked.context["form"].errors["number"][0]
    assert between == ("submitted", None)
    assert entered(contract) == ("registered", old)


def test_the_page_offers_no_confirmation_unasked(client, sent):
    contract, _ = sent
    sign_in(client, person("registrar"))
    address = f"/contracts/{contract.code}/register/"

    shown = [client.get(address).content.decode(), client.post(address, {"number": "12"}).content.decode()]

    assert not any('<button class="btn" name="confirmed_number"' in page for page in shown)


def test_a_wrong_number_is_put_right(numbered):
    contract, _ = numbered
    day, registrar = contract.registered_on, person("registrar")

    correct_contract_number(contract, by=registrar, number=number_of(2), reasons=" 录入时少看一位 ")

    assert entered(contract) == ("registered", number_of(2))
    assert contract.registered_on == day
    entry = Entry.objects.about(contract).get(kind="contract.renumbered")
    assert (entry.actor, entry.data) == (registrar, {"before": number_of(1), "number": number_of(2)})
    decision = contract.decisions.get(kind=ReviewDecision.Kind.CORRECTED)
    assert (decision.reasons, decision.decided_by) == ("录入时少看一位", registrar)


def test_the_check_tells_the_earlier_numbers_and_when_each_was_corrected(client, numbered):
    contract, _ = numbered
    correct_contract_number(contract, by=person("registrar"), number=number_of(2), reasons="录入时少看一位")
    with clock.moved_to(DAY + timedelta(days=3)):
        correct_contract_number(contract, by=person("registrar"), number=number_of(3), reasons="仍有一位有误")

    verdict = client.get(f"/verify/{contract.code}/").content.decode()

    assert f"2026-03-10 更正，原编号 {number_of(1)}" in verdict
    assert f"2026-03-13 更正，原编号 {number_of(2)}" in verdict
    assert "录入时少看一位" not in verdict


def test_the_number_of_a_changed_contract_is_put_right(client, numbered):
    contract, manager = numbered
    _change_requested(contract, manager)
    grant_contract_change(contract, by=person("registrar"))
    address = f"/contracts/{contract.code}/correct-number/"
    sign_in(client, person("registrar"))
    offered = address in client.get(contract.get_absolute_url()).content.decode()

    client.post(address, {"number": number_of(2), "reasons": "录入时少看一位"})

    assert offered
    assert entered(contract) == ("changed", number_of(2))


def _change_requested(contract, manager):
    days = {"begins_on": contract.begins_on, "ends_on": contract.ends_on + timedelta(days=30)}
    items = [Item(each.label, each.amount, each.is_technical) for each in contract.items.all()]
    request_contract_change(contract, upload=scan(), by=manager, items=items, reasons="补充协议", **days)


@pytest.mark.parametrize(("prefix", "reason"), [("", "申请变更"), ("/en", "change requested")])
def test_the_page_says_before_anything_is_typed_that_there_is_no_number_to_correct(client, prefix, reason, numbered):
    contract, manager = numbered
    _change_requested(contract, manager)
    address = f"{prefix}/contracts/{contract.code}/correct-number/"
    sign_in(client, person("registrar"))

    answer = client.get(address, follow=True)

    assert answer.redirect_chain == [(f"{prefix}/contracts/{contract.code}/", 302)]
    assert reason in str(next(iter(answer.context["messages"])))
    assert address not in answer.content.decode()


def test_a_correction_expects_the_year_of_the_registration(numbered):
    contract, _ = numbered
    with clock.moved_to(datetime(2027, 1, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))):
        with pytest.raises(NumberDeviates):
            correct_contract_number(contract, by=person("registrar"), number="2027330304000002", reasons="笔误")

        correct_contract_number(contract, by=person("registrar"), number="2026330304000002", reasons="笔误")

    assert entered(contract) == ("registered", "2026330304000002")


@pytest.mark.parametrize(
    ("number", "reasons", "refusal"),
    [
        ("2026330304000009", "笔误", NumberTaken),
        ("2026330304000001", "笔误", SameNumber),
        ("2026330304000002", "  ", ReasonsMissing),
        ("12", "笔误", BadNumber),
    ],
)
def test_what_is_no_correction(number, reasons, refusal, numbered):
    registered(number=number_of(9))
    contract, _ = numbered

    with pytest.raises(refusal):
        correct_contract_number(contract, by=person("registrar"), number=number, reasons=reasons)

    assert entered(contract) == ("registered", number_of(1))
    assert not Entry.objects.about(contract).filter(kind="contract.renumbered").exists()


def test_only_a_registered_contract_has_a_number_to_correct(sent):
    contract, _ = sent

    with pytest.raises(WrongState):
        correct_contract_number(contract, by=person("registrar"), number=number_of(2), reasons="笔误")

    assert entered(contract) == ("submitted", None)


def test_the_registrar_corrects_by_page_and_the_party_reads_both_numbers(client, numbered):
    contract, manager = numbered
    address = f"/contracts/{contract.code}/correct-number/"
    sign_in(client, person("registrar"))
    offered = address in client.get(contract.get_absolute_url()).content.decode()

    client.post(address, {"number": number_of(2), "reasons": "录入时少看一位"})
    sign_in(client, manager)
    page = client.get(contract.get_absolute_url()).content.decode()

    assert offered
    assert all(words in page for words in (number_of(1), number_of(2), "录入时少看一位"))
    assert address not in page


def test_a_party_does_not_correct(client, numbered):
    contract, manager = numbered
    sign_in(client, manager)

    answer = client.post(f"/contracts/{contract.code}/correct-number/", {"number": number_of(2), "reasons": "x"})

    assert answer.status_code == 403
    assert entered(contract) == ("registered", number_of(1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "is_asked"),
    [
        ("2026330304000001", True),
        ("2026 330304-000001 ", True),
        ("２０２６３３０３０４０００００１", True),
        ("26330300000001", True),  # the older form
        ("12345", False),
        ("20263303040000011", False),
        ("202633030400000A", False),
    ],
)
def test_the_browser_is_told_the_form_as_it_may_be_typed(typed, is_asked):
    assert bool(re.fullmatch(typed_form(number_form(date(2026, 11, 30))), typed)) is is_asked


def test_a_form_the_browser_would_read_otherwise_is_not_told_to_it():
    assert typed_form(re.compile(r"(?P<year>\d{4})[A-Z]{2}\d+")) == ""


def test_the_page_of_registration_tells_it(client, sent):
    contract, _ = sent
    sign_in(client, person("registrar"))

    number = client.get(f"/contracts/{contract.code}/register/").context["form"]["number"]

    assert number.field.widget.attrs["pattern"] == typed_form(number_form(clock.today()))
    assert "16" in str(number.field.widget.attrs["title"])
