"""Money that fits no deposit is noted once, assigned to the deposit it was meant for, or sent back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.bank_numbers import PaymentRecorded, StrayRecorded
from marketplace.auctions.deposits import NotYetPaid, WrongAmount
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.locking import Busy
from marketplace.auctions.models import Deposit, StrayPayment
from marketplace.auctions.reasons import ReasonMissing
from marketplace.auctions.straying import NotWaitedFor, ReturnedOnAnImpossibleDay
from marketplace.core import clock
from marketplace.core.advisory_locks import AdvisoryLock
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from tests.factories.people import join, sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, member, organisation, person
from tests.marketplace.auctions.racing import at_once, held, wait_for
from tests.marketplace.pressing import pressed

pytestmark = pytest.mark.django_db


def due():
    """Return a deposit that waits for its payment."""
    lot, firm = announced_lot(starts_at=timezone.now() + timedelta(days=7)), organisation()
    applied = actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)
    actions.admit_bidder(applied, by=person("organiser"), missing=ASKED_ALWAYS)
    return Deposit.objects.get(registrations=applied)


def noted(*, by=None, **facts):
    said = {
        "amount": 16_000_000,
        "payer": "温州样例阀门厂",
        "bank_reference": " lz-001 ",
        "received_at": timezone.now(),
        "note": "未写附言",
    }
    return actions.record_stray_payment(by=by or person("finance"), **said | facts)


def again(row):
    return type(row).objects.get(pk=row.pk)


def test_what_was_meant_for_a_deposit_counts_there():
    deposit, finance = due(), person("finance")
    stray = noted(amount=deposit.amount)

    actions.assign_stray_payment(stray, by=finance, deposit=deposit)

    deposit, stray = again(deposit), again(stray)
    assert (deposit.state, deposit.received, deposit.bank_reference) == ("held", deposit.amount, "LZ-001")
    assert (stray.state, stray.deposit, stray.settled_by) == ("assigned", deposit, finance)
    assert deposit.registrations.get().state == "deposit_held"
    assert list(Entry.objects.about(stray).values_list("kind", flat=True)) == [Kind.STRAY_ASSIGNED, Kind.STRAY_RECORDED]


def test_another_amount_is_not_assigned_and_nothing_is_half_done():
    deposit = due()
    stray = noted(amount=deposit.amount + 1)

    with pytest.raises(WrongAmount):
        actions.assign_stray_payment(stray, by=person("finance"), deposit=deposit)

    assert (again(stray).state, again(deposit).state) == ("open", "due")


def test_a_deposit_that_waits_for_nothing_takes_none():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=7))
    held = bidder(lot, at=timezone.now()).deposit
    stray = noted(amount=held.amount)

    with pytest.raises(NotWaitedFor):
        actions.assign_stray_payment(stray, by=person("finance"), deposit=held)


def test_a_record_that_was_taken_back_waits_again():
    deposit, finance = due(), person("finance")
    stray = noted(by=finance, amount=deposit.amount)
    actions.assign_stray_payment(stray, by=finance, deposit=deposit)

    actions.take_back_deposit(again(deposit), by=finance, reason="付款人另有其人")

    assert (again(stray).state, again(stray).deposit, again(deposit).state) == ("open", None, "due")
    actions.assign_stray_payment(again(stray), by=finance, deposit=again(deposit))
    assert again(deposit).state == "held"


def test_it_goes_back_once_and_in_full():
    stray, finance = noted(), person("finance")
    today = clock.today()

    with pytest.raises(ReturnedOnAnImpossibleDay):
        actions.return_stray_payment(stray, by=finance, return_reference="T1", returned_on=today + timedelta(days=1))
    actions.return_stray_payment(again(stray), by=finance, return_reference=" t1 ", returned_on=today)
    with pytest.raises(WrongState):
        actions.return_stray_payment(again(stray), by=finance, return_reference="T2", returned_on=today)

    assert (again(stray).state, again(stray).return_reference) == ("returned", "T1")


def test_a_number_of_the_bank_stands_for_one_thing():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=7))
    held, waiting, finance = bidder(lot, at=timezone.now()).deposit, due(), person("finance")
    stray = noted()

    with pytest.raises(PaymentRecorded):
        noted(bank_reference=held.bank_reference.lower())
    with pytest.raises(StrayRecorded):
        noted()
    facts = {"amount": waiting.amount, "bank_reference": "LZ-001", "received_at": timezone.now()}
    with pytest.raises(StrayRecorded):  # it is assigned there, not entered a second time
        actions.record_deposit(waiting, by=finance, **facts)
    with pytest.raises(StrayRecorded) as refused:
        actions.return_stray_payment(stray, by=finance, return_reference="LZ-001", returned_on=clock.today())

    assert refused.value.field == "return_reference"
    assert StrayPayment.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [({"received_at": timezone.now() + timedelta(days=2)}, NotYetPaid), ({"note": " "}, ReasonMissing)],
)
def test_what_cannot_be_noted(facts, refusal):
    with pytest.raises(refusal):
        noted(**facts)


def test_nobody_assigns_money_to_the_own_organisation():
    deposit = due()
    stray, finance = noted(amount=deposit.amount), person("finance")

    join(finance, deposit.organisation)

    with pytest.raises(PermissionDenied):
        actions.assign_stray_payment(stray, by=finance, deposit=deposit)
    assert again(stray).state == "open"


def test_finance_staff_clear_it_up_on_pages(client):
    deposit = due()
    finance = person("finance")
    sign_in(client, finance)
    listed = reverse("stray-list")
    said = {
        "amount": f"{deposit.amount / 100:.2f}",
        "payer": "温州样例阀门厂",
        "bank_reference": "LZ-9",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "note": "未写附言",
    }

    wrong = client.post(listed, said | {"note": "", "amount": "很多"})
    client.post(listed, said)
    stray = StrayPayment.objects.get()
    desk = client.get("/desk/").content.decode()
    page = client.get(stray.get_absolute_url()).content.decode()
    nothing = client.post(reverse("stray-settle", args=[stray.code, "return"]), {"return_reference": ""})
    done = client.post(reverse("stray-settle", args=[stray.code, "assign"]), {"deposit": deposit.code}, follow=True)

    assert set(wrong.context["form"].errors) == {"amount", "note"}
    assert "很多" in wrong.content.decode()
    assert "处理 温州样例阀门厂 的不明来款" in desk
    assert deposit.reference in page
    assert "return_reference" in nothing.context["forms"]["return"].errors
    assert "来款 LZ-9：已认领。" in done.content.decode()
    assert again(deposit).state == "held"
    assert client.get(listed, {"q": "阀门"}).context["page_obj"].object_list[0].pk == stray.pk
    assert not client.get(listed, {"q": "查无"}).context["page_obj"].object_list


def test_a_note_by_mistake_is_taken_back_and_its_number_is_free(client):
    stray, finance = noted(amount=1), person("finance")
    sign_in(client, finance)
    address = reverse("stray-settle", args=[stray.code, "take-back"])

    silent = client.post(address, {"reason": " "})
    client.post(address, {"reason": "金额录错"})
    anew = noted(received_at=timezone.now() - timedelta(days=1))
    gone = noted(bank_reference="LZ-2")
    actions.return_stray_payment(gone, by=finance, return_reference="T1", returned_on=clock.today())
    told = client.get(stray.get_absolute_url()).content.decode()

    assert "reason" in silent.context["forms"]["take_back"].errors
    assert (again(stray).state, again(stray).settled_by, anew.bank_reference) == ("mistaken", finance, "LZ-001")
    assert "金额录错" in told
    assert address not in told
    assert list(client.get(reverse("stray-list")).context["page_obj"]) == [anew, gone, stray]  # what waits comes first
    with pytest.raises(WrongState):
        actions.return_stray_payment(stray, by=finance, return_reference="T2", returned_on=clock.today())


def test_a_refund_that_the_bank_did_not_make_is_taken_back_and_the_payment_waits_again():
    stray, finance = noted(), person("finance")
    actions.return_stray_payment(stray, by=finance, return_reference="T1", returned_on=clock.today())

    with pytest.raises(ReasonMissing):
        actions.take_back_stray_return(stray, by=finance, reason="")
    actions.take_back_stray_return(again(stray), by=finance, reason="银行退票")
    actions.return_stray_payment(again(stray), by=finance, return_reference="T1", returned_on=clock.today())

    kinds = [Kind.STRAY_RETURNED, Kind.STRAY_RETURN_TAKEN_BACK, Kind.STRAY_RETURNED, Kind.STRAY_RECORDED]
    assert list(Entry.objects.about(stray).values_list("kind", flat=True)) == kinds
    assert again(stray).return_reference == "T1"


def test_what_counts_as_a_deposit_is_taken_back_there_only():
    deposit, finance = due(), person("finance")
    stray = noted(amount=deposit.amount)
    actions.assign_stray_payment(stray, by=finance, deposit=deposit)

    for verb in (actions.take_back_stray_payment, actions.take_back_stray_return):
        with pytest.raises(WrongState):
            verb(again(stray), by=finance, reason="录错")

    assert (again(stray).state, again(deposit).state) == ("assigned", "held")


def test_a_correction_of_the_deposit_is_one_of_the_stray_payment_too():
    deposit, finance = due(), person("finance")
    stray = noted(amount=deposit.amount)
    actions.assign_stray_payment(stray, by=finance, deposit=deposit)
    facts = {"amount": deposit.amount, "received_at": timezone.now(), "reason": "流水号录错"}

    actions.correct_deposit(again(deposit), by=finance, bank_reference="LZ-77", **facts)

    assert again(stray).bank_reference == "LZ-77"
    assert noted(bank_reference="LZ-001").state == "open"
    with pytest.raises(PaymentRecorded):
        noted(bank_reference="LZ-77")


def test_who_comes_second_reads_that_it_is_settled_and_odd_numbers_are_told(client):
    stray, finance = noted(), person("finance")
    sign_in(client, finance)
    address = reverse("stray-settle", args=[stray.code, "return"])
    long = client.post(address, {"return_reference": "㍿" * 20, "returned_on": clock.today().isoformat()})
    actions.take_back_stray_payment(stray, by=finance, reason="录错")

    late = client.post(address, {"return_reference": "T1", "returned_on": clock.today().isoformat()}, follow=True)

    assert "return_reference" in long.context["forms"]["return"].errors
    assert "误登已撤销" in str(next(iter(late.context["messages"])))


def test_who_supervises_reads_and_settles_nothing(client):
    stray = noted()
    sign_in(client, person("auditor"))

    assert client.get(stray.get_absolute_url()).status_code == 200
    assert "登记来款" not in client.get(reverse("stray-list")).content.decode()
    assert client.post(reverse("stray-settle", args=[stray.code, "return"]), {}).status_code == 403
    sign_in(client, person("organiser"))
    assert client.get(reverse("stray-list")).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_who_clear_it_up_at_the_same_instant_one_does():
    deposit, one, two = due(), person("finance"), person("finance")
    stray = noted(amount=deposit.amount)
    address = reverse("stray-settle", args=[stray.code, "assign"])
    back = reverse("stray-settle", args=[stray.code, "return"])
    returned = {"return_reference": "T9", "returned_on": clock.today().isoformat()}

    mistaken, reason = reverse("stray-settle", args=[stray.code, "take-back"]), {"reason": "录错"}

    pressed(
        (one, address, {"deposit": deposit.code}),
        (two, back, returned),
        (person("finance"), mistaken, reason),
        row=stray,
    )

    stray, deposit = again(stray), again(deposit)
    assert (stray.state, deposit.state) in {("assigned", "held"), ("returned", "due"), ("mistaken", "due")}


@pytest.mark.django_db(transaction=True)
def test_one_number_entered_as_a_deposit_and_as_a_stray_payment_at_once_stands_for_one():
    deposit, one, two = due(), person("finance"), person("finance")
    facts = {"amount": deposit.amount, "bank_reference": "N1", "received_at": timezone.now()}

    with ThreadPoolExecutor(max_workers=1) as beside:
        with held(f"SELECT pg_advisory_xact_lock({AdvisoryLock.BANK_NUMBER:d}, hashtext(%s))", "N1"):
            answers = beside.submit(
                at_once,
                [
                    lambda: actions.record_deposit(deposit, by=one, **facts),
                    lambda: type(noted(by=two, **facts)),
                ],
            )
            wait_for(2)
        came = answers.result()

    assert came in ([None, PaymentRecorded], [StrayRecorded, StrayPayment])
    entered = Deposit.objects.filter(bank_reference="N1").count(), StrayPayment.objects.count()
    assert entered in {(1, 0), (0, 1)}


@pytest.mark.django_db(transaction=True)
def test_assigning_waits_for_whoever_holds_the_lot():
    deposit = due()
    stray = noted(amount=deposit.amount)

    with held("SELECT lot_lock(%s)", deposit.lot_id), pytest.raises(Busy):
        actions.assign_stray_payment(stray, by=person("finance"), deposit=deposit)

    assert (again(stray).state, again(deposit).state) == ("open", "due")
