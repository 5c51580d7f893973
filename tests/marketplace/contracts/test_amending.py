"""A change of a registered contract is agreed by both sides before the register is asked."""

import pytest
from django.core.exceptions import PermissionDenied

from marketplace.contracts.amending import answer_contract_change
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import grant_contract_change, request_contract_change, withdraw_contract_change
from marketplace.contracts.ending import cancel_contract
from marketplace.contracts.payments.actions import enter_receipt, plan_instalment
from marketplace.contracts.payments.refusals import BelowReceived
from marketplace.contracts.refusals import AgreementMissing, ChangeAwaits, ConsentReasonsMissing, NoChangeAwaits
from marketplace.core import clock
from marketplace.core.refusals import WrongState
from marketplace.desk.collecting import collect
from marketplace.desk.rows import Reader
from marketplace.notices.models import Notice
from marketplace.organisations.roles import MemberRole
from tasks.delivery import at_once
from tests.factories.people import join, sign_in
from tests.marketplace.contracts.factories import WAN, broker, organisation, person, registered, scan
from tests.marketplace.contracts.test_later_pages import address, lines

pytestmark = pytest.mark.django_db


def with_buyer():
    """Return a registered contract of 600 wan, its seller's and its buyer's manager."""
    buyer = organisation(kind="enterprise")
    contract, seller = registered(buyer_uscc=buyer.uscc)
    return contract, seller, person(member_of=buyer, roles=["manager"])


def ask(contract, by, amount, *, upload=True):
    stays = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议一"}
    paper = scan("补充协议.pdf") if upload else None
    return request_contract_change(contract, by=by, items=[Item("开发", amount, True)], upload=paper, **stays)


def desk_of(user):
    return [row.title for row in collect(Reader(user, None, clock.now()))]


def test_the_seller_alone_does_not_lower_the_price(django_capture_on_commit_callbacks):
    contract, seller, buyer = with_buyer()
    registrar = person("registrar")
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        change = ask(contract, seller, 30 * WAN)

    contract.refresh_from_db()
    assert (change.state, contract.state) == ("awaiting", "registered")
    with pytest.raises(WrongState):
        grant_contract_change(contract, by=registrar)
    assert not any("变更" in title for title in desk_of(registrar))
    assert f"答复合同变更：{contract}" in desk_of(buyer)
    assert Notice.objects.filter(user=buyer, kind="contract.change_requested").exists()
    assert not Notice.objects.filter(user=registrar).exists()
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        answer_contract_change(contract, by=buyer, agrees=True)

    contract.refresh_from_db()
    assert contract.state == "change_requested"
    assert Notice.objects.filter(user=registrar, kind="contract.change_to_decide").exists()
    assert Notice.objects.filter(user=seller, kind="contract.change_agreed").exists()
    assert f"答复合同变更：{contract}" not in desk_of(buyer)
    grant_contract_change(contract, by=registrar)
    assert contract.total_amount == 30 * WAN


def test_declined_with_reasons_the_contract_stays_as_it_is():
    contract, seller, buyer = with_buyer()
    change = ask(contract, seller, 30 * WAN)
    with pytest.raises(ConsentReasonsMissing):
        answer_contract_change(contract, by=buyer, agrees=False, answer=" ")

    answer_contract_change(contract, by=buyer, agrees=False, answer="未商定降价")

    change.refresh_from_db()
    contract.refresh_from_db()
    assert (change.state, change.answer, contract.state) == ("declined", "未商定降价", "registered")
    with pytest.raises(NoChangeAwaits):
        answer_contract_change(contract, by=buyer, agrees=True)
    ask(contract, seller, 40 * WAN)


def test_nobody_but_the_buyer_answers_and_no_one_for_both():
    contract, seller, _buyer = with_buyer()
    ask(contract, seller, 30 * WAN)
    for user in (seller, person("registrar"), person("officer"), person()):
        with pytest.raises(PermissionDenied):
            answer_contract_change(contract, by=user, agrees=True)
    join(seller, contract.buyer, MemberRole.MANAGER)
    with pytest.raises(PermissionDenied, match="已代表"):
        answer_contract_change(contract, by=seller, agrees=True)

    assert contract.changes.get().state == "awaiting"


def test_the_agreement_is_on_file_and_of_a_buyer_elsewhere_it_is_the_consent():
    contract, seller = registered()
    with pytest.raises(AgreementMissing):
        ask(contract, seller, 30 * WAN, upload=False)

    change = ask(contract, seller, 30 * WAN)

    assert (change.state, change.agreement.name, contract.state) == ("requested", "补充协议.pdf", "change_requested")


def test_one_at_a_time_also_while_the_buyer_is_asked():
    contract, seller, _buyer = with_buyer()
    ask(contract, seller, 30 * WAN)
    with pytest.raises(ChangeAwaits):
        ask(contract, seller, 40 * WAN)

    withdraw_contract_change(contract, by=seller)

    assert contract.changes.get().state == "withdrawn"
    ask(contract, seller, 40 * WAN)
    cancel_contract(contract, by=seller, reasons="协商", benefits_enjoyed=False)
    assert not contract.changes.filter(state="awaiting").exists()


def test_what_came_in_meanwhile_keeps_the_buyer_from_agreeing():
    contract, seller, buyer = with_buyer()
    ask(contract, seller, 30 * WAN)
    enter_receipt(contract, by=seller, amount=31 * WAN, received_on=clock.today(), bank_reference="1")

    with pytest.raises(BelowReceived):
        answer_contract_change(contract, by=buyer, agrees=True)

    contract.refresh_from_db()
    assert (contract.state, contract.changes.get().state) == ("registered", "awaiting")


def test_the_registrar_has_no_button_that_can_only_fail(client):
    contract, seller = registered()
    ask(contract, seller, 30 * WAN)
    registrar = person("registrar")
    sign_in(client, registrar)
    before = client.get(address(contract)).content.decode()
    enter_receipt(contract, by=seller, amount=31 * WAN, received_on=clock.today(), bank_reference="1")

    page = client.get(address(contract)).content.decode()

    grant = address(contract, "grant-change")
    assert (grant in before, "not-granted" in before) == (True, False)
    assert (grant in page, "not-granted" in page) == (False, True)
    assert "310,000.00" in page
    assert address(contract, "refuse-change") in page


@pytest.mark.parametrize(
    ("prefix", "asked", "alone"),
    [("", "已申请：合同总额由", "须重新安排"), ("/en", "Asked for: a total of", "The schedule is to be made again")],
)
def test_the_pages_say_what_is_asked_and_what_comes_next(client, prefix, asked, alone):
    contract, seller, buyer = with_buyer()
    plan_instalment(contract, by=seller, due_on=clock.today(), amount=300 * WAN)
    here = f"{prefix}/contracts/{contract.code}/"
    sign_in(client, seller)
    form = client.get(f"{here}request-change/").content.decode()
    dates = {"begins_on": contract.begins_on.isoformat(), "ends_on": contract.ends_on.isoformat()}
    typed = {"reasons": "补充协议一", **dates}
    unsigned = client.post(f"{here}request-change/", lines(("开发", "200", True), **typed))
    done = client.post(
        f"{here}request-change/", lines(("开发", "200", True), **typed, upload=scan("补充协议.pdf")), follow=True
    )
    told = " ".join(map(str, done.context["messages"]))

    assert contract.buyer_name in form
    assert unsigned.context["form"].errors["upload"]
    assert "补充协议一" in unsigned.content.decode()
    assert asked in told
    assert alone not in told
    sign_in(client, buyer)
    assert f"{here}answer-change/" in client.get(here).content.decode()
    question = client.get(f"{here}answer-change/").content.decode()
    unsaid = client.post(f"{here}answer-change/", {"agrees": "no", "answer": ""})
    client.post(f"{here}answer-change/", {"agrees": "yes", "answer": "同意"})
    assert "补充协议.pdf" in question
    assert "2,000,000.00" in question
    assert unsaid.context["form"].errors["answer"]
    contract.refresh_from_db()
    assert contract.state == "change_requested"
    assert client.get(f"{here}answer-change/", follow=True).redirect_chain


def test_the_broker_does_not_open_the_agreement(client):

    known = broker(user=person())
    contract, seller = registered(broker=known)
    change = ask(contract, seller, 30 * WAN)
    sign_in(client, known.user)

    page = client.get(address(contract)).content.decode()

    assert "补充协议.pdf" not in page
    assert client.get(f"/files/{change.agreement.code}/").status_code == 404
