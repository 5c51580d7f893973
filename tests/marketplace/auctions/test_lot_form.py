"""Which outcomes the form of a lot offers, and what it says of one it does not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import rules
from marketplace.auctions.models import Lot
from marketplace.core.rules import why_not
from marketplace.deals.models import Deal
from marketplace.organisations.models import Organisation
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import organisation, outcome, person, planned
from tests.marketplace.deals.factories import from_interest

pytestmark = pytest.mark.django_db


def in_a_deal(**facts):
    """Return an outcome with a deal of these facts."""
    deal = from_interest(on=outcome()).deal
    Deal.objects.filter(pk=deal.pk).update(**facts)
    return deal.outcome


def of_a_suspended_owner():
    owner = organisation("institute")
    offered = outcome(owner)
    Organisation.objects.filter(pk=owner.pk).update(state="suspended")
    offered.refresh_from_db()
    return offered


TERMINATED = {"state": "terminated", "termination_reason": "样例", "ended_at": timezone.now()}
MADE = {
    "available": outcome,
    "reserved": lambda: outcome(state="reserved"),
    "unpublished": lambda: outcome(live=False, expires_on=None),
    "of a suspended owner": of_a_suspended_owner,
    "in a deal that chose nothing yet": in_a_deal,
    "in a deal with an agreed price": lambda: in_a_deal(pricing_mode="agreed"),
    "in a deal with a listed price": lambda: in_a_deal(pricing_mode="listing"),
    "in a deal that waits for the auction": lambda: in_a_deal(pricing_mode="auction"),
    "after a deal with an agreed price": lambda: in_a_deal(pricing_mode="agreed", **TERMINATED),
}
OFFERED = {"available", "in a deal that chose nothing yet", "in a deal that waits for the auction"}
OFFERED |= {"after a deal with an agreed price"}


def typed(session, offered):
    starts = timezone.localtime(session.starts_at) + timedelta(minutes=1)
    return {
        "outcome": offered.pk,
        "mode": "assignment",
        "format": "english",
        "object_of_sale": "热处理系统的专利",
        "start_price": "120",
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "ends_at": f"{starts + timedelta(hours=1):%Y-%m-%dT%H:%M}",
    }


@pytest.mark.parametrize("kind", MADE)
def test_offered_is_what_the_rule_accepts_and_nothing_else(client, kind):
    session, made, organiser = planned(), MADE[kind](), person("organiser")
    address = reverse("lot-add", args=[session.number])
    sign_in(client, organiser)

    offered = f'<option value="{made.pk}">' in client.get(address).content.decode()
    reason = why_not(rules.add_lot, organiser, session, made)
    answer = client.post(address, typed(session, made))

    assert offered is (reason is None) is (kind in OFFERED)
    assert Lot.objects.exists() is offered
    if not offered and made.live:
        assert answer.context["form"].errors == {"outcome": [reason]}


def test_a_draft_nobody_has_published_is_told_apart_from_nothing_by_no_word(client):
    session, hidden = planned(), outcome(live=False, expires_on=None)
    address = reverse("lot-add", args=[session.number])
    sign_in(client, person("organiser"))

    answers = [client.post(address, typed(session, hidden) | {"outcome": key}) for key in (hidden.pk, 10**9, "x")]

    assert [answer.context["form"].errors["outcome"] for answer in answers] == [["该成果已不可选，请另选一项。"]] * 3


def test_more_outcomes_cost_no_more_queries(client):
    session = planned()
    address = reverse("lot-add", args=[session.number])
    sign_in(client, person("organiser"))
    in_a_deal(pricing_mode="agreed")
    outcome()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _each in range(3):
        in_a_deal(pricing_mode="agreed")
        in_a_deal()
        outcome()

    with CaptureQueriesContext(connection) as many:
        page = client.get(address)

    assert page.content.decode().count('<option value="') > 7
    assert len(many) == len(one)
