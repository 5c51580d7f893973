"""What finance recorded of a payment is put right, or taken back, by whoever recorded it, while nothing follows."""

import copy
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.bank_numbers import PaymentRecorded
from marketplace.auctions.correcting import NotHeld, NothingCorrected, SomethingFollows
from marketplace.auctions.deposits import NotYetPaid, PaidBeforeTheAnnouncement, WrongAmount
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.invariants import all_problems
from marketplace.auctions.ladder import instant
from marketplace.auctions.models import BidderRegistration, Deposit, DepositCorrection
from marketplace.auctions.reasons import ReasonMissing
from marketplace.core.journal import Entry
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, member, organisation, person, second_lot

pytestmark = pytest.mark.usefixtures("for_now")

HOUR = timedelta(hours=1)


def coming(**facts):
    return announced_lot(starts_at=timezone.now() + timedelta(days=5), **facts)


def minute():
    return timezone.now().replace(second=0, microsecond=0)


def admitted(lot, firm=None):
    firm = firm or organisation()
    one = actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)
    actions.admit_bidder(one, by=person("organiser"), missing=ASKED_ALWAYS)
    return one


def paid(one, finance, number="JH-1", **facts):
    """Record the deposit of an application; return it afresh."""
    said = {"amount": one.deposit.amount, "bank_reference": number, "received_at": minute() - HOUR} | facts
    actions.record_deposit(one.deposit, by=finance, **said)
    return BidderRegistration.objects.select_related("deposit__session", "lot__session").get(pk=one.pk)


def corrected(deposit, by, **facts):
    said = {
        "amount": deposit.amount,
        "bank_reference": deposit.bank_reference,
        "received_at": deposit.received_at,
        "reason": "抄错一行",
    }
    return actions.correct_deposit(deposit, by=by, **said | facts)


def stands(deposit):
    deposit = Deposit.objects.get(pk=deposit.pk)
    return deposit.state, deposit.received_at, deposit.bank_reference


@pytest.fixture(scope="module")
def lasting_payment(lasting):
    """Return somebody of finance, and an application whose deposit they recorded."""
    finance = person("finance")
    return finance, paid(admitted(coming()), finance)


@pytest.fixture
def payment(lasting_payment, for_now):
    return copy.deepcopy(lasting_payment)


def test_a_payment_is_dated_from_the_announcement_on_also_before_the_application():
    lot, finance = coming(), person("finance")
    one = admitted(lot)
    announced = lot.session.announced_at.replace(second=0, microsecond=0)

    with pytest.raises(PaidBeforeTheAnnouncement):
        paid(one, finance, "JH-8", received_at=announced - timedelta(minutes=1))
    assert stands(one.deposit) == ("due", None, "")
    one = paid(one, finance, "JH-8", received_at=announced)

    assert one.deposit.received_at == announced < one.applied_at


def test_who_recorded_a_payment_puts_it_right_and_what_stood_there_is_kept(payment):
    finance, one = payment
    was, really = one.deposit.received_at, minute() - 2 * HOUR

    corrected(one.deposit, finance, bank_reference=" JH-7 ", received_at=really)

    assert stands(one.deposit) == ("held", really, "JH-7")
    kept = DepositCorrection.objects.get()
    assert (kept.was_received, kept.was_received_at, kept.was_bank_reference) == (one.deposit.amount, was, "JH-1")
    assert (kept.reason, kept.made_by, kept.is_taken_back) == ("抄错一行", finance, False)
    amount = one.deposit.amount
    assert Entry.objects.about(one.deposit).get(kind="deposit.corrected").data == {
        "before": {"amount": amount, "received_at": instant(was), "bank_reference": "JH-1"},
        "after": {"amount": amount, "received_at": instant(really), "bank_reference": "JH-7"},
    }


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({}, NothingCorrected),
        ({"amount": 1}, WrongAmount),
        ({"received_at": timezone.now() + timedelta(days=90)}, NotYetPaid),
        ({"received_at": timezone.now() - timedelta(days=900)}, PaidBeforeTheAnnouncement),
        ({"bank_reference": "JH-2"}, PaymentRecorded),
        ({"bank_reference": "JH-3", "reason": " "}, ReasonMissing),
    ],
)
def test_a_correction_obeys_what_a_record_does(payment, facts, refusal):
    finance, one = payment
    paid(admitted(one.lot), finance, "JH-2")
    before = stands(one.deposit)

    with pytest.raises(refusal):
        corrected(one.deposit, finance, **facts)

    assert stands(one.deposit) == before
    assert not DepositCorrection.objects.exists()


def test_a_payment_that_was_anothers_is_taken_back_and_recorded_where_it_belongs(payment):
    finance, wrong = payment
    right = admitted(wrong.lot)

    actions.take_back_deposit(wrong.deposit, by=finance, reason="是另一家的款项")
    right = paid(right, finance)

    wrong = BidderRegistration.objects.select_related("deposit").get(pk=wrong.pk)
    assert (wrong.state, *stands(wrong.deposit)) == ("deposit_due", "due", None, "")
    assert (right.state, right.deposit.bank_reference) == ("deposit_held", "JH-1")
    kept = DepositCorrection.objects.get()
    assert (kept.is_taken_back, kept.was_bank_reference, kept.reason) == (True, "JH-1", "是另一家的款项")
    assert Entry.objects.about(wrong.deposit).get(kind="deposit.taken_back").data["before"]["bank_reference"] == "JH-1"
    assert all_problems() == []
    assert paid(wrong, finance, "JH-4").state == "deposit_held"


def qualified(one):
    actions.qualify_bidder(one, by=person("organiser"))
    return SomethingFollows


def paid_back(one):
    actions.withdraw_application(one, by=one.agent, organisation=one.organisation)
    return NotHeld


def kept_for_another(one):
    other = admitted(second_lot(one.lot), one.organisation)
    assert other.deposit_id == one.deposit_id
    actions.withdraw_application(one, by=one.agent, organisation=one.organisation)
    return SomethingFollows


@pytest.mark.parametrize("follow", [qualified, paid_back, kept_for_another])
@pytest.mark.parametrize("act", [corrected, actions.take_back_deposit])
def test_what_something_follows_from_stays(payment, act, follow):
    finance, one = payment
    if follow is kept_for_another:
        one = paid(admitted(coming(deposit_scope="session")), finance, "JH-8")
    refusal = follow(one)
    before = stands(one.deposit)

    with pytest.raises(refusal):
        act(one.deposit, by=finance, reason="误")

    assert stands(one.deposit) == before
    assert not DepositCorrection.objects.exists()


def test_only_who_recorded_it_unless_that_person_keeps_no_money_any_more(payment):
    (finance, one), colleague = payment, person("finance")

    for stranger in (colleague, person("organiser"), one.agent):
        with pytest.raises(PermissionDenied):
            corrected(one.deposit, stranger, bank_reference="JH-9")
    finance.groups.clear()
    with pytest.raises(PermissionDenied):
        corrected(one.deposit, type(finance).objects.get(pk=finance.pk), bank_reference="JH-9")
    corrected(one.deposit, colleague, bank_reference="JH-9")

    assert stands(one.deposit)[2] == "JH-9"


def test_the_page_asks_says_what_follows_and_keeps_what_was_typed(client, payment):
    finance, one = payment
    sign_in(client, finance)
    detail = reverse("deposit-detail", args=[one.deposit.code])
    correct, back = (reverse(f"deposit-{name}", args=[one.deposit.code]) for name in ("correct", "take-back"))
    typed = {"amount": "160000", "bank_reference": "JH-5", "received_at": "2024-01-01T10:00", "reason": "年份写错"}

    offered = client.get(detail).content.decode()
    asked = client.get(correct).content.decode()
    wrong = client.post(correct, typed)
    empty = client.post(back, {"reason": ""})
    typed["received_at"] = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    done = client.post(correct, typed, follow=True).content.decode()
    client.post(back, {"reason": "不是这家"})
    over = client.get(correct).content.decode()

    assert correct in offered
    assert 'id="correct-deposit"' in asked
    assert 'id="take-back-deposit"' in asked
    assert list(wrong.context["form"].errors) == ["received_at"]
    assert "年份写错" in wrong.content.decode()
    assert list(empty.context["back_form"].errors) == ["reason"]
    assert "JH-1" in done
    assert "JH-5" in done
    assert "只有在保管中的保证金" in over
    assert stands(one.deposit) == ("due", None, "")


def test_once_something_follows_the_page_says_why_nothing_is_corrected(client, payment):
    finance, one = payment
    detail = reverse("deposit-detail", args=[one.deposit.code])
    sign_in(client, finance)

    before = client.get(detail).content.decode()
    actions.qualify_bidder(one, by=person("organiser"))
    after = client.get(detail).content.decode()

    assert str(SomethingFollows()) not in before
    assert reverse("deposit-correct", args=[one.deposit.code]) not in after
    assert f"登记有误？{SomethingFollows()}" in after
    sign_in(client, person("auditor"))
    assert "登记有误" not in client.get(detail).content.decode()


def test_the_form_names_whose_account_it_is_and_the_deposit_whose_number_was_typed(client, payment):
    finance, one = payment
    lot, other = one.lot, admitted(one.lot)
    sign_in(client, finance)
    detail = reverse("deposit-detail", args=[other.deposit.code])
    typed = {
        "entry": "payment",
        "amount": str(other.deposit.amount // 100),
        "bank_reference": one.deposit.bank_reference,
    }

    asked = client.get(detail).content.decode()
    refused = client.post(detail, typed | {"received_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}"}).content.decode()

    assert f"请核对付款户名：应为{other.organisation.name}。" in asked
    assert "缴纳截止" in asked
    assert f"该银行流水号已登记在保证金 {one.deposit.reference}（{lot.number}）的到账或退款中。" in refused
    assert "到账记录" in client.get(reverse("deposit-detail", args=[one.deposit.code])).content.decode()


def test_who_reads_sees_the_corrections_and_may_not_make_one(client, payment):
    finance, one = payment
    corrected(one.deposit, finance, bank_reference="JH-6")
    sign_in(client, person("auditor"))
    correct = reverse("deposit-correct", args=[one.deposit.code])

    detail = client.get(reverse("deposit-detail", args=[one.deposit.code])).content.decode()

    assert "抄错一行" in detail
    assert correct not in detail
    assert 'name="reason"' not in client.get(correct).content.decode()
    assert client.post(correct, {"reason": "x"}).status_code == 403


def test_all_that_is_wrong_with_a_payment_is_told_at_once_beside_its_fields(client, payment):
    finance, other = payment
    paid(admitted(other.lot), finance, "JH-2")
    one = admitted(other.lot)
    sign_in(client, finance)
    detail = reverse("deposit-detail", args=[one.deposit.code])
    tomorrow = timezone.localtime(minute() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    typed = {"entry": "payment", "amount": "12", "bank_reference": "jh-2", "received_at": tomorrow}
    page = client.post(detail, typed)

    errors = page.context["form"].errors
    assert sorted(errors) == ["amount", "bank_reference", "received_at"]
    assert "应缴保证金" in errors["amount"][0]
    assert stands(one.deposit) == ("due", None, "")
