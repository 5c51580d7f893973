"""What a co-owner objects to is not brought into a sale, nor agreed to, approved or announced there."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from marketplace.auctions.actions import add_lot, announce_session, approve_lot, submit_lot
from marketplace.auctions.consent import CoOwnerObjects, require_consent
from marketplace.auctions.models import Lot
from marketplace.auctions.preparing import outcomes_to_add
from marketplace.reviews.actions import approve_review
from tests.marketplace.auctions.making import WAN, person, planned
from tests.marketplace.outcomes.making import fresh
from tests.marketplace.outcomes.owning import Partner, agree, objects, sent_with


@pytest.fixture
def partner(platform):
    return Partner()


@pytest.fixture
def public(institute, partner):
    outcome = sent_with(institute, partner)
    agree(outcome, partner)
    approve_review(fresh(outcome).pending_review, by=institute.manager)
    approve_review(fresh(outcome).pending_review, by=institute.officer)
    return fresh(outcome)


def brought_in(public, session=None):
    session = session or planned()
    times = {"starts_at": session.starts_at, "ends_at": session.starts_at + timedelta(hours=1)}
    facts = {"mode": "assignment", "object_of_sale": "发明专利转让", "start_price": 100 * WAN}
    return add_lot(session, by=person("organiser"), outcome=public, **facts, **times)


def test_it_is_not_brought_in_while_the_objection_stands(public, partner):
    objects(public, partner, reason="须先分割份额")
    with pytest.raises(PermissionDenied, match="须先分割份额"):
        brought_in(public)
    assert public not in outcomes_to_add()
    assert not Lot.objects.exists()

    agree(public, partner)
    assert public in outcomes_to_add()
    assert brought_in(public).outcome == public


def test_an_objection_that_comes_later_keeps_it_from_each_next_step(institute, public, partner):
    lot, organiser = brought_in(public), person("organiser")
    objects(public, partner)
    with pytest.raises(CoOwnerObjects, match=lot.number):
        submit_lot(lot, by=institute.publisher, organisation=institute.organisation)

    agree(public, partner)
    submit_lot(lot, by=institute.publisher, organisation=institute.organisation)
    objects(public, partner)
    with pytest.raises(CoOwnerObjects):
        approve_lot(lot, by=organiser)
    lot.refresh_from_db()
    assert lot.state == "review"

    agree(public, partner)
    approve_lot(lot, by=organiser)
    objects(public, partner)
    lot.session.refresh_from_db()
    with pytest.raises(CoOwnerObjects):
        announce_session(lot.session, by=organiser)
    lot.refresh_from_db()
    assert lot.state == "approved"

    agree(public, partner)
    lot.session.refresh_from_db()
    announce_session(lot.session, by=organiser)
    lot.refresh_from_db()
    assert lot.state == "announced"


def test_practice_sells_nothing(public, partner):
    starts = timezone.now() + timedelta(days=20)
    lot = Lot(is_practice=True, outcome=public, number="OH-1", starts_at=starts)
    objects(public, partner)
    require_consent([lot])
    lot.is_practice = False
    with pytest.raises(CoOwnerObjects):
        require_consent([lot])
