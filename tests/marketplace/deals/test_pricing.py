"""A price is fixed only when both sides agreed, and stays until both reopen it."""

import pytest
from django.core.exceptions import PermissionDenied

from marketplace.core.journal import Entry
from marketplace.core.refusals import Refused, WrongState
from marketplace.deals.actions import terminate_deal
from marketplace.deals.models import Deal
from marketplace.deals.parts import PriceProposal
from marketplace.deals.pricing import accept_price, choose_pricing, propose_price, reopen_pricing, standing
from marketplace.deals.refusals import (
    AuctionDecides,
    ListingPriceMissing,
    NotPositive,
    OnlySellerLists,
    OwnProposal,
    PriceFixed,
    PriceNotReopened,
    PricingNotChosen,
    ProposalGone,
    ReopeningAsked,
)
from marketplace.publicity.models import Publicity
from tests.marketplace.deals.factories import WAN, from_sale, performing, priced, pricing, rules
from tests.marketplace.matching.test_answer_match import together


def test_nobody_proposes_before_the_mode_is_chosen(matched):
    deal, seller, _buyer = matched

    with pytest.raises(PricingNotChosen):
        propose_price(deal, amount=WAN, **seller.as_party)
    assert not PriceProposal.objects.exists()


def test_only_the_seller_chooses_the_mode(matched):
    deal, seller, buyer = matched

    with pytest.raises(PermissionDenied):
        choose_pricing(deal, mode="agreed", **buyer.as_party)
    choose_pricing(deal, mode="agreed", **seller.as_party)
    deal.refresh_from_db()
    assert (deal.state, deal.pricing_mode) == ("pricing", "agreed")


def test_a_price_is_fixed_when_the_other_side_accepts(matched):
    deal, seller, buyer = pricing(of=matched)
    proposal = propose_price(deal, amount=120 * WAN, **seller.as_party)

    with pytest.raises(OwnProposal):
        accept_price(deal, proposal, **seller.as_party)
    deal.refresh_from_db()
    assert deal.price is None

    accept_price(deal, proposal, **buyer.as_party)
    deal.refresh_from_db()
    assert (deal.state, deal.price) == ("publicity", 120 * WAN)
    assert deal.price_fixed_at is not None
    assert Entry.objects.get(kind="deal.priced").data == {"price": 120 * WAN, "mode": "agreed"}


def test_a_replaced_proposal_is_not_accepted(matched):
    deal, seller, buyer = pricing(of=matched)
    first = propose_price(deal, amount=120 * WAN, **seller.as_party)
    second = propose_price(deal, amount=90 * WAN, **buyer.as_party)

    with pytest.raises(ProposalGone):
        accept_price(deal, first, **buyer.as_party)

    deal.refresh_from_db()
    assert deal.price is None
    assert standing(deal) == second


@pytest.mark.django_db
def test_a_proposal_of_another_deal_is_not_accepted():
    mine, other = pricing(), pricing()
    foreign = propose_price(other.deal, amount=WAN, **other.seller.as_party)

    with pytest.raises(ProposalGone):
        accept_price(mine.deal, foreign, **mine.buyer.as_party)


def test_at_a_listing_price_the_buyer_says_yes_or_nothing(matched):
    deal, seller, buyer = matched
    with pytest.raises(ListingPriceMissing):
        choose_pricing(deal, mode="listing", **seller.as_party)
    choose_pricing(deal, mode="listing", listing_price=80 * WAN, **seller.as_party)

    with pytest.raises(OnlySellerLists):
        propose_price(deal, amount=70 * WAN, **buyer.as_party)
    accept_price(deal, standing(deal), **buyer.as_party)

    deal.refresh_from_db()
    assert (deal.price, deal.listing_price, deal.state) == (80 * WAN, 80 * WAN, "contract")


def test_where_the_auction_decides_nobody_proposes(matched):
    deal, seller, buyer = pricing(of=matched, mode="auction")

    for party in (seller, buyer):
        with pytest.raises(AuctionDecides):
            propose_price(deal, amount=WAN, **party.as_party)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_price_is_more_than_zero(amount, matched):
    deal, seller, _buyer = pricing(of=matched)

    with pytest.raises(NotPositive):
        propose_price(deal, amount=amount, **seller.as_party)


def test_another_mode_drops_the_proposal_that_stood(matched):
    deal, seller, buyer = pricing(of=matched)
    proposal = propose_price(deal, amount=120 * WAN, **seller.as_party)
    choose_pricing(deal, mode="auction", **seller.as_party)

    with pytest.raises(ProposalGone):
        accept_price(deal, proposal, **buyer.as_party)


def test_a_fixed_price_stands(matched):
    deal, seller, buyer = priced(of=matched)

    for call in (
        lambda: choose_pricing(deal, mode="auction", **seller.as_party),
        lambda: propose_price(deal, amount=WAN, **buyer.as_party),
    ):
        with pytest.raises(PriceFixed):
            call()
    deal.refresh_from_db()
    assert (deal.price, deal.pricing_mode) == (120 * WAN, "listing")


def test_both_sides_reopen_a_price(matched):
    deal, seller, buyer = priced(of=matched)

    reopen_pricing(deal, **buyer.as_party)
    with pytest.raises(ReopeningAsked):
        reopen_pricing(deal, **buyer.as_party)
    deal.refresh_from_db()
    assert (deal.state, deal.price) == ("contract", 120 * WAN)

    reopen_pricing(deal, **seller.as_party)
    deal.refresh_from_db()
    assert (deal.state, deal.price, deal.price_fixed_at, deal.reopening_asked_by) == ("pricing", None, None, "")
    assert Entry.objects.get(kind="deal.reopened").data == {"former": 120 * WAN}


@pytest.mark.django_db
def test_a_price_from_an_auction_is_not_reopened():
    deal, seller, _buyer = from_sale()

    with pytest.raises(PriceNotReopened):
        reopen_pricing(deal, **seller.as_party)


@pytest.mark.django_db
def test_behind_the_contract_nothing_is_reopened():
    deal, seller, _buyer = performing()

    with pytest.raises(WrongState):
        reopen_pricing(deal, **seller.as_party)


def fresh(opened):
    return Deal.objects.get(pk=opened.deal.pk)


@pytest.mark.django_db(transaction=True)
def test_two_accepts_at_once_fix_one_price():
    rules()
    opened = pricing()
    proposal = propose_price(opened.deal, amount=120 * WAN, **opened.seller.as_party)
    accept = [
        lambda: accept_price(fresh(opened), PriceProposal.objects.get(pk=proposal.pk), **opened.buyer.as_party)
    ] * 2

    raised = together(*accept)

    assert sorted(type(refusal).__name__ for refusal in raised) == ["NoneType", "PriceFixed"]
    assert Entry.objects.filter(kind="deal.priced").count() == 1
    assert Publicity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_meets_a_new_proposal():
    opened = pricing()
    proposal = propose_price(opened.deal, amount=120 * WAN, **opened.seller.as_party)

    raised = together(
        lambda: accept_price(fresh(opened), PriceProposal.objects.get(pk=proposal.pk), **opened.buyer.as_party),
        lambda: propose_price(fresh(opened), amount=150 * WAN, **opened.seller.as_party),
    )

    deal = fresh(opened)
    assert sum(refusal is None for refusal in raised) == 1
    assert deal.price == (120 * WAN if raised[0] is None else None)


@pytest.mark.django_db(transaction=True)
def test_accepting_meets_termination():
    opened = pricing()
    proposal = propose_price(opened.deal, amount=120 * WAN, **opened.seller.as_party)

    raised = together(
        lambda: accept_price(fresh(opened), PriceProposal.objects.get(pk=proposal.pk), **opened.buyer.as_party),
        lambda: terminate_deal(fresh(opened), reason="不再需要", **opened.buyer.as_party),
    )

    assert raised[1] is None
    assert raised[0] is None or isinstance(raised[0], Refused)
    assert fresh(opened).state == "terminated"


@pytest.mark.parametrize("fate", ["accepted", "replaced", "dropped"])
def test_a_proposal_that_came_to_an_end_moves_no_more(fate, matched):
    deal, seller, _buyer = pricing(of=matched)
    proposal = propose_price(deal, amount=WAN, **seller.as_party)
    proposal.move_to(fate)

    for again in PriceProposal.Fate:
        with pytest.raises(WrongState):
            proposal.move_to(again)

    assert (proposal.state, proposal.fate) == (fate, fate)


def test_a_deal_that_ends_drops_the_proposal_that_stood(matched):
    deal, seller, buyer = pricing(of=matched)
    proposal = propose_price(deal, amount=WAN, **seller.as_party)

    terminate_deal(deal, reason="预算取消", **buyer.as_party)

    proposal.refresh_from_db()
    assert (proposal.fate, standing(deal)) == ("dropped", None)
