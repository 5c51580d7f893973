"""Cancelling a session: every lot goes with it, or nothing does."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.closing import move_session_on
from marketplace.auctions.ladder import WAN
from marketplace.auctions.reasons import ReasonMissing
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import (
    announced_lot,
    bidder,
    drafted,
    member,
    person,
    planned,
    second_lot,
)

pytestmark = pytest.mark.django_db


def state_of(row):
    row.refresh_from_db()
    return row.state


def test_a_cancelled_session_takes_its_lots_and_lets_bidders_go():
    lot = announced_lot(starts_at=timezone.now() + timedelta(hours=1))
    registration = bidder(lot)
    other = second_lot(lot)

    actions.cancel_session(lot.session, by=person("organiser"), reason="主办方原因")

    assert [state_of(one) for one in (lot, other, lot.session)] == ["withdrawn", "withdrawn", "cancelled"]
    assert [state_of(one.outcome) for one in (lot, other)] == ["available", "available"]
    assert (state_of(registration), state_of(registration.deposit)) == ("refund_due", "release_due")
    assert (lot.note, lot.session.cancellation_reason) == ("主办方原因", "主办方原因")


def test_the_public_list_keeps_a_session_cancelled_after_its_announcement(client):
    cancelled = announced_lot(starts_at=timezone.now() + timedelta(hours=1)).session
    never_announced = planned()
    for session in (cancelled, never_announced):
        actions.cancel_session(session, by=person("organiser"), reason="主办方原因")

    listed = client.get(reverse("session-list")).context["finished"].object_list

    assert [(one.number, one.get_state_display()) for one in listed] == [(cancelled.number, "已取消")]
    assert client.get(cancelled.get_absolute_url()).status_code == 200


def test_one_lot_in_bidding_keeps_the_whole_session():
    lot = announced_lot(starts_at=timezone.now() + timedelta(hours=1))
    other = second_lot(lot, starts_at=timezone.now() - timedelta(minutes=1))

    with pytest.raises(WrongState):
        actions.cancel_session(lot.session, by=person("organiser"), reason="主办方原因")

    assert [state_of(one) for one in (lot, other)] == ["announced", "announced"]
    assert (state_of(lot.session), state_of(lot.outcome)) == ("registration", "reserved")
    assert not Entry.objects.filter(kind=Kind.LOT_WITHDRAWN).exists()


@pytest.mark.parametrize("state", ["live", "closed", "cancelled"])
def test_not_from_a_session_in_bidding_or_over(state):
    lot = announced_lot(starts_at=timezone.now() + timedelta(hours=1), start_price=20 * WAN)
    type(lot.session).objects.filter(pk=lot.session_id).update(state=state)

    with pytest.raises(WrongState):
        actions.cancel_session(lot.session, by=person("organiser"), reason="主办方原因")

    assert state_of(lot) == "announced"


def test_not_without_a_reason_and_not_by_others():
    lot = announced_lot(starts_at=timezone.now() + timedelta(hours=1))

    with pytest.raises(ReasonMissing):
        actions.cancel_session(lot.session, by=person("organiser"), reason=" ")
    with pytest.raises(PermissionDenied):
        actions.cancel_session(lot.session, by=person("auctioneer"), reason="主办方原因")

    assert (state_of(lot.session), state_of(lot)) == ("registration", "announced")


def test_with_its_last_open_case_withdrawn_the_session_is_reviewed():
    session = planned()
    kept, gone = drafted(session), drafted(session)
    seller = kept.outcome.owner
    actions.submit_lot(kept, by=member(seller, "publisher"), organisation=seller)
    actions.approve_lot(kept, by=person("organiser"))
    assert state_of(session) == "collecting"

    actions.withdraw_lot(gone, by=person("organiser"), reason="供方撤回")
    assert state_of(session) == "reviewed"

    actions.withdraw_lot(kept, by=person("organiser"), reason="供方撤回")
    assert state_of(session) == "collecting"
    with pytest.raises(WrongState):
        actions.announce_session(session, by=person("organiser"))


@pytest.mark.parametrize("state", ["announced", "registration", "postponed"])
def test_an_announced_session_is_cancelled_with_its_last_lot(state):
    lot, organiser = announced_lot(starts_at=timezone.now() + timedelta(hours=1)), person("organiser")
    last = second_lot(lot)
    type(lot.session).objects.filter(pk=lot.session_id).update(state=state)
    lots = [type(lot).objects.get(pk=one.pk) for one in (lot, last)]

    actions.withdraw_lot(lots[0], by=organiser, reason="供方撤回")
    assert state_of(lot.session) == state
    actions.withdraw_lot(lots[1], by=organiser, reason="权属有争议")

    assert state_of(lot.session) == "cancelled"
    assert lot.session.cancellation_reason == "权属有争议"
    entry = Entry.objects.about(lot.session).get(kind=Kind.SESSION_CANCELLED)
    assert (entry.actor, entry.data["lots"]) == (organiser, [last.number])


def test_a_session_in_bidding_is_not_cancelled_with_a_lot():
    lot = announced_lot(starts_at=timezone.now() + timedelta(hours=1))
    type(lot.session).objects.filter(pk=lot.session_id).update(state="live")

    actions.withdraw_lot(type(lot).objects.get(pk=lot.pk), by=person("organiser"), reason="供方撤回")

    assert (state_of(lot), state_of(lot.session)) == ("withdrawn", "live")


def test_a_lot_opened_and_suspended_before_the_session_follows_does_not_cancel_it():
    lot, organiser = announced_lot(starts_at=timezone.now() - timedelta(minutes=1)), person("organiser")
    actions.open_lot(lot)
    actions.suspend_lot(lot, by=organiser, ground="fault", reason="设备故障")
    assert state_of(lot.session) == "registration"

    with pytest.raises(WrongState):
        actions.cancel_session(lot.session, by=organiser, reason="主办方原因")
    actions.withdraw_lot(lot, by=organiser, reason="权属有争议")
    assert (state_of(lot), state_of(lot.session)) == ("withdrawn", "registration")

    assert [move_session_on(lot.session) for _ in range(3)] == [True, True, False]
    assert state_of(lot.session) == "closed"


def test_the_question_before_a_withdrawal_says_what_goes_with_the_last_lot(client):
    lot, words = announced_lot(starts_at=timezone.now() + timedelta(hours=1)), "这是该专场最后一件拍品，专场随之取消。"
    sign_in(client, person("organiser"))
    address = reverse("lot-manage", args=[lot.number])

    assert words in client.get(address).content.decode()
    second_lot(lot)
    assert words not in client.get(address).content.decode()


def test_who_withdraws_the_last_lot_reads_what_became_of_its_session(client):
    lot = announced_lot(starts_at=timezone.now() + timedelta(hours=1))
    sign_in(client, person("organiser"))

    page = client.post(reverse("lot-move", args=[lot.number, "withdraw"]), {"reason": "权属有争议"}, follow=True)

    assert f"拍品 {lot.number}：已撤回。专场随之取消。" in page.content.decode()


def test_a_planned_session_is_cancelled_with_its_drafts():
    session = planned()
    lots = [drafted(session), drafted(session)]

    actions.cancel_session(session, by=person("organiser"), reason="主办方原因")

    assert [state_of(one) for one in (*lots, session)] == ["withdrawn", "withdrawn", "cancelled"]


def test_a_returned_lot_takes_its_session_out_of_review():
    session = planned()
    lot, organiser = drafted(session), person("organiser")
    seller = lot.outcome.owner
    publisher = member(seller, "publisher")
    actions.submit_lot(lot, by=publisher, organisation=seller)
    actions.approve_lot(lot, by=organiser)
    assert state_of(session) == "reviewed"

    actions.return_lot(lot, by=organiser, reason="起拍价依据不足")

    assert (state_of(lot), state_of(session)) == ("draft", "collecting")
    assert Entry.objects.about(session).filter(kind=Kind.SESSION_MOVED).count() == 2
    with pytest.raises(WrongState):
        actions.announce_session(session, by=organiser)
    actions.submit_lot(lot, by=publisher, organisation=seller)
    actions.approve_lot(lot, by=organiser)
    assert state_of(session) == "reviewed"
