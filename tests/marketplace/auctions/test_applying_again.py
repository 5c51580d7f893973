"""Who withdrew applies again: a new row, number and deposit; the old row stays."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.invariants import all_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot
from marketplace.auctions.registering import AlreadyApplied, RegistrationClosed
from marketplace.auctions.saying_no import NotQualified
from marketplace.auctions.session_report import SessionReport
from marketplace.core import clock
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import bidder, member, organisation, person
from tests.marketplace.auctions.test_postponing import anew, coming, postponed, step_back

pytestmark = pytest.mark.django_db


def withdrawn(lot=None, **facts):
    """Return a registration withdrawn from a postponed session that has its new times."""
    lot = lot or coming()
    one = bidder(lot, at=timezone.now(), **facts)
    postponed(lot)
    left = step_back(one)
    anew(lot)
    return BidderRegistration.objects.select_related("lot__session", "organisation", "agent", "deposit").get(pk=left.pk)


def again(left):
    lot = Lot.objects.select_related("session", "outcome__owner").get(pk=left.lot_id)
    return actions.apply_for_lot(lot, by=left.agent, organisation=left.organisation, declared=True)


def qualified_again(left):
    """Take a second application all the way to its number."""
    registration = again(left)
    actions.admit_bidder(registration, by=person("organiser"), missing=ASKED_ALWAYS)
    if not registration.deposit.is_held:
        facts = {"amount": registration.deposit.amount, "received_at": timezone.now()}
        number = f"AGAIN-{registration.pk}"
        actions.record_deposit(registration.deposit, by=person("finance"), bank_reference=number, **facts)
    registration.refresh_from_db()
    actions.qualify_bidder(registration, by=person("organiser"))
    return BidderRegistration.objects.select_related("lot", "organisation", "agent", "deposit").get(pk=registration.pk)


def test_a_second_application_is_a_row_of_its_own():
    left = withdrawn()

    second = qualified_again(left)

    left.refresh_from_db()
    assert (left.state, left.deposit.state) == ("refund_due", "release_due")
    assert left.withdrawn_at < second.applied_at
    assert (second.state, second.deposit.state, second.withdrawn_at) == ("qualified", "held", None)
    assert second.pk != left.pk
    assert second.alias != left.alias
    assert second.deposit_id != left.deposit_id
    assert second.deposit.reference != left.deposit.reference
    assert all_problems() == []


def test_who_withdrew_from_times_that_stand_applies_again_too():
    left = step_back(bidder(coming(), at=timezone.now()))

    second = qualified_again(left)

    left.refresh_from_db()
    assert (left.state, left.deposit.state) == ("refund_due", "release_due")
    assert (second.state, second.deposit.state) == ("qualified", "held")
    assert all_problems() == []


def test_the_first_deposit_is_paid_back_on_its_own():
    left = withdrawn()
    second = qualified_again(left)

    actions.release_deposit(left.deposit, by=person("finance"), bank_reference="BACK-1")

    left.refresh_from_db()
    second = BidderRegistration.objects.select_related("deposit").get(pk=second.pk)
    assert (left.state, left.deposit.state, left.deposit.released) == ("refunded", "released", left.deposit.received)
    assert (second.state, second.deposit.state) == ("qualified", "held")


def test_bids_go_to_the_second_application():
    left = withdrawn()
    second = qualified_again(left)
    lot = Lot.objects.get(pk=left.lot_id)

    with clock.moved_to(lot.starts_at + timedelta(minutes=1)):
        facts = {"by": second.agent, "organisation": second.organisation, "amount": 160 * WAN, "key": "a"}
        answer = actions.place_bid(second.lot, **facts)
        by_the_old = actions.decide_bid(lot, left, amount=170 * WAN, key="b", arrived_at=timezone.now())

    lot.refresh_from_db()
    assert (answer["alias"], lot.leader_id) == (second.alias, second.pk)
    assert by_the_old["accepted"] is False
    assert all_problems() == []


def test_who_withdrew_and_did_not_come_back_does_not_bid():
    left = withdrawn()
    lot = Lot.objects.get(pk=left.lot_id)

    facts = {"by": left.agent, "organisation": left.organisation, "amount": 160 * WAN, "key": "a"}
    with clock.moved_to(lot.starts_at + timedelta(minutes=1)), pytest.raises(NotQualified):
        actions.place_bid(lot, **facts)

    lot.refresh_from_db()
    assert lot.price is None


def test_a_priority_right_comes_back_with_the_application():
    left = withdrawn(rank=2)

    second = again(left)

    assert second.priority_rank == 2


def test_one_standing_application_for_a_lot():
    left = withdrawn()
    second = again(left)

    with pytest.raises(AlreadyApplied):
        again(left)
    with pytest.raises(IntegrityError, match="registration_once_per_lot"), transaction.atomic():
        BidderRegistration.objects.filter(pk=left.pk).update(withdrawn_at=None)

    assert left.lot.registrations.standing().get() == second


def test_only_an_ended_application_is_a_withdrawn_one():
    one = bidder(coming(), at=timezone.now())

    with pytest.raises(IntegrityError, match="registration_withdrawn_has_ended"), transaction.atomic():
        BidderRegistration.objects.filter(pk=one.pk).update(withdrawn_at=timezone.now())

    one.refresh_from_db()
    assert (one.state, one.withdrawn_at) == ("qualified", None)


def test_not_while_the_session_waits_for_its_times_and_not_after_the_registration():
    lot = coming()
    one = bidder(lot, at=timezone.now())
    postponed(lot)
    left = step_back(one)

    with pytest.raises(RegistrationClosed):
        again(one)
    anew(lot)
    session = AuctionSession.objects.get(pk=lot.session_id)
    with clock.moved_to(session.registration_closes_at), pytest.raises(RegistrationClosed):
        again(one)

    assert lot.registrations.get() == left


def test_withdrawn_once_more_when_postponed_once_more():
    left = withdrawn()
    second = qualified_again(left)
    postponed(Lot.objects.select_related("session").get(pk=left.lot_id))

    step_back(second)
    anew(left.lot, days=40)
    third = qualified_again(left)

    states = list(left.lot.registrations.order_by("pk").values_list("state", flat=True))
    assert states == ["refund_due", "refund_due", "qualified"]
    assert len({left.alias, second.alias, third.alias}) == 3
    assert all_problems() == []


def test_an_unpaid_application_lapses_and_is_made_again():
    lot = coming()
    firm = organisation()
    first = actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)
    actions.admit_bidder(first, by=person("organiser"), missing=ASKED_ALWAYS)
    postponed(lot)
    step_back(first)
    anew(lot)

    second = qualified_again(first)

    first.refresh_from_db()
    assert (first.state, first.deposit.state, second.state) == ("lapsed", "lapsed", "qualified")
    assert all_problems() == []


def test_a_deposit_kept_for_other_lots_stands_for_the_second_application_too():
    lot = coming(deposit_scope="session")
    one = bidder(lot, at=timezone.now())
    # as it would be if another lot of the session needed the deposit
    BidderRegistration.objects.filter(pk=one.pk).update(state="kept", withdrawn_at=timezone.now())

    second = again(one)
    actions.admit_bidder(second, by=person("organiser"), missing=ASKED_ALWAYS)

    assert (second.state, second.deposit_id) == ("deposit_held", one.deposit_id)
    assert all_problems() == []


def test_the_report_counts_the_organisation_once():
    left = withdrawn()
    qualified_again(left)

    report = SessionReport(AuctionSession.objects.get(pk=left.lot.session_id))

    assert (report.applicants, report.rows[0].applicants) == (1, 1)


def test_a_withdrawn_bidder_does_not_join_the_rehearsal():
    left = withdrawn()
    session, organiser = AuctionSession.objects.get(pk=left.lot.session_id), person("organiser")
    in_an_hour = timezone.now() + timedelta(hours=1)
    rehearsal = actions.rehearse_session(session, by=organiser, starts_at=in_an_hour, lasts=timedelta(hours=1))
    copy = rehearsal.lots.get()

    with pytest.raises(PermissionDenied):
        actions.join_rehearsal(copy, by=left.agent, organisation=left.organisation)
    again(left)
    joined = actions.join_rehearsal(copy, by=left.agent, organisation=left.organisation)

    assert joined.state == "qualified"


def test_the_pages_offer_it_and_keep_the_old_one_readable(client):
    left = withdrawn()
    apply = reverse("lot-apply", args=[left.lot.number])
    sign_in(client, left.agent)

    of_the_lot = client.get(left.lot.get_absolute_url()).content.decode()
    of_the_session = client.get(left.lot.session.get_absolute_url()).content.decode()
    old = client.get(left.get_absolute_url()).content.decode()
    asked = client.get(reverse("registration-withdraw", args=[left.code])).content.decode()
    second = again(left)
    after = client.get(left.get_absolute_url()).content.decode()
    mine = client.get(reverse("registration-list")).content.decode()

    assert all(apply in page for page in (of_the_lot, of_the_session, old))
    assert "本报名已撤回" in old
    assert "没有可撤回的" in asked
    assert apply not in after
    assert second.get_absolute_url() in after
    assert "已撤回" in mine
    assert second.get_absolute_url() in mine


def test_the_organiser_sees_which_one_was_withdrawn(client):
    left = withdrawn()
    again(left)
    sign_in(client, person("organiser"))

    manage = client.get(reverse("session-manage", args=[left.lot.session.number])).content.decode()
    review = client.get(reverse("registration-review", args=[left.code])).content.decode()

    assert manage.count("已撤回") == 1
    assert "本报名已撤回" in review


def test_who_was_rejected_is_led_to_apply_again_while_it_is_time(client):
    lot, firm = coming(), organisation()
    agent = member(firm, "bidder")
    one = actions.apply_for_lot(lot, by=agent, organisation=firm, declared=True)
    actions.reject_bidder(one, by=person("organiser"), reason="材料不实")
    address, closes_at = reverse("lot-apply", args=[lot.number]), lot.session.registration_closes_at
    sign_in(client, agent)

    page = client.get(one.get_absolute_url()).content.decode()
    with clock.moved_to(closes_at):
        late = client.get(one.get_absolute_url()).content.decode()
    second = actions.apply_for_lot(lot, by=agent, organisation=firm, declared=True)
    after = client.get(one.get_absolute_url()).content.decode()

    assert f'<a href="{address}">再次报名</a>' in page
    assert f"{timezone.localtime(closes_at):%H:%M}" in page.partition("材料不实")[2].partition("再次报名")[0]
    assert address not in late
    assert address not in after
    assert second.get_absolute_url() in after
