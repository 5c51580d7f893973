"""Who is told about matches, interest and deals."""

import pytest

from marketplace.deals.actions import terminate_deal
from marketplace.deals.brokering import name_broker
from marketplace.deals.engagement import accept_engagement
from marketplace.deals.opening import accept_interest
from marketplace.deals.pricing import accept_price, propose_price, reopen_pricing, withdraw_reopening
from marketplace.deals.rules import SELLS
from marketplace.deals.talking import add_note
from marketplace.matching.actions import accept_match, decline_match
from marketplace.matching.proposing import propose_matches
from marketplace.notices.models import Notice
from marketplace.organisations.models import User
from tests.marketplace.deals.factories import WAN, broker, interest, priced, pricing
from tests.marketplace.matching.factories import member, need, outcome, pair, proposed

pytestmark = pytest.mark.django_db


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def test_a_proposal_reaches_both_sides_and_each_answer_the_other(commit, mailoutbox):
    asked, offered = need(), outcome()
    buyer, seller = member(asked.organisation), member(offered.owner)
    idle = member(offered.owner, "finance")

    [match] = commit(lambda: propose_matches(asked, [pair(asked, offered)]))
    assert told("match.proposed") == {buyer.pk, seller.pk}
    assert {mail.to[0] for mail in mailoutbox} == {buyer.email, seller.email}

    commit(lambda: accept_match(match, by=seller, organisation=offered.owner))
    assert told("match.accepted") == {buyer.pk}

    commit(lambda: accept_match(match, by=buyer, organisation=asked.organisation))
    assert told("match.agreed") == {seller.pk}
    assert idle.pk not in set(Notice.objects.values_list("user", flat=True))


def test_a_decline_is_told_to_whom_had_accepted(commit):
    match = proposed()
    seller, buyer = member(match.outcome.owner), member(match.need.organisation)
    accept_match(match, by=seller, organisation=match.outcome.owner)

    commit(lambda: decline_match(match, by=buyer, organisation=match.need.organisation, reason="price"))

    assert told("match.declined") == {seller.pk}


def test_interest_reaches_the_owner_and_the_answer_who_asked(commit):
    offered = outcome()
    seller = member(offered.owner)
    shown = commit(lambda: interest(on=offered))
    assert told("interest.shown") == {seller.pk}

    commit(lambda: accept_interest(shown, by=seller, organisation=offered.owner))

    assert told("interest.answered") == {shown.shown_by_id}
    assert told("deal.opened") == {shown.shown_by_id}


def test_a_deal_on_its_way(commit):
    deal, seller, buyer = pricing()
    sellers = {seller.manager.pk} | set(deal.seller.memberships.values_list("user", flat=True))
    buyers = {buyer.manager.pk} | set(deal.buyer.memberships.values_list("user", flat=True))
    one = broker()

    commit(lambda: name_broker(deal, one, for_both=True, **seller.as_party))
    assert told("deal.named_broker") == {one.user.pk}
    assert told("deal.consent_asked") == buyers
    commit(lambda: accept_engagement(deal, by=one.user))
    assert told("deal.broker_accepted") == sellers
    assert told("deal.broker_of_seller") == buyers

    proposal = commit(lambda: propose_price(deal, amount=120 * WAN, **seller.as_party))
    assert told("deal.price_proposed") == buyers
    assert Notice.objects.filter(kind="deal.price_proposed").first().title.startswith("答复报价 120 万元")

    commit(lambda: accept_price(deal, proposal, **buyer.as_party))
    assert told("deal.priced") == (sellers | buyers | {one.user.pk}) - {buyer.manager.pk}

    commit(lambda: add_note(deal, text="只给己方", is_shared=False, **buyer.as_party))
    assert told("deal.noted") == buyers - {buyer.manager.pk}

    commit(lambda: terminate_deal(deal, reason="预算取消", **buyer.as_party))
    assert told("deal.terminated") == (sellers | buyers | {one.user.pk}) - {buyer.manager.pk}
    assert not Notice.objects.filter(data__icontains="预算取消").exists()


def test_a_request_to_reopen_the_price_and_its_end_reach_the_other_side(commit):
    deal, seller, buyer = priced()
    sellers = {person.pk for person in User.objects.active_in(deal.seller, *SELLS)}
    idle = member(deal.seller, "finance")
    commit(lambda: reopen_pricing(deal, **buyer.as_party))

    commit(lambda: withdraw_reopening(deal, **buyer.as_party))

    assert told("deal.reopening_withdrawn") == told("deal.reopening_asked") == sellers >= {seller.manager.pk}
    assert idle.pk not in told("deal.reopening_withdrawn")
    assert Notice.objects.filter(kind="deal.reopening_withdrawn").first().title.startswith("对方已撤回")
