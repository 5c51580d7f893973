"""The buyer behind an anonymous need: named nowhere to the seller's people before both accepted confidentiality."""

import copy
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from marketplace.brokers.leads.models import Lead
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.deals.after_trial import open_deal_from_trial
from marketplace.deals.leads import deals_of
from marketplace.deals.models import Deal
from marketplace.deals.nda import accept_nda
from marketplace.deals.opening import accept_interest, open_deal_from_negotiation
from marketplace.deals.pricing import accept_price, choose_pricing, standing
from marketplace.deals.refusals import BrokerOfOtherSide
from marketplace.deals.withheld import is_buyer_withheld
from marketplace.needs.models import NeedDisclosure
from marketplace.organisations.models import Organisation
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import (
    WAN,
    Party,
    broker,
    engage,
    from_interest,
    from_sale,
    interest,
    member,
    outcome,
    person,
)
from tests.marketplace.deals.unnamed import AGENT, BUYER, Room, anonymous, hidden_buyer
from tests.tasks.conftest import carried_out


@pytest.fixture(scope="module")
def lasting_room(lasting):
    return Room(carried_out)


@pytest.fixture
def room(lasting_room, for_now):
    return copy.deepcopy(lasting_room)


def test_the_buyer_its_broker_and_officers_read_the_buyer_from_the_start(room):
    other = interest(of=room.buyer.organisation, on=outcome(), need=room.deal.need)
    deal = accept_interest(other, by=member(other.outcome.owner), organisation=other.outcome.owner)
    one = broker()
    engage(deal, one, **room.buyer.as_party)

    for reader, opened in ((room.buyer.manager, room.deal), (person("officer"), room.deal), (one.user, deal)):
        page = sign_in(Client(), reader).get(opened.get_absolute_url()).content.decode()
        assert BUYER in page


def test_a_search_for_the_buyer_does_not_betray_its_deal(room):
    seller, buyer = sign_in(Client(), room.seller.manager), sign_in(Client(), room.buyer.manager)

    before = seller.get("/deals/", {"q": "隐名锁业有限"}).context["count"]
    own = buyer.get("/deals/", {"q": "隐名锁业有限"}).context["count"]
    for party in (room.buyer, room.seller):
        accept_nda(room.deal, **party.as_party)
    after = seller.get("/deals/", {"q": "隐名锁业有限"}).context["count"]

    assert (before, own, after) == (0, 1, 1)


@pytest.mark.django_db
def test_interest_with_an_anonymous_need_does_not_name_who_shows_it():
    buyer = hidden_buyer()
    shown = interest(of=buyer.organisation, need=anonymous(buyer.organisation))
    shown.shown_by.name = AGENT
    shown.shown_by.save()
    seller = Party(shown.outcome.owner)
    client = sign_in(Client(), seller.manager)

    pages = [client.get(address).content.decode() for address in (shown.get_absolute_url(), "/interests/", "/desk/")]
    refused = client.post(reverse("interest-withdraw", args=[shown.code])).content.decode()
    own = sign_in(Client(), shown.shown_by).get(shown.get_absolute_url()).content.decode()

    for page in (*pages, refused):
        assert not [name for name in (BUYER, "Hidden Locks Ltd", AGENT) if name in page]
    assert "需求方" in pages[0]
    assert BUYER in own


@pytest.mark.django_db
def test_accepted_interest_waits_for_the_other_acceptance_too():
    buyer = hidden_buyer()
    deal, seller, _buyer = from_interest(of=buyer.organisation, need=anonymous(buyer.organisation), accepts_nda=True)
    before = NeedDisclosure.objects.count()

    accept_nda(deal, **seller.as_party)

    assert (before, NeedDisclosure.objects.get().organisation) == (0, seller.organisation)


@pytest.mark.django_db
def test_deals_with_confidentiality_in_force_are_disclosed_by_the_migration():
    buyer = hidden_buyer()
    shown = {"of": buyer.organisation, "need": anonymous(buyer.organisation)}
    deal, seller, _buyer = from_interest(**shown, accepts_nda=True)
    waiting = from_interest(**shown, on=outcome(), accepts_nda=True).deal
    accept_nda(deal, **seller.as_party)
    NeedDisclosure.objects.all().delete()

    import_module("marketplace.migrations.0042_broker_marks").disclose_needs(apps, None)

    told = NeedDisclosure.objects.get()
    assert (told.need, told.organisation) == (deal.need, deal.seller)
    assert told.since == deal.nda_acceptances.latest("accepted_at").accepted_at
    assert is_buyer_withheld(waiting)


@pytest.mark.django_db
def test_a_refusal_about_the_broker_names_no_buyer():
    buyer = hidden_buyer()
    deal, seller, _buyer = from_interest(of=buyer.organisation, need=anonymous(buyer.organisation))
    employed = broker(user=member(Organisation.objects.get(pk=buyer.organisation.pk)))

    with pytest.raises(BrokerOfOtherSide) as refused:
        engage(deal, employed, **seller.as_party)

    assert BUYER not in str(refused.value)


def test_the_contract_waits_until_the_buyer_is_named(room):
    deal, seller = room.deal, room.seller
    choose_pricing(deal, mode="listing", listing_price=60 * WAN, **seller.as_party)
    accept_price(deal, standing(deal), **room.buyer.as_party)

    with pytest.raises(PermissionDenied, match="保密"):
        draft_contract_from_deal(deal, **seller.as_party)
    page = sign_in(Client(), seller.manager).get(deal.get_absolute_url()).content.decode()
    assert "需方尚未具名" in page
    for party in (room.buyer, seller):
        accept_nda(deal, **party.as_party)
    contract = draft_contract_from_deal(Deal.objects.get(pk=deal.pk), **seller.as_party)

    assert contract.buyer_name == BUYER


def test_a_lead_to_a_contact_does_not_find_its_deal_before(room):
    lead = Lead(broker=room.broker, kind="contact", contact=room.buyer.organisation, party=room.buyer.organisation)

    before = deals_of(lead).count()
    for party in (room.buyer, room.seller):
        accept_nda(room.deal, **party.as_party)

    assert (before, deals_of(lead).count()) == (0, 1)


@pytest.mark.django_db
def test_a_trial_came_first_so_the_need_is_named_with_the_deal():
    buyer, offered = hidden_buyer(), outcome()
    interest(of=buyer.organisation, on=offered, need=anonymous(buyer.organisation))
    tried = {"price": 60 * WAN, "mode": "listing", "trial_number": "XY-7K2M-9QAB-CDEF", "is_published_first": False}

    deal = open_deal_from_trial(outcome=offered, buyer=buyer.organisation, **buyer.as_party, **tried)

    assert (deal.need.is_anonymous, is_buyer_withheld(deal)) == (True, False)
    assert NeedDisclosure.objects.get().organisation == offered.owner


@pytest.mark.django_db
def test_a_negotiation_after_the_bidding_waits_for_confidentiality_and_a_sale_names_its_buyer():
    buyer, offered = hidden_buyer(), outcome()
    interest(of=buyer.organisation, on=offered, need=anonymous(buyer.organisation))
    asked = {"by": buyer.manager, "asked_by": member(offered.owner), "lot_number": "OH-2026-08"}

    deal = open_deal_from_negotiation(outcome=offered, buyer=buyer.organisation, **asked)
    sold = from_sale(buyer=buyer.organisation).deal

    assert (is_buyer_withheld(deal), is_buyer_withheld(sold)) == (True, False)
