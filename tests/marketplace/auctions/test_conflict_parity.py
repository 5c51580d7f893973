"""bidder_conflict in bidding.sql and conflict in conflicts.py say the same, and every bid asks it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from marketplace.auctions import actions
from marketplace.auctions.conflicts import SENTENCES, Body, Ties, conflict, conflict_code, conflict_of
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidderRegistration, Lot, LotEvent
from marketplace.auctions.saying_no import REFUSALS, refusal_of
from marketplace.core import clock
from marketplace.organisations.models import Organisation
from marketplace.outcomes.parts import CoOwner
from tests.factories import people
from tests.marketplace.auctions import as_left
from tests.marketplace.auctions.making import (
    announced_lot,
    as_if_listed,
    bidder,
    hybrid_lot,
    member,
    organisation,
    person,
    undone,
)

pytestmark = pytest.mark.django_db

DECLARED = ["nobody", "it declares", "they declare", "both declare"]
AGENT = ["none", "own", "of the seller", "of the organiser", "of the auction company", "left", "staff", "officer"]


@pytest.fixture
def lot():
    company = organisation("auction_company")
    made = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    facts = {"auction_company": company, "company_licence": "L1", "auctioneer_licence": "L2"}
    type(made.session).objects.filter(pk=made.session_id).update(**facts)
    return Lot.objects.select_related("session__organiser", "session__auction_company", "outcome__owner").get(
        pk=made.pk
    )


def declare(bidder, other, how):
    """Let the two be related as `how` says; return the codes the bidder declares."""
    if how in ("they declare", "both declare"):
        other.related_usccs = [bidder.uscc]
        other.save()
    return [other.uscc] if how in ("it declares", "both declare") else []


def agent_of(firm, lot, kind):
    if kind == "none":
        return None
    session = lot.session
    agent = member(firm, "bidder")
    if kind in ("staff", "officer"):
        agent.groups.add(Group.objects.get_or_create(name="auctioneer" if kind == "staff" else "officer")[0])
    house = {
        "of the seller": lot.outcome.owner,
        "of the organiser": session.organiser,
        "of the auction company": session.auction_company,
        "left": session.organiser,
    }.get(kind)
    if house is not None and house != firm:
        membership = people.join(agent, house)
        if kind == "left":
            membership.state = "left"
            membership.save()
    return agent


NO_TIE = {"who": "another", "agent": "own", "co_owns": False, "right": "none", "bars": []}
NO_TIE |= {"seller": "nobody", "organiser": "nobody", "company": "nobody"}
TIES = [{house: how} for house in ("seller", "organiser", "company") for how in DECLARED[1:3]]
TIES += [{"who": who} for who in ("seller", "organiser", "auction company")] + [{"agent": kind} for kind in AGENT]
TIES += [{"co_owns": True}, {"bars": ["forfeited"]}, {"bars": ["rejected"]}]


def with_each_tie_alone(test):
    """Ask a test about every tie where there is no other that would be noticed in its place."""
    for tie in TIES:
        test = example(**(NO_TIE | tie))(test)
    return test


@pytest.mark.long
@with_each_tie_alone
@given(
    who=st.sampled_from(["another", "seller", "organiser", "auction company"]),
    seller=st.sampled_from(DECLARED),
    organiser=st.sampled_from(DECLARED),
    company=st.sampled_from(DECLARED),
    agent=st.sampled_from(AGENT),
    co_owns=st.booleans(),
    right=st.sampled_from(["none", "by account", "by code", "waived", "struck", "on another lot"]),
    bars=st.lists(st.sampled_from(["forfeited", "rejected", "practice"]), max_size=2),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_finds_what_the_pure_rule_finds(lot, who, seller, organiser, company, agent, co_owns, right, bars):
    with undone():
        session, outcome = lot.session, lot.outcome
        houses = {"seller": outcome.owner, "organiser": session.organiser, "auction company": session.auction_company}
        firm = houses.get(who) or organisation()
        others = [(outcome.owner, seller), (session.organiser, organiser), (session.auction_company, company)]
        firm.related_usccs = [code for other, how in others if other != firm for code in declare(firm, other, how)]
        firm.save()
        if co_owns:
            CoOwner.objects.create(outcome=outcome, organisation=firm, name=firm.name, share=40)
        list_right(lot, firm, right)
        bar(lot, firm, bars)
        speaker = agent_of(firm, lot, agent)
        afresh = {house.pk: Organisation.objects.get(pk=house.pk) for house, _how in [*others, (firm, "")]}

        expected = conflict(
            Ties(
                bidder=body(afresh[firm.pk]),
                seller=body(afresh[outcome.owner_id]),
                hosts=frozenset(body(afresh[pk]) for pk in (session.organiser_id, session.auction_company_id)),
                agent_is_inside=agent in ("of the seller", "of the organiser", "of the auction company", "staff"),
                co_owns=co_owns,
                has_priority=right in ("by account", "by code"),
                bars=frozenset(state for state in bars if state != "practice"),
            )
        )

        assert conflict_code(firm, lot, speaker) == expected
        assert (conflict_of(firm, lot, speaker) or "") == (str(SENTENCES[expected]) if expected else "")
        assert obstacle(lot, firm, speaker) == expected
        for house, _how in others:  # the rows go back with the savepoint, what is in memory does not
            house.related_usccs = []


def obstacle(lot, firm, speaker):
    """Return what stands against a bid of the firm in the decision, which first looks for any tie, in one query."""
    staff = {"by": person("organiser"), "finance": person("finance")}
    with clock.moved_to(lot.starts_at - timedelta(days=1)):
        one = as_left.qualified(lot, firm, agent=speaker or person(), **staff)
    with connection.cursor() as cursor:
        cursor.execute("SELECT bidder_obstacle(%s, %s, now())", [one.pk, lot.pk])
        return cursor.fetchone()[0]


def body(house):
    return Body(house.uscc, frozenset(house.related_usccs))


def list_right(lot, firm, right):
    if right == "none":
        return
    target = announced_lot() if right == "on another lot" else lot
    holder = as_if_listed(target, firm, rank=1, by=person("organiser"))
    if right == "by code":
        holder.organisation, holder.name = None, "以前没有账号"
    elif right == "waived":
        holder.channel = "waiver"
    elif right == "struck":
        holder.struck_at, holder.struck_reason = timezone.now(), "误列"
    holder.save()


def bar(lot, firm, bars):
    for state in bars:
        earlier = announced_lot(starts_at=timezone.now() - timedelta(days=60))
        registration = bidder(earlier)
        BidderRegistration.objects.filter(pk=registration.pk).update(
            organisation=firm, is_barred=True, state="forfeited" if state == "practice" else state
        )
        Lot.objects.filter(pk=earlier.pk).update(is_practice=state == "practice", state="unsold")
        unfrozen(earlier, lot.outcome_id)


def unfrozen(earlier, outcome):
    """Let an earlier lot have sold the same outcome: its terms are frozen, so the trigger is asked to look away."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE marketplace_lot SET outcome_id = %s WHERE id = %s", [outcome, earlier.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")


def conflicts():
    """Return {code: what brings a qualified bidder of a lot into this conflict}."""

    def related(registration, house):
        Organisation.objects.filter(pk=house.pk).update(related_usccs=[registration.organisation.uscc])

    def hosts(registration):
        session = registration.lot.session
        type(session).objects.filter(pk=session.pk).update(auction_company=registration.organisation)

    def owns(registration):
        firm = registration.organisation
        CoOwner.objects.create(outcome=registration.lot.outcome, organisation=firm, name=firm.name, share=40)

    return {
        "related": lambda one: related(one, one.lot.outcome.owner),
        "host": hosts,
        "host_related": lambda one: related(one, one.lot.session.organiser),
        "insider": lambda one: people.join(one.agent, one.lot.session.organiser),
        "co_owner": owns,
    }


@pytest.mark.parametrize("code", conflicts())
@pytest.mark.parametrize("entry", ["online", "floor", "sealed"])
def test_what_became_known_after_the_number_stops_each_kind_of_bid_in_the_database(code, entry):
    since = timezone.now() - timedelta(minutes=1)
    kind = "sealed" if entry == "sealed" else "english"
    lot = hybrid_lot() if entry == "floor" else announced_lot(starts_at=since, format=kind)
    one = bidder(lot)
    conflicts()[code](one)

    if entry == "sealed":
        answer = actions.decide_sealed_bid(lot, one, key="k", commitment="c" * 64, box=b"\0", arrived_at=timezone.now())
    else:
        answer = actions.decide_bid(lot, one, amount=160 * WAN, key="k", arrived_at=timezone.now(), source=entry)

    assert (answer["accepted"], answer["reason"]) == (False, code)
    assert str(refusal_of(answer)) == str(SENTENCES[code])
    assert not LotEvent.objects.exists()


def test_every_conflict_has_a_refusal_of_its_own_words():
    assert set(SENTENCES) <= set(REFUSALS)
    assert len({str(words) for words in SENTENCES.values()}) == len(SENTENCES)
