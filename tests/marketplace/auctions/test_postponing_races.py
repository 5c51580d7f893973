"""Postponing against what happens at the same instant, with real threads on real PostgreSQL."""

import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.amending import announcement_problems
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot
from marketplace.auctions.postponing import HasBegun
from marketplace.auctions.registering import AlreadyApplied
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from tests.marketplace.auctions.making import announced_lot, bidder, person
from tests.marketplace.auctions.racing import at_once, bid, queued, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def postpone(lot, by):
    return actions.postpone_session(AuctionSession.objects.get(pk=lot.session_id), by=by, reason="会场停电")


def test_two_postponements_publish_one_amendment():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=3))
    organisers = [person("organiser"), person("organiser")]

    answers = at_once([lambda by=by: postpone(lot, by) for by in organisers])

    assert sorted(type(answer).__name__ for answer in answers) == ["AnnouncementAmendment", "type"]
    assert WrongState in answers
    assert lot.session.amendments.count() == 1
    assert [event.kind for event in lot.events.all()] == ["postponed"]
    assert announcement_problems(AuctionSession.objects.get(pk=lot.session_id)) == []


def bid_when_open(one):
    while timezone.now() < one.lot.starts_at:
        time.sleep(0.01)
    return bid(one, 160 * WAN, "first")


def test_a_postponement_that_gets_the_lot_after_the_beginning_is_refused_and_the_first_bid_counts():
    lot = announced_lot(starts_at=timezone.now() + timedelta(seconds=1))
    one, organiser = bidder(lot, at=timezone.now()), person("organiser")

    answers = queued(lot, [lambda: postpone(lot, organiser), lambda: bid_when_open(one)])

    lot.refresh_from_db()
    assert (answers[0], answers[1]["accepted"]) == (HasBegun, True)
    assert (lot.state, lot.price, lot.session.amendments.count()) == ("open", 160 * WAN, 0)
    assert lot_problems(lot) == []


def test_a_first_bid_that_queues_behind_a_postponement_finds_the_lot_postponed():
    lot = announced_lot(starts_at=timezone.now() + timedelta(seconds=1.5))
    one, organiser = bidder(lot, at=timezone.now()), person("organiser")

    def postpone_slowly():
        with transaction.atomic():
            amendment = postpone(lot, organiser)
            wait_for(1)
        return amendment

    answers = at_once([postpone_slowly, lambda: bid_when_open(one)])

    lot.refresh_from_db()
    assert (answers[1], lot.state, lot.price) == ("postponed", "postponed", None)
    assert lot_problems(lot) == []


def test_a_step_back_and_a_cancellation_pay_the_deposit_back_once():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=3))
    one, organiser = bidder(lot, at=timezone.now()), person("organiser")
    postpone(lot, organiser)
    session = AuctionSession.objects.get(pk=lot.session_id)

    def step_back():
        mine = BidderRegistration.objects.select_related("lot__session").get(pk=one.pk)
        return actions.withdraw_application(mine, by=one.agent, organisation=one.organisation)

    at_once([step_back, lambda: actions.cancel_session(session, by=organiser, reason="不再举行")])

    one = BidderRegistration.objects.select_related("deposit").get(pk=one.pk)
    assert (one.state, one.deposit.state) == ("refund_due", "release_due")
    assert Entry.objects.filter(kind=Kind.DEPOSIT_RELEASE_DUE).count() == 1
    assert Lot.objects.get(pk=lot.pk).state == "withdrawn"


def test_new_times_set_twice_count_once():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=3))
    organiser = person("organiser")
    postpone(lot, organiser)
    starts_at = timezone.now() + timedelta(days=20)

    def anew():
        session = AuctionSession.objects.get(pk=lot.session_id)
        times = {"starts_at": starts_at, "registration_closes_at": starts_at}
        return actions.reannounce_session(session, by=organiser, **times)

    answers = at_once([anew, anew])

    lot.refresh_from_db()
    assert WrongState in answers
    assert (lot.starts_at, lot.session.amendments.count(), lot.seq) == (starts_at, 2, 2)
    assert lot_problems(lot) == []


def test_applying_again_twice_at_once_makes_one_application():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=3))
    one, organiser = bidder(lot, at=timezone.now()), person("organiser")
    postpone(lot, organiser)
    mine = BidderRegistration.objects.select_related("lot__session").get(pk=one.pk)
    actions.withdraw_application(mine, by=one.agent, organisation=one.organisation)
    times = {"starts_at": timezone.now() + timedelta(days=20), "registration_closes_at": timezone.now() + timedelta(19)}
    actions.reannounce_session(AuctionSession.objects.get(pk=lot.session_id), by=organiser, **times)

    def apply():
        again = Lot.objects.select_related("session", "outcome__owner").get(pk=lot.pk)
        return actions.apply_for_lot(again, by=one.agent, organisation=one.organisation, declared=True)

    answers = queued(lot, [apply] * 4)

    assert answers.count(AlreadyApplied) == 3
    assert list(lot.registrations.order_by("pk").values_list("state", flat=True)) == ["refund_due", "applied"]
    assert Entry.objects.filter(kind=Kind.REGISTRATION_APPLIED).count() == 2
    assert lot_problems(Lot.objects.get(pk=lot.pk)) == []
