"""Who is told about lots, applications and defaults."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from marketplace.auctions import actions
from marketplace.auctions.documents import ASKED_ALWAYS, Document
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AuctionSession, BidderRegistration, Deposit
from marketplace.auctions.outbid import note_outbid, outbid
from marketplace.notices.models import Notice
from marketplace.organisations.models import Membership
from tests.marketplace.auctions.making import announced_lot, bidder, hybrid_lot, member, organisation, paper, person

pytestmark = pytest.mark.django_db


STAFF = ("finance", "organiser")


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def bid(lot, who, amount):
    actions.place_bid(lot, by=who.agent, organisation=who.organisation, amount=amount * WAN, key=str(amount))


def leave(user):
    Membership.objects.filter(user=user).update(state="left")


def outbid_in(lot):
    """Let the first of two bidders be outbid; return it."""
    first, second = bidder(lot), bidder(lot)
    bid(lot, first, 160)
    bid(lot, second, 165)
    return first


def test_who_is_outbid_is_told_through_its_agent(commit):
    first = outbid_in(announced_lot(starts_at=timezone.now() - timedelta(minutes=1)))
    colleague = member(first.organisation, "bidder")

    commit(lambda: note_outbid(outbid().get()))

    assert told("registration.outbid") == {first.agent_id}
    assert colleague.pk not in told("registration.outbid")


@pytest.mark.parametrize("is_rehearsal", [False, True])
def test_what_does_not_count_says_so_first(commit, settings, is_rehearsal):
    settings.DEMO = True
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1), is_practice=True)
    outbid_in(lot)
    if is_rehearsal:
        rehearsed = announced_lot(starts_at=timezone.now() + timedelta(days=1)).session
        AuctionSession.objects.filter(pk=lot.session_id).update(rehearsal_of=rehearsed)

    commit(lambda: note_outbid(outbid().get()))

    notice = Notice.objects.get(kind="registration.outbid")
    mark, english = ("（演练）", "(Rehearsal) ") if is_rehearsal else ("（练习）", "(Practice) ")
    assert notice.title == f"{mark}拍品 {lot.number}：您已被超过，当前价 165 万元"
    with override("en"):
        assert notice.title.startswith(f"{english}You have been outbid on lot {lot.number}")


def test_an_agent_who_left_is_not_told_and_who_bids_now_is(commit):
    first = outbid_in(announced_lot(starts_at=timezone.now() - timedelta(minutes=1)))
    colleague, clerk = member(first.organisation, "bidder"), member(first.organisation, "finance")
    leave(first.agent)

    commit(lambda: note_outbid(outbid().get()))

    assert told("registration.outbid") == {colleague.pk}
    assert clerk.pk not in told("registration.outbid")


def test_a_default_is_told_to_both_sides(commit):
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    buyer, publisher = bidder(lot), member(lot.outcome.owner, "publisher")
    actions.decide_bid(lot, buyer, amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    actions.close_lot(lot)

    commit(lambda: actions.declare_default(lot, by=person("organiser"), ground="refused", reason="拒绝签约"))

    assert publisher.pk in told("lot.defaulted")
    assert told("registration.defaulted") == {buyer.agent_id}


@pytest.mark.parametrize("is_postponed", [False, True])
def test_a_bidder_hears_from_when_on_its_number_bids(commit, is_postponed):
    lot, finance, organiser = announced_lot(starts_at=timezone.now() + timedelta(days=8)), *map(person, STAFF)
    firm = organisation()
    one = actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)
    actions.admit_bidder(one, by=organiser, missing=ASKED_ALWAYS)
    now = timezone.now()
    actions.record_deposit(one.deposit, by=finance, amount=lot.deposit, bank_reference="JH-1", received_at=now)
    if is_postponed:
        actions.postpone_session(lot.session, by=organiser, reason="评估报告需要补充")
    one.refresh_from_db()

    commit(lambda: actions.qualify_bidder(one, by=organiser))

    (notice,) = Notice.objects.filter(kind__startswith="registration.qualified")
    begins = "竞价开始后" if is_postponed else f"自 {timezone.localtime(lot.starts_at):%Y-%m-%d %H:%M} 起"
    assert notice.title == f"拍品 {lot.number}：竞买号已发，{begins}可以出价"


def test_whose_bid_is_voided_is_told_and_nobody_else(commit):
    lot, auctioneer = hybrid_lot(), person("auctioneer")
    first, slip = bidder(lot), bidder(lot)
    bid(lot, first, 160)
    actions.place_floor_bid(lot, by=auctioneer, alias=slip.alias, amount=500 * WAN, key="slip")

    commit(lambda: actions.void_bid(lot, by=auctioneer, seq=3, ground="mistyped"))

    assert told("registration.voided") == {slip.agent_id}


def test_further_papers_go_to_the_organisers_and_a_payment_taken_back_to_the_bidder(commit):
    finance, organiser, firm = person("finance"), person("organiser"), organisation()
    lot, agent = announced_lot(starts_at=timezone.now() + timedelta(days=5)), member(firm, "bidder")
    one = actions.apply_for_lot(lot, by=agent, organisation=firm, declared=True)
    papers = [(Document.IDENTITY, paper())]

    commit(lambda: actions.add_documents(one, by=agent, organisation=firm, documents=papers))
    actions.admit_bidder(one, by=organiser, missing=ASKED_ALWAYS)
    facts = {"amount": one.deposit.amount, "bank_reference": "JH-1", "received_at": timezone.now()}
    commit(lambda: actions.record_deposit(one.deposit, by=finance, **facts))
    assert told("registration.deposit_received") == {agent.pk}
    commit(lambda: actions.take_back_deposit(one.deposit, by=finance, reason="是另一家的款项"))

    assert organiser.pk in told("registration.to_check")
    assert told("registration.payment_taken_back") == {agent.pk}


def test_a_bidder_reads_that_its_admission_is_revoked(commit):
    one = bidder(announced_lot(starts_at=timezone.now() + timedelta(days=5)), at=timezone.now())

    commit(lambda: actions.revoke_admission(one, by=person("organiser"), reason="执照系伪造"))

    assert told("registration.revoked") == {one.agent_id}


def test_a_refund_that_was_not_made_is_told_to_the_bidder(commit):
    finance, firm = person("finance"), organisation()
    lot, agent = announced_lot(starts_at=timezone.now() + timedelta(days=5)), member(firm, "bidder")
    one = actions.apply_for_lot(lot, by=agent, organisation=firm, declared=True)
    actions.admit_bidder(one, by=person("organiser"), missing=ASKED_ALWAYS)
    facts = {"amount": one.deposit.amount, "bank_reference": "JH-1", "received_at": timezone.now()}
    actions.record_deposit(one.deposit, by=finance, **facts)
    actions.withdraw_application(BidderRegistration.objects.get(pk=one.pk), by=agent, organisation=firm)
    deposit = Deposit.objects.get()
    actions.release_deposit(deposit, by=finance, bank_reference="TK-1")

    commit(lambda: actions.take_back_refund(Deposit.objects.get(), by=finance, reason="银行退票"))

    assert told("deposit.refund_taken_back") == {agent.pk}


def test_practice_asks_nobody_to_do_anything(commit, settings):
    settings.DEMO = True
    people = {role: person(role) for role in ("organiser", "finance")}

    def practise():
        lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1), is_practice=True)
        actions.decide_bid(lot, bidder(lot), amount=160 * WAN, key="a", arrived_at=lot.starts_at)
        lot.refresh_from_db()
        actions.close_lot(lot)

    commit(practise)

    assert not Notice.objects.filter(user__in=people.values()).exists()
    assert not Notice.objects.filter(kind__startswith="registration.").exists()
    assert not Deposit.objects.to_release().exists()
    assert Deposit.objects.filter(state="release_due").exists()
