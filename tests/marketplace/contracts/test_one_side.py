"""Who answered for the buyer in a deal neither writes nor sends its contract; who belongs to both acts for one."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from marketplace.contracts import actions
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.payments.actions import plan_instalment
from marketplace.contracts.payments.models import Instalment, Receipt
from marketplace.contracts.performance.actions import plan_milestone
from marketplace.contracts.sharing.distributing import distribute_receipt
from marketplace.contracts.writing import attach_signed_file, change_contract
from marketplace.core import clock
from marketplace.organisations.acting import KEY
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole
from tests.factories.people import join, member, sign_in
from tests.marketplace.contracts.factories import ITEMS, WAN, facts, scan
from tests.marketplace.contracts.shared import effective, house, receipt
from tests.marketplace.deals.factories import enterprise, priced

pytestmark = pytest.mark.django_db

OTHER = "已代表.*其他人员办理"


@pytest.fixture
def dealt():
    """A deal with its price, and the buyer's manager who agreed to it and has joined the seller since."""
    deal, seller, buyer = priced()
    join(buyer.manager, deal.seller, MemberRole.MANAGER)
    return deal, seller, User.objects.get(pk=buyer.manager.pk)


def test_does_not_draw_it_up(dealt):
    deal, seller, both = dealt

    with pytest.raises(PermissionDenied, match=OTHER):
        draft_contract_from_deal(deal, by=both, organisation=deal.seller)
    assert draft_contract_from_deal(deal, by=seller.manager, organisation=deal.seller).pk


def test_neither_changes_nor_sends_it(dealt):
    deal, seller, both = dealt
    contract = draft_contract_from_deal(deal, by=seller.manager, organisation=deal.seller)
    filled = {"items": ITEMS, **facts(buyer_uscc=deal.buyer.uscc)}

    for tried in (
        lambda: change_contract(contract, by=both, **filled),
        lambda: attach_signed_file(contract, by=both, upload=scan()),
        lambda: actions.submit_contract(contract, by=both),
    ):
        with pytest.raises(PermissionDenied, match=OTHER):
            tried()
    change_contract(contract, by=seller.manager, **filled)


def acting(user, organisation):
    client = sign_in(Client(), user)
    session = client.session
    session[KEY] = organisation.code if organisation else ""
    session.save()
    return client


@pytest.fixture
def paid():
    """A signed contract with an instalment, a payment, one shared out, and a manager of both of its parties."""
    buyer = enterprise()
    here = house(buyer_uscc=buyer.uscc)
    effective(here)
    both = member(here.institute, MemberRole.MANAGER)
    join(both, buyer, MemberRole.MANAGER)
    here.instalment = plan_instalment(here.contract, by=here.finance, due_on=clock.today(), amount=WAN)
    here.receipt = receipt(here)
    here.line = distribute_receipt(receipt(here), by=here.finance).lines.first()
    here.milestone = plan_milestone(here.contract, by=here.manager, title="交付", due_on=clock.today())
    return here, buyer, both


def forms_of(here):
    """Return {form of the seller's books: what is sent}."""
    today = str(clock.today())
    return {
        reverse("instalment-plan", args=[here.contract.code]): {"due_on": today, "amount": "1"},
        reverse("receipt-enter", args=[here.contract.code]): {
            "amount": "1", "received_on": today, "bank_reference": "样例 1"
        },
        reverse("instalment-invoice", args=[here.instalment.code]): {"invoice_number": "1", "invoiced_on": today},
        reverse("instalment-drop", args=[here.instalment.code]): {"reason": "样例"},
        reverse("line-pay", args=[here.line.code]): {"paid_on": today, "reference": "样例 2"},
        reverse("receipt-distribute", args=[here.receipt.code]): {"direct_cost": "0", "tax": "0", "share_out": "1"},
        reverse("receipt-reverse", args=[here.receipt.code]): {"reason": "样例"},
        reverse("milestone-plan", args=[here.contract.code]): {"title": "安装", "due_on": today},
        reverse("milestone-drop", args=[here.milestone.code]): {},
    }  # fmt: skip


def test_who_acts_for_the_buyer_writes_nothing_in_the_books_of_the_seller(paid):
    here, buyer, both = paid

    for organisation, said in ((buyer, f"目前您代表{buyer}"), (None, "请先选择您代表的单位")):
        client = acting(both, organisation)
        for address, sent in forms_of(here).items():
            answer = client.post(address, sent)
            assert (address, answer.status_code) == (address, 403)
            assert said in answer.content.decode()
    assert (Instalment.objects.count(), Receipt.objects.count()) == (1, 2)
    here.line.refresh_from_db()
    assert here.line.state == "payable"


def test_who_belongs_to_both_keeps_the_books_for_the_seller_they_act_for(paid):
    here, _buyer, both = paid
    client = acting(both, here.institute)

    assert {client.post(address, sent).status_code for address, sent in forms_of(here).items()} <= {200, 302}

    assert Instalment.objects.filter(planned_by=both).exists()
    assert Receipt.objects.filter(entered_by=both, reverses=None).exists()
    assert here.contract.milestones.filter(planned_by=both).exists()
    here.line.refresh_from_db()
    assert (here.line.state, here.line.paid_by) == ("paid", both)


def test_the_pages_say_to_who_acts_for_the_other_house_why_there_is_no_button(paid):
    here, buyer, both = paid

    for organisation in (buyer, here.institute):
        client = acting(both, organisation)
        for address in ("payment-list", "performance-detail"):
            page = client.get(reverse(address, args=[here.contract.code])).content.decode()
            assert ("目前您代表" in page) == (organisation == buyer)
            buttons = [reverse(one, args=[here.contract.code]) for one in ("milestone-plan", "receipt-enter")]
            assert any(button in page for button in buttons) == (organisation != buyer)
