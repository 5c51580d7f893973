"""Who is told of a broker's part in a deal, how it ends, and what the district decides."""

import pytest

from marketplace.brokers.actions import revoke_broker, suspend_broker
from marketplace.deals.brokering import consent_to_broker, name_broker, release_broker
from marketplace.deals.engagement import accept_engagement
from marketplace.deals.talking import add_note
from marketplace.notices.models import Notice
from marketplace.organisations.models import User
from tests.marketplace.deals.factories import broker, from_match, person
from tests.tasks.test_notices_deals import told

pytestmark = pytest.mark.django_db


def people(organisation):
    return set(User.objects.active_in(organisation).values_list("pk", flat=True))


def engaged(commit):
    opened = from_match()
    one = broker()
    commit(lambda: name_broker(opened.deal, one, **opened.buyer.as_party))
    commit(lambda: accept_engagement(opened.deal, by=one.user))
    return (*opened, one)


def test_the_other_side_hears_that_a_broker_takes_part_and_for_whom(commit):
    deal, _seller, _buyer, one = engaged(commit)

    assert told("deal.broker_of_buyer") == people(deal.seller)
    assert told("deal.broker_accepted") == people(deal.buyer)
    assert one.user.get_short_name() in Notice.objects.filter(kind="deal.broker_of_buyer").first().title
    assert not Notice.objects.filter(kind="deal.named_broker").unread().exists()


def test_a_decline_reaches_the_client_alone(commit):
    deal, _seller, buyer = from_match()
    one = broker()
    commit(lambda: name_broker(deal, one, **buyer.as_party))

    commit(lambda: release_broker(deal, by=one.user))

    assert told("deal.broker_declined") == people(deal.buyer)
    assert not Notice.objects.filter(kind="deal.named_broker").unread().exists()


def test_the_end_reaches_the_other_two(commit):
    deal, _seller, buyer, one = engaged(commit)

    commit(lambda: release_broker(deal, **buyer.as_party))

    assert told("deal.you_are_released") == {one.user.pk}
    assert told("deal.broker_released_by_buyer") == people(deal.seller)
    assert told("deal.broker_left") == set()


def test_a_broker_who_leaves_is_told_of_to_both_sides(commit):
    deal, _seller, _buyer, one = engaged(commit)

    commit(lambda: release_broker(deal, by=one.user))

    assert told("deal.broker_left") == people(deal.seller) | people(deal.buyer)


def test_clients_hear_of_a_suspension_and_a_revocation(commit):
    deal, _seller, _buyer, one = engaged(commit)

    commit(lambda: suspend_broker(one, by=person("officer"), reason="投诉核查"))
    assert told("deal.broker_suspended") == people(deal.buyer)
    commit(lambda: revoke_broker(one, by=person("officer"), reason="查实"))

    assert told("deal.broker_revoked") == people(deal.buyer)


def test_an_offer_to_serve_both_asks_the_other_side_and_the_broker(commit):
    deal, seller, buyer, one = engaged(commit)

    commit(lambda: consent_to_broker(deal, **buyer.as_party))
    assert told("deal.consent_asked") == people(deal.seller)
    assert told("deal.broker_both_asked") == {one.user.pk}
    commit(lambda: accept_engagement(deal, by=one.user))
    commit(lambda: consent_to_broker(deal, **seller.as_party))

    assert told("deal.broker_for_both") >= people(deal.buyer) | {one.user.pk}


def test_a_note_of_the_own_side_reaches_its_broker(commit):
    deal, seller, buyer, one = engaged(commit)

    commit(lambda: add_note(deal, text="底线", is_shared=False, **seller.as_party))
    assert one.user.pk not in told("deal.noted")
    commit(lambda: add_note(deal, text="底线", is_shared=False, **buyer.as_party))

    assert one.user.pk in told("deal.noted")
