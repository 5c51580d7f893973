"""What was asked of people for an organisation is settled when they leave it, unless they are asked all the same."""

import pytest

from marketplace.contracts.sharing.actions import submit_plan
from marketplace.deals.brokering import name_broker
from marketplace.deals.pricing import propose_price
from marketplace.matching.actions import accept_match, decline_match
from marketplace.matching.reconsidering import reconsider_match
from marketplace.organisations.accounts import empty_user
from marketplace.organisations.joining import change_member_roles, leave_organisation
from marketplace.organisations.roles import MemberRole, Role
from tests.factories.people import join, member, organisation, person, staff
from tests.marketplace.contracts.shared import house, plan
from tests.marketplace.deals.factories import WAN, broker, from_match, interest, pricing
from tests.marketplace.matching.factories import proposed
from tests.marketplace.trials import factories as trials

pytestmark = pytest.mark.django_db


def asked(user):
    """The kinds of what somebody has not read, without what tells of memberships."""
    return sorted(user.notices.unread().exclude(kind__startswith="membership.").values_list("kind", flat=True))


@pytest.fixture
def leave(commit):
    def leaving(user, house, by=None):
        membership = user.memberships.get(organisation=house)
        commit(lambda: leave_organisation(membership, by=by or user))

    return leaving


@pytest.mark.parametrize("by_manager", [True, False])
def test_who_leaves_a_party_is_asked_no_longer_and_a_colleague_is(commit, leave, by_manager):
    deal, seller, buyer = pricing()
    goes, stays = member(deal.buyer, MemberRole.BIDDER), member(deal.buyer, MemberRole.BIDDER)
    commit(lambda: propose_price(deal, amount=WAN, **seller.as_party))
    assert asked(goes) == asked(stays) == ["deal.price_proposed"]

    leave(goes, deal.buyer, by=buyer.manager if by_manager else None)

    assert asked(goes) == []
    assert asked(stays) == ["deal.price_proposed"]


def test_who_belongs_to_the_other_party_too_is_asked_until_they_leave_that_as_well(commit, leave):
    both = person()
    first = from_match().deal
    shown = interest()  # in another outcome: nothing to do with either
    for side in (first.seller, first.buyer):
        join(both, side, MemberRole.MANAGER)
        member(side, MemberRole.MANAGER)
    certified = broker()
    owner = member(shown.outcome.owner, MemberRole.MANAGER)
    commit(
        lambda: name_broker(first, certified, by=member(first.buyer, MemberRole.BIDDER), organisation=first.buyer,
                            for_both=True)
    )  # fmt: skip
    assert asked(both) == ["deal.consent_asked"]

    leave(both, first.buyer)
    assert asked(both) == ["deal.consent_asked"]

    leave(both, first.seller)
    assert asked(both) == []
    assert asked(certified.user) == ["deal.named_broker"]
    assert owner.is_active


def test_a_broker_stays_asked_whatever_house_they_leave(commit, leave):
    deal, seller, _buyer = from_match()
    certified = broker()
    join(certified.user, deal.seller, MemberRole.PUBLISHER)
    commit(lambda: name_broker(deal, certified, **seller.as_party))

    leave(certified.user, deal.seller)

    assert asked(certified.user) == ["deal.named_broker"]


def test_what_another_house_asks_stays(commit, leave):
    somebody, elsewhere = person(), organisation()
    join(somebody, elsewhere, MemberRole.MANAGER)
    member(elsewhere, MemberRole.MANAGER)
    entry, owner = trials.pooled()
    join(somebody, owner.organisation, MemberRole.PUBLISHER)
    commit(lambda: trials.requested(on=entry))
    assert asked(somebody) == ["trial.requested"]

    leave(somebody, elsewhere)
    assert asked(somebody) == ["trial.requested"]

    leave(somebody, owner.organisation)
    assert asked(somebody) == []


def test_what_is_no_task_stays_unread(commit, leave):
    shown = interest()
    owner = member(shown.outcome.owner, MemberRole.MANAGER)
    match = proposed()
    asker = member(match.need.organisation, MemberRole.BIDDER)
    accept_match(match, by=asker, organisation=match.need.organisation)
    commit(
        lambda: decline_match(
            match,
            by=member(match.outcome.owner, MemberRole.MANAGER),
            organisation=match.outcome.owner,
            reason="price",
        )
    )
    assert asked(asker) == ["match.declined"]

    leave(asker, match.need.organisation)

    assert asked(asker) == ["match.declined"]
    assert owner.is_active


def test_who_is_asked_again_stays_asked_when_they_leave_another_house(commit, leave):
    match = proposed()
    needing, owning = match.need.organisation, match.outcome.owner
    seller, buyer = member(owning, MemberRole.MANAGER), member(needing, MemberRole.MANAGER)
    decline_match(match, by=seller, organisation=owning, reason="price")
    commit(lambda: reconsider_match(match, by=seller, organisation=owning))
    assert asked(buyer) == ["match.asked_again"]
    elsewhere = organisation(manager=person())
    join(buyer, elsewhere, MemberRole.PUBLISHER)

    leave(buyer, elsewhere)

    assert asked(buyer) == ["match.asked_again"]


def test_who_has_not_the_role_any_more_is_asked_no_longer(commit):
    deal, seller, buyer = pricing()
    bidder = member(deal.buyer, MemberRole.BIDDER)
    commit(lambda: propose_price(deal, amount=WAN, **seller.as_party))

    membership = bidder.memberships.get()
    commit(lambda: change_member_roles(membership, by=buyer.manager, roles=["bidder", "finance"]))
    assert asked(bidder) == ["deal.price_proposed"]

    commit(lambda: change_member_roles(membership, by=buyer.manager, roles=["finance"]))
    assert asked(bidder) == []


def test_what_the_platform_asks_of_its_officers_stays(commit, leave):
    officer = staff(Role.OFFICER)
    elsewhere = organisation(manager=person())
    join(officer, elsewhere, MemberRole.FINANCE)
    commit(trials.disputed)
    assert asked(officer) == ["trial.to_resolve"]

    leave(officer, elsewhere)

    assert asked(officer) == ["trial.to_resolve"]


def test_a_plan_waits_no_longer_for_the_head_of_a_department_who_left(commit, leave):
    here = house()
    made = plan(here)
    commit(lambda: submit_plan(made, by=here.writer))
    assert asked(here.head) == ["plan.for_department"]

    leave(here.head, made.contract.seller, by=here.manager)

    assert asked(here.head) == []


def test_a_closed_account_is_asked_nothing(commit):
    deal, seller, _buyer = pricing()
    bidder = member(deal.buyer, MemberRole.BIDDER)
    commit(lambda: propose_price(deal, amount=WAN, **seller.as_party))

    commit(lambda: empty_user(bidder, by=bidder))

    assert asked(bidder) == []


def test_a_membership_that_ended_is_not_told_as_one_in_which_to_act(commit, leave):
    manager = person()
    firm = organisation(manager=manager)
    lin = member(firm, MemberRole.BIDDER)
    commit(lambda: change_member_roles(lin.memberships.get(), by=manager, roles=["finance"]))
    assert [notice.kind for notice in lin.notices.unread()] == ["membership.changed"]

    leave(lin, firm, by=manager)

    assert [notice.kind for notice in lin.notices.unread()] == ["membership.ended"]
