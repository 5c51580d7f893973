"""Lists of sessions, lots, applications and holders ask the database as often for three rows as for one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions, rules_of_bidders
from marketplace.auctions.models import Lot
from marketplace.core import clock
from marketplace.core.rules import why_not
from tests.factories.asking import queries_of
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, drafted, member, organisation, person, planned
from tests.marketplace.contracts.factories import scan

pytestmark = pytest.mark.django_db


def reader_of(user):
    return sign_in(Client(), user)


def session_with(number, *, sellers=()):
    """A session of so many lots that takes applications; the first belong to `sellers`."""
    session = planned()
    for position in range(number):
        lot = drafted(session)
        if position < len(sellers):
            type(lot.outcome).objects.filter(pk=lot.outcome_id).update(owner=sellers[position])
        lot = Lot.objects.select_related("outcome__owner", "session").get(pk=lot.pk)
        actions.submit_lot(lot, by=member(lot.outcome.owner, "publisher"), organisation=lot.outcome.owner)
        actions.approve_lot(lot, by=person("organiser"))
    session.refresh_from_db()
    actions.announce_session(session, by=person("organiser"))
    return session


def test_a_session_of_more_lots_asks_no_more():
    reader = reader_of(member(organisation(), "bidder"))
    small, big = session_with(1), session_with(3)

    one, three = (queries_of(reader, session.get_absolute_url()) for session in (small, big))

    assert three == one


def test_each_lot_of_a_session_says_what_the_rule_says_of_it():
    firm = organisation()
    agent = member(firm, "bidder")
    related = organisation("institute", related_usccs=[firm.uscc])
    session = session_with(3, sellers=[firm, related])

    rows = reader_of(agent).get(session.get_absolute_url()).context["rows"]

    said = [why_not(rules_of_bidders.apply_for_lot, agent, row["lot"], organisation=firm) for row in rows]
    assert [row["obstacle"] for row in rows] == said
    assert [bool(each) for each in said] == [True, True, False]
    assert len(set(said)) == 3


@pytest.mark.parametrize(
    ("name", "reader"), [("session-list", lambda: person()), ("session-manage-list", lambda: person("organiser"))]
)
def test_a_longer_list_of_sessions_asks_no_more(name, reader):
    client, address = reader_of(reader()), reverse(name)
    announced_lot(starts_at=timezone.now() + timedelta(days=2))
    one = queries_of(client, address)

    for _ in range(2):
        announced_lot(starts_at=timezone.now() + timedelta(days=2))

    assert queries_of(client, address) == one


def test_more_applications_ask_no_more():
    firm = organisation()
    agent = member(firm, "bidder")
    client, address = reader_of(agent), reverse("registration-list")

    def apply():
        lot = announced_lot(starts_at=timezone.now() + timedelta(days=2))
        actions.apply_for_lot(lot, by=agent, organisation=firm, declared=True)

    apply()
    one = queries_of(client, address)
    apply()
    apply()

    assert queries_of(client, address) == one


def test_more_holders_of_priority_rights_ask_no_more():
    organiser = person("organiser")
    lot = drafted(planned())
    client, address = reader_of(organiser), reverse("lot-priority", args=[lot.number])

    def list_one(rank):
        facts = {"organisation": organisation(), "ground": "co_owner", "rank": rank}
        holder = actions.list_priority_holder(lot, by=organiser, **facts)
        told = {"channel": "letter", "invited_on": clock.today(), "proof": scan(), "note": ""}
        actions.invite_priority_holder(holder, by=organiser, **told)

    list_one(1)
    one = queries_of(client, address)
    list_one(2)
    list_one(3)

    page = client.get(address)
    assert queries_of(client, address) == one
    assert [len(row["files"]) for row in page.context["rows"]] == [1, 1, 1]
