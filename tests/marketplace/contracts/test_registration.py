"""A contract on its way to the register: sent, returned, sent again, registered or not."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from marketplace.contracts.actions import (
    accept_contract,
    refuse_contract,
    register_contract,
    return_contract,
    submit_contract,
)
from marketplace.contracts.amounts import Item
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import ReviewDecision
from marketplace.contracts.refusals import BadNumber, Incomplete, NumberTaken, ReasonsMissing, SellerIsBuyer
from marketplace.contracts.review_clock import review_clock
from marketplace.contracts.writing import change_contract
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.core.working_days import CalendarDay
from tests.marketplace.contracts.factories import (
    ITEMS,
    WAN,
    drafted,
    facts,
    number_of,
    organisation,
    person,
    registered,
    submitted,
)

pytestmark = pytest.mark.django_db
State = TechnologyContract.State


def full_width(digits):
    return "".join(chr(ord(digit) + 0xFEE0) for digit in digits)


def wenzhou(*when):
    return datetime(*when, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    "change",
    [
        {"signed_on": None},
        {"signed_on": date(2090, 1, 1)},
        {"begins_on": None},
        {"ends_on": date(2020, 1, 1), "begins_on": date(2019, 1, 1)},
        {"payment": ""},
        {"field": None},
        {"ip_kind": ""},
        {"objective": ""},
        {"buyer_region": ""},
        {"with_file": False},
        {"items": ()},
        {"items": (Item("设备", 5 * WAN, False),)},
    ],
)
def test_an_incomplete_contract_is_not_sent(change):
    contract, manager = drafted(**change)

    with pytest.raises(Incomplete):
        submit_contract(contract, by=manager)

    contract.refresh_from_db()
    assert (contract.state, contract.complete_on) == (State.DRAFT, None)
    assert not Entry.objects.about(contract).filter(kind="contract.submitted").exists()


def test_registered_under_a_number():
    contract, _ = submitted()
    registrar = person("registrar")

    register_contract(contract, by=registrar, number=f" {full_width(number_of(47))} ")

    contract.refresh_from_db()
    assert (contract.state, contract.number) == (State.REGISTERED, number_of(47))
    assert contract.registered_on == clock.today()
    entry = Entry.objects.about(contract).get(kind="contract.registered")
    assert entry.data == {"number": number_of(47), "above": False, "total": 600 * WAN, "technical": 480 * WAN}
    assert entry.actor == registrar


def test_refuses_a_registrar_of_the_seller():
    contract, _ = submitted()
    registrar = person("registrar", member_of=contract.seller)

    with pytest.raises(PermissionDenied):
        register_contract(contract, by=registrar, number=number_of(1))

    contract.refresh_from_db()
    assert contract.state == State.SUBMITTED


@pytest.mark.parametrize("number", ["", "123", "20263303040000471", "abc", "2026-3303-04"])
def test_refuses_a_number_of_another_form(number):
    contract, _ = submitted()

    with pytest.raises(BadNumber):
        register_contract(contract, by=person("registrar"), number=number)

    contract.refresh_from_db()
    assert (contract.state, contract.number) == (State.SUBMITTED, None)


def test_a_number_stands_in_the_register_once():
    registered(number=number_of(77))
    second, _ = submitted()

    with pytest.raises(NumberTaken):
        register_contract(second, by=person("registrar"), number=number_of(77))

    second.refresh_from_db()
    assert (second.state, second.number, second.registered_on) == (State.SUBMITTED, None, None)
    assert not second.decisions.exists()


def test_a_return_hands_the_pen_back_and_its_reasons_stay():
    contract, manager = submitted()
    registrar = person("registrar")
    with pytest.raises(WrongState):
        change_contract(contract, by=manager, items=ITEMS, **facts())

    return_contract(contract, by=registrar, reasons=" 缺设备清单 ")

    change_contract(contract, by=manager, items=ITEMS, **facts(project_name="补正后的合同"))
    submit_contract(contract, by=manager)
    contract.refresh_from_db()
    assert (contract.state, contract.project_name) == (State.SUBMITTED, "补正后的合同")
    assert [(d.kind, d.reasons, d.decided_by) for d in contract.decisions.all()] == [
        (ReviewDecision.Kind.RETURNED, "缺设备清单", registrar)
    ]


@pytest.mark.parametrize("verb", [return_contract, refuse_contract])
def test_a_no_needs_reasons(verb):
    contract, _ = submitted()

    with pytest.raises(ReasonsMissing):
        verb(contract, by=person("registrar"), reasons="  ")

    contract.refresh_from_db()
    assert contract.state == State.SUBMITTED


def test_a_refused_contract_is_never_numbered():
    contract, manager = submitted()
    refuse_contract(contract, by=person("registrar"), reasons="不属于技术合同")

    with pytest.raises(WrongState):
        register_contract(contract, by=person("registrar"), number=number_of(5))
    with pytest.raises(WrongState):
        submit_contract(contract, by=manager)

    contract.refresh_from_db()
    assert (contract.state, contract.number) == (State.NOT_REGISTERED, None)


def test_acceptance_is_a_step_that_keeps_the_clock():
    contract, _ = submitted()
    day = contract.complete_on

    accept_contract(contract, by=person("registrar"))
    register_contract(contract, by=person("registrar"), number=number_of(6))

    contract.refresh_from_db()
    assert (contract.state, contract.complete_on) == (State.REGISTERED, day)


def test_the_database_itself_refuses_a_registered_contract_without_number():
    contract, _ = submitted()

    with pytest.raises(IntegrityError, match="contract_registered_iff_numbered"), transaction.atomic():
        TechnologyContract.objects.filter(pk=contract.pk).update(state="registered")
    with pytest.raises(IntegrityError, match="contract_technical_within_total"), transaction.atomic():
        TechnologyContract.objects.filter(pk=contract.pk).update(technical_amount=contract.total_amount + 1)


def test_seller_and_buyer_differ():
    seller = organisation()

    with pytest.raises(SellerIsBuyer):
        drafted(seller=seller, buyer_uscc=seller.uscc)

    assert not TechnologyContract.objects.exists()


def test_a_buyer_on_the_platform_is_recognised_by_its_code():
    buyer = organisation(kind="enterprise", name="瓯海瑞锁（样例）")

    contract, _ = drafted(buyer_uscc=buyer.uscc, buyer_name="瑞锁", buyer_region="")

    assert (contract.buyer, contract.buyer_name, contract.buyer_region) == (buyer, "瓯海瑞锁（样例）", "330304")


def test_related_parties_say_so():
    seller = organisation()
    buyer = organisation(kind="enterprise", related_usccs=[seller.uscc])
    contract, manager = drafted(seller=seller, buyer_uscc=buyer.uscc)

    with pytest.raises(Incomplete):
        submit_contract(contract, by=manager)
    change_contract(contract, by=manager, items=ITEMS, **facts(buyer_uscc=buyer.uscc, is_related_party=True))
    submit_contract(contract, by=manager)

    assert contract.state == State.SUBMITTED


def clock_of(contract, day):
    return review_clock(began_on=contract.complete_on, today=day, limit=contract.review_days)


def test_the_clock_runs_over_the_national_holiday_of_2025_and_starts_again_after_a_return():
    with clock.moved_to(wenzhou(2025, 9, 25, 16, 0)):
        contract, manager = submitted()
    before = clock_of(contract, date(2025, 10, 9))
    assert (before.used, before.left, before.due_on) == (5, 10, date(2025, 10, 22))  # 26 28 29 30 September, 9 October

    with clock.moved_to(wenzhou(2025, 10, 9, 10, 0)):
        return_contract(contract, by=person("registrar"), reasons="缺设备清单")
    with clock.moved_to(wenzhou(2025, 10, 13, 9, 0)):
        submit_contract(contract, by=manager, answer="已在附件二补齐")

    after = clock_of(contract, date(2025, 10, 14))
    assert (after.began_on, after.used, after.due_on) == (date(2025, 10, 13), 1, date(2025, 11, 3))


def test_a_large_contract_has_thirty_working_days():
    items = [Item("开发", 500 * WAN, True)]
    with clock.moved_to(wenzhou(2025, 11, 3, 9, 0)):
        contract, _ = submitted(items=items)

    hours = clock_of(contract, date(2025, 11, 3))

    assert (hours.limit, hours.left, hours.due_on, hours.tone) == (30, 30, date(2025, 12, 15), "idle")


def test_one_fen_below_is_not_large():
    contract, _ = drafted(items=[Item("开发", 500 * WAN - 1, True)])

    assert not contract.is_large


def test_a_day_that_staff_declared_free_moves_the_end():
    with clock.moved_to(wenzhou(2025, 11, 3, 9, 0)):
        contract, _ = submitted()
    assert clock_of(contract, date(2025, 11, 25)).tone == "stop"

    CalendarDay.objects.create(day=date(2025, 11, 24), is_working=False, note="台风")

    later = clock_of(contract, date(2025, 11, 25))
    assert (later.due_on, later.left, later.tone) == (date(2025, 11, 25), 0, "wait")
