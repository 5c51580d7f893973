"""A decline is taken back by the side that declined, while need and outcome are what they were."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.matching.actions import accept_match, decline_match
from marketplace.matching.reconsidering import NotAsItWas, reconsider_match
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome
from tests.factories.people import sign_in
from tests.marketplace.matching.factories import member, proposed

pytestmark = pytest.mark.django_db


def declined(*, other_accepts=False):
    """Return a match the enterprise declined, with one of its people."""
    match = proposed()
    buyer, owner = match.need.organisation, match.outcome.owner
    if other_accepts:
        accept_match(match, by=member(owner), organisation=owner)
    agent = member(buyer)
    decline_match(match, by=agent, organisation=buyer, reason="price", note="超出预算")
    return match, agent


def test_the_side_that_declined_takes_it_back_and_the_other_answer_stands():
    match, agent = declined(other_accepts=True)

    reconsider_match(match, by=agent, organisation=match.need.organisation)

    match.refresh_from_db()
    assert (match.state, match.need_answer, match.outcome_answer) == ("proposed", "waiting", "accepted")
    assert (match.decline_reason, match.decline_note) == ("", "")
    assert Entry.objects.get(kind="match.reconsidered").on_behalf_of == match.need.organisation


def test_the_other_side_does_not_take_it_back():
    match, _agent = declined()
    owner = match.outcome.owner

    with pytest.raises(PermissionDenied):
        reconsider_match(match, by=member(owner), organisation=owner)

    match.refresh_from_db()
    assert match.state == "declined"


@pytest.mark.parametrize(
    ("model", "key", "change", "why"),
    [
        (TechnologyNeed, "need_id", {"state": "closed"}, "需求已不再开放"),
        (ResearchOutcome, "outcome_id", {"state": "reserved"}, "成果目前不可对接"),
        (ResearchOutcome, "outcome_id", {"summary": "改写过的摘要。"}, "文字"),
    ],
)
def test_not_once_one_has_ended_or_a_text_has_changed(model, key, change, why):
    match, agent = declined()
    model.objects.filter(pk=getattr(match, key)).update(**change)

    with pytest.raises(NotAsItWas) as refusal:
        reconsider_match(match, by=agent, organisation=match.need.organisation)

    assert why in str(refusal.value)
    match.refresh_from_db()
    assert match.state == "declined"


def test_what_is_not_declined_is_not_reconsidered():
    match, agent = declined()
    reconsider_match(match, by=agent, organisation=match.need.organisation)

    with pytest.raises((WrongState, PermissionDenied)):
        reconsider_match(match, by=agent, organisation=match.need.organisation)


def test_the_page_offers_it_to_the_side_that_declined(client):
    match, agent = declined()
    address = reverse("match-reconsider", args=[match.code])
    shown = {}
    for who, user in {"agent": agent, "other": member(match.outcome.owner)}.items():
        sign_in(client, user)
        shown[who] = address in client.get(match.get_absolute_url()).content.decode()
    sign_in(client, agent)

    client.post(address)

    match.refresh_from_db()
    assert shown == {"agent": True, "other": False}
    assert match.state == "proposed"
