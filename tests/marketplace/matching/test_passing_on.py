"""A broker points a proposal out to the side they serve: told once, in the journal, and off the broker's desk."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from marketplace.brokers.actions import suspend_broker
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.desk.collecting import collect
from marketplace.desk.rows import Reader
from marketplace.matching.actions import decline_match
from marketplace.matching.passing_on import PassedOnAlready, pass_match_on
from marketplace.notices.models import Notice
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import broker, engage, from_interest
from tests.marketplace.matching.factories import member, person, proposed
from tests.tasks.conftest import commit  # noqa: F401  # what follows from an action is carried out at once

pytestmark = pytest.mark.django_db


@pytest.fixture
def match():
    return proposed()


@pytest.fixture
def served(match):
    """The broker of the outcome's owner, in a deal with another buyer."""
    named = broker()
    deal, seller, _buyer = from_interest(on=match.outcome)
    engage(deal, named, **seller.as_party)
    return named.user


def rows_about(match, user):
    return [row for row in collect(Reader(user, None, clock.now())) if row.url == match.get_absolute_url()]


def told_of(match):
    about = Notice.objects.filter(kind="match.passed_on", path=match.get_absolute_url())
    return set(about.values_list("user", flat=True))


def test_the_side_is_told_once_and_the_broker_has_it_no_more(match, served, commit):  # noqa: F811
    owner = member(match.outcome.owner)
    before = len(rows_about(match, served))

    commit(lambda: pass_match_on(match, by=served))
    with pytest.raises(PassedOnAlready):
        pass_match_on(match, by=served)

    entry = Entry.objects.get(kind="match.passed_on")
    assert (entry.actor, entry.data["sides"]) == (served, ["outcome"])
    assert owner.pk in told_of(match)
    assert not told_of(match) & set(match.need.organisation.memberships.values_list("user", flat=True))
    assert (before, len(rows_about(match, served))) == (1, 0)


def test_only_what_still_waits_and_only_by_who_serves_a_side(match, served):
    with pytest.raises(PermissionDenied):
        pass_match_on(match, by=broker().user)
    decline_match(match, by=member(match.need.organisation), organisation=match.need.organisation, reason="price")

    with pytest.raises(WrongState):
        pass_match_on(match, by=served)
    assert not Entry.objects.filter(kind="match.passed_on").exists()


def test_a_suspended_broker_points_nothing_out(match, served):
    suspend_broker(served.broker, by=person("officer"), reason="样例")

    with pytest.raises(PermissionDenied):
        pass_match_on(match, by=served)


def test_the_page_has_the_button_and_then_says_that_it_was_done(match, served):
    client, page = sign_in(Client(), served), match.get_absolute_url()

    first = client.get(page).content.decode()
    answer = client.post(f"{page}pass-on/", follow=True)

    assert f"{page}pass-on/" in first
    assert answer.status_code == 200
    assert "您已将这项对接转告您服务的一方" in answer.content.decode()
    assert f"{page}pass-on/" not in answer.content.decode()
