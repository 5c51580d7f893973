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
from marketplace.contracts.ending import cancel_contract, revoke_contract
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.objecting import object_to_decision, re_examine_contract
from marketplace.contracts.progress import steps
from marketplace.core import clock
from tests.factories.people import sign_in
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


LARGE = [Item("技术费", 600 * WAN, True)]


def refused_and_opened_again():
    """Return a large contract that was refused in its second review on 5 March and opened again on 12 March."""
    with on(3, 2):
        contract, manager = submitted(items=LARGE)
    with on(3, 4):
        second_review(contract)
    with on(3, 5):
        refuse_contract(contract, by=person("second_reviewer"), reasons="不属于技术合同")
    with on(3, 9):
        object_to_decision(contract, by=manager, reasons="包含技术开发")
    with on(3, 12):
        re_examine_contract(contract, by=person("second_reviewer"), upheld=False, reasons="含开发内容")
    return contract


def test_a_review_opened_again_shows_nothing_of_the_one_before():
    contract = refused_and_opened_again()

    with on(3, 13):
        assert way(contract) == [
            ("卖方填写提交", "03-02", "done"),
            ("受理", "03-12", "done"),
            ("初审", "", "current"),
            ("复核", "大额合同", ""),
            ("登记发号", "", ""),
        ]


def test_a_contract_that_became_disputed_later_was_reviewed_once():
    contract, _ = sent()
    with on(3, 9):
        register_contract(contract, by=person("registrar"), number=number_of(1))
    TechnologyContract.objects.filter(pk=contract.pk).update(large_from=1)
    contract.refresh_from_db()

    with on(3, 10):
        shown = way(contract)

    assert [label for label, _note, _state in shown] == ["卖方填写提交", "受理", "审核", "登记发号"]


def test_a_large_contract_bears_the_days_of_both_reviews():
    with on(3, 2):
        contract, _ = submitted(items=LARGE)
    with on(3, 4):
        second_review(contract)
    with on(3, 6):
        register_contract(contract, by=person("second_reviewer"), number=number_of(1))
        shown = way(contract)

    assert shown[2:] == [("初审", "03-04", "done"), ("复核", "03-06", "done"), ("登记发号", number_of(1), "done")]


@pytest.mark.parametrize(("strike", "word"), [("revoke", "已撤销"), ("cancel", "已注销")])
def test_what_was_struck_ends_with_that_and_no_longer_speaks_of_tax(client, strike, word):
    contract, manager = sent()
    with on(3, 9):
        register_contract(contract, by=person("registrar"), number=number_of(1))
        stood = client_page(client, contract)
    with on(4, 20):
        if strike == "revoke":
            revoke_contract(contract, by=person("officer"), reasons="虚假材料")
        else:
            cancel_contract(contract, by=manager, reasons="项目终止", benefits_enjoyed=False)
        last, page = way(contract)[-1], client_page(client, contract)

    assert ("税收提示" in stood, "税收提示" in page) == (True, False)
    assert (last[1], last[2]) == ("04-20", "done")
    assert word in last[0]
    assert 'class="row strong"' in stood
    assert 'class="row strong"' not in page
    assert f'<span class="strong">{word} <time class="num" datetime="2026-04-20">' in page


def client_page(client, contract):
    sign_in(client, person("registrar"))
    return client.get(contract.get_absolute_url()).content.decode().partition("<main")[2]
