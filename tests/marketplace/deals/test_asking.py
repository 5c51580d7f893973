"""A deal with more in it, and a longer list, ask the database no more often."""

import pytest
from django.test import Client

from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.deals.brokering import name_broker, release_broker
from marketplace.deals.pricing import propose_price
from marketplace.deals.talking import add_deal_file, add_note
from tests.factories.asking import queries_of
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import broker, from_sale, interest, member, outcome, pdf, person, pricing
from tests.marketplace.matching.factories import need, proposed

pytestmark = pytest.mark.django_db


def reader_of(user):
    return sign_in(Client(), user)


def grow(opened):
    """One more of everything a deal holds, each by a person of its own."""
    deal, seller, buyer = opened
    for party in (seller, buyer):
        by = {"by": member(party.organisation), "organisation": party.organisation}
        add_note(deal, text="会谈纪要", **by)
        add_deal_file(deal, upload=pdf(), purpose="other", **by)
        propose_price(deal, amount=100, **by)
    name_broker(deal, broker(), **seller.as_party)
    release_broker(deal, **seller.as_party)


@pytest.mark.parametrize("role", ["seller", "auditor"])
def test_a_deal_with_three_of_everything_costs_what_one_costs(role):
    opened = pricing()
    reader = reader_of(opened.seller.manager if role == "seller" else person(role))
    grow(opened)
    one = queries_of(reader, opened.deal.get_absolute_url())

    grow(opened)
    grow(opened)

    assert queries_of(reader, opened.deal.get_absolute_url()) <= one


@pytest.mark.parametrize("address", ["/interests/", "/interests/?state=shown"])
def test_the_list_of_interest(address):
    owner = outcome().owner
    reader = reader_of(member(owner))
    interest(on=outcome(of=owner), need=None)
    one = queries_of(reader, address)

    for _ in range(2):
        interest(on=outcome(of=owner))

    assert queries_of(reader, address) <= one


@pytest.mark.parametrize("address", ["/deals/", "/deals/export/?format=csv"])
def test_the_board_of_deals_in_different_states(address):
    owner = outcome().owner
    reader = reader_of(member(owner))
    from_sale(outcome=outcome(of=owner), lot="A")
    one = queries_of(reader, address)

    name_broker(from_sale(outcome=outcome(of=owner), lot="B").deal, broker(), by=member(owner), organisation=owner)
    sold = from_sale(outcome=outcome(of=owner), lot="C").deal
    draft_contract_from_deal(sold, by=member(owner), organisation=owner)

    assert queries_of(reader, address) <= one


def test_the_matches_of_a_need_and_of_an_outcome():
    wanted, offered = need(), outcome()
    by_need, by_outcome = reader_of(member(wanted.organisation)), reader_of(member(offered.owner))
    proposed(need=wanted, outcome=offered)
    needs, outcomes = f"/needs/{wanted.code}/matches/", f"/outcomes/{offered.number}/matches/"
    one = queries_of(by_need, needs), queries_of(by_outcome, outcomes)

    for _ in range(2):
        proposed(need=wanted)
        proposed(outcome=offered)

    assert queries_of(by_need, needs) <= one[0]
    assert queries_of(by_outcome, outcomes) <= one[1]
