"""Money that arrives for a deposit nobody asks for any more: recorded, and paid back in full."""

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.correcting import NotHeld
from marketplace.auctions.deposits import WrongAmount
from marketplace.auctions.invariants import all_problems
from marketplace.auctions.models import BidderRegistration, Deposit
from marketplace.auctions.refunds import RefundIsThePayment
from marketplace.auctions.session_deposits import session_deposit_problems
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import person, second_lot
from tests.marketplace.auctions.test_deposit_corrections import admitted, coming, corrected, minute, paid

pytestmark = pytest.mark.django_db


def withdrawn(**facts):
    """Return an application that its bidder withdrew before its deposit was recorded."""
    one = admitted(coming(**facts))
    actions.withdraw_application(one, by=one.agent, organisation=one.organisation)
    return again(one)


def again(one):
    return BidderRegistration.objects.select_related("deposit__session", "lot__session").get(pk=one.pk)


def called_off():
    """Return an application whose lot was taken out of its session."""
    one = admitted(coming())
    actions.withdraw_lot(one.lot, by=person("organiser"), reason="权属待核实")
    return again(one)


def states(one):
    return again(one).state, Deposit.objects.get(pk=one.deposit_id).state


@pytest.mark.parametrize("made", [withdrawn, called_off])
def test_it_is_paid_back_in_full(made):
    one, finance = made(), person("finance")
    assert states(one) == ("lapsed", "lapsed")

    paid(one, finance)

    assert states(one) == ("refund_due", "release_due")
    kinds = list(Entry.objects.about(one.deposit).order_by("pk").values_list("kind", flat=True))
    assert kinds[-2:] == [Kind.DEPOSIT_RECEIVED, Kind.DEPOSIT_RELEASE_DUE]
    assert [each.pk for each in Deposit.objects.to_release()] == [one.deposit_id]

    actions.release_deposit(again(one).deposit, by=finance, bank_reference="TK-1")

    assert states(one) == ("refunded", "released")
    assert again(one).deposit.released == one.deposit.amount
    assert all_problems() == []


def test_a_deposit_for_all_lots_is_paid_back_once_for_all_of_them():
    one = admitted(coming(deposit_scope="session"))
    other = admitted(second_lot(one.lot), one.organisation)
    for each in (one, other):
        actions.withdraw_application(each, by=each.agent, organisation=each.organisation)

    paid(again(one), person("finance"))

    assert [states(each) for each in (one, other)] == [("refund_due", "release_due")] * 2
    assert session_deposit_problems(one.lot) == []


def test_any_amount_that_arrived_is_paid_back_while_one_that_is_asked_for_is_exact():
    asked, one, finance = admitted(coming()), withdrawn(), person("finance")
    with pytest.raises(WrongAmount):
        paid(asked, finance, amount=asked.deposit.amount - 1)

    paid(one, finance, amount=one.deposit.amount - 1)
    actions.release_deposit(again(one).deposit, by=finance, bank_reference="TK-1")

    assert states(asked) == ("deposit_due", "due")
    assert states(one) == ("refunded", "released")
    assert again(one).deposit.released == one.deposit.amount - 1
    assert all_problems() == []


def test_the_number_of_the_payment_is_not_the_one_of_its_refund():
    one, finance = withdrawn(), person("finance")
    paid(one, finance)
    deposit = again(one).deposit

    with pytest.raises(RefundIsThePayment):
        actions.release_deposit(deposit, by=finance, bank_reference=f" {deposit.bank_reference} ")

    assert states(one) == ("refund_due", "release_due")


def test_a_bidder_whose_lot_was_withdrawn_reads_that_and_why(client):
    one = called_off()
    sign_in(client, one.agent)

    page = client.get(one.get_absolute_url()).content.decode()

    assert again(one).shown_state == "拍品撤回，报名终止"
    for told in ("拍品撤回，报名终止", "权属待核实", "在途的款项都将全额退还"):
        assert told in page


def test_a_way_to_correct_is_offered_only_where_it_leads_on(client):
    held, one, finance = admitted(coming()), withdrawn(), person("finance")
    paid(held, finance)
    paid(one, finance, "JH-2")
    sign_in(client, finance)
    pages = {each: reverse("deposit-detail", args=[again(each).deposit.code]) for each in (held, one)}
    way = {each: reverse("deposit-correct", args=[again(each).deposit.code]) for each in (held, one)}
    assert all(way[each] in client.get(pages[each]).content.decode() for each in (held, one))

    actions.qualify_bidder(again(held), by=person("organiser"))  # from here on something follows from the payment
    actions.release_deposit(again(one).deposit, by=finance, bank_reference="TK-1")

    assert way[held] not in client.get(pages[held]).content.decode()
    assert "银行并未退还这笔款项" in client.get(way[one]).content.decode()  # of the refund by now
    assert 'name="entry" value="refund"' in client.get(way[one]).content.decode()


def test_it_is_recorded_once():
    one, finance = withdrawn(), person("finance")
    paid(one, finance)

    with pytest.raises(WrongState):
        paid(again(one), finance, number="JH-2")

    assert again(one).deposit.bank_reference == "JH-1"
    assert Entry.objects.about(one.deposit).filter(kind=Kind.DEPOSIT_RECEIVED).count() == 1


@pytest.mark.parametrize("made", [withdrawn, called_off])
def test_a_record_made_by_mistake_is_taken_back_until_it_is_paid_back(made):
    one, finance = made(), person("finance")
    paid(one, finance)

    actions.take_back_deposit(again(one).deposit, by=finance, reason="是另一家的款项")

    deposit = again(one).deposit
    assert states(one) == ("lapsed", "lapsed")
    assert (deposit.received, deposit.bank_reference, deposit.release_due_at) == (0, "", None)
    assert not Deposit.objects.to_release().exists()
    paid(again(one), finance)
    assert states(one) == ("refund_due", "release_due")
    assert all_problems() == []


def test_it_is_corrected_until_it_is_paid_back_and_not_after_that():
    one, finance = withdrawn(), person("finance")
    paid(one, finance, "JH-1")

    corrected(again(one).deposit, finance, bank_reference="JH-9")
    assert again(one).deposit.bank_reference == "JH-9"
    actions.release_deposit(again(one).deposit, by=finance, bank_reference="TK-1")

    for act in (corrected, actions.take_back_deposit):
        with pytest.raises(NotHeld):
            act(again(one).deposit, by=finance, reason="误")


def test_a_deposit_that_was_held_and_is_to_be_paid_back_is_not_taken_back():
    one, finance = admitted(coming()), person("finance")
    paid(one, finance)
    actions.withdraw_application(again(one), by=one.agent, organisation=one.organisation)
    assert states(one) == ("refund_due", "release_due")

    with pytest.raises(NotHeld):
        actions.take_back_deposit(again(one).deposit, by=finance, reason="误")


def test_the_page_takes_a_record_back_and_says_what_follows(client):
    one, finance = withdrawn(), person("finance")
    paid(one, finance)
    sign_in(client, finance)
    page = client.get(reverse("deposit-correct", args=[one.deposit.code])).content.decode()
    back = reverse("deposit-take-back", args=[one.deposit.code])

    bare = client.post(back, {"reason": " "})

    assert "保证金恢复为不再收取" in page
    assert 'aria-invalid="true"' in bare.content.decode()
    assert states(one) == ("refund_due", "release_due")
    assert client.post(back, {"reason": "误记"}).status_code == 302
    assert states(one) == ("lapsed", "lapsed")


def test_finance_records_it_on_the_page_of_the_deposit_and_the_bidder_reads_it(client):
    one = withdrawn()
    address = reverse("deposit-detail", args=[one.deposit.code])
    sign_in(client, person("finance"))
    shown = client.get(address)
    assert "已不再要求缴纳" in shown.content.decode()
    assert shown.context["form"]["amount"].value() is None  # unexpected money is typed as the bank shows it
    at = minute().strftime("%Y-%m-%dT%H:%M")
    form = {"amount": str(one.deposit.amount / 100), "bank_reference": "JH-7", "received_at": at, "entry": "payment"}

    wrong = client.post(address, form | {"amount": "0"})
    assert wrong.context["form"].errors.keys() == {"amount"}
    assert 'value="JH-7"' in wrong.content.decode()
    assert client.post(address, form).url == reverse("deposit-list")

    assert states(one) == ("refund_due", "release_due")
    sign_in(client, one.agent)
    assert "退款中" in client.get(one.get_absolute_url()).content.decode()


def test_a_form_that_comes_while_another_is_recorded_is_not_shown_as_the_refunds(client, monkeypatch):
    one, finance = withdrawn(), person("finance")
    address = reverse("deposit-detail", args=[one.deposit.code])
    sign_in(client, finance)
    really = actions.record_deposit

    def recorded_first(deposit, **facts):
        really(Deposit.objects.get(pk=deposit.pk), **facts | {"bank_reference": "JH-1"})
        really(Deposit.objects.get(pk=deposit.pk), **facts)

    monkeypatch.setattr(actions, "record_deposit", recorded_first)
    form = {"entry": "payment", "amount": str(one.deposit.amount / 100), "bank_reference": "JH-7"}

    answer = client.post(address, form | {"received_at": minute().strftime("%Y-%m-%dT%H:%M")})

    assert answer.url == address
    assert states(one) == ("refund_due", "release_due")


def test_who_applied_again_has_another_deposit_that_finance_is_shown(client):
    one = withdrawn()
    other = admitted(one.lot, one.organisation)
    sign_in(client, person("finance"))

    page = client.get(reverse("deposit-detail", args=[one.deposit.code])).content.decode()

    assert reverse("deposit-detail", args=[other.deposit.code]) in page


def test_a_second_press_is_not_taken_for_the_refund(client):
    one = withdrawn()
    address = reverse("deposit-detail", args=[one.deposit.code])
    sign_in(client, person("finance"))
    form = {"entry": "payment", "amount": str(one.deposit.amount / 100), "bank_reference": "JH-7"}
    form["received_at"] = minute().strftime("%Y-%m-%dT%H:%M")
    assert 'name="entry" value="payment"' in client.get(address).content.decode()

    client.post(address, form)
    again_sent = client.post(address, form, follow=True)
    unnamed = client.post(address, {"bank_reference": "JH-7"})

    assert "已登记了新的内容" in again_sent.content.decode()
    assert unnamed.url == address
    assert states(one) == ("refund_due", "release_due")
    refund = {"entry": "refund", "bank_reference": "TK-1", "paid_on": f"{timezone.localdate()}"}
    assert client.post(address, refund).url == reverse("deposit-list")
    assert states(one) == ("refunded", "released")


def test_who_withdraws_while_the_money_is_on_its_way_reads_that_it_comes_back(client):
    one = admitted(coming())
    sign_in(client, one.agent)

    page = client.get(reverse("registration-withdraw", args=[one.code])).content.decode()

    assert "如已汇出，到账后将全额退还" in page


def test_after_that_the_pages_say_that_it_was_withdrawn_and_that_money_comes_back(client):
    one = withdrawn()
    sign_in(client, one.agent)

    page = client.get(one.get_absolute_url()).content.decode()
    mine = client.get(reverse("registration-list")).content.decode()

    assert "如已汇出，到账后将全额退还" in page
    assert all("竞买人已撤回" in shown and "未缴保证金" not in shown for shown in (page, mine))
