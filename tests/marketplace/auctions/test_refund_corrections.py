"""A refund has its day; what finance recorded of it is put right, or taken back where the bank did not pay."""

import copy
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.bank_numbers import PaymentRecorded
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.invariants import all_problems
from marketplace.auctions.models import BidderRegistration, Deposit, RefundCorrection
from marketplace.auctions.reasons import ReasonMissing
from marketplace.auctions.refunds import (
    NotPaidBack,
    NotYetPaidBack,
    PaidBackTooEarly,
    RefundIsThePayment,
    RefundStands,
)
from marketplace.core.journal import Entry
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, member, organisation, person, second_lot

DAY = timedelta(days=1)


def withdrawn(finance, number="JH-1"):
    """Return a deposit that is to be paid back, because its bidder withdrew."""
    lot, firm = announced_lot(starts_at=timezone.now() + 5 * DAY), organisation()
    agent = member(firm, "bidder")
    one = actions.apply_for_lot(lot, by=agent, organisation=firm, declared=True)
    actions.admit_bidder(one, by=person("organiser"), missing=ASKED_ALWAYS)
    amount = one.deposit.amount
    actions.record_deposit(one.deposit, by=finance, amount=amount, bank_reference=number, received_at=timezone.now())
    actions.withdraw_application(BidderRegistration.objects.get(pk=one.pk), by=agent, organisation=firm)
    return again(one.deposit)


def again(deposit):
    return Deposit.objects.select_related("session", "lot").get(pk=deposit.pk)


@pytest.fixture(scope="module")
def lasting_deposit(lasting):
    finance = person("finance")
    return withdrawn(finance), finance


@pytest.fixture
def to_pay_back(lasting_deposit, for_now):
    """Return a deposit that is to be paid back, and who recorded its payment."""
    deposit, finance = lasting_deposit
    return again(deposit), copy.deepcopy(finance)


@pytest.fixture
def paid_back(to_pay_back):
    """Return a deposit that was paid back, and who recorded it."""
    deposit, finance = to_pay_back
    actions.release_deposit(deposit, by=finance, bank_reference="TK-1", paid_on=timezone.localdate())
    return again(deposit), finance


def stands(deposit):
    deposit = again(deposit)
    return deposit.state, deposit.released, deposit.release_reference, deposit.released_on


def corrected(deposit, by, **facts):
    said = {"bank_reference": deposit.release_reference, "paid_on": deposit.released_on, "reason": "抄错一行"}
    return actions.correct_refund(deposit, by=by, **said | facts)


def states_of(deposit):
    return set(deposit.registrations.values_list("state", flat=True))


@pytest.mark.parametrize(
    ("days", "number", "refusal"),
    [(1, "TK-1", NotYetPaidBack), (-1, "TK-1", PaidBackTooEarly), (0, " JH-1 ", RefundIsThePayment)],
)
def test_a_refund_is_made_after_its_payment_and_not_tomorrow(days, number, refusal, to_pay_back):
    deposit, finance = to_pay_back
    paid_on = timezone.localdate() + days * DAY

    with pytest.raises(refusal):
        actions.release_deposit(deposit, by=finance, bank_reference=number, paid_on=paid_on)
    assert stands(deposit) == ("release_due", 0, "", None)
    actions.release_deposit(again(deposit), by=finance, bank_reference="TK-1")
    with pytest.raises(refusal):
        corrected(again(deposit), finance, bank_reference=number if "JH" in number else "TK-2", paid_on=paid_on)

    assert stands(deposit) == ("released", deposit.received, "TK-1", timezone.localdate())


@pytest.mark.django_db
def test_money_nobody_asked_for_may_go_back_before_it_was_recorded_but_not_before_it_came():
    finance = person("finance")
    lot, firm = announced_lot(starts_at=timezone.now() + 5 * DAY), organisation()
    agent = member(firm, "bidder")
    one = actions.apply_for_lot(lot, by=agent, organisation=firm, declared=True)
    actions.admit_bidder(one, by=person("organiser"), missing=ASKED_ALWAYS)
    actions.withdraw_application(BidderRegistration.objects.get(pk=one.pk), by=agent, organisation=firm)
    came = timezone.now()
    actions.record_deposit(again(one.deposit), by=finance, amount=7_00, bank_reference="JH-1", received_at=came)
    Deposit.objects.update(release_due_at=came + 2 * DAY)

    with pytest.raises(PaidBackTooEarly):
        actions.release_deposit(
            again(one.deposit), by=finance, bank_reference="TK-1", paid_on=timezone.localdate(came - DAY)
        )
    actions.release_deposit(again(one.deposit), by=finance, bank_reference="TK-1", paid_on=timezone.localdate(came))

    assert stands(one.deposit)[:3] == ("released", 7_00, "TK-1")


def test_what_a_deposit_was_asked_back_for_comes_before_its_refund(to_pay_back):
    deposit, finance = to_pay_back
    Deposit.objects.update(received_at=timezone.now() - 9 * DAY)

    with pytest.raises(PaidBackTooEarly):
        actions.release_deposit(
            again(deposit), by=finance, bank_reference="TK-1", paid_on=timezone.localdate() - 2 * DAY
        )


@pytest.mark.parametrize("typed", ["TK-1", " tk－1 ", "T K-1", "JH-1", "ｊｈ-1"])
def test_one_number_of_the_bank_is_one_entry(typed, paid_back):
    deposit, finance = paid_back
    other = withdrawn(finance, number="JH-2")

    with pytest.raises(PaymentRecorded):
        actions.release_deposit(other, by=finance, bank_reference=typed)
    Deposit.objects.filter(pk=deposit.pk).update(
        state="release_due", released=0, release_reference="", released_on=None
    )
    actions.release_deposit(again(other), by=finance, bank_reference="TK-2")
    with pytest.raises(PaymentRecorded):
        actions.release_deposit(again(deposit), by=finance, bank_reference="tk-2")


def test_the_number_of_a_refund_is_not_the_one_of_a_payment(paid_back):
    _deposit, finance = paid_back

    with pytest.raises(PaymentRecorded):
        withdrawn(finance, number="tk-1")


def test_who_recorded_a_refund_puts_it_right_and_what_stood_there_is_kept(paid_back):
    (deposit, finance), today = paid_back, timezone.localdate()

    corrected(deposit, finance, bank_reference=" TK-7 ")

    assert stands(deposit) == ("released", deposit.received, "TK-7", today)
    kept = RefundCorrection.objects.get()
    assert (kept.was_bank_reference, kept.was_released_on, kept.is_taken_back) == ("TK-1", today, False)
    assert (kept.reason, kept.made_by) == ("抄错一行", finance)
    assert Entry.objects.about(deposit).get(kind="deposit.refund_corrected").data == {
        "before": {"paid_on": today.isoformat(), "bank_reference": "TK-1"},
        "after": {"paid_on": today.isoformat(), "bank_reference": "TK-7"},
    }


def test_a_refund_the_bank_did_not_make_is_taken_back_and_made(paid_back):
    deposit, finance = paid_back

    actions.take_back_refund(deposit, by=finance, reason="银行退票")

    assert stands(deposit) == ("release_due", 0, "", None)
    assert states_of(deposit) == {"refund_due"}
    assert again(deposit).ended_at is None
    assert again(deposit) in Deposit.objects.to_release()
    kept = RefundCorrection.objects.get()
    assert (kept.is_taken_back, kept.was_bank_reference, kept.reason) == (True, "TK-1", "银行退票")
    assert all_problems() == []
    actions.release_deposit(again(deposit), by=finance, bank_reference="TK-2")
    assert stands(deposit)[:3] == ("released", deposit.received, "TK-2")
    assert states_of(deposit) == {"refunded"}


@pytest.mark.parametrize(
    ("facts", "refusal"), [({}, RefundStands), ({"bank_reference": "TK-3", "reason": " "}, ReasonMissing)]
)
def test_a_correction_changes_something_and_says_why(facts, refusal, paid_back):
    deposit, finance = paid_back
    before = stands(deposit)

    with pytest.raises(refusal):
        corrected(deposit, finance, **facts)

    assert stands(deposit) == before
    assert not RefundCorrection.objects.exists()


def test_a_refund_from_before_days_were_kept_is_given_its_day(paid_back):
    deposit, finance = paid_back
    Deposit.objects.filter(pk=deposit.pk).update(released_on=None)

    corrected(again(deposit), finance, paid_on=timezone.localdate())

    assert stands(deposit)[3] == timezone.localdate()
    assert RefundCorrection.objects.get().was_released_on is None


@pytest.mark.django_db
def test_of_a_deposit_for_a_session_all_applications_wait_for_the_refund_again():
    finance, organiser, firm = person("finance"), person("organiser"), organisation()
    lot = announced_lot(starts_at=timezone.now() + 5 * DAY, deposit_scope="session")
    agent = member(firm, "bidder")
    both = []
    for each in (lot, second_lot(lot)):
        one = actions.apply_for_lot(each, by=agent, organisation=firm, declared=True)
        actions.admit_bidder(one, by=organiser, missing=ASKED_ALWAYS)
        both.append(one)
    deposit = BidderRegistration.objects.get(pk=both[0].pk).deposit
    facts = {"amount": deposit.amount, "bank_reference": "JH-1", "received_at": timezone.now()}
    actions.record_deposit(again(deposit), by=finance, **facts)
    for one in both:
        actions.withdraw_application(BidderRegistration.objects.get(pk=one.pk), by=agent, organisation=firm)
    assert states_of(deposit) == {"kept", "refund_due"}

    actions.release_deposit(again(deposit), by=finance, bank_reference="TK-1")
    assert states_of(deposit) == {"refunded"}
    actions.take_back_refund(again(deposit), by=finance, reason="银行退票")

    assert states_of(deposit) == {"refund_due"}
    assert [problem for problem in all_problems() if "deposit" in problem] == []
    actions.release_deposit(again(deposit), by=finance, bank_reference="TK-2")
    assert states_of(deposit) == {"refunded"}


@pytest.mark.django_db
def test_after_its_refund_is_taken_back_money_that_came_unasked_is_corrected_as_before():
    finance = person("finance")
    lot, firm = announced_lot(starts_at=timezone.now() + 5 * DAY), organisation()
    agent = member(firm, "bidder")
    one = actions.apply_for_lot(lot, by=agent, organisation=firm, declared=True)
    actions.admit_bidder(one, by=person("organiser"), missing=ASKED_ALWAYS)
    actions.withdraw_application(BidderRegistration.objects.get(pk=one.pk), by=agent, organisation=firm)
    facts = {"amount": 7_00, "bank_reference": "JH-1", "received_at": timezone.now()}
    actions.record_deposit(again(one.deposit), by=finance, **facts)
    actions.release_deposit(again(one.deposit), by=finance, bank_reference="TK-1")

    actions.take_back_refund(again(one.deposit), by=finance, reason="银行退票")
    actions.take_back_deposit(again(one.deposit), by=finance, reason="是另一家的款项")

    assert stands(one.deposit) == ("lapsed", 0, "", None)
    assert states_of(one.deposit) == {"lapsed"}
    assert all_problems() == []


@pytest.mark.parametrize("act", [corrected, actions.take_back_refund])
def test_without_a_refund_there_is_none_to_correct(act, to_pay_back):
    deposit, finance = to_pay_back

    with pytest.raises(NotPaidBack):
        act(deposit, by=finance, reason="误")


@pytest.mark.parametrize("act", [corrected, actions.take_back_refund])
def test_only_who_recorded_it_unless_that_person_keeps_no_money_any_more(act, paid_back):
    (deposit, finance), colleague = paid_back, person("finance")

    for stranger in (colleague, person("organiser")):
        with pytest.raises(PermissionDenied):
            act(deposit, by=stranger, reason="误")
    finance.groups.clear()
    facts = {"bank_reference": "TK-9"} if act is corrected else {}
    act(again(deposit), by=colleague, reason="误", **facts)

    assert RefundCorrection.objects.get().made_by == colleague


def test_the_pages_date_a_refund_correct_it_and_keep_what_was_typed(client, to_pay_back):
    deposit, finance = to_pay_back
    sign_in(client, finance)
    detail, correct, back = (
        reverse(f"deposit-{name}", args=[deposit.code]) for name in ("detail", "correct", "take-back")
    )
    today = timezone.localdate()

    early = client.post(detail, {"entry": "refund", "bank_reference": "TK-1", "paid_on": f"{today - 9 * DAY}"})
    client.post(detail, {"entry": "refund", "bank_reference": "TK-1", "paid_on": f"{today}"})
    offered = client.get(detail).content.decode()
    asked = client.get(correct).content.decode()
    wrong = client.post(correct, {"entry": "refund", "bank_reference": "TK-5", "paid_on": "x", "reason": "号码写错"})
    done = {"entry": "refund", "bank_reference": "TK-5", "paid_on": f"{today}", "reason": "号码写错"}
    seen = client.post(correct, done, follow=True).content.decode()
    empty = client.post(back, {"entry": "refund", "reason": ""})
    client.post(back, {"entry": "refund", "reason": "银行退票"})
    late = client.post(back, {"entry": "refund", "reason": "再来一次"})

    assert list(early.context["form"].errors) == ["paid_on"]
    assert "TK-1" in early.content.decode()
    assert correct in offered
    assert "银行并未退还这笔款项" in asked
    assert list(wrong.context["form"].errors) == ["paid_on"]
    assert "号码写错" in wrong.content.decode()
    assert "TK-5" in seen
    assert "TK-1" in seen
    assert list(empty.context["back_form"].errors) == ["reason"]
    assert stands(deposit) == ("release_due", 0, "", None)
    assert "没有登记退款" in late.content.decode()
    assert RefundCorrection.objects.filter(is_taken_back=True).count() == 1


def test_all_that_is_wrong_with_a_refund_is_told_at_once_beside_its_fields(client, to_pay_back):
    deposit, finance = to_pay_back
    sign_in(client, finance)
    tomorrow = (timezone.localdate() + DAY).isoformat()

    page = client.post(
        reverse("deposit-detail", args=[deposit.code]),
        {"entry": "refund", "bank_reference": "JH-1", "paid_on": tomorrow},
    )

    assert sorted(page.context["form"].errors) == ["bank_reference", "paid_on"]
    assert stands(deposit) == ("release_due", 0, "", None)
