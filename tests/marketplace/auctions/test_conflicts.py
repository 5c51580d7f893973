"""Who may never bid on a lot is asked when it applies, when it is admitted, when it gets its number, when it bids."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.conflicts import conflict_of
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidderRegistration
from marketplace.auctions.registering import InConflict
from marketplace.outcomes.parts import CoOwner
from tests.marketplace.auctions.making import announced_lot, as_if_listed, bidder, member, organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() + timedelta(days=2))


def applied(lot, firm):
    return actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)


def co_owner(lot):
    firm = organisation()
    CoOwner.objects.create(outcome=lot.outcome, organisation=firm, name=firm.name, share=40)
    return firm


def test_who_is_related_to_the_organiser_does_not_apply(lot):
    with pytest.raises(PermissionDenied, match="主办方"):
        applied(lot, organisation(related_usccs=[lot.session.organiser.uscc]))

    assert not BidderRegistration.objects.exists()


def test_a_co_owner_bids_only_by_a_listed_priority_right(lot):
    firm = co_owner(lot)
    with pytest.raises(PermissionDenied, match="共有人"):
        applied(lot, firm)

    as_if_listed(lot, firm, rank=1, by=person("organiser"))

    assert applied(lot, firm).priority_rank == 1


def test_what_became_known_after_the_application_stops_the_admission(lot):
    firm = organisation()
    registration = applied(lot, firm)
    firm.related_usccs = [lot.outcome.owner.uscc]
    firm.save()

    with pytest.raises(InConflict, match="关联方"):
        actions.admit_bidder(
            BidderRegistration.objects.get(pk=registration.pk), by=person("organiser"), missing=ASKED_ALWAYS
        )

    registration.refresh_from_db()
    assert (registration.state, registration.deposit) == ("applied", None)


def test_what_became_known_after_the_deposit_stops_the_number(lot):
    firm = organisation()
    registration = applied(lot, firm)
    actions.admit_bidder(registration, by=person("organiser"), missing=ASKED_ALWAYS)
    deposit = registration.deposit
    paid = {"amount": deposit.amount, "bank_reference": "JH-3", "received_at": timezone.now()}
    actions.record_deposit(deposit, by=person("finance"), **paid)
    CoOwner.objects.create(outcome=lot.outcome, organisation=firm, name=firm.name, share=40)

    with pytest.raises(InConflict, match="共有人"):
        actions.qualify_bidder(BidderRegistration.objects.get(pk=registration.pk), by=person("organiser"))

    registration.refresh_from_db()
    assert (registration.state, registration.alias) == ("deposit_held", "")


def test_what_became_known_after_the_number_stops_the_bid():
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    one = bidder(lot)
    CoOwner.objects.create(outcome=lot.outcome, organisation=one.organisation, name="共有人", share=40)

    with pytest.raises(PermissionDenied):
        actions.place_bid(lot, by=one.agent, organisation=one.organisation, amount=160 * WAN, key="k")

    lot.refresh_from_db()
    assert lot.price is None
    assert conflict_of(one.organisation, lot)
