"""registration_of_applicant in bidding.sql and why_not_speak in authorities.py say the same of who applied."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from marketplace.auctions.authorities import AgentAuthority, why_not_speak
from marketplace.auctions.models import BidderRegistration
from tests.marketplace.auctions.making import announced_lot, bidder, person, undone

pytestmark = pytest.mark.django_db

DAYS = st.sampled_from([-2, -1, 0, 1, 2])  # from today
PAPERS = st.lists(st.tuples(st.booleans(), st.sampled_from(AgentAuthority.State.values), DAYS, DAYS), max_size=3)
GONE = {"rejected": {"state": "rejected"}, "withdrawn": {"state": "lapsed", "withdrawn_at": timezone.now()}}


@pytest.fixture
def one():
    return bidder(announced_lot(starts_at=timezone.now() - timedelta(minutes=1)))


def hand_in(one, papers):
    """Write powers of attorney of who applied (True) and of a colleague, with state, first and last day."""
    today, now, colleague = timezone.localdate(), timezone.now(), person()
    for is_own, state, *ends in papers:
        first, last = sorted(ends)
        decided = {} if state == "handed_in" else {"decided_by": one.agent, "decided_at": now, "reason": "r"}
        AgentAuthority.objects.create(
            registration=one,
            agent=one.agent if is_own else colleague,
            state=state,
            valid_from=today + timedelta(days=first),
            valid_until=today + timedelta(days=last),
            handed_in_by=one.agent,
            handed_in_at=now,
            **decided,
        )


def found(one, user):
    with connection.cursor() as cursor:
        cursor.execute("SELECT registration_of_applicant(%s, %s, %s)", [one.lot_id, one.organisation_id, user.pk])
        return cursor.fetchone()[0]


@example(papers=[])
@example(papers=[(False, "accepted", 0, 0)])
@example(papers=[(True, "accepted", 0, 0)])
@example(papers=[(True, "accepted", -2, -1), (False, "accepted", 0, 0)])
@example(papers=[(True, "refused", 0, 0), (True, "accepted", -1, 0)])
@given(papers=PAPERS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_who_applied_is_found_exactly_where_the_rule_lets_them_speak(one, papers):
    with undone():
        hand_in(one, papers)
        why = why_not_speak(one.agent_id, one.agent_id, list(one.authorities.all()), timezone.localdate())

        assert found(one, one.agent) == (None if why else one.pk)


def test_nobody_else_is_found_and_no_registration_that_is_over(one):
    assert found(one, one.agent) == one.pk
    assert found(one, person()) is None
    for facts in GONE.values():
        with undone():
            BidderRegistration.objects.filter(pk=one.pk).update(**facts)

            assert found(one, one.agent) is None
