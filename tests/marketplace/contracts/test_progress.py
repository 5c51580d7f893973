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
from marketplace.contracts.progress import steps
from marketplace.core import clock
from tests.marketplace.contracts.factories import drafted, number_of, person, submitted

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


def test_acceptance_that_was_left_out_is_no_step():
    contract, _ = sent()
    with on(3, 9):
        register_contract(contract, by=person("registrar"), number=number_of(1))

    with on(1, 5, 2027):
        shown = way(contract)

    assert [label for label, _note, _state in shown if label == "受理"] == []
    assert [(note, state) for _label, note, state in shown] == [
        ("2026-03-02", "done"),
        ("2026-03-09", "done"),
        ("2026330304000001", "done"),
    ]


def test_under_review_the_next_step_is_open():
    contract, _ = sent()

    assert [state for _label, _note, state in way(contract)] == ["done", "current", "", ""]


def test_a_refusal_is_the_last_step():
    contract, _ = sent()
    with on(3, 9):
        refuse_contract(contract, by=person("registrar"), reasons="不属于技术合同")

        shown = way(contract)

    assert [(note, state) for _label, note, state in shown] == [("03-02", "done"), ("03-09", "done"), ("", "current")]


def test_what_came_before_a_return_does_not_count():
    contract, manager = sent()
    with on(3, 3):
        accept_contract(contract, by=person("registrar"))
    with on(3, 4):
        return_contract(contract, by=person("registrar"), reasons="缺设备清单")
        returned = way(contract)
    with on(3, 5):
        submit_contract(contract, by=manager, answer="已在附件二补齐")
        again = way(contract)

    assert [(note, state) for _label, note, state in returned] == [("", "current"), ("", ""), ("", ""), ("", "")]
    assert [(note, state) for _label, note, state in again][:2] == [("03-05", "done"), ("", "current")]
