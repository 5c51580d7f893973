"""A data room, and lots suspended together, under two hands at one instant: real threads on real PostgreSQL."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.auctions import actions, locking
from marketplace.auctions.data_room import TERMS
from marketplace.auctions.halting import NoneSuspended
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.locking import Busy
from marketplace.auctions.models import AuctionSession, Lot, RoomAcceptance, RoomDocument
from marketplace.auctions.room_keeping import TermsAccepted
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from tests.marketplace.auctions.making import announced_lot, as_if_added, member, organisation, person
from tests.marketplace.auctions.racing import at_once, held
from tests.marketplace.auctions.test_calling_off import second_lot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def private(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


def test_the_words_are_accepted_once():
    lot, firm = announced_lot(starts_at=timezone.now() + timedelta(days=5)), organisation()
    agents = [member(firm, "bidder"), member(firm, "manager")]

    def accept(by):
        fresh = Lot.objects.select_related("session", "outcome__owner").get(pk=lot.pk)
        return actions.accept_room_terms(fresh, by=by, organisation=firm, version=TERMS)

    answers = at_once([lambda by=by: accept(by) for by in agents])

    assert TermsAccepted in answers
    assert RoomAcceptance.objects.count() == Entry.objects.filter(kind=Kind.ROOM_ACCEPTED).count() == 1


def test_a_document_is_withdrawn_once():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=5))
    document, organisers = as_if_added(lot, by=person("organiser")), [person("organiser"), person("organiser")]

    def withdraw(by):
        fresh = RoomDocument.objects.select_related("lot__session", "lot__outcome__owner").get(pk=document.pk)
        return actions.withdraw_room_document(fresh, by=by, reason=f"原因{by.pk}")

    answers = at_once([lambda by=by: withdraw(by) for by in organisers])

    document.refresh_from_db()
    assert sorted(map(str, answers)) == sorted(map(str, [None, WrongState]))
    assert document.withdrawn_reason == f"原因{document.withdrawn_by_id}"
    assert Entry.objects.filter(kind=Kind.ROOM_DOCUMENT_WITHDRAWN).count() == 1


def test_a_lot_that_is_held_keeps_the_whole_session_open(monkeypatch):
    monkeypatch.setattr(locking, "PATIENCE", "200ms")
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    other = second_lot(lot)

    with held("SELECT lot_lock(%s)", other.pk), pytest.raises(Busy):
        actions.suspend_bidding(lot.session, by=person("auctioneer"), ground="fault", reason="会场断网")

    assert [Lot.objects.get(pk=one.pk).state for one in (lot, other)] == ["announced", "announced"]
    assert not Entry.objects.filter(kind=Kind.SESSION_SUSPENDED).exists()


def test_lots_suspended_together_go_on_once():
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    by = person("auctioneer")

    def resume():
        return actions.resume_bidding(AuctionSession.objects.get(pk=lot.session_id), by=by)

    actions.suspend_bidding(lot.session, by=by, ground="fault", reason="会场断网")
    answers = at_once([resume, resume])

    lot.refresh_from_db()
    assert NoneSuspended in answers
    assert (lot.state, lot.events.filter(kind="resumed").count()) == ("open", 1)
    assert lot_problems(lot) == []
