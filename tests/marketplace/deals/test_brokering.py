"""The same person acts for both sides only with the consent of both."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from marketplace.brokers.actions import suspend_broker
from marketplace.brokers.models import TechBroker
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.deals.actions import terminate_deal
from marketplace.deals.brokering import consent_to_broker, consents, name_broker, release_broker
from marketplace.deals.engagement import accept_engagement
from marketplace.deals.models import Deal
from marketplace.deals.refusals import (
    BothNotOffered,
    BrokerNotValid,
    BrokerOfOtherSide,
    ConsentGiven,
    DealEnded,
    HasBroker,
    NoBroker,
)
from tests.marketplace.deals.factories import broker, engage, enterprise, member, person


def test_a_side_names_its_own_broker(matched):
    deal, seller, _buyer = matched
    one = broker()

    engage(deal, one, **seller.as_party)

    deal.refresh_from_db()
    assert (deal.broker, deal.broker_side) == (one, "seller")
    assert deal in Deal.objects.visible_to(one.user)
    with pytest.raises(HasBroker):
        name_broker(deal, broker(), **seller.as_party)


def test_for_both_needs_the_consent_of_both(matched):
    deal, seller, buyer = matched
    engage(deal, broker(), for_both=True, **seller.as_party)
    deal.refresh_from_db()
    assert deal.broker_side == "seller"

    with pytest.raises(ConsentGiven):
        consent_to_broker(deal, **seller.as_party)
    consent_to_broker(deal, **buyer.as_party)

    deal.refresh_from_db()
    assert deal.broker_side == "both"
    assert {side.value for side in consents(deal)} == {"seller", "buyer"}


def test_the_other_side_alone_does_not_take_a_broker_over(matched):
    deal, seller, buyer = matched
    engage(deal, broker(), **seller.as_party)

    with pytest.raises(BothNotOffered):
        consent_to_broker(deal, **buyer.as_party)
    deal.refresh_from_db()
    assert deal.broker_side == "seller"

    consent_to_broker(deal, **seller.as_party)  # offers it
    consent_to_broker(deal, **buyer.as_party)
    deal.refresh_from_db()
    assert deal.broker_side == "seller"  # the broker has not agreed to serve both

    accept_engagement(deal, by=deal.broker.user)
    deal.refresh_from_db()
    assert deal.broker_side == "both"


@pytest.mark.parametrize(
    "facts",
    [
        {"valid_until": clock.today() - timedelta(days=1)},
        {"valid_from": clock.today() + timedelta(days=1), "valid_until": None},
    ],
)
def test_a_certificate_that_does_not_hold_today_is_refused(facts, matched):
    deal, seller, _buyer = matched

    with pytest.raises(BrokerNotValid):
        name_broker(deal, broker(**facts), **seller.as_party)


def test_a_suspended_broker_is_not_named_and_not_consented_to(matched):
    deal, seller, buyer = matched
    one = broker()
    name_broker(deal, one, for_both=True, **seller.as_party)
    suspend_broker(one, by=person("officer"), reason="投诉核查")

    with pytest.raises(BrokerNotValid):
        consent_to_broker(Deal.objects.get(pk=deal.pk), **buyer.as_party)


def test_who_belongs_to_one_side_does_not_act_for_the_other(matched):
    deal, seller, buyer = matched
    of_the_seller = broker(user=member(seller.organisation, "publisher"))
    firm_of_the_buyer = broker(firm=buyer.organisation)

    with pytest.raises(BrokerOfOtherSide):
        name_broker(deal, of_the_seller, **buyer.as_party)
    with pytest.raises(BrokerOfOtherSide):
        name_broker(deal, firm_of_the_buyer, **seller.as_party)
    with pytest.raises(BrokerOfOtherSide):
        name_broker(deal, of_the_seller, for_both=True, **seller.as_party)
    name_broker(deal, of_the_seller, **seller.as_party)


def test_strangers_and_the_broker_name_nobody(matched):
    deal, _seller, _buyer = matched
    stranger = enterprise()

    for by, organisation in ((member(stranger), stranger), (person("officer"), None), (broker().user, None)):
        with pytest.raises(PermissionDenied):
            name_broker(deal, broker(), by=by, organisation=organisation)


def test_the_broker_leaves_both_sides(matched):
    deal, seller, buyer = matched
    one = broker()
    engage(deal, one, for_both=True, **seller.as_party)
    consent_to_broker(deal, **buyer.as_party)

    release_broker(deal, by=one.user)

    deal.refresh_from_db()
    assert (deal.broker, deal.broker_side) == (None, "")
    assert consents(deal) == {}
    assert deal not in Deal.objects.visible_to(one.user)


def test_one_side_releases_and_the_other_keeps(matched):
    deal, seller, buyer = matched
    one = broker()
    engage(deal, one, for_both=True, **seller.as_party)
    consent_to_broker(deal, **buyer.as_party)

    release_broker(deal, **seller.as_party)

    deal.refresh_from_db()
    assert (deal.broker, deal.broker_side) == (one, "buyer")


def test_a_side_does_not_release_the_broker_of_the_other(matched):
    deal, seller, buyer = matched
    name_broker(deal, broker(), **seller.as_party)

    with pytest.raises(PermissionDenied):
        release_broker(deal, **buyer.as_party)


def test_without_a_broker_there_is_nobody_to_release_or_consent_to(matched):
    deal, seller, _buyer = matched

    with pytest.raises(NoBroker):
        release_broker(deal, **seller.as_party)
    with pytest.raises(NoBroker):
        consent_to_broker(deal, **seller.as_party)


def test_an_ended_deal_gets_no_broker(matched):
    deal, seller, _buyer = matched
    terminate_deal(deal, reason="不再需要", **seller.as_party)

    with pytest.raises(DealEnded):
        name_broker(deal, broker(), **seller.as_party)


def test_a_certificate_suspended_meanwhile_is_not_named(matched):
    deal, seller, _ = matched
    seen_before = broker()
    suspend_broker(TechBroker.objects.get(pk=seen_before.pk), by=person("officer"), reason="投诉调查中")

    with pytest.raises(BrokerNotValid):
        name_broker(deal, seen_before, **seller.as_party)


def test_a_stranger_learns_nothing_about_the_broker(matched):
    deal, seller, _ = matched
    stranger = enterprise()

    with pytest.raises(PermissionDenied):
        release_broker(deal, by=member(stranger), organisation=stranger)
    with pytest.raises(NoBroker):
        release_broker(deal, **seller.as_party)


def test_a_broker_leaves_in_the_own_name_only(matched):
    deal, seller, _ = matched
    one = broker()
    engage(deal, one, **seller.as_party)

    release_broker(deal, by=one.user, organisation=enterprise())

    left = Entry.objects.about(deal).get(kind="deal.broker_left")
    assert (left.actor, left.on_behalf_of) == (one.user, None)
