"""Who answered for one side of a match or a deal gives no answer of the other, whatever memberships come and go."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from marketplace.deals.actions import finish_deal, terminate_deal
from marketplace.deals.brokering import consent_to_broker, name_broker
from marketplace.deals.nda import accept_nda
from marketplace.deals.opening import accept_interest, open_deal_from_match
from marketplace.deals.pricing import accept_price, propose_price, reopen_pricing, standing
from marketplace.matching.actions import accept_match, decline_match
from marketplace.organisations.joining import leave_organisation
from marketplace.organisations.models import Membership, User
from marketplace.organisations.roles import MemberRole
from tests.factories.asking import queries_of
from tests.factories.people import join, sign_in
from tests.marketplace.deals.factories import (
    WAN,
    broker,
    enterprise,
    from_interest,
    from_match,
    interest,
    member,
    performing,
    priced,
    pricing,
    rules,
)
from tests.marketplace.matching.factories import agreed, need, proposed

pytestmark = pytest.mark.django_db

OTHER = "已代表.*其他人员办理"


def of_both(deal):
    """A manager of both parties."""
    person = member(deal.seller)
    join(person, deal.buyer, MemberRole.MANAGER)
    return person


def moved(person, *, away, to):
    """The person of the row once they have left one house and joined another."""
    leave_organisation(Membership.objects.get(user=person, organisation=away), by=person)
    join(person, to, MemberRole.MANAGER)
    return User.objects.get(pk=person.pk)


def test_nobody_accepts_a_match_for_both_sides():
    match = proposed()
    need_side, outcome_side = match.need.organisation, match.outcome.owner
    both = member(need_side)
    join(both, outcome_side, MemberRole.MANAGER)
    accept_match(match, by=both, organisation=need_side)

    with pytest.raises(PermissionDenied, match=OTHER):
        accept_match(match, by=both, organisation=outcome_side)
    with pytest.raises(PermissionDenied, match=OTHER):
        decline_match(match, by=both, organisation=outcome_side, reason="price")

    match.refresh_from_db()
    assert (match.state, match.outcome_answer) == ("proposed", "waiting")
    accept_match(match, by=member(outcome_side), organisation=outcome_side)
    assert match.state == "agreed"


def test_who_accepted_the_match_for_one_side_does_not_open_its_deal_for_the_other():
    match = agreed()
    both = User.objects.get(pk=match.need_answered_by_id)
    join(both, match.outcome.owner, MemberRole.MANAGER)

    with pytest.raises(PermissionDenied, match=OTHER):
        open_deal_from_match(match, by=both, organisation=match.outcome.owner)
    assert open_deal_from_match(match, by=both, organisation=match.need.organisation).pk


def test_who_accepted_the_match_for_one_side_answers_nothing_for_the_other_in_its_deal():
    deal, _seller, _buyer = from_match()
    both = User.objects.get(pk=deal.match.need_answered_by_id)
    join(both, deal.seller, MemberRole.MANAGER)

    with pytest.raises(PermissionDenied, match=OTHER):
        accept_nda(deal, by=both, organisation=deal.seller)
    assert not deal.nda_acceptances.exists()


def test_nobody_answers_the_interest_they_showed():
    shown = interest()
    shower = shown.shown_by
    join(shower, shown.outcome.owner, MemberRole.MANAGER)

    with pytest.raises(PermissionDenied, match=OTHER):
        accept_interest(shown, by=shower, organisation=shown.outcome.owner)
    shown.refresh_from_db()
    assert shown.state == "shown"


def test_confidentiality_accepted_with_interest_is_not_accepted_by_the_same_person_for_the_seller():
    deal, _seller, _buyer = from_interest(accepts_nda=True)
    shower = deal.interest.shown_by
    join(shower, deal.seller, MemberRole.MANAGER)

    with pytest.raises(PermissionDenied, match=OTHER):
        accept_nda(deal, by=shower, organisation=deal.seller)


def test_nobody_accepts_confidentiality_for_both_sides():
    deal, _seller, _buyer = from_match()
    both = of_both(deal)
    accept_nda(deal, by=both, organisation=deal.seller)

    with pytest.raises(PermissionDenied, match=OTHER) as refused:
        accept_nda(deal, by=both, organisation=deal.buyer)

    assert deal.seller.name in str(refused.value)
    assert deal.buyer.name in str(refused.value)
    assert [row.side for row in deal.nda_acceptances.all()] == ["seller"]


def test_nobody_accepts_or_outbids_their_own_price():
    deal, _seller, _buyer = pricing()
    both = of_both(deal)
    proposal = propose_price(deal, amount=WAN, by=both, organisation=deal.seller)

    for call in (
        lambda: accept_price(deal, proposal, by=both, organisation=deal.buyer),
        lambda: propose_price(deal, amount=2 * WAN, by=both, organisation=deal.buyer),
    ):
        with pytest.raises(PermissionDenied, match=OTHER):
            call()

    deal.refresh_from_db()
    assert (deal.price, standing(deal)) == (None, proposal)


def test_who_left_the_seller_does_not_accept_their_price_for_the_buyer():
    rules()
    deal, seller, buyer = pricing()
    member(deal.seller)  # another manager stays
    proposal = propose_price(deal, amount=WAN, **seller.as_party)
    changed = moved(seller.manager, away=deal.seller, to=deal.buyer)

    with pytest.raises(PermissionDenied, match=OTHER):
        accept_price(deal, proposal, by=changed, organisation=deal.buyer)
    deal.refresh_from_db()
    assert deal.price is None

    accept_price(deal, proposal, **buyer.as_party)
    assert deal.price == WAN


def test_a_price_is_not_reopened_by_one_person_for_both_sides():
    deal, _seller, _buyer = priced()
    both = of_both(deal)
    reopen_pricing(deal, by=both, organisation=deal.seller)

    with pytest.raises(PermissionDenied, match=OTHER):
        reopen_pricing(deal, by=both, organisation=deal.buyer)
    deal.refresh_from_db()
    assert deal.state == "contract"


def test_nobody_consents_to_a_broker_for_both_sides():
    deal, _seller, _buyer = from_match()
    both = of_both(deal)
    name_broker(deal, broker(), by=both, organisation=deal.seller, for_both=True)

    with pytest.raises(PermissionDenied, match=OTHER):
        consent_to_broker(deal, by=both, organisation=deal.buyer)
    deal.refresh_from_db()
    assert deal.broker_side == "seller"


def test_delivery_is_not_confirmed_by_who_answered_for_the_seller():
    deal, _seller, buyer = performing()
    agreed_for_seller = User.objects.get(pk=deal.match.outcome_answered_by_id)
    join(agreed_for_seller, deal.buyer, MemberRole.MANAGER)

    with pytest.raises(PermissionDenied, match=OTHER):
        finish_deal(deal, by=agreed_for_seller, organisation=deal.buyer)
    finish_deal(deal, **buyer.as_party)


def test_who_made_the_offer_of_one_side_does_not_end_the_deal_for_the_other():
    deal, _seller, _buyer = pricing()
    both = of_both(deal)
    propose_price(deal, amount=WAN, by=both, organisation=deal.seller)

    with pytest.raises(PermissionDenied, match=OTHER):
        terminate_deal(deal, by=both, organisation=deal.buyer, reason="预算取消")

    deal.refresh_from_db()
    assert deal.state == "pricing"
    terminate_deal(deal, by=both, organisation=deal.seller, reason="预算取消")
    assert deal.state == "terminated"


def words_of(response):
    """What the page says, without its marks of language."""
    return strip_tags(response.content.decode())


def test_the_page_gives_the_reason_and_the_turn_to_a_colleague():
    deal, seller, _buyer = pricing()
    member(deal.seller)
    propose_price(deal, amount=WAN, **seller.as_party)
    changed = moved(seller.manager, away=deal.seller, to=deal.buyer)

    page = words_of(sign_in(Client(), changed).get("/en" + deal.get_absolute_url()))

    reason = f"You have acted for {deal.seller} in this already; somebody else of {deal.buyer} has to do it."
    assert "It waits for a colleague of yours" in page
    assert "Your turn" not in page
    assert page.count(reason) == 3  # where the turn is told, beside confidentiality and beside the price


def test_the_board_offers_no_move_that_is_refused():
    deal, seller, _buyer = pricing()
    member(deal.seller)
    propose_price(deal, amount=WAN, **seller.as_party)
    changed = moved(seller.manager, away=deal.seller, to=deal.buyer)

    context = sign_in(Client(), changed).get(reverse("deal-list")).context

    (card,) = [card for column in context["columns"] for card in column.cards]
    assert card.moves == []
    assert not card.is_mine_to_act


def test_the_board_costs_the_same_for_one_and_for_three():
    buyer = enterprise()
    reader = sign_in(Client(), member(buyer))

    from_match(need=need(of=buyer))
    few = queries_of(reader, reverse("deal-list"))
    for _ in range(2):
        from_match(need=need(of=buyer))

    assert queries_of(reader, reverse("deal-list")) == few
