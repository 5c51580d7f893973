"""What waits for a colleague, because the reader answered for the other side, does not stand on the reader's desk."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace.contracts.performance.actions import plan_milestone, report_milestone
from marketplace.contracts.performance.terminating import propose_termination
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.deals.nda import accept_nda
from marketplace.desk import rows as desk_rows
from marketplace.desk.collecting import collect, counted
from marketplace.desk.rows import Reader
from marketplace.desk.waiting import deals as waiting_deals
from marketplace.matching.actions import accept_match
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole
from marketplace.trials import actions as trying
from tests.factories.people import join, sign_in
from tests.marketplace.contracts.factories import registered, scan
from tests.marketplace.deals import factories as trade
from tests.marketplace.deals.factories import engage
from tests.marketplace.matching import factories as matches
from tests.marketplace.trials import factories as trials

pytestmark = pytest.mark.django_db


def urls(user):
    """Where the rows of somebody's desk lead, read as their next page reads it."""
    return [row.url for row in collect(Reader(User.objects.get(pk=user.pk), None, clock.now()))]


def of_other_side(answered_by, house):
    """Somebody who answered, now a manager of the other side too."""
    user = User.objects.get(pk=answered_by if isinstance(answered_by, int) else answered_by.pk)
    join(user, house, MemberRole.MANAGER)
    return user


def test_the_turn_of_a_deal_waits_for_a_colleague_of_who_answered_for_the_other_side():
    deal, seller, buyer = trade.from_match()
    accept_nda(deal, **buyer.as_party)
    both = of_other_side(deal.match.need_answered_by_id, deal.seller)

    assert urls(both) == []
    assert urls(seller.manager) == [deal.get_absolute_url()]


def test_who_belongs_to_both_sides_keeps_the_turn_of_the_one_they_answered_for():
    deal, _seller, _buyer = trade.from_match()
    both = of_other_side(deal.match.need_answered_by_id, deal.seller)

    (row,) = collect(Reader(both, None, clock.now()))

    assert row.title.startswith("接受保密条款：")  # the buyer's words; the seller may go on without


def test_drawing_up_a_contract_answers_nobody_and_waits_for_the_seller_whoever_it_is(client):
    deal, _seller, _buyer = trade.priced()
    both = of_other_side(deal.match.need_answered_by_id, deal.seller)

    assert urls(both) == [deal.get_absolute_url()]
    page = sign_in(client, both).get("/en" + deal.get_absolute_url()).content.decode()
    assert "Your turn" in page
    assert "It waits for a colleague of yours" not in page


def test_the_consent_to_a_broker_is_not_asked_of_who_named_them_for_the_other_side():
    deal, seller, buyer = trade.priced()
    engage(deal, trade.broker(), **seller.as_party, for_both=True)
    namer = of_other_side(seller.manager, deal.buyer)
    namer.memberships.filter(organisation=deal.seller).update(state="left")

    assert urls(namer) == []
    assert urls(buyer.manager) == [deal.get_absolute_url()]


def test_the_row_of_the_rest_counts_what_waits_for_the_reader_alone(monkeypatch):
    for module in (desk_rows, waiting_deals):
        monkeypatch.setattr(module, "SHOWN", 1)
    buyer, house = matches.enterprise(), matches.institute()
    made = [trade.from_match(need=matches.need(of=buyer), outcome=matches.outcome(of=house)).deal for _each in range(3)]
    both = of_other_side(made[1].match.outcome_answered_by_id, buyer)
    both.memberships.filter(organisation=house).update(state="left")

    found = collect(Reader(User.objects.get(pk=both.pk), None, clock.now()))

    assert [row.count for row in found] == [1, 1]
    assert counted(found) == 2
    assert counted(collect(Reader(matches.member(buyer), None, clock.now()))) == 3


def test_nobody_is_asked_to_answer_the_interest_they_showed():
    shown = trade.interest()
    shower = of_other_side(shown.shown_by, shown.outcome.owner)
    colleague = matches.member(shown.outcome.owner)

    assert urls(shower) == []
    assert urls(colleague) == [shown.get_absolute_url()]


@pytest.mark.parametrize("score", [0.66, 0.35])
def test_a_match_waits_for_a_colleague_of_who_answered_for_the_other_side(score):
    match = matches.proposed(score=score)
    needing, owning = match.need.organisation, match.outcome.owner
    first = matches.member(needing)
    accept_match(match, by=first, organisation=needing)
    both, colleague = of_other_side(first, owning), matches.member(owning)

    assert urls(both) == []
    assert urls(colleague) == [match.get_absolute_url()]

    accept_match(match, by=colleague, organisation=owning)
    both.memberships.filter(organisation=needing).update(state="left")

    assert urls(both) == []  # opening the deal answers too
    assert urls(colleague) == [match.get_absolute_url()]


def test_a_weak_match_nobody_answered_still_counts():
    match = matches.proposed(score=0.35)
    elsewhere = matches.proposed()
    first = matches.member(elsewhere.need.organisation)
    accept_match(elsewhere, by=first, organisation=elsewhere.need.organisation)
    both = of_other_side(first, match.outcome.owner)

    assert [row.count for row in collect(Reader(both, None, clock.now()))] == [1]


def test_what_a_trial_asks_waits_for_a_colleague_and_so_does_its_beginning():
    trial, owner, tries = trials.requested()
    both = of_other_side(trial.requested_by, trial.outcome.owner)
    both.memberships.filter(organisation=trial.enterprise).update(state="left")

    assert urls(both) == []
    assert urls(owner.manager) == [trial.get_absolute_url()]

    trying.approve_trial(trial, **owner.as_party)
    assert urls(both) == []
    for party in (owner, tries):
        trying.sign_trial_contract(trial, **party.as_party)

    assert urls(both) == []
    assert urls(owner.manager) == [trial.get_absolute_url()]


def test_milestones_and_proposals_to_end_wait_for_a_colleague():
    buyer = matches.enterprise()
    contract, seller = registered(buyer_uscc=buyer.uscc)
    other, colleague = matches.member(buyer), matches.member(contract.seller)
    milestone = plan_milestone(contract, by=seller, title="交付样机", due_on=clock.today() + timedelta(days=30))
    report_milestone(milestone, by=seller, account="已交付", upload=scan())
    both = of_other_side(seller, buyer)
    milestone.refresh_from_db()

    assert milestone.get_absolute_url() in urls(other)
    assert milestone.get_absolute_url() not in urls(both)

    proposal = propose_termination(
        contract, by=other, organisation=contract.buyer, reason="项目方向调整", ends_on=clock.today()
    )
    join(other, contract.seller, MemberRole.MANAGER)

    assert proposal.get_absolute_url() in urls(colleague)
    rows = collect(Reader(User.objects.get(pk=other.pk), None, clock.now()))
    assert [row.since for row in rows] == [milestone.done_at]  # as the buyer; the end they proposed is a colleague's


def asked(client):
    client.get("/desk/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/desk/")
    return [query["sql"] for query in captured]


def test_whoever_answered_for_one_house_alone_is_asked_about_once():
    deal, seller, _buyer = trade.pricing()
    reader = sign_in(Client(), seller.manager)

    about = [sql for sql in asked(reader) if Kind.DEAL_PRICING_CHOSEN in sql]

    assert Entry.objects.filter(actor=seller.manager, on_behalf_of=deal.seller).exists()
    assert len(about) == 1


def test_who_may_be_kept_off_costs_the_same_for_one_and_for_three():
    buyer, house = matches.enterprise(), matches.institute()
    both = matches.member(buyer)
    join(both, house, MemberRole.MANAGER)
    reader, counts = sign_in(Client(), both), []
    for times in (1, 2):
        for _each in range(times):
            deal = trade.from_match(need=matches.need(of=buyer), outcome=matches.outcome(of=house)).deal
            accept_nda(deal, by=both, organisation=buyer)
            contract, _seller = registered(buyer_uscc=buyer.uscc)
            join(both, contract.seller, MemberRole.MANAGER)
            party = {"by": both, "organisation": contract.seller}
            milestone = plan_milestone(contract, **party, title="样机", due_on=clock.today() + timedelta(days=30))
            report_milestone(milestone, **party, account="已交付", upload=scan())
        counts.append(len(asked(reader)))

    assert counts[0] == counts[1]
