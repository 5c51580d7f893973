"""The steps of a contract tell what happened and nothing else."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from marketplace.contracts.actions import (
    accept_contract,
    refuse_contract,
    register_contract,
    return_contract,
    submit_contract,
)
from marketplace.contracts.amounts import Item
from marketplace.contracts.progress import steps
from marketplace.core import clock
from tests.marketplace.contracts.factories import drafted, number_of, person, second_review, submitted
from tests.marketplace.deals.factories import WAN

pytestmark = pytest.mark.django_db


def on(month, day, year=2026):
    return clock.moved_to(datetime(year, month, day, 10, tzinfo=ZoneInfo("Asia/Shanghai")))


def way(contract):
    return [(step["label"], step["note"], step["state"]) for step in steps(contract)]


def sent():
    with on(3, 2):
        return submitted()


def test_a_draft_has_no_day_yet():
    contract, _ = drafted()

    assert [(note, state) for _label, note, state in way(contract)] == [("", "current"), ("", ""), ("", ""), ("", "")]


def test_what_was_accepted_and_reviewed_bears_its_days():
    contract, _ = sent()
    with on(3, 3):
        accept_contract(contract, by=person("registrar"))
    with on(3, 9):
        register_contract(contract, by=person("registrar"), number=number_of(1))

        shown = way(contract)

    assert shown == [
        ("卖方填写提交", "03-02", "done"),
        ("受理", "03-03", "done"),
        ("审核", "03-09", "done"),
        ("登记发号", number_of(1), "done"),
    ]


def test_acceptance_that_was_left_out_is_told_with_the_review():
    contract, _ = sent()
    with on(3, 9):
        register_contract(contract, by=person("registrar"), number=number_of(1))

    with on(1, 5, 2027):
        shown = way(contract)

    assert shown == [
        ("卖方填写提交", "2026-03-02", "done"),
        ("受理", "2026-03-09，随审核", "done"),
        ("审核", "2026-03-09", "done"),
        ("登记发号", "2026330304000001", "done"),
    ]


def test_under_review_the_next_step_is_open():
    contract, _ = sent()

    assert [state for _label, _note, state in way(contract)] == ["done", "current", "", ""]


def test_a_refusal_is_the_last_step():
    contract, _ = sent()
    with on(3, 9):
        refuse_contract(contract, by=person("registrar"), reasons="不属于技术合同")

        shown = way(contract)

    assert [(note, state) for _label, note, state in shown] == [
        ("03-02", "done"),
        ("03-09，随审核", "done"),
        ("03-09", "done"),
        ("", "current"),
    ]


def test_a_returned_contract_keeps_the_days_of_its_round_until_it_is_sent_again():
    contract, manager = sent()
    with on(3, 3):
        accept_contract(contract, by=person("registrar"))
    with on(3, 4):
        return_contract(contract, by=person("registrar"), reasons="缺设备清单")
        returned = way(contract)
    with on(3, 5):
        submit_contract(contract, by=manager, answer="已在附件二补齐")
        again = way(contract)

    assert [(note, state) for _label, note, state in returned] == [
        ("03-02", "current"),
        ("03-03", ""),
        ("退回 03-04", ""),
        ("", ""),
    ]
    assert [(note, state) for _label, note, state in again][:2] == [("03-05", "done"), ("", "current")]


def test_a_large_contract_returned_at_the_second_review_keeps_the_day_of_the_first():
    with on(3, 2):
        contract, _ = submitted(items=[Item("技术费", 600 * WAN, True)])
    with on(3, 4):
        second_review(contract)
    with on(3, 5):
        return_contract(contract, by=person("second_reviewer"), reasons="缺设备清单")
        shown = way(contract)

    assert [(note, state) for _label, note, state in shown] == [
        ("03-02", "current"),
        ("03-04", ""),
        ("03-04", ""),
        ("退回 03-05", ""),
        ("", ""),
    ]
