"""“Paid” is somebody's word until the seller's books, or its finance, say so: desks, page, report and notices."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from marketplace.auctions import actions
from marketplace.auctions.answering_payment import NothingSaid
from marketplace.auctions.days_of_sale import last_day
from marketplace.auctions.following_up import PaymentConfirmed
from marketplace.auctions.models import SaleMilestone
from marketplace.auctions.reasons import ReasonMissing
from marketplace.auctions.session_report import SessionReport
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.actions import enter_receipt
from marketplace.contracts.payments.models import received_of
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.core import clock
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import member, person
from tests.marketplace.auctions.test_days_of_sale import contracted, late
from tests.marketplace.auctions.test_milestones import again, said

pytestmark = pytest.mark.usefixtures("for_now")
SHARED = (contracted,)


def buyer_says(lot):
    return said(lot, "paid", by=lot.leader.agent, organisation=lot.leader.organisation)


def rows_of(client, user, lot):
    sign_in(client, user)
    return [row for row in client.get("/desk/").context["rows"] if lot.heading in row.title and row.icon == "banknotes"]


def contract_of(lot):
    return TechnologyContract.objects.get(deal__lot_number=lot.number)


def pay_whole(lot, by, number="样例流水 1"):
    contract = contract_of(lot)
    left = contract.total_amount - received_of(contract)
    return enter_receipt(contract, by=by, amount=left, received_on=clock.today(), bank_reference=number)


def test_the_buyers_word_alone_ends_neither_the_day_nor_the_tasks(client, ready):
    lot = ready(contracted)
    finance = member(lot.outcome.owner, "finance")
    day = last_day(lot)

    buyer_says(lot)

    assert last_day(again(lot)) == day
    (of_buyer,) = rows_of(client, lot.leader.agent, lot)
    (of_seller,) = rows_of(client, finance, lot)
    assert (of_buyer.due, of_seller.due) == (day.day, day.day)
    assert of_buyer.title == f"已说明付清，等供方财务确认到账：{lot}"
    assert of_seller.title == f"核对到账，或说明未收到：{lot}"


def test_the_seller_finance_knows_the_day_before_anybody_says_anything(client, ready):
    lot = ready(contracted)

    (row,) = rows_of(client, member(lot.outcome.owner, "finance"), lot)

    assert (row.title, row.due) == (f"成交价款到账后登记：{lot}", last_day(lot).day)


def test_the_organiser_still_sees_an_unpaid_sale_with_the_word_beside_it(client, ready):
    lot = ready(contracted)
    buyer_says(lot)
    sign_in(client, person("organiser"))

    with clock.moved_to(late(lot)):
        (row,) = [row for row in client.get("/desk/").context["rows"] if row.title == f"逾期未付款：{lot}"]

    assert "买受人说已付款，供方未确认" in row.about


def test_what_is_entered_up_to_the_price_ends_it_and_its_reversal_begins_it_again(client, ready):
    lot = ready(contracted)
    finance = member(lot.outcome.owner, "finance")
    day = last_day(lot)
    buyer_says(lot)

    receipt = pay_whole(lot, finance)

    assert last_day(again(lot)) is None
    assert rows_of(client, lot.leader.agent, lot) == rows_of(client, finance, lot) == []
    reverse_receipt(receipt, by=finance, reason="退票")
    assert last_day(again(lot)) == day
    assert len(rows_of(client, finance, lot)) == 1


def test_the_seller_finance_confirms(ready):
    lot = ready(contracted)
    finance = member(lot.outcome.owner, "finance")
    milestone = buyer_says(lot)

    actions.confirm_payment(milestone, by=finance)

    milestone.refresh_from_db()
    assert (milestone.answer, milestone.answered_by) == ("confirmed", finance)
    assert last_day(again(lot)) is None
    with pytest.raises(PaymentConfirmed):
        buyer_says(lot)
    with pytest.raises(NothingSaid):
        actions.deny_payment(milestone, by=finance, reason="误")


def test_not_received_keeps_the_day_tells_why_and_the_buyer_may_say_it_again(client, ready):
    lot = ready(contracted)
    finance = member(lot.outcome.owner, "finance")
    milestone = buyer_says(lot)
    with pytest.raises(ReasonMissing):
        actions.deny_payment(milestone, by=finance, reason=" ")

    actions.deny_payment(milestone, by=finance, reason="账上没有这笔钱")

    assert last_day(again(lot)) is not None
    (of_buyer,) = rows_of(client, lot.leader.agent, lot)
    assert of_buyer.title == f"供方财务说明未收到成交价款：{lot}"
    assert "账上没有这笔钱" in client.get(lot.get_absolute_url()).content.decode()
    (of_seller,) = rows_of(client, finance, lot)
    assert of_seller.title == f"成交价款到账后登记：{lot}"
    client.logout()
    assert "账上没有这笔钱" not in client.get(lot.get_absolute_url()).content.decode()

    assert buyer_says(lot).answer == ""


def test_a_manager_of_the_seller_who_says_it_confirms_it_and_a_publisher_or_organiser_does_not(ready):
    lot = ready(contracted)
    seller = lot.outcome.owner

    for by, organisation in [(person("organiser"), None), (member(seller, "publisher"), seller)]:
        assert said(lot, "paid", by=by, organisation=organisation).answer == ""
        assert last_day(again(lot)) is not None
    manager = member(seller, "manager")
    assert said(lot, "paid", by=manager, organisation=seller).answered_by == manager

    assert last_day(again(lot)) is None


def test_who_may_answer(ready):
    lot = ready(contracted)
    milestone = buyer_says(lot)
    both = member(lot.outcome.owner, "finance")
    SaleMilestone.objects.filter(pk=milestone.pk).update(said_by=both)
    milestone.refresh_from_db()

    for user in (
        lot.leader.agent,
        member(lot.outcome.owner, "publisher"),
        person("organiser"),
        person("finance"),
        both,
    ):
        with pytest.raises(PermissionDenied):
            actions.confirm_payment(milestone, by=user)
        with pytest.raises(PermissionDenied):
            actions.deny_payment(milestone, by=user, reason="未到账")


@pytest.mark.parametrize(("verb", "answer"), [("received", "confirmed"), ("missing", "not_received")])
def test_the_seller_finance_answers_on_the_page_of_the_lot(client, verb, answer, ready):
    lot = ready(contracted)
    buyer_says(lot)
    contract = contract_of(lot)
    sign_in(client, member(lot.outcome.owner, "finance"))
    page = client.get(lot.get_absolute_url()).content.decode()
    assert reverse("receipt-enter", args=[contract.code]) in page
    assert "供方财务尚未确认" in page
    address = reverse("lot-payment", args=[lot.number, verb])
    assert address in page

    if verb == "missing":
        refused = client.post(address, {"reason": ""})
        assert set(refused.context["missing_form"].errors) == {"reason"}
    client.post(address, {"reason": "未到账"}, follow=True)

    assert SaleMilestone.objects.get().answer == answer
    assert reverse("lot-payment", args=[lot.number, verb]) not in client.get(lot.get_absolute_url()).content.decode()


def test_the_organiser_reads_word_and_books_on_the_page_and_in_the_report(client, ready):
    lot = ready(contracted)
    buyer_says(lot)
    sign_in(client, person("organiser"))

    page = client.get(lot.get_absolute_url()).content.decode()
    (row,) = SessionReport(lot.session).sold
    report = client.get(reverse("session-report", args=[lot.session.number])).content.decode()

    assert "供方账上" in page
    assert row.follow_up.paid.is_open
    assert "供方财务尚未确认" in report
