"""Two reviews by two people; changes, cancellation, revocation and objections of a registered contract."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from marketplace.contracts.actions import (
    accept_contract,
    refuse_contract,
    register_contract,
    return_contract,
    submit_contract,
)
from marketplace.contracts.amounts import Item
from marketplace.contracts.changes import ContractChange
from marketplace.contracts.changing import grant_contract_change, refuse_contract_change, request_contract_change
from marketplace.contracts.dated import RegistrationRule
from marketplace.contracts.ending import cancel_contract, revoke_contract
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.objecting import object_to_decision, re_examine_contract
from marketplace.contracts.parts import ReviewDecision
from marketplace.contracts.progress import clock_of, steps
from marketplace.contracts.queue import ByDaysLeft
from marketplace.contracts.refusals import NeedsSecondReview, NothingChanged, NothingTechnical, ReasonsMissing
from marketplace.contracts.reviewing import begin_first_review, pass_to_second_review, proposes_refusal
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from tests.marketplace.contracts.factories import (
    ITEMS,
    WAN,
    number_of,
    organisation,
    person,
    registered,
    scan,
    second_review,
    submitted,
)
from tests.marketplace.contracts.test_registration import wenzhou

pytestmark = pytest.mark.django_db
State = TechnologyContract.State
LARGE = [Item("开发", 720 * WAN, True), Item("设备", 480 * WAN, False)]
OTHER = [Item("检测算法与软件开发", 300 * WAN, True), Item("检测工位设备", 100 * WAN, False)]


def asked(contract, manager, items=OTHER, **changed):
    given = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议第 2 条", **changed}
    return request_contract_change(contract, upload=scan(), by=manager, items=items, **given)


def test_total_1200_with_480_of_equipment_goes_the_way_of_large_contracts():
    contract, _ = submitted(items=LARGE)

    with pytest.raises(NeedsSecondReview):
        register_contract(contract, by=person("registrar"), number=number_of(1))

    contract.refresh_from_db()
    assert (contract.technical_amount, contract.is_large, contract.review_days) == (720 * WAN, True, 30)
    assert (contract.state, contract.number) == (State.SUBMITTED, None)


def test_a_large_contract_is_registered_by_a_second_person():
    contract, _ = submitted(items=LARGE)
    both = person("registrar", "second_reviewer")
    second_review(contract, by=both)

    with pytest.raises(PermissionDenied):
        register_contract(contract, by=both, number=number_of(2))
    register_contract(contract, by=person("second_reviewer"), number=number_of(2))

    contract.refresh_from_db()
    assert (contract.state, contract.first_reviewed_by) == (State.REGISTERED, both)
    kinds = list(contract.decisions.values_list("kind", flat=True))
    assert kinds == [ReviewDecision.Kind.REGISTERED, ReviewDecision.Kind.PASSED_ON]


def test_a_small_contract_is_passed_on_only_with_a_dispute_and_then_has_thirty_days():
    with clock.moved_to(wenzhou(2025, 11, 3, 9, 0)):
        contract, _ = submitted()
    registrar = person("registrar")
    accept_contract(contract, by=registrar)
    begin_first_review(contract, by=registrar)
    with pytest.raises(ReasonsMissing):
        pass_to_second_review(contract, by=registrar, reasons=" ")

    pass_to_second_review(contract, by=registrar, reasons="是否属于技术服务有争议")

    contract.refresh_from_db()
    assert (contract.state, contract.is_disputed, contract.review_days) == (State.SECOND_REVIEW, True, 30)
    assert clock_of(contract, today=date(2025, 11, 3)).due_on == date(2025, 12, 15)
    assert [step["state"] for step in steps(contract)] == ["done", "done", "done", "current", ""]


def _disputed():
    """Return a small contract that was found disputed, returned and sent again."""
    contract, manager = submitted()
    registrar = person("registrar")
    accept_contract(contract, by=registrar)
    begin_first_review(contract, by=registrar)
    pass_to_second_review(contract, by=registrar, reasons="是否属于技术服务有争议")
    return_contract(contract, by=person("second_reviewer"), reasons="缺设备清单")
    submit_contract(contract, by=manager, answer="已补齐")
    return contract


@pytest.mark.parametrize("made", [lambda: submitted(items=LARGE)[0], _disputed])
def test_a_large_or_disputed_contract_is_refused_in_its_second_review_only(made):
    contract, first = made(), person("registrar", "second_reviewer")

    for step in (accept_contract, begin_first_review, None):
        with pytest.raises(PermissionDenied, match="复核"):
            refuse_contract(contract, by=first, reasons="内容为设备采购")
        if step is not None:
            step(contract, by=first)
    with pytest.raises(ReasonsMissing):
        pass_to_second_review(contract, by=first, reasons=" ", proposes_refusal=True)
    contract.refresh_from_db()
    assert (contract.state, proposes_refusal(contract)) == (State.FIRST_REVIEW, False)

    pass_to_second_review(contract, by=first, reasons="内容为设备采购", proposes_refusal=True)
    assert proposes_refusal(contract)
    with pytest.raises(PermissionDenied):
        refuse_contract(contract, by=first, reasons="内容为设备采购")
    refuse_contract(contract, by=person("second_reviewer"), reasons="内容为设备采购")

    contract.refresh_from_db()
    assert (contract.state, proposes_refusal(contract)) == (State.NOT_REGISTERED, False)
    assert Entry.objects.get(kind="contract.passed_on", data__proposes="refuse").subject_id == contract.pk


def test_a_large_contract_may_still_be_returned_by_its_first_reviewer():
    contract, _ = submitted(items=LARGE)

    return_contract(contract, by=person("registrar"), reasons="缺设备清单")

    contract.refresh_from_db()
    assert contract.state == State.RETURNED


def test_a_return_from_the_second_review_begins_with_a_first_review_again():
    contract, manager = submitted(items=LARGE)
    second_review(contract)
    return_contract(contract, by=person("second_reviewer"), reasons="缺设备清单")
    submit_contract(contract, by=manager, answer="已在附件二补齐")

    contract.refresh_from_db()
    assert (contract.state, contract.first_reviewed_by) == (State.SUBMITTED, None)
    with pytest.raises(NeedsSecondReview):
        register_contract(contract, by=person("registrar"), number=number_of(3))


def test_what_is_large_follows_the_rule_of_the_day():
    RegistrationRule.objects.create(
        kind="large", holds_from=date(2025, 6, 1), amount_wan=300, note="样例", source="样例办法"
    )
    with clock.moved_to(wenzhou(2025, 5, 30, 9, 0)):
        before, _ = submitted()
    with clock.moved_to(wenzhou(2025, 6, 3, 9, 0)):
        after, _ = submitted()

    assert (before.is_large, before.review_days) == (False, 15)
    assert (after.is_large, after.review_days) == (True, 30)


def test_the_queue_is_sorted_by_days_left_not_by_age():
    with clock.moved_to(wenzhou(2025, 11, 3, 9, 0)):
        large, _ = submitted(items=LARGE)
    with clock.moved_to(wenzhou(2025, 11, 10, 9, 0)):
        small, _ = submitted()

    assert ByDaysLeft(TechnologyContract.objects.awaiting_registration())[:] == [small.pk, large.pk]


def test_every_slice_of_the_queue_is_that_of_the_whole():
    sent = []
    for days in (3, 3, 10, 10, 10, 12):
        with clock.moved_to(wenzhou(2025, 11, days, 9, 0)):
            sent.append(submitted()[0])
    TechnologyContract.objects.filter(pk=sent[0].pk).update(review_days=30)

    queue = ByDaysLeft(TechnologyContract.objects.awaiting_registration())

    whole = [each.pk for each in (sent[1], sent[2], sent[3], sent[4], sent[5], sent[0])]
    assert len(queue) == 6
    assert [queue[first:last] for first in range(7) for last in range(first, 9)] == [
        whole[first:last] for first in range(7) for last in range(first, 9)
    ]


def test_who_has_what_on_the_desk():
    seller = organisation()
    first, own = submitted(items=LARGE)[0], submitted(seller=seller)[0]
    small, _ = submitted()
    registrar = person("registrar", member_of=seller)
    both = person("registrar", "second_reviewer")
    second_review(first, by=both)

    awaiting = TechnologyContract.objects.awaiting
    assert set(awaiting(registrar)) == {small}
    assert set(awaiting(both)) == {small, own}
    assert set(awaiting(person("second_reviewer"))) == {first}
    assert not awaiting(person("officer"))


def test_a_granted_change_keeps_both_states():
    contract, manager = registered()
    asked(contract, manager)
    contract.refresh_from_db()
    assert (contract.state, contract.total_amount) == (State.CHANGE_REQUESTED, 600 * WAN)

    grant_contract_change(contract, by=person("registrar"))

    contract.refresh_from_db()
    change = contract.changes.get()
    assert (contract.state, contract.total_amount, contract.technical_amount) == (State.CHANGED, 400 * WAN, 300 * WAN)
    assert [(item.label, item.amount) for item in contract.items.all()] == [(i.label, i.amount) for i in OTHER]
    assert (change.state, change.total_before, change.total_after) == ("granted", 600 * WAN, 400 * WAN)
    entry = Entry.objects.about(contract).get(kind="contract.change_granted")
    assert entry.data["before"] == [600 * WAN, 480 * WAN]


def test_a_refused_change_leaves_the_contract_where_it_stood():
    contract, manager = registered()
    asked(contract, manager)
    refuse_contract_change(contract, by=person("registrar"), reasons="缺补充协议")
    assert contract.state == State.REGISTERED
    asked(contract, manager)
    grant_contract_change(contract, by=person("registrar"))

    asked(contract, manager, items=ITEMS)
    refuse_contract_change(contract, by=person("registrar"), reasons="缺补充协议")

    contract.refresh_from_db()
    assert (contract.state, contract.total_amount) == (State.CHANGED, 400 * WAN)
    assert list(contract.changes.values_list("state", flat=True)) == ["refused", "granted", "refused"]


@pytest.mark.parametrize(
    ("items", "refusal"),
    [(ITEMS, NothingChanged), ([Item("设备", WAN, False)], NothingTechnical)],
)
def test_a_change_that_changes_nothing_or_leaves_no_technology_is_not_asked_for(items, refusal):
    contract, manager = registered()

    with pytest.raises(refusal):
        asked(contract, manager, items=items)

    contract.refresh_from_db()
    assert contract.state == State.REGISTERED
    assert not ContractChange.objects.exists()


def test_a_change_to_a_large_contract_is_decided_by_a_second_reviewer():
    contract, manager = registered()
    asked(contract, manager, items=LARGE)

    with pytest.raises(PermissionDenied):
        grant_contract_change(contract, by=person("registrar"))
    grant_contract_change(contract, by=person("second_reviewer"))

    assert contract.is_large


def test_cancelled_by_the_seller_and_then_no_more():
    contract, manager = registered()

    cancel_contract(contract, by=manager, reasons="合同已解除", benefits_enjoyed=True)

    contract.refresh_from_db()
    assert (contract.state, contract.stands) == (State.CANCELLED, False)
    assert contract not in TechnologyContract.objects.registered()
    assert Entry.objects.about(contract).get(kind="contract.cancelled").data == {"benefits_enjoyed": True}
    with pytest.raises(WrongState):
        revoke_contract(contract, by=person("officer"), reasons="虚假材料")


def test_revoked_while_a_change_was_asked_for():
    contract, manager = registered()
    change = asked(contract, manager)

    revoke_contract(contract, by=person("officer"), reasons="虚假材料")

    contract.refresh_from_db()
    change.refresh_from_db()
    assert (contract.state, change.state, contract.number is not None) == (State.REVOKED, "refused", True)
    with pytest.raises(WrongState):
        grant_contract_change(contract, by=person("registrar"))


def test_an_objection_to_a_refusal_is_decided_by_somebody_new_and_opens_the_review_again():
    contract, manager = submitted()
    both = person("registrar", "second_reviewer")
    refuse_contract(contract, by=both, reasons="不属于技术合同")
    object_to_decision(contract, by=manager, reasons="包含技术开发")

    with pytest.raises(PermissionDenied):
        re_examine_contract(contract, by=both, upheld=True, reasons="维持")
    with clock.moved_to(wenzhou(2027, 3, 1, 9, 0)):
        re_examine_contract(contract, by=person("second_reviewer"), upheld=False, reasons="含开发内容，恢复审查")

    contract.refresh_from_db()
    assert (contract.state, contract.complete_on) == (State.ACCEPTED, date(2027, 3, 1))
    assert (contract.is_disputed, contract.review_days) == (True, 30)


@pytest.mark.parametrize(("upheld", "state"), [(True, State.RE_EXAMINED), (False, State.REVOKED)])
def test_an_objection_to_a_registration(upheld, state):
    contract, manager = registered()
    object_to_decision(contract, by=manager, reasons="金额认定有误")
    contract.refresh_from_db()
    assert contract in TechnologyContract.objects.registered()

    re_examine_contract(contract, by=person("second_reviewer"), upheld=upheld, reasons="复核意见")

    contract.refresh_from_db()
    assert (contract.state, contract.stands) == (state, upheld)


def test_a_refusal_that_is_upheld_is_the_end():
    contract, manager = submitted()
    refuse_contract(contract, by=person("registrar"), reasons="不属于技术合同")
    object_to_decision(contract, by=manager, reasons="包含技术开发")
    re_examine_contract(contract, by=person("second_reviewer"), upheld=True, reasons="维持")

    for verb, given in (
        (cancel_contract, {"benefits_enjoyed": False, "by": manager}),
        (revoke_contract, {"by": person("officer")}),
    ):
        with pytest.raises(WrongState):
            verb(contract, reasons="理由", **given)
    with pytest.raises(WrongState):
        asked(contract, manager)

    contract.refresh_from_db()
    assert (contract.state, contract.number) == (State.RE_EXAMINED, None)
